//! What is struck out, what stays, and where a diagnostic may point.

use super::*;
use crate::attributes;
use crate::tf::{Report, State, Value};

attributes! {
    /// Inside.
    pub struct Inside {
        /// Secret.
        key: String = Optional.sensitive();
        /// Plain.
        place: String = Optional;
    }
}
attributes! {
    /// Sample.
    pub struct Sample {
        /// Plain.
        name: String = Optional;
        /// Perhaps secret.
        parameters: std::collections::BTreeMap<String, Value<String>> = Optional;
        /// Write-only.
        secret_wo: String = Optional.write_only();
        /// One line, perhaps.
        object: Inside = Optional;
        /// Lines of their own.
        block: Inside = Optional.block();
    }
}

fn sample() -> Sample {
    let inside =
        |key: &str| Inside { key: key.to_string().into(), place: "here".to_string().into() };
    let parameters = [("Size", "2048"), ("Password", "hunter22")]
        .map(|(k, v)| (k.to_string(), v.to_string().into()));
    Sample {
        name: "quilt".to_string().into(),
        parameters: Value::Value(parameters.into()),
        secret_wo: "only written".to_string().into(),
        object: inside("in an object").into(),
        block: inside("in a block").into(),
    }
}

fn veil(secrets: &[&str]) -> Veil {
    let veil = Veil::default();
    secrets.iter().for_each(|secret| veil.learn(secret));
    veil
}

#[test]
fn secrets_are_struck_out_however_they_are_written() {
    let veil = veil(&["correct horse\"x", "hunter22", "hunter22-and-more"]);
    let text = "it is 'correct horse\"x', \"correct horse\\\"x\", correct%20horse%22x; xhunter22-and-morex or hunter22s";
    assert_eq!(veil.strike(text), "it is '***', \"***\", ***; x***x or ***s");
}

#[test]
fn a_short_one_goes_where_it_stands_alone_and_the_shortest_stays() {
    let veil = veil(&["admin", "abc", "", "****"]);
    assert_eq!(
        veil.strike("admin_email of admin, 'admin' (administrator)"),
        "admin_email of ***, '***' (administrator)"
    );
    assert_eq!(veil.strike("adminadmin abc ****"), "adminadmin abc ****");
}

#[test]
fn the_schema_says_what_is_secret() {
    let veil = Veil::default();
    veil.learn_of(&Sample::schema().attributes, &sample().write_object());
    let told = veil.strike("only written, in an object, in a block, hunter22, here, quilt");
    assert_eq!(told, "***, ***, ***, hunter22, here, quilt");
}

#[test]
fn no_diagnostic_points_at_a_line_with_a_secret() {
    let at = |steps: &[&'static str]| {
        steps[1..].iter().fold(AttributePath::new(steps[0]), |path, step| path.attribute(*step))
    };
    let size = || AttributePath::new("parameters").key("Size");
    let told = |veil: &Veil, path: AttributePath| {
        let mut d = Diagnostics::default();
        d.fail_at(path, "It holds hunter22", "So it does.");
        let d =
            veil.cover(&Sample::schema().attributes, &sample().write_object(), &Long::default(), d);
        (d.errors[0].attribute.to_string(), d.errors[0].detail.to_string())
    };
    let knows = veil(&["hunter22"]);
    for path in [
        at(&["secret_wo"]),
        at(&["object"]),
        at(&["object", "place"]),
        at(&["block", "key"]),
        size(),
        at(&["parameters"]),
    ] {
        let (attribute, detail) = told(&knows, path.clone());
        assert_eq!(attribute, AttributePath::root().to_string(), "{path}");
        assert!(detail.contains(&format!("This is about `{path}`")), "{detail}");
    }
    for path in [at(&["name"]), at(&["block"]), at(&["block", "place"]), AttributePath::root()] {
        assert_eq!(told(&knows, path.clone()), (path.to_string(), "So it does.".into()));
    }
    assert_eq!(
        told(&Veil::default(), size()).0,
        size().to_string(),
        "nothing is known to be secret there"
    );
}

#[test]
fn no_diagnostic_shows_more_than_a_line_of_a_value() {
    let value = format!("begins \"so\"{}\nsecond\nthird\n", "x".repeat(5_000));
    let written = |value: &str| {
        let mut d = Diagnostics::default();
        d.fail("No such thing", format!("`{value}`, {value:?} or {} is none.", value.trim()));
        let config = [("list", Tree::List(vec![Tree::String(value.into())])), ("n", Tree::Null)];
        let config = config.map(|(name, value)| (name.to_string(), value)).into();
        veil(&["hunter22"]).cover(&[], &config, &Long::default(), d).errors[0].detail.to_string()
    };
    let line = format!("begins \"so\"{}…", "x".repeat(69));
    assert_eq!(written(&value), format!("`{line}`, \"{line}\" or {line} is none."));
    assert!(written(&value.replace("begins", "hunter22")).starts_with("`*** "));
    let arn = format!("arn:aws:iam::123456789012:role/{}", "r".repeat(100));
    assert_eq!(written(&arn), format!("`{arn}`, \"{arn}\" or {arn} is none."));
}

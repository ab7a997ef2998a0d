//! The template reader under damage.

use std::path::Path;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use quilt_provider::cloudformation::parameters::{problems, takes};
use quilt_provider::cloudformation::template::{Declared, Template, digest};

use super::damage::{blows, damaged};
use super::holds;

const SMALL: &str = "Parameters:\n  A: {Type: String, Default: &x [1, 'two'], NoEcho: true, AllowedPattern: '[a-z]+'}\nResources:\n  \
                     Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      Name: !Sub \"${A}-x\"\n      Text: |\n        a\n        b\n      \
                     Again: *x\n      At: !GetAtt Q.Arn\nOutputs: {O: {Value: !Ref Q}}\n";

/// What is understood is understood the same way again, and everything one may ask of it has an answer.
fn read(text: &str) {
    let Ok(template) = Template::parse(text) else { return };
    assert_eq!(Template::parse(text).as_ref(), Ok(&template));
    assert_eq!(template.digest(), digest(text));
    let wanted =
        template.parameters.keys().map(|name| (name.clone(), Some("x".to_string()))).collect();
    let _ = problems(&template, &wanted, &Default::default());
}

#[test]
fn a_damaged_template_is_an_error_or_another_template() {
    holds(600, blows(), |blows| {
        read(&String::from_utf8_lossy(&damaged(SMALL.as_bytes(), &blows)));
        Ok(())
    });
}

#[test]
fn a_damaged_template_of_quilt_is_an_error_or_another_template() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/templates");
    for name in ["gen_a_network10.yaml", "gen_c_terraform.yaml"] {
        let whole = std::fs::read(fixtures.join(name)).unwrap();
        holds(6, blows(), |blows| {
            read(&String::from_utf8_lossy(&damaged(&whole, &blows)));
            Ok(())
        });
    }
}

#[test]
fn any_text_is_a_template_or_an_error() {
    let words = prop_oneof![
        Just("Resources:"),
        Just("\n"),
        Just("\n  "),
        Just("- "),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(": "),
        Just(", "),
        Just("&a "),
        Just("*a"),
        Just("<<: "),
        Just("!Sub "),
        Just("!!binary "),
        Just("'"),
        Just("\""),
        Just("|\n"),
        Just("? "),
        Just("# "),
        Just("---\n"),
        Just("%TAG ! x\n"),
        Just("\t"),
        Just("x"),
        Just("1e999"),
        Just("Type"),
        Just("\u{feff}"),
        Just("\0"),
    ];
    holds(600, vec(words, 0..40), |words| {
        read(&words.concat());
        Ok(())
    });
    holds(200, ".{0,200}", |text| {
        read(&text);
        Ok(())
    });
}

#[test]
fn bombs_do_not_go_off() {
    let start = Instant::now();
    let aliases: String = (1..40)
        .map(|i| format!("  a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(", ")))
        .collect();
    let bombs = [
        format!("Resources:\n  a0: &a0 [1]\n{aliases}"),
        format!("Resources: {}", "[".repeat(100_000)),
        format!("Resources: {}", "{a: ".repeat(50_000)),
        format!(
            "Resources:\n{}",
            (0..3000).map(|i| format!("{}- \n", " ".repeat(i))).collect::<String>()
        ),
        format!("{{\"Resources\":{}", "[".repeat(200_000)),
        format!("Resources: {{Q: {{Type: \"{}\"}}}}", "\\u0041".repeat(100_000)),
        format!("Resources: {{a: *{}}}", "a".repeat(500_000)),
        "? ".repeat(20_000),
        "- ".repeat(20_000),
    ];
    for bomb in bombs {
        let from = Instant::now();
        let _ = Template::parse(&bomb);
        let head: String = bomb.chars().take(40).collect();
        assert!(from.elapsed() < Duration::from_secs(5), "{head:?} took {:?}", from.elapsed());
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn patterns_of_templates_cannot_stop_a_plan() {
    let start = Instant::now();
    let hostile = [
        "(a+)+$",
        "(a|aa)+$",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(x+x+)+y",
        "a{0,9999}{0,9999}",
        "(?=a)b",
        "[",
        "\\p{Greek}",
        "(a{64}){64}",
    ];
    for pattern in hostile {
        let declared = Declared {
            allowed_pattern: Some(pattern.into()),
            kind: "String".into(),
            ..Declared::default()
        };
        let _ = takes(&declared, &"a".repeat(4096));
        let _ = takes(&declared, &format!("{}!", "x".repeat(4096)));
    }
    holds(100, (".{0,30}", ".{0,60}"), |(pattern, value)| {
        let _ = takes(
            &Declared {
                allowed_pattern: Some(pattern),
                kind: "String".into(),
                ..Declared::default()
            },
            &value,
        );
        Ok(())
    });
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

//! The pages in `docs/` are what the schema and the examples say today, and the guide on permissions knows every call.

use std::collections::BTreeSet;
use std::path::PathBuf;

use quilt_provider::cli::docs::pages;
use quilt_provider::provider::Provider;
use regex_lite::Regex;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_pages_are_up_to_date() {
    let root = root();
    let pages = pages(&Provider::default(), &root.join("examples")).unwrap();
    for (path, text) in &pages {
        let kept = std::fs::read_to_string(root.join("docs").join(path)).unwrap_or_default();
        assert!(kept == *text, "docs/{} is not what the schema says: run `cargo xtask docs`", path.display());
    }
    assert!(pages.len() > 2);
}

/// An action of a service as policies spell it, for each call of its client: `describe_stacks` is `DescribeStacks`.
fn called(file: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("src/aws").join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
    let calls = Regex::new(r"client\s*\.\s*([a-z0-9_]+)\(\)").expect("the pattern is right");
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    let action = |call: &str| call.split('_').map(capital).collect::<String>().replace("Db", "DB");
    calls.captures_iter(&text).map(|found| action(&found[1])).filter(|action| action != "Clone").collect()
}

/// Actions that the guide's policies allow.
fn allowed(guide: &str) -> BTreeSet<String> {
    let policies = guide.split("```json").skip(1).filter_map(|rest| rest.split("```").next());
    let policies = policies.map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|e| panic!("{e}: {text}")));
    let statements: Vec<_> = policies.flat_map(|policy| policy["Statement"].as_array().cloned().unwrap_or_default()).collect();
    let actions = statements.iter().flat_map(|statement| match &statement["Action"] {
        serde_json::Value::Array(actions) => actions.clone(),
        action => vec![action.clone()],
    });
    actions.filter_map(|action| action.as_str().map(str::to_owned)).collect()
}

#[test]
fn every_call_stands_in_the_permissions_guide() {
    let guide = std::fs::read_to_string(root().join("docs/guides/permissions.md")).expect("the guide is there");
    let (allowed, table) = (allowed(&guide), guide.split("In the policies below").next().unwrap_or_default());
    let stacks = ["cloudformation.rs", "cloudformation/changes.rs", "cloudformation/failures.rs"].iter().flat_map(|file| called(file));
    let services = [("cloudformation", stacks.collect()), ("rds", called("rds.rs")), ("secretsmanager", called("secrets.rs"))];
    for (service, actions) in services {
        assert!(actions.len() >= 4, "{service}: {actions:?}");
        for action in actions {
            assert!(allowed.contains(&format!("{service}:{action}")), "no policy allows {service}:{action}");
            assert!(table.contains(&format!("{action}`")), "the table lacks {service}:{action}");
        }
    }
}

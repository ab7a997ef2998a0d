//! Every title of an error or a warning stands in `tests/messages.txt`, so that a reader meets it there before somebody meets it at night.

use std::fs;

use super::circles::without_tests;
use super::{none, root, sources};

/// How titles are said, and which argument of the call is the title.
const CALLS: [(&str, usize); 5] =
    [(".fail(", 0), (".warn(", 0), (".fail_at(", 1), (".warn_at(", 1), ("Error::config(", 1)];

/// What no situation of the file can bring, and why.
const ELSEWHERE: [(&str, &str); 59] = [
    // Said by the way to AWS, which is a fake there: `src/provider/tests.rs` and the tests of `src/aws/` have them.
    ("There is no AWS region `{region}`.", LIVE),
    ("No AWS region is set.", LIVE),
    ("{url} is not the address of an S3 object.", LIVE),
    ("{url} is not text.", LIVE),
    (
        "The credentials were replaced under way: they belonged to the AWS account {}, and now to {}.",
        LIVE,
    ),
    ("The credentials belong to the AWS account {account}, {why}.", LIVE),
    ("`{name}` is not the address of a proxy.", LIVE),
    ("The CA bundle {path} cannot be used: {why}.", LIVE),
    ("The template bucket cannot be made: the account is not known.", LIVE),
    ("{url} is larger than the 1 MB that CloudFormation takes for a template.", LIVE),
    (
        "The bucket {bucket} belongs to another account, is in another region, or is closed to these credentials.",
        LIVE,
    ),
    (
        "The bucket for templates keeps no versions, so the creation goes by change set, which takes neither `timeout_in_minutes` nor a stack policy.",
        LIVE,
    ),
    ("The template has {} bytes; CloudFormation takes {MAX_OBJECT} at most.", FILE),
    // Said by the wire, below which the messages begin: `tests/wire.rs` has them.
    ("A value cannot be read", WIRE),
    ("The provider has a fault", WIRE),
    ("This resource has no identity", WIRE),
    ("This argument needs a newer Terraform", WIRE),
    ("There is nothing to move", WIRE),
    // Two blocks of one plan, or two plans of one apply: the life tests of these resources have them.
    ("Two owners of one thing", TWO),
    ("A parameter with two owners", TWO),
    ("{what} is still used by {who}", TWO),
    ("{what} is in use until {who} is updated", TWO),
    ("{subject}: the update may replace or delete {ids}", TWO),
    ("Names are taken by {}", TWO),
    ("{} goes on serving {host}", TWO),
    ("The snapshot is not the one that was planned with.", TWO),
    ("An imported stack keeps its secrets", TWO),
    // What happens between two commands: the life tests of these resources have them.
    ("The catalog has no bucket {name} any more.", BETWEEN),
    ("The catalog has no user {name} any more.", BETWEEN),
    ("The stack {} is not a Quilt database's.", BETWEEN),
    ("{what} It cannot be changed any more.", BETWEEN),
    ("{} is gone, and will be made anew", BETWEEN),
    ("This snapshot is of {}, and the stack's database is {}.", BETWEEN),
    ("The database {} changed after the plan was made.", BETWEEN),
    (
        "A snapshot named {} is in {} already, and this configuration did not take it as a copy of {source}. It was not touched.",
        BETWEEN,
    ),
    (
        "A snapshot named {} exists already: this configuration took it at {when}, and what was written later is not in it.",
        BETWEEN,
    ),
    ("{} needs a client secret.", BETWEEN),
    ("{} is on already for stack {}, with the client {live}.", BETWEEN),
    ("The snapshot {} is taken over", BETWEEN),
    ("The events of stacks may not be read", BETWEEN),
    ("The template file is gone", BETWEEN),
    ("A secret was left", BETWEEN),
    ("{subject} is stuck", BETWEEN),
    ("{subject}: the stack policy does not allow the update", BETWEEN),
    ("Parameters without effect", BETWEEN),
    ("Sign-in is not inherited as it is", BETWEEN),
    ("The snapshot {id} is somebody else's and stays", BETWEEN),
    ("The snapshot {id} in {} is somebody else's and stays", BETWEEN),
    ("The secret is not sent", BETWEEN),
    ("The issuer does not answer as it should", BETWEEN),
    ("{} was not turned off", BETWEEN),
    ("The snapshot {} is there already and is {}.", BETWEEN),
    // Said over a template that the messages have not: the life tests in `sso/tests/rules.rs` have them.
    ("The template does not allow this sign-in", TEMPLATE),
    // Nobody comes there: an earlier check rules it out, or nothing served is like that yet.
    ("What the search domain runs on is not known.", NOBODY),
    ("The version of a template only goes up", NOBODY),
    ("The state has no `id`.", NOBODY),
    ("The database is not complete.", NOBODY),
    ("This is no identity provider.", NOBODY),
    ("{} cannot be imported.", NOBODY),
];

const LIVE: &str = "the messages are played over an AWS in memory";
const FILE: &str = "no file of that size is kept";
const WIRE: &str = "the messages are played below the wire";
const TWO: &str = "the messages are played with one block and one plan";
const BETWEEN: &str = "a scene has one object, which nobody else touches";
const TEMPLATE: &str = "the template of the messages has no rules";
const NOBODY: &str = "it is ruled out before";

/// Files that are no part of what is served.
const APART: [&str; 5] = [
    "src/aws/fake",
    "src/cli/",
    "src/resources/interrupted",
    "src/resources/stage.rs",
    "src/tf/diagnostics.rs",
];

#[test]
fn every_title_is_among_the_messages() {
    let book =
        fs::read_to_string(root().join("tests/messages.txt")).expect("the messages are there");
    let told = told(&book);
    let known = |title: &str| {
        ELSEWHERE.iter().any(|(elsewhere, _)| *elsewhere == title)
            || told.iter().any(|told| fits(title, told))
    };
    let mut missing = vec![];
    for source in sources(&["src"], &["rs"]) {
        let apart = APART.iter().any(|apart| source.path.starts_with(apart));
        if apart || source.path.contains("/tests") {
            continue;
        }
        for title in titles(&without_tests(&source.text)).into_iter().filter(|title| !known(title))
        {
            missing.push(format!("{}: no situation brings \"{title}\"", source.path));
        }
    }
    none(missing);
}

#[test]
fn no_exception_is_out_of_date() {
    let book =
        fs::read_to_string(root().join("tests/messages.txt")).expect("the messages are there");
    let (told, all) = (told(&book), sources(&["src"], &["rs"]));
    let stale = ELSEWHERE.iter().filter(|(title, _)| {
        told.iter().any(|told| fits(title, told))
            || !all
                .iter()
                .any(|source| titles(&without_tests(&source.text)).iter().any(|t| t == title))
    });
    none(stale.map(|(title, _)| format!("\"{title}\" is no exception any more")).collect());
}

/// The titles in the file: the line below each place. A title of an error may be the beginning of what another one says.
fn told(book: &str) -> Vec<&str> {
    book.lines().filter_map(|line| line.strip_prefix("  ")).map(str::trim).collect()
}

/// A title with `{…}` in it, as it was told with something in each of these places.
fn fits(title: &str, told: &str) -> bool {
    let mut parts = vec![String::new()];
    let mut inside = false;
    for c in title.chars() {
        match c {
            '{' => inside = true,
            '}' => {
                inside = false;
                parts.push(String::new());
            }
            c if !inside => parts.last_mut().expect("there is one").push(c),
            _ => {}
        }
    }
    let (first, last) = (parts.remove(0), parts.pop());
    let Some(mut rest) = told.strip_prefix(&first) else { return false };
    let Some(last) = last else { return rest.is_empty() || rest.starts_with(' ') };
    for part in &parts {
        match rest.find(part.as_str()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.contains(&last)
}

/// The titles that a source says itself: literals, in the call or in the `let` above it.
fn titles(text: &str) -> Vec<String> {
    let mut found = vec![];
    for (call, index) in CALLS {
        for (at, _) in text.match_indices(call) {
            let inside = &text[at + call.len()..];
            let Some(argument) = arguments(inside).into_iter().nth(index) else { continue };
            match literal(&argument) {
                Some(title) => found.push(title),
                None => found.extend(bound(&text[..at], &argument)),
            }
        }
    }
    found
}

/// The arguments of a call, from behind its opening parenthesis.
fn arguments(text: &str) -> Vec<String> {
    let (mut all, mut depth, mut quoted, mut escaped) = (vec![String::new()], 0, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                all.push(String::new());
                continue;
            }
            _ => {}
        }
        all.last_mut().expect("there is one").push(c);
    }
    all
}

/// The text of a literal or of a format, continued lines joined.
fn literal(argument: &str) -> Option<String> {
    let text = argument.trim().trim_start_matches("format!(").trim_start();
    let text = text.strip_prefix('"')?;
    let (mut literal, mut characters) = (String::new(), text.chars().peekable());
    loop {
        match characters.next()? {
            '"' => return Some(literal),
            '\\' => match characters.next()? {
                '\n' => while characters.next_if(|c| c.is_whitespace()).is_some() {},
                c => literal.push(c),
            },
            c => literal.push(c),
        }
    }
}

/// What the nearest `let` before the call gives a name, where it is a literal.
fn bound(before: &str, name: &str) -> Option<String> {
    let name = name.trim();
    let at = before.rfind(&format!("let {name} = "))?;
    let near = before.len() - at < 1500;
    let value = &before[at + "let  = ".len() + name.len()..];
    literal(value).filter(|_| near)
}

#[test]
fn titles_are_found_and_fit_what_is_told() {
    let text = "d.fail(\"One\", x); d.warn_at(at(1, \"a, b\"), format!(\"{a} of \\\n    two\"), y);\nlet what = format!(\"It is {x}.\");\nError::config(at, what, fix)";
    assert_eq!(titles(text), ["One", "{a} of two", "It is {x}."]);
    assert!(fits("{a} of two", "1 of two") && fits("One", "One") && fits("It is {x}.", "It is 3."));
    assert!(!fits("{a} of two", "1 of three") && !fits("One", "Ones"));
    assert!(
        fits("{subject}: {x} is {y}", "stack: a is b")
            && !fits("{subject}: {x} is {y}", "stack: a")
    );
}

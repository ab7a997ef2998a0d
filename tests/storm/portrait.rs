//! What an account holds, without what differs by chance: two portraits are equal when the same was made.

use std::collections::BTreeMap;

use regex_lite::Regex;

use crate::cloud::Cloud;
use crate::cloud::stack::Stack;

/// Every stack and snapshot by name, each in lines that a person can compare.
pub type Portrait = BTreeMap<String, Vec<String>>;

/// Takes the portrait of an account.
pub fn take(cloud: &Cloud) -> Portrait {
    let stacks = cloud
        .stacks()
        .into_iter()
        .map(|stack| (format!("stack {}", stack.name), of_stack(cloud, &stack)));
    let answer = cloud.query("rds", "DescribeDBSnapshots", &[]).expect("listing is always allowed");
    let snapshots = answer.members("DBSnapshots").iter().map(|row| {
        let get = |name: &str| row.get(name).unwrap_or_default().to_owned();
        let tags = row.members("TagList").iter().map(|tag| {
            format!(
                "{}={}",
                tag.get("Key").unwrap_or_default(),
                tag.get("Value").unwrap_or_default()
            )
        });
        let mut lines: Vec<_> = tags.map(|tag| masked(&tag)).collect();
        lines.sort();
        lines.push(get("Status"));
        (format!("snapshot {}", masked(&get("DBSnapshotIdentifier"))), lines)
    });
    let mut portrait = Portrait::new();
    // Two that differ by chance alone are two in the picture.
    stacks
        .chain(snapshots)
        .for_each(|(name, lines)| portrait.entry(name).or_default().extend(lines));
    portrait
}

fn of_stack(cloud: &Cloud, stack: &Stack) -> Vec<String> {
    let mut lines = vec![stack.status.clone(), format!("protected: {}", stack.protected)];
    let pairs = |what: &str, pairs: &BTreeMap<String, String>| {
        pairs.iter().map(|(k, v)| format!("{what} {k}={}", masked(v))).collect::<Vec<_>>()
    };
    lines.extend(pairs("parameter", &stack.parameters));
    lines.extend(pairs("output", &stack.outputs));
    lines.extend(pairs("tag", &stack.tags));
    lines.extend(
        cloud.resources(&stack.id).iter().map(|(id, r)| {
            format!("resource {id}: {} {}", r.kind, r.status.ends_with("_COMPLETE"))
        }),
    );
    lines
}

/// A value with every part that is drawn by lot as `#`: long words that hold a digit, or capitals alone; UUIDs; the ends of load balancers' names.
fn masked(value: &str) -> String {
    let word =
        "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9]+[.]us-east-1[.]elb|[A-Za-z0-9]{7,}";
    let word = Regex::new(word).expect("the pattern is fixed");
    let chance = |word: &str| {
        word.bytes().any(|b| b.is_ascii_digit()) || word.bytes().all(|b| b.is_ascii_uppercase())
    };
    word.replace_all(
        value,
        |found: &regex_lite::Captures| {
            if chance(&found[0]) { "#".to_owned() } else { found[0].to_owned() }
        },
    )
    .into_owned()
}

/// What is not the same in both.
pub fn differences(is: &Portrait, should: &Portrait) -> Vec<String> {
    let names = is.keys().chain(should.keys()).collect::<std::collections::BTreeSet<_>>();
    let lines = |of: &Portrait, name: &str| of.get(name).cloned().unwrap_or_default();
    let differ = names.into_iter().filter(|name| is.get(*name) != should.get(*name));
    let told = differ.map(|name| {
        let (is, should) = (lines(is, name), lines(should, name));
        let more = is.iter().filter(|line| !should.contains(line)).map(|line| format!("+ {line}"));
        let less = should.iter().filter(|line| !is.contains(line)).map(|line| format!("- {line}"));
        format!(
            "{name} is not as in an undisturbed run: {:?}",
            more.chain(less).collect::<Vec<_>>()
        )
    });
    told.collect()
}

#[test]
fn what_is_drawn_by_lot_is_not_in_the_picture() {
    assert_eq!(
        masked("https://sqs/123456789012/first-First-ABCDEFGHIJKL db.t3.medium 4096"),
        "https://sqs/#/first-First-# db.t3.medium 4096"
    );
    assert_eq!(
        masked(
            "arn:certificate/00000000-e628-4927-8f6b-000000000000 quilt-old-1234567-binjutge.us-east-1.elb.amazonaws.com"
        ),
        "arn:certificate/# quilt-old-#-#.amazonaws.com"
    );
}

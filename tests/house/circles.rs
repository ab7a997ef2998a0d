//! No circles: the files of one folder use each other in one direction, so that each can be read after those it rests on.

use std::collections::{BTreeMap, BTreeSet};

use super::{none, sources};

/// Who uses whom among the files of one folder; a file and the folder of its parts count as one.
type Graph = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

#[test]
fn files_of_one_folder_use_each_other_in_one_direction() {
    let mut graph = Graph::new();
    let all = sources(&["src"], &["rs"]);
    let modules: BTreeSet<_> = all.iter().map(|source| module(&source.path)).collect();
    for source in &all {
        let own = module(&source.path);
        for used in
            paths(&without_tests(&source.text)).iter().filter_map(|path| resolve(path, &own))
        {
            let used = known(used, &modules);
            if let Some((folder, from, to)) = siblings(&own, &used) {
                graph.entry(folder).or_default().entry(from).or_default().insert(to);
            }
        }
    }
    let circles = graph
        .iter()
        .flat_map(|(folder, uses)| circle(uses).map(|files| format!("src/{folder}: {files}")));
    none(circles.collect());
}

/// The path of a file's module: `deploy/update` for `src/deploy/update.rs`.
fn module(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|part| !["lib", "main"].contains(part)).map(String::from).collect()
}

/// What is compiled for everybody: tests at the end of a file may use whatever they like.
pub(super) fn without_tests(text: &str) -> String {
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Every path that begins with `crate`, `self` or `super`, groups opened.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for root in ["crate::", "super::"] {
        for (at, _) in text.match_indices(root) {
            let before = text[..at].chars().next_back();
            if before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_' && c != ':') {
                open(&text[at..], &mut Vec::new(), &mut found);
            }
        }
    }
    found
}

/// Reads one path or group and gives the rest of the text behind it.
fn open<'a>(text: &'a str, begun: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = open(rest, &mut begun.clone(), found).trim_start();
            match rest.strip_prefix(',') {
                Some(next) if !next.trim_start().starts_with('}') => rest = next,
                Some(next) => return next.trim_start().trim_start_matches('}'),
                None => return rest.strip_prefix('}').unwrap_or(rest),
            }
        }
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    if end == 0 {
        found.push(begun.clone());
        return text;
    }
    begun.push(text[..end].to_string());
    match text[end..].strip_prefix("::") {
        Some(rest) => open(rest, begun, found),
        None => {
            found.push(begun.clone());
            &text[end..]
        }
    }
}

/// The path from the root of the package.
fn resolve(path: &[String], own: &[String]) -> Option<Vec<String>> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    match path.first()?.as_str() {
        "crate" => Some(path[1..].to_vec()),
        _ => own.get(..own.len().checked_sub(ups)?).map(|base| [base, &path[ups..]].concat()),
    }
}

/// The file that the path leads into.
fn known(mut path: Vec<String>, modules: &BTreeSet<Vec<String>>) -> Vec<String> {
    while !path.is_empty() && !modules.contains(&path) {
        path.pop();
    }
    path
}

/// The folder that both stand in, and their names there; `None`: they are one, or one holds the other.
fn siblings(own: &[String], used: &[String]) -> Option<(String, String, String)> {
    let shared = own.iter().zip(used).take_while(|(a, b)| a == b).count();
    let (from, to) = (own.get(shared)?, used.get(shared)?);
    (from != to).then(|| (own[..shared].join("/"), from.clone(), to.clone()))
}

/// One circle, as "a → b → a"; `None`: there is none.
fn circle(uses: &BTreeMap<String, BTreeSet<String>>) -> Option<String> {
    let mut left = uses.clone();
    loop {
        let free: Vec<_> = left
            .iter()
            .filter(|(_, to)| to.iter().all(|to| !left.contains_key(to)))
            .map(|(from, _)| from.clone())
            .collect();
        if free.is_empty() {
            break;
        }
        left.retain(|from, _| !free.contains(from));
    }
    let mut walked = vec![left.keys().next()?.clone()];
    loop {
        let next = left[walked.last()?].iter().find(|to| left.contains_key(*to))?.clone();
        if let Some(at) = walked.iter().position(|file| *file == next) {
            return Some([&walked[at..], &[next]].concat().join(" → "));
        }
        walked.push(next);
    }
}

#[test]
fn groups_and_parents_are_followed() {
    let read = paths("use crate::{aws::{self, Aws}, tf};\nfn f() { super::order::set() }");
    let read: BTreeSet<_> = read.iter().map(|path| path.join("/")).collect();
    assert_eq!(
        read,
        ["crate/aws/self", "crate/aws/Aws", "crate/tf", "super/order/set"].map(String::from).into()
    );
    let own = ["resources", "stack", "plan"].map(String::from);
    let up = |path: &[&str]| {
        resolve(&path.iter().map(|part| part.to_string()).collect::<Vec<_>>(), &own)
            .map(|path| path.join("/"))
    };
    assert_eq!(up(&["super", "order", "set"]).as_deref(), Some("resources/stack/order/set"));
    assert_eq!(up(&["crate", "tf", "Value"]).as_deref(), Some("tf/Value"));
}

#[test]
fn a_circle_is_found() {
    let uses = |pairs: &[(&str, &str)]| {
        let mut graph = BTreeMap::<String, BTreeSet<String>>::new();
        for (from, to) in pairs {
            graph.entry(from.to_string()).or_default().insert(to.to_string());
        }
        circle(&graph)
    };
    assert_eq!(uses(&[("a", "b"), ("b", "c")]), None);
    assert_eq!(uses(&[("a", "b"), ("b", "c"), ("c", "b")]).as_deref(), Some("b → c → b"));
}

#[test]
fn groups_are_read_as_imports() {
    assert_eq!(
        super::uses("use crate::{aws, tf::Value};\nuse crate::cx::Cx; crate::wait::until()"),
        ["aws", "tf", "cx", "wait"]
    );
}

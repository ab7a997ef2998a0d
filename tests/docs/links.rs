//! Every link of every page: a file that is there, a heading that is there, or an address of a right form. Nothing is fetched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::root;

/// Addresses of this repository's own files.
const OWN: &str = "https://github.com/quiltdata/terraform-provider-quilt";

/// Pages, and folders of pages.
const PAGES: [&str; 8] = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "SUPPORT.md",
    "bench",
    "docs",
    "examples",
];

/// All pages by their path, with their text.
pub fn pages() -> BTreeMap<PathBuf, String> {
    let mut waiting: Vec<_> = PAGES.map(|page| root().join(page)).into();
    let mut found = BTreeMap::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|end| end == "md") {
            let text = fs::read_to_string(&path).unwrap();
            found.insert(path.strip_prefix(root()).unwrap().to_owned(), text);
        }
    }
    found
}

/// A page as it is read: without what stands in code.
fn prose(text: &str) -> String {
    let mut code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        let kept = !(code || fence);
        // Every other part between backticks is code.
        let parts = line.split('`').enumerate().filter(|(place, _)| place % 2 == 0);
        let spoken = parts.map(|(_, part)| part).collect::<Vec<_>>().join("");
        lines.extend(kept.then_some(spoken));
    }
    lines.join("\n")
}

/// Where the links and pictures of a page lead.
fn targets(text: &str) -> Vec<String> {
    let prose = prose(text);
    let up_to = |beginning: &str, end: char| {
        let parts = prose.split(beginning).skip(1);
        parts.filter_map(|rest| Some(rest.split_once(end)?.0.to_owned())).collect::<Vec<_>>()
    };
    [up_to("](", ')'), up_to("src=\"", '"'), up_to("href=\"", '"')].concat()
}

/// The places within a page that can be linked, as GitHub and the Registry name them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut counts = BTreeMap::<String, u32>::new();
    let mut code = false;
    for line in text.lines() {
        code ^= line.trim_start().starts_with("```");
        if let Some(name) = line.strip_prefix("<a id=\"").and_then(|rest| rest.split('"').next()) {
            found.insert(name.to_owned());
        }
        let heading = line.trim_start_matches('#').strip_prefix(' ');
        if let Some(words) = heading.filter(|_| line.starts_with('#') && !code) {
            let slug = slug(words);
            let count = counts.entry(slug.clone()).or_default();
            found.insert(if *count == 0 { slug } else { format!("{slug}-{count}") });
            *count += 1;
        }
    }
    found
}

fn slug(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter(kept)
        .map(|l| if l == ' ' { '-' } else { l })
        .collect()
}

/// A path without its steps up.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part.as_os_str().to_str() {
            Some("..") => drop(plain.pop()),
            Some(".") => {}
            _ => plain.push(part),
        }
        plain
    })
}

/// What is wrong with a link of a page; `None`: nothing.
fn wrong(page: &Path, target: &str, pages: &BTreeMap<PathBuf, String>) -> Option<String> {
    if let Some(own) = target.strip_prefix(OWN) {
        let path = ["/tree/main/", "/blob/main/"].iter().find_map(|start| own.strip_prefix(start));
        return match (path, own.strip_prefix('#')) {
            (Some(path), _) => leads(Path::new(path), pages),
            (_, Some(anchor)) => leads(Path::new(&format!("README.md#{anchor}")), pages),
            _ => None,
        };
    }
    if target.contains("://") || target.starts_with("mailto:") {
        return (!is_address(target)).then(|| "is no address".to_owned());
    }
    let path = match target.strip_prefix('#') {
        Some(_) => PathBuf::from(format!("{}{target}", page.display())),
        None => plain(&page.parent().unwrap_or(Path::new("")).join(target)),
    };
    if page.starts_with("docs") && !path.starts_with("docs") {
        return Some("leads out of docs/, and a registry has no more than that".into());
    }
    leads(&path, pages)
}

/// What is wrong with a place in the repository, with or without an anchor.
fn leads(path: &Path, pages: &BTreeMap<PathBuf, String>) -> Option<String> {
    let text = path.to_string_lossy();
    let (file, anchor) = text.split_once('#').unwrap_or((&text, ""));
    if !root().join(file).exists() {
        return Some("is not there".into());
    }
    if anchor.is_empty() {
        return None;
    }
    let found = pages.get(Path::new(file)).is_some_and(|text| anchors(text).contains(anchor));
    (!found).then(|| "has no such heading".to_owned())
}

/// Whether it is an address that a browser takes: https, or http on this machine, with a host and without blanks.
fn is_address(target: &str) -> bool {
    if let Some(mail) = target.strip_prefix("mailto:") {
        return mail
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    }
    let Some(rest) = target.strip_prefix("https://") else {
        return ["http://127.0.0.1", "http://localhost"].iter().any(|own| target.starts_with(own));
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let letters = |part: &str| {
        !part.is_empty() && part.chars().all(|l| l.is_ascii_alphanumeric() || l == '-')
    };
    host.contains('.') && host.split('.').all(letters) && !rest.contains(char::is_whitespace)
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let mut count = 0;
    let mut broken = Vec::new();
    for (page, text) in &pages {
        for target in targets(text) {
            count += 1;
            let told = wrong(page, &target, &pages);
            broken.extend(told.map(|why| format!("{}: {target} {why}", page.display())));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(count > 150, "{count} links were found");
}

#[test]
fn what_leads_nowhere_is_found() {
    let pages = BTreeMap::from([(
        PathBuf::from("docs/index.md"),
        "# A b\n\n## `c_d`: e!\n\n## A b\n".to_owned(),
    )]);
    assert_eq!(
        anchors(&pages[Path::new("docs/index.md")]).into_iter().collect::<Vec<_>>(),
        ["a-b", "a-b-1", "c_d-e"]
    );
    let text =
        "`[no](x)` [one](a.md) ```\n\n```shell\n[no](y)\n```\n<img src=\"b.svg\"> [two](#c)\n";
    assert_eq!(targets(text), ["a.md", "#c", "b.svg"]);
    let page = Path::new("docs/index.md");
    for (target, wanted) in [
        ("#a-b-1", None),
        ("#a-c", Some("no such heading")),
        ("guides/getting-started.md", None),
        ("guides/nothing.md", Some("is not there")),
        ("../README.md", Some("out of docs/")),
        ("https://aws.amazon.com/x", None),
        ("https://aws amazon/x", Some("is no address")),
        ("http://example.com/", Some("is no address")),
        (
            "https://github.com/quiltdata/terraform-provider-quilt/tree/main/examples/none",
            Some("is not there"),
        ),
        ("https://github.com/quiltdata/terraform-provider-quilt#none", Some("no such heading")),
    ] {
        let told = wrong(page, target, &pages);
        let fits = match (&told, wanted) {
            (Some(told), Some(wanted)) => told.contains(wanted),
            (told, wanted) => told.is_none() == wanted.is_none(),
        };
        assert!(fits, "{target}: {told:?}");
    }
}

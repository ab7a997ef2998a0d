//! The head of every page in `docs/`, by which a registry lists and finds it, and what must stand on the page of a resource.

use std::fs;
use std::path::Path;

use super::links::pages;
use super::root;

/// The most letters of a description: what a search engine shows of it, twice.
const LONGEST: usize = 320;

/// What a head says of one thing.
fn said<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[test]
fn every_page_says_its_title_and_what_it_is_about() {
    let mut titles = std::collections::BTreeMap::new();
    for (path, text) in pages().into_iter().filter(|(path, _)| path.starts_with("docs")) {
        let name = path.display().to_string();
        let head = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let (head, body) = head.unwrap_or_else(|| panic!("{name} has no head"));
        let title = said(head, "page_title").unwrap_or_default().trim_matches('"').to_owned();
        let about = head.split_once("description: |-\n  ").map_or("", |(_, about)| about);
        assert!(!title.is_empty(), "{name} has no title");
        assert!(
            !about.is_empty() && !about.contains('\n') && about.chars().count() <= LONGEST,
            "{name}: the description is one line of {LONGEST} letters at most, and is {about:?}"
        );
        // The Registry takes no subcategory for the first page.
        assert_eq!(said(head, "subcategory").is_none(), name.ends_with("index.md"), "{name}");
        assert!(body.trim_start().starts_with("# "), "{name} begins with its heading");
        let twin = titles.insert(title.clone(), name.clone());
        assert!(twin.is_none(), "{name} and {twin:?} have one title: {title}");
    }
}

#[test]
fn every_example_of_an_object_is_on_its_page() {
    let mut count = 0;
    for kind in fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path()) {
        let name = kind.file_name().unwrap().to_string_lossy().into_owned();
        let folder = root().join("docs").join(&name);
        if !folder.is_dir() {
            continue;
        }
        for object in fs::read_dir(kind).unwrap().map(|entry| entry.unwrap().path()) {
            let short = object.file_name().unwrap().to_string_lossy().replacen("quilt_", "", 1);
            let page = fs::read_to_string(folder.join(format!("{short}.md"))).unwrap();
            for file in fs::read_dir(&object).unwrap().map(|entry| entry.unwrap().path()) {
                assert!(shows(&page, &file), "docs/{name}/{short}.md lacks {}", file.display());
                count += 1;
            }
        }
    }
    assert!(count > 80, "{count} files were looked for");
}

/// Whether a page has all of a file as a block.
fn shows(page: &str, file: &Path) -> bool {
    let text = fs::read_to_string(file).unwrap();
    page.contains(&format!("\n{}\n```", text.trim_end()))
}

//! The guide "Troubleshooting": every message that the tests bring about, by its title, so that it is found by what a terminal shows.

use std::collections::BTreeSet;
use std::fmt::Write;

/// The page's name among the guides.
pub const NAME: &str = "troubleshooting";

const HEAD: &str = "\
---
page_title: \"Troubleshooting\"
subcategory: \"\"
description: |-
  Every error and warning of the provider by its title, with the situation that brings it and what to do.
---

# Troubleshooting

Look for the title that Terraform shows: the words after `Error:` or `Warning:`. Names, numbers and ARNs are those of an example. What is said below the
title is what has happened, where it stands now, and what to do next. Where an operation of CloudFormation failed, `terraform-provider-quilt diagnose STACK` looks behind it: [Watch and diagnose](watch-and-diagnose.md).

";

/// Writes the page from the book of messages (`tests/messages.txt`).
pub fn page(book: &str) -> String {
    let mut page = HEAD.to_string();
    let (mut scene, mut told, mut bar) = ("", BTreeSet::new(), false);
    let mut lines = book.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("=====") {
            bar = !bar;
        } else if bar {
            told.clear();
            let _ = write!(page, "## {line}\n\n");
        } else if let Some(title) = line.strip_prefix("--- ").and_then(|l| l.strip_suffix(" ---")) {
            scene = title;
        } else if let Some(place) = place(line) {
            let Some(title) = lines.next().map(str::trim) else { break };
            let fresh = told.insert(title);
            if fresh {
                let _ = write!(page, "### {}\n\n{place} {scene}.\n\n", plain(title));
            }
            while let Some(text) = lines.next_if(|next| next.is_empty() || next.starts_with("    "))
            {
                if fresh {
                    page.push_str(&plain(text.strip_prefix("    ").unwrap_or(text)));
                    page.push('\n');
                }
            }
        }
    }
    format!("{}\n", page.trim_end())
}

/// "Error at plan, at region:" as a sentence.
fn place(line: &str) -> Option<String> {
    let line = line.strip_suffix(':')?;
    let (kind, rest) = line.split_once(" at ")?;
    let (when, place) = rest.split_once(", at ")?;
    let place = if place == "the block" { place.to_string() } else { format!("`{place}`") };
    ["Error", "Warning"].contains(&kind).then(|| format!("*{kind} at {when}, at {place}.*"))
}

/// With nothing that a browser takes for a tag.
fn plain(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts: Vec<_> = parts
        .map(|(index, part)| if index % 2 == 0 { part.replace('<', "&lt;") } else { part.into() })
        .collect();
    parts.join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_stands_once_in_its_part_with_its_situation() {
        let one = "Error at plan, at region:\n  No `<such>` region\n    Write <one>.\n\n      region = \"x\"\n\n";
        let book = format!(
            "About\n\n=====\nprovider \"quilt\"\n=====\n\n--- It is misspelt ---\n\n{one}--- Again ---\n\n{one}"
        );
        let page = page(&book);
        let told = "## provider \"quilt\"\n\n### No `<such>` region\n\n*Error at plan, at `region`.* It is misspelt.\n\nWrite &lt;one>.\n\n  region = \"x\"\n";
        assert_eq!(page.strip_prefix(HEAD), Some(told));
    }
}

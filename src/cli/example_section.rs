//! How a page shows its examples: the first one, every other file of its folder, and what they ask of Terraform.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::import_section::read;

/// What all examples of a folder ask for; it stands last.
const ASKED: &str = "terraform.tf";
/// The most words that a heading has.
const WORDS: usize = 5;

/// The section of a page whose first example is this file.
///
/// # Errors
/// There is no such file.
pub fn example_section(page: &mut String, first: &Path) -> anyhow::Result<()> {
    let Some(text) = read(first)? else {
        bail!("{} is missing: every page begins with an example.", first.display())
    };
    page.push_str("## Example Usage\n\n");
    block(page, &text);
    for file in others(first)? {
        let text = read(&file)?.unwrap_or_default();
        let _ = write!(page, "### {}\n\n", heading(&file, &text));
        block(page, &text);
    }
    let asked = first.with_file_name(ASKED);
    if let Some(text) = read(&asked)?.filter(|_| asked != first) {
        page.push_str("### What these examples ask for\n\n");
        block(page, &text);
    }
    Ok(())
}

fn block(page: &mut String, text: &str) {
    let _ = write!(page, "```terraform\n{}\n```\n\n", text.trim_end());
}

/// The other examples beside the first one, by name. What belongs to imports has a section of its own.
fn others(first: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = first.parent().context("an example is in a folder")?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let other = name.ends_with(".tf") && name != ASKED && !name.starts_with("import");
        found.extend((other && path != first).then_some(path));
    }
    found.sort();
    Ok(found)
}

/// What stands before the colon of a file's first comment, if that is a few words; else the file's name.
fn heading(file: &Path, text: &str) -> String {
    let said = text.strip_prefix("# ").and_then(|rest| rest.lines().next()?.split_once(": "));
    if let Some((words, _)) = said.filter(|(words, _)| words.split(' ').count() <= WORDS) {
        return words.into();
    }
    let name = file.file_stem().unwrap_or_default().to_string_lossy().replace('-', " ");
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_a_folder_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("resource.tf", "first\n");
        write("existing-network.tf", "# By ids.\nsecond\n");
        write("b.tf", "# OneLogin: its issuer.\nthird\n");
        write("import.tf", "");
        write("import.sh", "");
        write("terraform.tf", "last\n");
        let mut page = String::new();
        example_section(&mut page, &folder.path().join("resource.tf")).unwrap();
        assert_eq!(
            page,
            "## Example Usage\n\n```terraform\nfirst\n```\n\n### OneLogin\n\n```terraform\n# OneLogin: its issuer.\nthird\n```\n\n\
             ### Existing network\n\n```terraform\n# By ids.\nsecond\n```\n\n### What these examples ask for\n\n```terraform\nlast\n```\n\n"
        );
    }
}

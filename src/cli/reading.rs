//! The guides in the order in which they are read, for the first page.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, bail};

use super::import_section::read;

/// From the first apply to the rarer days, each with the question that people come with.
const ORDER: &[(&str, &str)] = &[
    ("installation", "How do I get the provider?"),
    ("getting-started", "I have a template. How does it become a catalog?"),
    ("governed-catalog", "Who may see which bucket, and who says so?"),
    ("costs", "What will it cost?"),
    ("private-network", "We have a network already, without a way out. Can it run there?"),
    ("changes", "What does an update do to my data?"),
    ("sign-in", "How do my people sign in?"),
    ("custom-role", "How does a team get an IAM role of its own?"),
    ("encrypted-buckets", "Our buckets have a KMS key. What must it allow?"),
    ("permissions", "What must the credentials be allowed?"),
    ("interruptions", "My apply ended in the middle. What now?"),
    ("health", "Is everything well, and who tells me when it is not?"),
    ("watch-and-diagnose", "How far is it, and why did it fail?"),
    ("troubleshooting", "What does this error mean?"),
    ("stuck-stacks", "The stack does not move any more. How do I get it out?"),
    ("service-catalog", "It was launched by Service Catalog, or is old. Can Terraform have it?"),
    ("migrate-to-network-2", "How do I get from network 1.0 to 2.0?"),
    ("from-quiltdata-iac", "I deployed with quiltdata/iac. How do I go on?"),
    ("region-failure", "The region is down. How do we come back in another?"),
];

/// Writes each guide of a folder with what it is about; a folder without guides writes nothing.
///
/// # Errors
/// A guide has no place in the order, or says nothing of itself.
pub fn guides(page: &mut String, folder: &Path) -> anyhow::Result<()> {
    let Ok(found) = folder.read_dir() else { return Ok(()) };
    for file in found {
        let path = file?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !ORDER.iter().any(|(known, _)| *known == name) {
            bail!("{} has no place in the order of src/cli/reading.rs", path.display());
        }
    }
    page.push_str("## Guides, in the order of reading\n\n");
    for (name, question) in ORDER {
        let file = folder.join(format!("{name}.md"));
        let text = read(&file)?.with_context(|| format!("{} is missing", file.display()))?;
        let (title, about) = told(&text)
            .with_context(|| format!("{} has no title and description", file.display()))?;
        let _ = writeln!(page, "- {question} [{title}](guides/{name}.md): {about}");
    }
    page.push('\n');
    Ok(())
}

/// Title and description of a page, as its head has them.
fn told(text: &str) -> Option<(&str, &str)> {
    let title = text.lines().find_map(|line| line.strip_prefix("page_title: "))?;
    let about = text.lines().skip_while(|line| *line != "description: |-").nth(1)?;
    Some((title.trim_matches('"'), about.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guide_without_a_place_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("other.md"), "").unwrap();
        let refused = guides(&mut String::new(), folder.path()).unwrap_err().to_string();
        assert!(refused.contains("other.md has no place"), "{refused}");
    }

    #[test]
    fn a_head_tells_title_and_description() {
        let head = "---\npage_title: \"Changes\"\nsubcategory: \"\"\ndescription: |-\n  What an update does.\n---\n";
        assert_eq!(told(head), Some(("Changes", "What an update does.")));
        assert_eq!(told("# Changes\n"), None);
    }
}

//! How a page says what an import takes: an id, an identity, the command.

use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;

use crate::kinds::resource::identity::{IdentityAttribute, IdentitySchema};

const BY_ID: &str = "An `import` block takes the id (Terraform 1.5, OpenTofu 1.6 or later):";
const BY_IDENTITY: &str = "or the identity (Terraform 1.12, OpenTofu 1.12 or later):";
const BY_COMMAND: &str = "The command takes the id:";

/// The section of a resource, from the examples beside its own; nothing where there are none.
pub fn import_section(
    page: &mut String,
    identity: Option<&IdentitySchema>,
    examples: &Path,
) -> anyhow::Result<()> {
    let by_id = read(&examples.join("import-by-string-id.tf"))?;
    let by_identity = read(&examples.join("import-by-identity.tf"))?;
    let by_command = read(&examples.join("import.sh"))?;
    if by_id.is_none() && by_command.is_none() {
        return Ok(());
    }
    page.push_str("\n## Import\n");
    if let Some(text) = by_id {
        block(page, BY_ID, "terraform", &text);
    }
    if let (Some(identity), Some(text)) = (identity, by_identity) {
        block(page, BY_IDENTITY, "terraform", &text);
        attributes(page, identity);
    }
    if let Some(text) = by_command {
        block(page, BY_COMMAND, "shell", &text);
    }
    Ok(())
}

fn block(page: &mut String, words: &str, language: &str, text: &str) {
    let _ = write!(page, "\n{words}\n\n```{language}\n{}\n```\n", text.trim_end());
}

fn attributes(page: &mut String, identity: &IdentitySchema) {
    page.push_str("\n### Identity Schema\n");
    for (title, required) in [("Required", true), ("Optional", false)] {
        let _ = write!(page, "\n#### {title}\n\n");
        let some = identity.attributes.iter().filter(|a| a.required == required);
        some.for_each(|IdentityAttribute { name, doc, .. }| {
            let _ = writeln!(page, "- `{name}` (String) {doc}");
        });
    }
}

/// What a file says; `None`: there is none.
pub(super) fn read(file: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(file) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        read => read.map(Some).with_context(|| format!("{} cannot be read", file.display())),
    }
}

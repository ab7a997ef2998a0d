//! `docs`: the pages of the Registry, written from the schema and the examples.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::schema_page::{change_words, schema_section};
use crate::provider::Provider;
use crate::tf::schema::Schema;

/// Writes all pages under `root`/docs, and removes pages of resources that are no more.
pub fn write(root: &Path) -> anyhow::Result<()> {
    let pages = pages(&Provider::default(), &root.join("examples"))?;
    let docs = root.join("docs");
    for (path, text) in &pages {
        let path = docs.join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all).with_context(|| format!("{} cannot be made", docs.display()))?;
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    remove_others(&docs, "resources", &pages)
}

fn remove_others(docs: &Path, folder: &str, pages: &BTreeMap<PathBuf, String>) -> anyhow::Result<()> {
    let Ok(found) = docs.join(folder).read_dir() else { return Ok(()) };
    for file in found {
        let path = file?.path();
        if path.strip_prefix(docs).is_ok_and(|page| !pages.contains_key(page)) {
            fs::remove_file(&path).with_context(|| format!("{} is no page of the provider and cannot be removed", path.display()))?;
        }
    }
    Ok(())
}

/// Every page by its path under `docs`, with the examples found under `examples`.
pub fn pages(provider: &Provider, examples: &Path) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let mut pages = BTreeMap::from([("index.md".into(), index(provider.schema(), examples)?)]);
    for resource in &provider.resources {
        let name = resource.name();
        let file = format!("resources/{}.md", name.strip_prefix("quilt_").unwrap_or(name));
        pages.insert(file.into(), resource_page(name, resource.schema(), &examples.join("resources").join(name))?);
    }
    Ok(pages)
}

fn index(schema: &Schema, examples: &Path) -> anyhow::Result<String> {
    let mut page = head("Quilt Provider", "Quilt Provider", schema);
    example(&mut page, "terraform", &examples.join("provider/provider.tf"))?;
    page.push_str("## Schema\n");
    schema_section(&mut page, &schema.attributes, None);
    Ok(page)
}

fn resource_page(name: &str, schema: &Schema, examples: &Path) -> anyhow::Result<String> {
    let mut page = head(&format!("{name} Resource - quilt"), &format!("{name} (Resource)"), schema);
    example(&mut page, "terraform", &examples.join("resource.tf"))?;
    page.push_str("## Schema\n");
    page.push_str(change_words());
    schema_section(&mut page, &schema.attributes, Some("updates"));
    if let Some(import) = read(&examples.join("import.sh"))? {
        let _ = write!(page, "\n## Import\n\n```shell\n{}\n```\n", import.trim_end());
    }
    Ok(page)
}

fn head(title: &str, heading: &str, schema: &Schema) -> String {
    let first = schema.doc.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    format!(
        "---\npage_title: \"{title}\"\nsubcategory: \"\"\ndescription: |-\n  {first}\n---\n\n# {heading}\n\n{doc}\n\n",
        doc = schema.doc
    )
}

fn example(page: &mut String, language: &str, file: &Path) -> anyhow::Result<()> {
    let Some(text) = read(file)? else { bail!("{} is missing: every page begins with an example.", file.display()) };
    let _ = write!(page, "## Example Usage\n\n```{language}\n{}\n```\n\n", text.trim_end());
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(file) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        read => read.map(Some).with_context(|| format!("{} cannot be read", file.display())),
    }
}

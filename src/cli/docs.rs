//! `docs`: the pages of the Registry, written from the schema and the examples.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::example_section::example_section;
use super::function_page;
use super::import_section::{import_section, read};
use super::reading::guides;
use super::schema_page::{change_words, schema_section};
use super::size_section::size_section;
use super::terms::terms;
use super::troubleshooting;
use crate::kinds::function::AnyFunction;
use crate::kinds::resource::identity::IdentitySchema;
use crate::provider::Provider;
use crate::tf::schema::Schema;

/// The most letters of a page's description.
const DESCRIPTION: usize = 320;

/// Writes all pages under `root`/docs, and removes pages of what is no more.
pub fn write(root: &Path) -> anyhow::Result<()> {
    let docs = root.join("docs");
    let messages = root.join("tests/messages.txt");
    if let Some(book) = read(&messages)? {
        let guide = docs.join("guides").join(format!("{}.md", troubleshooting::NAME));
        fs::write(&guide, troubleshooting::page(&book))
            .with_context(|| format!("{} cannot be written", guide.display()))?;
    }
    let pages = pages(&Provider::default(), &root.join("examples"))?;
    for (path, text) in &pages {
        let path = docs.join(path);
        path.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .with_context(|| format!("{} cannot be made", docs.display()))?;
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    ["resources", "data-sources", "list-resources", "actions", "ephemeral-resources", "functions"]
        .into_iter()
        .try_for_each(|folder| remove_others(&docs, folder, &pages))
}

fn remove_others(
    docs: &Path,
    folder: &str,
    pages: &BTreeMap<PathBuf, String>,
) -> anyhow::Result<()> {
    let Ok(found) = docs.join(folder).read_dir() else { return Ok(()) };
    for file in found {
        let path = file?.path();
        if path.strip_prefix(docs).is_ok_and(|page| !pages.contains_key(page)) {
            fs::remove_file(&path).with_context(|| {
                format!("{} is no page of the provider and cannot be removed", path.display())
            })?;
        }
    }
    Ok(())
}

/// Every page by its path under `docs`, with the examples found under `examples`.
pub fn pages(provider: &Provider, examples: &Path) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let mut pages = BTreeMap::from([("index.md".into(), index(provider.schema(), examples)?)]);
    for resource in &provider.served.resources {
        let name = resource.name();
        let file = format!("resources/{}.md", name.strip_prefix("quilt_").unwrap_or(name));
        pages.insert(
            file.into(),
            resource_page(
                (name, resource.schema()),
                resource.identity_schema().as_ref(),
                &examples.join("resources").join(name),
            )?,
        );
    }
    for source in &provider.served.data_sources {
        let name = source.name();
        let file = format!("data-sources/{}.md", name.strip_prefix("quilt_").unwrap_or(name));
        pages.insert(
            file.into(),
            data_source_page(name, source.schema(), &examples.join("data-sources").join(name))?,
        );
    }
    for list in &provider.served.lists {
        let name = list.name();
        let file = format!("list-resources/{}.md", name.strip_prefix("quilt_").unwrap_or(name));
        pages.insert(
            file.into(),
            list_page(name, list.schema(), &examples.join("list-resources").join(name))?,
        );
    }
    for action in &provider.served.actions {
        let name = action.name();
        let file = format!("actions/{}.md", name.strip_prefix("quilt_").unwrap_or(name));
        pages.insert(
            file.into(),
            action_page(name, action.schema(), &examples.join("actions").join(name))?,
        );
    }
    for ephemeral in &provider.served.ephemerals {
        let name = ephemeral.name();
        let file =
            format!("ephemeral-resources/{}.md", name.strip_prefix("quilt_").unwrap_or(name));
        pages.insert(
            file.into(),
            ephemeral_page(
                name,
                ephemeral.schema(),
                &examples.join("ephemeral-resources").join(name),
            )?,
        );
    }
    for function in &provider.served.functions {
        let name = function.name();
        pages.insert(
            format!("functions/{name}.md").into(),
            function_page(function.as_ref(), &examples.join("functions").join(name))?,
        );
    }
    Ok(pages)
}

fn index(schema: &Schema, examples: &Path) -> anyhow::Result<String> {
    // The Registry takes no subcategory for the first page.
    let mut page =
        head("Quilt Provider", "Quilt Provider", schema).replacen("subcategory: \"\"\n", "", 1);
    example_section(&mut page, &examples.join("provider/provider.tf"))?;
    guides(&mut page, &examples.with_file_name("docs").join("guides"))?;
    terms(&mut page);
    page.push_str("## Schema\n");
    schema_section(&mut page, &schema.attributes, None);
    Ok(page)
}

fn resource_page(
    (name, schema): (&str, &Schema),
    identity: Option<&IdentitySchema>,
    examples: &Path,
) -> anyhow::Result<String> {
    let mut page = head(&format!("{name} Resource - quilt"), &format!("{name} (Resource)"), schema);
    example_section(&mut page, &examples.join("resource.tf"))?;
    size_section(&mut page, name);
    page.push_str("## Schema\n");
    page.push_str(change_words());
    schema_section(&mut page, &schema.attributes, Some("updates"));
    import_section(&mut page, identity, examples)?;
    Ok(page)
}

fn data_source_page(name: &str, schema: &Schema, examples: &Path) -> anyhow::Result<String> {
    let mut page =
        head(&format!("{name} Data Source - quilt"), &format!("{name} (Data Source)"), schema);
    example_section(&mut page, &examples.join("data-source.tf"))?;
    page.push_str("## Schema\n");
    schema_section(&mut page, &schema.attributes, None);
    Ok(page)
}

fn list_page(name: &str, schema: &Schema, examples: &Path) -> anyhow::Result<String> {
    let heading = format!("{name} (List Resource)");
    let mut page = head(&format!("{name} List Resource - quilt"), &heading, schema);
    page.push_str(
        "Terraform lists from version 1.14 on: `terraform query` reads files that end in `.tfquery.hcl`. With `-generate-config-out=FILE` it writes \
         an `import` block and a configuration for each that is found. OpenTofu does not list.\n\n",
    );
    example_section(&mut page, &examples.join("list-resource.tfquery.hcl"))?;
    page.push_str("## Schema\n");
    schema_section(&mut page, &schema.attributes, None);
    Ok(page)
}

fn action_page(name: &str, schema: &Schema, examples: &Path) -> anyhow::Result<String> {
    let mut page = head(&format!("{name} Action - quilt"), &format!("{name} (Action)"), schema);
    let _ = write!(
        page,
        "Terraform knows actions from version 1.14 on; OpenTofu does not. It is invoked by hand (`terraform apply -invoke=action.{name}.<its name>`), or by \
         an `action_trigger` in the `lifecycle` of a resource. Ctrl-C ends the waiting: what has begun in AWS goes on there, and the next \
         invocation finds it.\n\n"
    );
    example_section(&mut page, &examples.join("action.tf"))?;
    page.push_str("## Schema\n");
    schema_section(&mut page, &schema.attributes, None);
    Ok(page)
}

fn ephemeral_page(name: &str, schema: &Schema, examples: &Path) -> anyhow::Result<String> {
    let heading = format!("{name} (Ephemeral Resource)");
    let mut page = head(&format!("{name} Ephemeral Resource - quilt"), &heading, schema);
    page.push_str(
        "Terraform knows ephemeral resources from version 1.10 on, OpenTofu from 1.11.\n\n",
    );
    example_section(&mut page, &examples.join("ephemeral-resource.tf"))?;
    page.push_str("## Schema\n");
    schema_section(&mut page, &schema.attributes, None);
    Ok(page)
}

fn function_page(function: &dyn AnyFunction, examples: &Path) -> anyhow::Result<String> {
    let (name, signature) = (function.name(), function.signature());
    let mut page = function_page::head(name, &signature);
    example_section(&mut page, &examples.join("function.tf"))?;
    size_section(&mut page, name);
    function_page::sections(&mut page, name, &signature);
    Ok(page)
}

fn head(title: &str, heading: &str, schema: &Schema) -> String {
    let first = schema.doc.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let about = about(&first);
    format!(
        "---\npage_title: \"{title}\"\nsubcategory: \"\"\ndescription: |-\n  {about}\n---\n\n# {heading}\n\n{doc}\n\n",
        doc = schema.doc
    )
}

/// As many sentences of a paragraph as a list of results shows.
fn about(paragraph: &str) -> &str {
    let room = paragraph.char_indices().nth(DESCRIPTION).map(|(place, _)| &paragraph[..place]);
    let end = room.and_then(|shown| shown.rfind(". "));
    end.map_or(paragraph, |end| &paragraph[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes;
    use crate::kinds::function::{Extra, Function, Refused};
    use crate::tf::State;

    attributes! {
        /// One thing
        /// of two lines.
        ///
        /// And more to say.
        pub struct Thing {
            /// Its name.
            name: String = Required.replaces();
        }
    }

    fn examples(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        dir
    }

    #[test]
    fn a_page_of_a_resource() {
        let dir = examples(&[
            ("resource.tf", "resource \"quilt_thing\" \"a\" {}\n"),
            ("import.sh", "terraform import quilt_thing.a a\n"),
        ]);
        let page = resource_page(("quilt_thing", Thing::schema()), None, dir.path()).unwrap();
        let expected = format!(
            "---\npage_title: \"quilt_thing Resource - quilt\"\nsubcategory: \"\"\ndescription: |-\n  One thing of two lines.\n---\n\n\
             # quilt_thing (Resource)\n\nOne thing\nof two lines.\n\nAnd more to say.\n\n\
             ## Example Usage\n\n```terraform\nresource \"quilt_thing\" \"a\" {{}}\n```\n\n\
             ## Schema\n{}\n### Required\n\n- `name` (String, *replaces*) Its name.\n\n\
             ## Import\n\nThe command takes the id:\n\n```shell\nterraform import quilt_thing.a a\n```\n",
            change_words()
        );
        assert_eq!(page, expected);
    }

    #[test]
    fn a_description_is_whole_sentences() {
        assert_eq!(about("One. Two."), "One. Two.");
        let long = format!("One. Two{}. Three.", "o".repeat(DESCRIPTION));
        assert_eq!(about(&long), "One.");
    }

    crate::arguments! {
        /// Says words.
        ///
        /// Loudly.
        pub struct Sayings {
            /// The words,
            /// in order.
            words: Vec<String>;
            /// How often.
            times: Extra<i64>;
        }
    }

    struct Say;

    impl Function for Say {
        const NAME: &'static str = "say";
        const RETURNS: &'static str = "What was said.";
        type Arguments = Sayings;
        type Answer = Thing;

        fn answer(_: Sayings) -> Result<Thing, Refused> {
            Ok(Thing::default())
        }
    }

    #[test]
    fn a_page_of_a_function() {
        let dir = examples(&[("function.tf", "output \"a\" {}\n")]);
        let page = function_page(&Say, dir.path()).unwrap();
        let expected = "---\npage_title: \"say function - quilt\"\nsubcategory: \"\"\ndescription: |-\n  Says words.\n---\n\n\
             # function: say\n\nSays words.\n\nLoudly.\n\nTerraform knows provider-defined functions from version 1.8 on, OpenTofu from 1.7.\n\n\
             ## Example Usage\n\n```terraform\noutput \"a\" {}\n```\n\n\
             ## Signature\n\n```text\nsay(words list of string, times number...) object\n```\n\n\
             ## Arguments\n\n1. `words` (List of String) The words, in order.\n1. `times` (Number, may be left out) How often.\n\n\
             ## Return\n\n(Object) What was said.\n\n- `name` (String) Its name.\n";
        assert_eq!(page, expected);
    }

    #[test]
    fn a_page_without_an_example_is_refused_by_its_file() {
        let dir = examples(&[]);
        let refused = pages(&Provider::default(), dir.path()).unwrap_err().to_string();
        assert!(refused.contains("provider/provider.tf is missing"), "{refused}");
    }

    #[test]
    fn pages_of_what_is_no_more_are_removed() {
        let root = examples(&[
            ("docs/resources/old.md", ""),
            ("docs/resources/new.md", ""),
            ("docs/guides/by-hand.md", ""),
        ]);
        let pages = BTreeMap::from([(PathBuf::from("resources/new.md"), String::new())]);
        let docs = root.path().join("docs");
        remove_others(&docs, "resources", &pages).unwrap();
        let left = ["resources/old.md", "resources/new.md", "guides/by-hand.md"]
            .map(|page| docs.join(page).exists());
        assert_eq!(left, [false, true, true]);
    }
}

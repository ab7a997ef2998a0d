//! The schema part of a page: arguments by who gives them, objects inside below.

use std::fmt::Write;

use crate::tf::schema::{Attribute, AttributeConstraint, AttributeType, Shape};
use crate::tf::{Number, Tree};

/// The legend of what stands behind an argument's type.
pub fn change_words() -> &'static str {
    "\nAfter the type stands what a change does: *updates* the object in place, *replaces* it by a new one, or is *refused* with a \
     message that names the way out.\n"
}

/// All attributes, and after them those of the objects inside. `change` is what a change does where an attribute says nothing of its own.
pub fn schema_section(page: &mut String, attributes: &[Attribute], change: Option<&str>) {
    groups(page, attributes, change, "###", "");
    nested_sections(page, attributes, change, "");
}

fn groups(
    page: &mut String,
    attributes: &[Attribute],
    change: Option<&str>,
    heading: &str,
    path: &str,
) {
    let of = |title: &'static str, wanted: fn(&Attribute) -> bool| {
        (title, attributes.iter().filter(move |a| wanted(a)).collect::<Vec<_>>())
    };
    let groups = [
        of("Required", |a| a.given == AttributeConstraint::Required),
        of("Optional", |a| a.given != AttributeConstraint::Required && !a.computed_only()),
        of("Read-Only", Attribute::computed_only),
    ];
    for (title, attributes) in groups.into_iter().filter(|(_, attributes)| !attributes.is_empty()) {
        let _ = write!(page, "\n{heading} {title}\n\n");
        for a in attributes {
            page.push_str(&argument(a, change, path));
        }
    }
}

fn argument(a: &Attribute, change: Option<&str>, path: &str) -> String {
    let mut line = format!("- `{}` ({})", a.name, words(a, change).join(", "));
    if !a.doc.is_empty() {
        // Later paragraphs stay within the item.
        let paragraphs: Vec<_> = a.doc.split("\n\n").map(|p| p.replace('\n', " ")).collect();
        let _ = write!(line, " {}", paragraphs.join("\n\n  "));
    }
    if a.nested().is_some() {
        let _ = write!(line, " (see [below](#{}))", anchor(&inside(path, a)));
    }
    line + "\n"
}

fn words(a: &Attribute, change: Option<&str>) -> Vec<String> {
    let mut words = vec![type_of(a)];
    words.extend(a.sensitive.then(|| "sensitive".into()));
    words.extend(a.write_only.then(|| "write-only".into()));
    words.extend(a.default.as_ref().map(|value| format!("default `{}`", literal(value))));
    words.extend(change_of(a, change).map(|word| format!("*{word}*")));
    words
}

/// What holds for an object holds for what is inside, unless that says otherwise.
fn change_of<'a>(a: &Attribute, around: Option<&'a str>) -> Option<&'a str> {
    match (around?, a) {
        (_, a) if a.computed_only() => None,
        (_, a) if a.refused => Some("refused"),
        (_, a) if a.replaces => Some("replaces"),
        (around, _) => Some(around),
    }
}

fn nested_sections(page: &mut String, attributes: &[Attribute], change: Option<&str>, path: &str) {
    for a in attributes {
        let Some(nested) = a.nested() else { continue };
        let (path, change) = (inside(path, a), change_of(a, change));
        let _ = write!(page, "\n<a id=\"{}\"></a>\n### Nested schema of `{path}`\n", anchor(&path));
        groups(page, nested, change, "####", &path);
        nested_sections(page, nested, change, &path);
    }
}

fn inside(path: &str, a: &Attribute) -> String {
    if path.is_empty() { a.name.into() } else { format!("{path}.{}", a.name) }
}

fn anchor(path: &str) -> String {
    format!("nested--{}", path.replace('.', "--"))
}

fn type_of(a: &Attribute) -> String {
    let object = if a.block { "Block" } else { "Attributes" };
    match &a.shape {
        Shape::Type(t) => plain_type(t),
        Shape::Single(_) => object.into(),
        Shape::List(_) => format!("{object} List"),
    }
}

/// The type of something outside a schema, where objects are plain ones.
pub fn type_of_shape(shape: &Shape) -> String {
    match shape {
        Shape::Type(t) => plain_type(t),
        Shape::Single(_) => "Object".into(),
        Shape::List(_) => "List of Object".into(),
    }
}

/// A plain type in words.
pub fn plain_type(t: &AttributeType) -> String {
    match t {
        AttributeType::String => "String".into(),
        AttributeType::Number => "Number".into(),
        AttributeType::Bool => "Boolean".into(),
        AttributeType::List(t) => format!("List of {}", plain_type(t)),
        AttributeType::Set(t) => format!("Set of {}", plain_type(t)),
        AttributeType::Map(t) => format!("Map of {}", plain_type(t)),
        _ => "Object".into(),
    }
}

/// A value as it is written in a configuration.
fn literal(value: &Tree) -> String {
    match value {
        Tree::Null => "null".into(),
        Tree::Unknown => "(known after apply)".into(),
        Tree::Bool(b) => b.to_string(),
        Tree::Number(Number::Int(n)) => n.to_string(),
        Tree::Number(Number::Float(n)) => n.to_string(),
        Tree::Number(Number::Decimal(text)) => text.clone(),
        Tree::String(text) => format!("{text:?}"),
        Tree::List(items) => {
            format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", "))
        }
        Tree::Map(entries) if entries.is_empty() => "{}".into(),
        Tree::Map(entries) => {
            let entries: Vec<_> =
                entries.iter().map(|(key, value)| format!("{key} = {}", literal(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::attributes;
    use crate::tf::State;

    attributes! {
        /// A rule.
        pub struct Rule {
            /// A port.
            port: i64 = Required;
            /// Its number.
            index: i64 = Computed;
        }
    }
    attributes! {
        /// A thing.
        pub struct Thing {
            /// Its name,
            /// said once.
            ///
            /// Keep it short.
            name: String = Required.replaces();
            /// How many.
            size: i64 = Optional.default(3);
            /// Words.
            words: BTreeMap<String, Vec<String>> = Optional;
            /// Secret.
            secret_wo: String = Optional.sensitive().write_only();
            /// Rules.
            rule: Vec<Rule> = Optional.block().refused();
            /// Its number.
            id: String = Computed;
        }
    }

    #[test]
    fn a_page_says_who_gives_what_and_what_a_change_does() {
        let mut page = String::new();
        schema_section(&mut page, &Thing::schema().attributes, Some("updates"));
        let expected = "
### Required

- `name` (String, *replaces*) Its name, said once.

  Keep it short.

### Optional

- `size` (Number, default `3`, *updates*) How many.
- `words` (Map of List of String, *updates*) Words.
- `secret_wo` (String, sensitive, write-only, *updates*) Secret.
- `rule` (Block List, *refused*) Rules. (see [below](#nested--rule))

### Read-Only

- `id` (String) Its number.

<a id=\"nested--rule\"></a>
### Nested schema of `rule`

#### Required

- `port` (Number, *refused*) A port.

#### Read-Only

- `index` (Number) Its number.
";
        assert_eq!(page, expected);
    }

    #[test]
    fn the_provider_block_says_nothing_of_changes() {
        let mut page = String::new();
        schema_section(&mut page, &Rule::schema().attributes, None);
        assert!(page.contains("- `port` (Number) A port."), "{page}");
    }
}

//! A Tabulator table: files in the packages of a bucket that are read as one table, and the text in YAML that a registry keeps of it.

use serde_json::{Map, Value};

use super::yaml;

/// The types that a column may have.
pub const TYPES: [&str; 11] = [
    "BOOLEAN",
    "TINYINT",
    "SMALLINT",
    "INT",
    "BIGINT",
    "FLOAT",
    "DOUBLE",
    "STRING",
    "BINARY",
    "DATE",
    "TIMESTAMP",
];

/// The formats that files may have.
pub const FORMATS: [&str; 2] = ["csv", "parquet"];

/// The only source that there is.
pub const PACKAGES: &str = "quilt-packages";

/// Longest name of a column or a table.
const LONGEST: usize = 255;

/// A table as it is meant: two texts that mean the same are the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// A regular expression: packages whose name it meets are looked at.
    pub package_name: String,
    /// A regular expression: objects of these packages whose key it meets are read.
    pub logical_key: String,
    /// How the files are read.
    pub parser: Parser,
    /// A file that cannot be read is left out; `None`: it does not say.
    pub continue_on_error: Option<bool>,
    /// What else it says, which we have no words for.
    pub other: Map<String, Value>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, one of `TYPES`.
    pub kind: String,
    /// It may be empty; `None`: it does not say.
    pub nullable: Option<bool>,
}

/// How files are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parser {
    /// One of `FORMATS`.
    pub format: String,
    /// The first line has names; `None`: it does not say.
    pub header: Option<bool>,
    /// What stands between two values; `None`: it does not say.
    pub delimiter: Option<String>,
}

impl Table {
    /// Reads a text.
    ///
    /// # Errors
    /// Why it is none of a table, as the end of a sentence.
    pub fn of(text: &str) -> Result<Self, String> {
        let mut rest = Rest::default();
        let mut all = members(yaml::read(text)?, "it")?;
        let columns = match all.remove("schema") {
            Some(Value::Array(columns)) => columns,
            _ => return Err("its `schema` is no list".into()),
        };
        let columns = columns.into_iter().enumerate().map(|(i, one)| column(one, i, &mut rest));
        let columns = columns.collect::<Result<_, _>>()?;
        let mut source = members(all.remove("source").unwrap_or_default(), "its `source`")?;
        let kind = text_of(&mut source, "type")?;
        if kind != PACKAGES {
            return Err(format!("its source is of the type `{kind}`"));
        }
        let package_name = text_of(&mut source, "package_name")?;
        let logical_key = text_of(&mut source, "logical_key")?;
        rest.take("source.", source);
        let mut read = members(all.remove("parser").unwrap_or_default(), "its `parser`")?;
        let parser = Parser {
            format: text_of(&mut read, "format")?,
            header: flag(&mut read, "header"),
            delimiter: text_of(&mut read, "delimiter").ok(),
        };
        rest.take("parser.", read);
        let continue_on_error = flag(&mut all, "continue_on_error");
        rest.take("", all);
        Ok(Self { columns, package_name, logical_key, parser, continue_on_error, other: rest.0 })
    }

    /// The text of it. Its strings are JSON's, which are YAML's too.
    pub fn text(&self) -> String {
        let mut lines = vec!["schema:".to_string()];
        for column in &self.columns {
            lines.push(format!("  - name: {}", quoted(&column.name)));
            lines.push(format!("    type: {}", quoted(&column.kind)));
            lines.extend(column.nullable.map(|nullable| format!("    nullable: {nullable}")));
        }
        lines.push(format!("source:\n  type: {PACKAGES}"));
        lines.push(format!("  package_name: {}", quoted(&self.package_name)));
        lines.push(format!("  logical_key: {}", quoted(&self.logical_key)));
        lines.push(format!("parser:\n  format: {}", quoted(&self.parser.format)));
        lines.extend(self.parser.header.map(|header| format!("  header: {header}")));
        let delimiter = self.parser.delimiter.as_ref();
        lines.extend(delimiter.map(|delimiter| format!("  delimiter: {}", quoted(delimiter))));
        lines.extend(self.continue_on_error.map(|on| format!("continue_on_error: {on}")));
        lines.join("\n") + "\n"
    }
}

/// What is said besides, by its path.
#[derive(Default)]
struct Rest(Map<String, Value>);

impl Rest {
    fn take(&mut self, at: &str, left: Map<String, Value>) {
        let said = left.into_iter().filter(|(_, value)| !value.is_null());
        self.0.extend(said.map(|(name, value)| (format!("{at}{name}"), value)));
    }
}

fn column(value: Value, i: usize, rest: &mut Rest) -> Result<Column, String> {
    let mut all = members(value, "a column")?;
    let (name, kind) = (text_of(&mut all, "name")?, text_of(&mut all, "type")?);
    let nullable = flag(&mut all, "nullable");
    rest.take(&format!("schema[{i}]."), all);
    Ok(Column { name, kind, nullable })
}

fn members(value: Value, what: &str) -> Result<Map<String, Value>, String> {
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(format!("{what} has no members")),
    }
}

fn text_of(all: &mut Map<String, Value>, name: &str) -> Result<String, String> {
    match all.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(format!("its `{name}` is no text")),
    }
}

/// A truth value; anything else is left where it is.
fn flag(all: &mut Map<String, Value>, name: &str) -> Option<bool> {
    let value = all.get(name)?.as_bool()?;
    all.remove(name);
    Some(value)
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Why a text is no name of a column, as a sentence.
///
/// # Errors
/// Registries do not take it.
pub fn check_column(name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    match begins && name.len() <= LONGEST && name.chars().all(fits) {
        true => Ok(()),
        false => Err(format!(
            "`{name}` is no name of a column: write a letter, then letters, digits and `_`, {LONGEST} at most. It need not be the name in the files."
        )),
    }
}

/// Athena's own names: everything else has to be quoted in a query, and is not promised to be found.
pub fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Why a text is no name of a table, as a sentence.
///
/// # Errors
/// No registry is known to take it.
pub fn check_name(name: &str) -> Result<(), String> {
    let odd = |c: char| c.is_whitespace() || c == '/' || c == '"' || c.is_control();
    match name.is_empty() || name.len() > LONGEST || name.chars().any(odd) {
        false => Ok(()),
        true => Err(format!(
            "`{name}` is no name of a table: write letters in lower case, digits, `_` and `-`, {LONGEST} at most."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let column = |name: &str, kind: &str, nullable| Column {
            name: name.into(),
            kind: kind.into(),
            nullable,
        };
        Table {
            columns: vec![column("no", "STRING", None), column("tpm", "FLOAT", Some(true))],
            package_name: "^ccle/(?<study>[^_]+)$".into(),
            logical_key: "quant.*\\.genes\\.sf$".into(),
            parser: Parser {
                format: "csv".into(),
                header: Some(true),
                delimiter: Some("\t".into()),
            },
            continue_on_error: Some(true),
            other: Map::new(),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let parquet = Parser { format: "parquet".into(), ..Parser::default() };
        for table in [table(), Table { parser: parquet, continue_on_error: None, ..table() }] {
            assert_eq!(Table::of(&table.text()), Ok(table));
        }
    }

    #[test]
    fn layout_makes_no_difference_and_every_word_does() {
        let text = "# by hand\nparser: {delimiter: \"\\t\", header: yes, format: csv}\ncontinue_on_error: true\nsource:\n  package_name: ^ccle/(?<study>[^_]+)$\n  \
                    logical_key: 'quant.*\\.genes\\.sf$'\n  type: quilt-packages\nschema: [{name: 'no', type: STRING}, {type: FLOAT, name: tpm, nullable: true}]\n";
        assert_eq!(Table::of(text), Ok(table()));
        for (was, is) in [("FLOAT", "INT"), ("csv}", "csv, quote: a}"), ("true}]", "false}]")] {
            assert_ne!(Table::of(&text.replace(was, is)), Ok(table()), "{is}");
        }
        let more = Table::of(&text.replace("csv}", "csv, quote: a}")).unwrap();
        assert_eq!(more.other["parser.quote"], "a");
    }

    #[test]
    fn what_is_none_is_said() {
        let text = table().text();
        for (text, words) in [
            (String::new(), "it is empty"),
            ("a".into(), "it has no members"),
            (text.replace("schema:", "columns:"), "its `schema` is no list"),
            (text.replace("quilt-packages", "s3"), "its source is of the type `s3`"),
            (text.replace("format: \"csv\"", "format: 1"), "its `format` is no text"),
            (text.replace("name: \"tpm\"", "name: 1"), "its `name` is no text"),
        ] {
            assert_eq!(Table::of(&text), Err(words.to_string()));
        }
    }

    #[test]
    fn names_have_rules() {
        for good in ["a", "sample_id", "Sample-1"] {
            assert_eq!(check_column(good), Ok(()));
        }
        for bad in ["", "_a", "1", "a b", "größe", &"a".repeat(256)] {
            assert!(check_column(bad).is_err(), "{bad}");
        }
        assert!(is_plain("_a1") && !is_plain("A") && !is_plain("a-b") && !is_plain("1"));
        assert!(check_name("ccle-tsv").is_ok() && check_name("a/b").is_err());
        assert!(check_name("").is_err() && check_name("a b").is_err());
    }
}

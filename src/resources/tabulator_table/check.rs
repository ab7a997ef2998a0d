//! What a table's block may not say, offline, and what it means as a whole.

use std::collections::BTreeSet;

use super::{TableColumn, TableParser, TableSource, TabulatorTableState};
use crate::quilt::tabulator::{
    Column, FORMATS, PACKAGES, Parser, TYPES, Table, check_column, check_name, is_plain,
};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks a configuration, offline.
pub fn validate(config: &TabulatorTableState, d: &mut Diagnostics) {
    if let Some(Err(why)) = config.name.as_deref_option().map(check_name) {
        d.fail_at(AttributePath::new("name"), "Not the name of a table", why);
    }
    if config.bucket.as_deref_option().is_some_and(str::is_empty) {
        let detail = "Name a bucket of the catalog, as `quilt_bucket.<name>.name`.";
        d.fail_at(AttributePath::new("bucket"), "The table is of no bucket", detail);
    }
    columns(config, d);
    if let Value::Value(source) = &config.source {
        check_source(source, d);
    }
    if let Value::Value(parser) = &config.parser {
        check_parser(parser, d);
    }
}

fn columns(config: &TabulatorTableState, d: &mut Diagnostics) {
    let at = AttributePath::new("schema");
    let Value::Value(columns) = &config.schema else { return };
    if columns.is_empty() {
        d.fail_at(at, "The table has no columns", "Write one column at least.");
        return;
    }
    let mut names = BTreeSet::new();
    for (i, column) in columns.iter().enumerate() {
        let at = at.clone().index(i as i64);
        check_one(&at, column, d);
        let name = column.name.as_deref_option().map(str::to_ascii_lowercase);
        if name.as_ref().is_some_and(|name| !names.insert(name.clone())) {
            let detail =
                "Capitals make no difference to Athena. Give each column a name of its own.";
            d.fail_at(at.attribute("name"), "Two columns have this name", detail);
        }
    }
}

fn check_one(at: &AttributePath, column: &TableColumn, d: &mut Diagnostics) {
    if let Some(name) = column.name.as_deref_option() {
        let at = at.clone().attribute("name");
        match check_column(name) {
            Err(why) => d.fail_at(at, "Not the name of a column", why),
            Ok(()) if !is_plain(name) => {
                let detail = format!(
                    "Quilt's own pages ask for lower-case letters, digits and `_`; registries take `{name}`, and Athena may not find it. The name need not be that in \
                     the files."
                );
                d.warn_at(at, "A column that Athena may not find", detail);
            }
            Ok(()) => {}
        }
    }
    if let Some(word) = column.r#type.as_deref_option().filter(|word| !TYPES.contains(word)) {
        let meant = TYPES.iter().find(|kind| kind.eq_ignore_ascii_case(word));
        let detail = match meant {
            Some(kind) => format!("Types are in capitals: write `{kind}`."),
            None => format!("Write one of {}.", TYPES.join(", ")),
        };
        let what = format!("`{word}` is not the type of a column");
        d.fail_at(at.clone().attribute("type"), what, detail);
    }
}

fn check_source(source: &TableSource, d: &mut Diagnostics) {
    let at = |name| AttributePath::new("source").attribute(name);
    for (name, value) in
        [("package_name", &source.package_name), ("logical_key", &source.logical_key)]
    {
        if value.as_deref_option().is_some_and(str::is_empty) {
            let detail = "Write a regular expression; `.*` meets everything.";
            d.fail_at(at(name), format!("`{name}` is empty"), detail);
        }
    }
    if source.r#type.as_deref_option().is_some_and(|kind| kind != PACKAGES) {
        let detail = format!("Write `{PACKAGES}`, or leave it out: there is no other one.");
        d.fail_at(at("type"), "Not a source of tables", detail);
    }
}

fn check_parser(parser: &TableParser, d: &mut Diagnostics) {
    let at = |name| AttributePath::new("parser").attribute(name);
    let format = parser.format.as_deref_option();
    if let Some(word) = format.filter(|word| !FORMATS.contains(word)) {
        let detail =
            "Write `csv` or `parquet`. Files with tabs are `csv` with `delimiter = \"\\t\"`.";
        d.fail_at(at("format"), format!("`{word}` is no format that is read"), detail);
    }
    let given = [("header", !parser.header.is_null()), ("delimiter", !parser.delimiter.is_null())];
    for (name, _) in given.into_iter().filter(|(_, given)| *given && format == Some("parquet")) {
        let detail = "A Parquet file says itself what is in it. Leave it out.";
        d.fail_at(at(name), format!("`{name}` is for `csv` alone"), detail);
    }
    let many = |text: &str| text.chars().count() != 1;
    if parser.delimiter.as_deref_option().is_some_and(many) {
        let detail =
            "Write the one character that stands between two values, as `\",\"` or `\"\\t\"`.";
        d.fail_at(at("delimiter"), "Not one character", detail);
    }
}

/// What it means; `None`: something of it is not known yet.
pub fn meant(state: &TabulatorTableState) -> Option<Table> {
    let (source, parser) = (state.source.as_ref_option()?, state.parser.as_ref_option()?);
    if state.continue_on_error.is_unknown() {
        return None;
    }
    Some(Table {
        columns: state.schema.as_ref_option()?.iter().map(column).collect::<Option<_>>()?,
        package_name: source.package_name.as_ref_option()?.clone(),
        logical_key: source.logical_key.as_ref_option()?.clone(),
        parser: read(parser)?,
        continue_on_error: state.continue_on_error.as_option(),
        ..Table::default()
    })
}

fn column(column: &TableColumn) -> Option<Column> {
    (!column.nullable.is_unknown()).then_some(())?;
    Some(Column {
        name: column.name.as_ref_option()?.clone(),
        kind: column.r#type.as_ref_option()?.clone(),
        nullable: column.nullable.as_option(),
    })
}

fn read(parser: &TableParser) -> Option<Parser> {
    let known = !parser.header.is_unknown() && !parser.delimiter.is_unknown();
    known.then_some(())?;
    Some(Parser {
        format: parser.format.as_ref_option()?.clone(),
        header: parser.header.as_option(),
        delimiter: parser.delimiter.clone().as_option(),
    })
}

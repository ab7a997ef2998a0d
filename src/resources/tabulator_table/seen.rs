//! A table as its catalog has it: what becomes state, and whether it is what is wanted.

use super::{
    TableColumn, TableParser, TableSource, TabulatorTableResource, TabulatorTableState, check,
    place,
};
use crate::catalog::{Catalog, Tabled};
use crate::kinds::resource::Resource;
use crate::quilt::tabulator::{Column, Table};
use crate::resources::catalog::entry::There;
use crate::tf::{Value, known};

/// The text means what is wanted; `None`: what is wanted is not known yet.
pub fn is_alike(wanted: &TabulatorTableState, config: &str) -> Option<bool> {
    check::meant(wanted).map(|wanted| Table::of(config) == Ok(wanted))
}

/// The state of a table that is there: in the words of the state before where it means the same. What cannot be read shows in `config` alone.
pub fn state(before: TabulatorTableState, table: &Tabled, host: &str) -> TabulatorTableState {
    let bucket = place(&before).0.to_string();
    let told = match Table::of(&table.config) {
        Ok(found) if check::meant(&before).as_ref() != Some(&found) => written(before, found),
        _ => before,
    };
    TabulatorTableState {
        id: format!("{bucket}/{}", table.name).into(),
        name: table.name.clone().into(),
        config: table.config.clone().into(),
        host: host.to_string().into(),
        ..told
    }
}

fn written(before: TabulatorTableState, table: Table) -> TabulatorTableState {
    let kind = match &before.source {
        Value::Value(source) => source.r#type.clone(),
        _ => Value::Null,
    };
    TabulatorTableState {
        schema: Value::Value(table.columns.into_iter().map(column).collect()),
        source: Value::Value(TableSource {
            package_name: table.package_name.into(),
            logical_key: table.logical_key.into(),
            r#type: kind,
        }),
        parser: Value::Value(TableParser {
            format: table.parser.format.into(),
            header: table.parser.header.into(),
            delimiter: table.parser.delimiter.into(),
        }),
        continue_on_error: table.continue_on_error.into(),
        ..before
    }
}

fn column(column: Column) -> TableColumn {
    TableColumn {
        name: known(column.name),
        r#type: known(column.kind),
        nullable: column.nullable.into(),
    }
}

/// A table that is there by the name that is wanted.
pub fn there<'a>(
    catalog: &Catalog,
    wanted: &TabulatorTableState,
    table: &Tabled,
    id: &'a str,
) -> There<'a> {
    let (bucket, name) = place(wanted);
    There {
        what: format!("Tabulator table {name} of the bucket {bucket}"),
        block: TabulatorTableResource::NAME,
        at: "name",
        id,
        import: format!("{}/{id}", catalog.host),
        alike: is_alike(wanted, &table.config),
    }
}

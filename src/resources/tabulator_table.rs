//! `quilt_tabulator_table`: files in the packages of a bucket, read as one table.

use async_trait::async_trait;

use super::catalog::object::{At, CatalogObject, Shared};
use super::catalog::{self, CatalogInput, Imported};
use super::timeouts::Timeouts;
use crate::attributes;
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept};
use crate::outcome::Result;
use crate::tf::Diagnostics;

mod check;
mod plan;
mod put;
mod seen;

attributes! {
    /// A Tabulator table: files in the packages of a bucket (CSV, TSV or Parquet) that people query as one table, in the catalog's Athena. Needs Quilt
    /// 1.55, and a bucket that the catalog has (`quilt_bucket`). It holds no data: a destroy takes the table away, and the files stay.
    ///
    /// `schema`, `source` and `parser` have the names that Quilt's own YAML has, so that a file which is there already fits as it is:
    /// `schema = yamldecode(file("table.yaml")).schema`, and so on.
    pub struct TabulatorTableState {
        /// Name of the bucket whose packages are read, as `quilt_bucket.<name>.name`.
        bucket: String = Required.replaces();
        /// Name of the table, as queries have it. Lower-case letters, digits and `_` need no quotes there. Another name renames the table.
        name: String = Required;
        /// The catalog that it is in: `quilt_stack.<name>`, or an object. Default: the one of the provider block.
        catalog: CatalogInput = Optional;
        /// The columns, in order. Those of a CSV file are found by their place; groups with a name in the regular expressions of `source`
        /// (`(?<study>…)`) become columns too, and are not named here.
        schema: Vec<TableColumn> = Required;
        /// Where the files are.
        source: TableSource = Required;
        /// How they are read.
        parser: TableParser = Required;
        /// Whether a file that cannot be read is left out. Otherwise the query fails. Needs Quilt 1.58.
        continue_on_error: bool = Optional;
        /// How long an apply waits for the catalog to be reached. Defaults: create 30 min, update 30 min, delete 30 min.
        timeouts: Timeouts = Optional.block();
        /// The table as the catalog has it, in YAML. Another layout that means the same is no change.
        config: String = Computed;
        /// Bucket and name, with a slash between them.
        id: String = Computed;
        /// Host of the catalog.
        host: String = Computed;
        /// Whether the creation took over a table that was there, just as it is written here, as an interrupted apply leaves one. Null after an
        /// import.
        adopted: bool = Computed.stable();
    }
}

attributes! {
    /// One column of a table.
    pub struct TableColumn {
        /// Name of the column: a lower-case letter, then lower-case letters, digits and `_`. It need not be the name in the files.
        name: String = Required;
        /// Its type: `BOOLEAN`, `TINYINT`, `SMALLINT`, `INT`, `BIGINT`, `FLOAT`, `DOUBLE`, `STRING`, `BINARY`, `DATE` or `TIMESTAMP`.
        r#type: String = Required;
        /// Whether it may be empty. Default: the registry's own.
        nullable: bool = Optional;
    }
}

attributes! {
    /// Where the files of a table are.
    pub struct TableSource {
        /// A regular expression: the packages whose name it meets are looked at, as `^rnaseq/(?<study>[^_]+)$`.
        package_name: String = Required;
        /// A regular expression: the files in them whose logical key it meets are read, as `quant\\.sf$`.
        logical_key: String = Required;
        /// `quilt-packages`, which is all there is. Default: that.
        r#type: String = Optional;
    }
}

attributes! {
    /// How the files of a table are read.
    pub struct TableParser {
        /// `csv` or `parquet`. Files with tabs are `csv` with `delimiter = "\t"`.
        format: String = Required;
        /// Whether the first line of each file has the names of the columns. Only with `csv`.
        header: bool = Optional;
        /// The one character between two values. Only with `csv`. Default: a comma.
        delimiter: String = Optional;
    }
}

/// `quilt_tabulator_table`.
pub struct TabulatorTableResource;

/// The bucket's and the table's own name.
fn place(state: &TabulatorTableState) -> (&str, &str) {
    (
        state.bucket.as_deref_option().unwrap_or_default(),
        state.name.as_deref_option().unwrap_or_default(),
    )
}

/// Both as one.
fn whole(state: &TabulatorTableState) -> String {
    let (bucket, name) = place(state);
    format!("{bucket}/{name}")
}

#[async_trait]
impl CatalogObject for TabulatorTableResource {
    const NAME: &'static str = "quilt_tabulator_table";
    type State = TabulatorTableState;
    const IDENTIFIED_BY: &'static [&'static str] = &["host", "bucket", "name"];

    fn called(state: &TabulatorTableState) -> String {
        match (state.bucket.as_deref_option(), state.name.as_deref_option()) {
            (Some(bucket), Some(name)) => format!("Tabulator table {bucket}/{name}"),
            (None, Some(name)) => format!("Tabulator table {name}"),
            _ => "Tabulator table (name not known yet)".into(),
        }
    }

    fn shared(state: &TabulatorTableState) -> Shared<'_> {
        let TabulatorTableState { catalog, host, timeouts, .. } = state;
        Shared { catalog, host, timeouts }
    }

    fn identified(state: &TabulatorTableState) -> Option<Identity> {
        let (bucket, name) = (state.bucket.as_ref_option()?, state.name.as_ref_option()?);
        let whole = format!("{bucket}/{name}").into();
        catalog::identity("Tabulator table", "name", &state.host, &whole, &state.id)
    }

    async fn met(cx: &Cx, planned: &TabulatorTableState, d: &mut Diagnostics) -> Result<Met> {
        plan::meets(cx, planned, d).await
    }

    fn check(config: &TabulatorTableState, d: &mut Diagnostics) {
        check::validate(config, d);
    }

    async fn planned(cx: &Cx, draft: &mut Draft<Self>, _d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, draft).await
    }

    async fn make(
        at: &At<'_>,
        planned: TabulatorTableState,
        kept: &mut Kept<Self>,
    ) -> Result<TabulatorTableState> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        let there = put::tables(catalog, place(&planned).0).await?;
        if let Some(table) = there.iter().find(|table| table.name == place(&planned).1) {
            seen::there(catalog, &planned, table, &whole(&planned)).adopted(&kept.adoption())?;
            kept.adopted();
            return Ok(seen::state(planned, table, &catalog.host));
        }
        let table = put::set(cx, catalog, &planned, place(&planned)).await?;
        Ok(seen::state(planned, &table, &catalog.host))
    }

    async fn look(
        catalog: &Catalog,
        state: TabulatorTableState,
    ) -> Result<Option<TabulatorTableState>> {
        let found = put::look(catalog, place(&state)).await?;
        Ok(found.map(|table| seen::state(state, &table, &catalog.host)))
    }

    async fn change(
        at: &At<'_>,
        prior: TabulatorTableState,
        planned: TabulatorTableState,
    ) -> Result<TabulatorTableState> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        let table = put::change(cx, catalog, &prior, &planned).await?;
        Ok(seen::state(planned, &table, &catalog.host))
    }

    async fn remove(at: &At<'_>, state: TabulatorTableState, _d: &mut Diagnostics) -> Result<()> {
        let At { cx, catalog, .. } = *at;
        let _turn = catalog::turn(cx, catalog).await;
        put::remove(cx, catalog, place(&state)).await
    }

    async fn begun(found: Imported) -> Result<TabulatorTableState> {
        let Imported { catalog, name: id, input } = found;
        let (bucket, name) = id.split_once('/').ok_or_else(|| put::unreadable(&id))?;
        let table = put::look(&catalog, (bucket, name)).await?;
        let table = table.ok_or_else(|| put::none(&catalog, (bucket, name)))?;
        let begun = TabulatorTableState {
            catalog: input,
            bucket: bucket.to_string().into(),
            ..Default::default()
        };
        Ok(seen::state(begun, &table, &catalog.host))
    }
}

#[cfg(test)]
mod tests;

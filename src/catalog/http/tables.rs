//! Tabulator tables of a registry. Until October 2025 they were changed among what administrators do; today's place is tried first.

use async_trait::async_trait;
use graphql_client::GraphQLQuery;
use serde::Deserialize;
use serde_json::Value;

use super::Registry;
use crate::catalog::{Tabled, Tables};
use crate::outcome::{CatalogError, CatalogErrorKind, Error, Result};

/// Queries of this file, each checked when it is compiled.
macro_rules! queries {
    ($($name:ident),*) => { $(
        #[derive(GraphQLQuery)]
        #[graphql(schema_path = "src/catalog/schema.graphql", query_path = "src/catalog/http/tables.graphql")]
        struct $name;
    )* };
}

queries!(ListTables, TablesOf, SetTable, SetTableByAdmin, RenameTable, RenameTableByAdmin);

const SET: &str = "set the Tabulator table";
const REMOVE: &str = "take the Tabulator table away";
const RENAME: &str = "rename the Tabulator table";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bucket {
    name: String,
    tabulator_tables: Vec<OneTable>,
}

#[derive(Deserialize)]
struct OneTable {
    name: String,
    config: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Many {
    bucket_configs: Vec<Bucket>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct One {
    bucket_config: Option<Bucket>,
}

impl From<OneTable> for Tabled {
    fn from(OneTable { name, config }: OneTable) -> Self {
        Self { name, config }
    }
}

impl Registry {
    /// Asks for a change in today's place, and in the former one where that is not known.
    async fn change_table<Now: GraphQLQuery, Former: GraphQLQuery>(
        &self,
        doing: &'static str,
        (now, former): (Now::Variables, Former::Variables),
    ) -> Result<()> {
        let (mut data, at) = match self.once::<Now, Value>(doing, now).await {
            Err(e) if e.catalog() == Some(CatalogErrorKind::Old) => {
                (self.once::<Former, Value>(doing, former).await?, "/admin/result")
            }
            data => (data?, "/result"),
        };
        let result = data.pointer_mut(at).map(Value::take).unwrap_or_default();
        let wrong = result.pointer("/errors/0/path").and_then(Value::as_str).map(first);
        match (self.granted(doing, result, "BucketConfig"), wrong) {
            (Err(Error::Catalog(e)), Some(code)) => Err(Error::Catalog(CatalogError { code, ..e })),
            (done, _) => done.map(drop),
        }
    }
}

/// What is wrong, of a path to it: its names are ours to tell apart by, the names of what is wrong with it are not known.
fn first(path: &str) -> String {
    path.split('.').next().unwrap_or(path).into()
}

#[async_trait]
impl Tables for Registry {
    async fn all(&self) -> Result<Vec<(String, Tabled)>> {
        let doing = "list the Tabulator tables";
        let all: Many = self.query::<ListTables, _>(doing, list_tables::Variables {}).await?;
        let named = |bucket: Bucket| {
            let name = bucket.name;
            bucket.tabulator_tables.into_iter().map(move |one| (name.clone(), one.into()))
        };
        Ok(all.bucket_configs.into_iter().flat_map(named).collect())
    }

    async fn of(&self, bucket: &str) -> Result<Option<Vec<Tabled>>> {
        let variables = tables_of::Variables { name: bucket.into() };
        let asked = self.query::<TablesOf, _>("tell the bucket's Tabulator tables", variables);
        let One { bucket_config } = asked.await?;
        let tables = |bucket: Bucket| bucket.tabulator_tables.into_iter().map(Tabled::from);
        Ok(bucket_config.map(|bucket| tables(bucket).collect()))
    }

    async fn set(&self, bucket: &str, name: &str, config: Option<&str>) -> Result<()> {
        let doing = if config.is_some() { SET } else { REMOVE };
        let (bucket, table) = (bucket.to_string(), name.to_string());
        let config = config.map(str::to_string);
        let now = set_table::Variables {
            bucket: bucket.clone(),
            table: table.clone(),
            config: config.clone(),
        };
        let former = set_table_by_admin::Variables { bucket, table, config };
        self.change_table::<SetTable, SetTableByAdmin>(doing, (now, former)).await
    }

    async fn rename(&self, bucket: &str, name: &str, wanted: &str) -> Result<()> {
        let (bucket, table, wanted) = (bucket.to_string(), name.to_string(), wanted.to_string());
        let now = rename_table::Variables {
            bucket: bucket.clone(),
            table: table.clone(),
            wanted: wanted.clone(),
        };
        let former = rename_table_by_admin::Variables { bucket, table, wanted };
        self.change_table::<RenameTable, RenameTableByAdmin>(RENAME, (now, former)).await
    }
}

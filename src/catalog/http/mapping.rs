//! The sign-in mapping of a registry.

use async_trait::async_trait;
use graphql_client::GraphQLQuery;
use serde::Deserialize;
use serde_json::Value;

use super::Registry;
use crate::catalog::{Mapped, Mapping};
use crate::outcome::Result;

type Datetime = String;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "src/catalog/schema.graphql",
    query_path = "src/catalog/http/mapping.graphql"
)]
struct ReadMapping;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "src/catalog/schema.graphql",
    query_path = "src/catalog/http/mapping.graphql"
)]
struct SetMapping;

const SET: &str = "set the sign-in mapping";

#[derive(Deserialize)]
struct Answer {
    admin: OfAdmin,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfAdmin {
    sso_config: Option<Config>,
}

#[derive(Deserialize)]
struct Config {
    text: String,
    timestamp: String,
    uploader: Named,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Changed {
    admin: ChangedByAdmin,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChangedByAdmin {
    /// Null: there is none any more.
    set_sso_config: Option<Value>,
}

#[async_trait]
impl Mapping for Registry {
    async fn mapping(&self) -> Result<Option<Mapped>> {
        let doing = "tell the sign-in mapping";
        let Answer { admin } =
            self.query::<ReadMapping, _>(doing, read_mapping::Variables {}).await?;
        Ok(admin.sso_config.map(|config| Mapped {
            text: config.text,
            timestamp: config.timestamp,
            uploader: config.uploader.name,
        }))
    }

    async fn set_mapping(&self, text: Option<&str>) -> Result<()> {
        let variables = set_mapping::Variables { config: text.map(str::to_string) };
        let Changed { admin } = self.once::<SetMapping, _>(SET, variables).await?;
        match admin.set_sso_config {
            Some(result) => self.granted(SET, result, "SsoConfig").map(drop),
            None => Ok(()),
        }
    }
}

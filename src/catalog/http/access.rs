//! Who asks, by the registry's own word.

use async_trait::async_trait;
use graphql_client::GraphQLQuery;
use serde::Deserialize;

use super::{Registry, pace};
use crate::catalog::{Access, Me};
use crate::outcome::{CatalogErrorKind, Result};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "src/catalog/schema.graphql",
    query_path = "src/catalog/http/access.graphql"
)]
struct WhoAsks;

const DOING: &str = "say who asks";

#[derive(Deserialize)]
struct Answer {
    me: Option<Person>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    name: String,
    email: String,
    is_admin: bool,
}

#[async_trait]
impl Access for Registry {
    async fn me(&self) -> Result<Me> {
        let answer: Answer = self.once::<WhoAsks, _>(DOING, who_asks::Variables {}).await?;
        // Nobody asks: a token that is not known is no error there.
        let nobody = || self.error(CatalogErrorKind::SignIn, DOING, "it does not know who asks");
        let Person { name, email, is_admin } = answer.me.ok_or_else(nobody)?;
        Ok(Me { name, email, admin: is_admin })
    }

    async fn version(&self) -> Result<String> {
        pace::again(|| async { Ok(self.found().await?.version.clone()) }).await
    }

    async fn passwords(&self) -> Result<bool> {
        pace::again(|| async { Ok(!self.found().await?.no_passwords) }).await
    }

    async fn service_bucket(&self) -> Result<String> {
        pace::again(|| async { Ok(self.found().await?.service_bucket.clone()) }).await
    }
}

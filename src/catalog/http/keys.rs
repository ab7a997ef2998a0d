//! API keys of who asks.

use async_trait::async_trait;
use graphql_client::GraphQLQuery;
use serde::Deserialize;

use super::Registry;
use crate::catalog::{Key, Keys};
use crate::outcome::Result;

type Datetime = String;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "src/catalog/schema.graphql", query_path = "src/catalog/http/keys.graphql")]
struct CreateKey;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "src/catalog/schema.graphql", query_path = "src/catalog/http/keys.graphql")]
struct RevokeKey;

const MAKE: &str = "make the API key";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    secret: String,
    api_key: About,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct About {
    id: String,
    expires_at: String,
}

#[async_trait]
impl Keys for Registry {
    async fn create(&self, name: &str, days: i64) -> Result<Key> {
        use create_key::{APIKeyCreateInput, Variables};
        let input = APIKeyCreateInput { name: name.into(), expires_in_days: days };
        let made = self.change::<CreateKey>(MAKE, Variables { input }, "APIKeyCreated").await?;
        if let Some(secret) = made.get("secret").and_then(serde_json::Value::as_str) {
            self.veil.learn(secret);
        }
        let Made { secret, api_key } = self.understood(MAKE, made)?;
        Ok(Key { id: api_key.id, secret: secret.into(), expires_at: api_key.expires_at })
    }

    async fn revoke(&self, id: &str) -> Result<()> {
        let variables = revoke_key::Variables { id: Some(id.into()) };
        self.change::<RevokeKey>("revoke the API key", variables, "Ok").await.map(drop)
    }
}

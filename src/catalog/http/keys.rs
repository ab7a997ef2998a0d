//! API keys of who asks.

use async_trait::async_trait;
use graphql_client::GraphQLQuery;
use serde::Deserialize;

use super::Registry;
use crate::catalog::{Key, Keys, OwnKey};
use crate::outcome::{CatalogErrorKind, Result};

type Datetime = String;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "src/catalog/schema.graphql", query_path = "src/catalog/http/keys.graphql")]
struct CreateKey;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "src/catalog/schema.graphql", query_path = "src/catalog/http/keys.graphql")]
struct RevokeKey;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "src/catalog/schema.graphql", query_path = "src/catalog/http/keys.graphql")]
struct OwnKeys;

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

const LIST: &str = "list the API keys of who asks";

#[derive(Deserialize)]
struct Answer {
    me: Option<Owner>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owner {
    api_keys: Vec<There>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct There {
    id: String,
    name: String,
    status: String,
    created_at: String,
    expires_at: String,
}

impl There {
    fn own(self) -> OwnKey {
        let Self { id, name, status, created_at, expires_at } = self;
        OwnKey { id, name, active: status == "ACTIVE", created_at, expires_at }
    }
}

#[async_trait]
impl Keys for Registry {
    async fn own(&self) -> Result<Vec<OwnKey>> {
        let answer: Answer = self.query::<OwnKeys, _>(LIST, own_keys::Variables {}).await?;
        // Nobody asks: a token that is not known is no error there.
        let nobody = || self.error(CatalogErrorKind::SignIn, LIST, "it does not know who asks");
        let all = answer.me.ok_or_else(nobody)?.api_keys;
        Ok(all.into_iter().map(There::own).collect())
    }

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

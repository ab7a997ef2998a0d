//! What a registry tells of how its stack is.

use async_trait::async_trait;
use graphql_client::GraphQLQuery;
use serde::Deserialize;

use super::Registry;
use crate::catalog::Health;
use crate::outcome::Result;
use crate::quilt::canary::Canary;

/// A scalar of the schema.
type Datetime = String;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "src/catalog/schema.graphql",
    query_path = "src/catalog/http/health.graphql"
)]
struct HowItIs;

#[derive(Deserialize)]
struct Answer {
    status: Status,
}

#[derive(Deserialize)]
struct Status {
    canaries: Option<Vec<One>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct One {
    name: String,
    title: String,
    description: String,
    group: String,
    region: String,
    schedule: String,
    ok: Option<bool>,
    last_run: Option<String>,
}

impl From<One> for Canary {
    fn from(one: One) -> Self {
        let One { name, title, description, group, region, schedule, ok, last_run } = one;
        Self { name, title, description, group, region, schedule, ok, last_run }
    }
}

#[async_trait]
impl Health for Registry {
    async fn canaries(&self) -> Result<Option<Vec<Canary>>> {
        let asked = self.query::<HowItIs, Answer>("tell how it is", how_it_is::Variables {});
        let all = asked.await?.status.canaries;
        Ok(all.map(|all| all.into_iter().map(Canary::from).collect()))
    }
}

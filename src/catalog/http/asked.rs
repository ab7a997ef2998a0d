//! A query or a change, as it is sent and answered: what is wrong with the line, with who asks, and with what was asked is told apart.

use std::time::Duration;

use graphql_client::{GraphQLQuery, QueryBody};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Registry, document, pace};
use crate::outcome::{CatalogErrorKind, Error, Result};
use crate::quilt::secret::Secret;
use crate::web::{Call, Page};

/// How long an answer may take: adding a bucket makes topics and subscriptions.
const LIMIT: Duration = Duration::from_secs(120);

/// An answer as every server of GraphQL writes it.
#[derive(Deserialize)]
struct Answer {
    data: Option<Value>,
    #[serde(default)]
    errors: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    message: String,
}

/// The answer to a change: each of ours calls it so.
#[derive(Deserialize)]
struct Changed {
    result: Value,
}

/// One answer, judged.
enum Judged {
    Data(Value),
    /// The token is not known.
    Unknown,
    Error(Error),
}

impl Registry {
    /// Asks what only reads, again where nothing answers.
    pub(super) async fn query<Q: GraphQLQuery, T: DeserializeOwned>(
        &self,
        doing: &'static str,
        variables: Q::Variables,
    ) -> Result<T> {
        let body = self.body::<Q>(doing, variables)?;
        let data = pace::again(|| self.send(doing, &body)).await?;
        self.understood(doing, data)
    }

    /// Asks once, however it ends.
    pub(super) async fn once<Q: GraphQLQuery, T: DeserializeOwned>(
        &self,
        doing: &'static str,
        variables: Q::Variables,
    ) -> Result<T> {
        let body = self.body::<Q>(doing, variables)?;
        let data = self.send(doing, &body).await?;
        self.understood(doing, data)
    }

    /// Asks for a change. What was to come of it is the type `success`; every other one is a refusal.
    pub(super) async fn change<Q: GraphQLQuery>(
        &self,
        doing: &'static str,
        variables: Q::Variables,
        success: &str,
    ) -> Result<Value> {
        let Changed { result } = self.once::<Q, _>(doing, variables).await?;
        self.granted(doing, result, success)
    }

    fn body<Q: GraphQLQuery>(
        &self,
        doing: &'static str,
        variables: Q::Variables,
    ) -> Result<String> {
        self.written::<Q>(doing, variables).map(|query| query.to_string())
    }

    /// A query as it is sent.
    pub(super) fn written<Q: GraphQLQuery>(
        &self,
        doing: &'static str,
        variables: Q::Variables,
    ) -> Result<Value> {
        let odd = |e: serde_json::Error| self.error(CatalogErrorKind::Odd, doing, e.to_string());
        let QueryBody { variables, query, operation_name } = Q::build_query(variables);
        let variables = serde_json::to_value(variables).map_err(odd)?;
        let query = document::of(query, operation_name);
        Ok(json!({ "query": query, "operationName": operation_name, "variables": variables }))
    }

    /// Reads what was answered.
    pub(super) fn understood<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        data: Value,
    ) -> Result<T> {
        serde_json::from_value(data).map_err(|e| {
            self.error(CatalogErrorKind::Odd, doing, format!("its answer is not understood ({e})"))
        })
    }

    /// Sends it, once more with a new sign-in where the token is not known any more.
    async fn send(&self, doing: &'static str, body: &str) -> Result<Value> {
        for last in [false, true] {
            let token = self.token().await?;
            match self.post(doing, body, &token).await? {
                Judged::Data(data) => return Ok(data),
                Judged::Error(e) => return Err(e),
                Judged::Unknown if self.forget(&token).await && !last => {}
                Judged::Unknown => break,
            }
        }
        Err(self.error(
            CatalogErrorKind::SignIn,
            doing,
            "it does not know who asks (`Unauthorized`)",
        ))
    }

    async fn post(&self, doing: &'static str, body: &str, token: &Secret) -> Result<Judged> {
        let headers = vec![
            ("content-type", "application/json".into()),
            ("accept", "application/json".into()),
            ("authorization", format!("Bearer {}", token.reveal())),
        ];
        let url = format!("{}/graphql", self.found().await?.registry);
        let call = Call { method: "POST", url, headers, body: body.into(), limit: LIMIT };
        let page = self.web.call(call).await;
        let page = page.map_err(|why| self.error(CatalogErrorKind::Unreached, doing, why))?;
        Ok(self.judge(doing, &page))
    }

    fn judge(&self, doing: &'static str, page: &Page) -> Judged {
        let error = |kind, message: String| Judged::Error(self.error(kind, doing, message));
        let answer = serde_json::from_str::<Answer>(&page.body).ok();
        match (page.status, answer) {
            (401, _) => Judged::Unknown,
            (403, _) => {
                error(CatalogErrorKind::Denied, "who asks may not (HTTP status 403)".into())
            }
            (200 | 400, Some(answer)) => self.heard(doing, answer),
            (status @ (400 | 404), None) => {
                error(CatalogErrorKind::Odd, format!("HTTP status {status}"))
            }
            (status @ 500.., Some(_)) => {
                error(CatalogErrorKind::Fault, format!("HTTP status {status}"))
            }
            (200, None) => {
                error(CatalogErrorKind::Unreached, "what answers there is no registry".into())
            }
            (status, _) => error(CatalogErrorKind::Unreached, format!("HTTP status {status}")),
        }
    }

    fn heard(&self, doing: &'static str, answer: Answer) -> Judged {
        let said = answer.errors.into_iter().map(|fault| fault.message);
        let said = said.collect::<Vec<_>>().join("; ");
        let kind = match (said.as_str(), answer.data) {
            ("", Some(data)) => return Judged::Data(data),
            ("", None) => CatalogErrorKind::Odd,
            ("Unauthorized", _) => return Judged::Unknown,
            (said, _) if is_unknown(said) => CatalogErrorKind::Old,
            _ => CatalogErrorKind::Fault,
        };
        Judged::Error(self.error(kind, doing, said))
    }
}

/// The words of a server that does not know a field, an argument or a type of ours.
fn is_unknown(said: &str) -> bool {
    let words =
        ["Cannot query field", "Unknown argument", "Unknown type", "is not defined by type"];
    words.iter().any(|word| said.contains(word))
}

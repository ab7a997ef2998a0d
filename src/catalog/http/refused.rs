//! Refusals of a registry by their names, as the ends of sentences.

use serde::Deserialize;
use serde_json::Value;

use super::Registry;
use crate::outcome::{CatalogErrorKind, Error, Result};

/// Refusals that say nothing but their name.
const WORDS: [(&str, &str); 14] = [
    ("RoleNameExists", "there is a role of that name already"),
    ("RoleNameReserved", "that name belongs to the stack itself"),
    ("RoleNameInvalid", "that is no name of a role"),
    ("RoleNameUsedBySsoConfig", "the sign-in mapping names this role"),
    ("RoleHasTooManyPoliciesToAttach", "that is more policies than a role may hold"),
    ("RoleIsManaged", "it is a managed role, and cannot become another"),
    ("RoleIsUnmanaged", "it is an unmanaged role, and cannot become another"),
    ("RoleDoesNotExist", "there is no such role"),
    ("RoleAssigned", "users have this role"),
    ("SsoConfigConflict", "the sign-in mapping rules that"),
    ("PolicyAssigned", "a role holds this policy"),
    ("PolicyTitleConflict", "there is a policy of that title already"),
    ("PolicyArnConflict", "there is a policy with that ARN already"),
    ("SubscriptionInvalid", "the licence of this Quilt is not valid"),
];

/// What came of a change, as far as it may be a refusal.
#[derive(Deserialize)]
struct Told {
    #[serde(rename = "__typename")]
    kind: String,
    #[serde(default)]
    errors: Vec<Wrong>,
    name: Option<String>,
    message: Option<String>,
}

/// One thing that is wrong in what was sent.
#[derive(Deserialize)]
struct Wrong {
    /// Where, as `input.title`.
    path: Option<String>,
    name: String,
    #[serde(default)]
    message: String,
}

impl Registry {
    /// What came of a change, which is of the type `success`; every other one is a refusal by its name.
    pub(super) fn granted(
        &self,
        doing: &'static str,
        result: Value,
        success: &str,
    ) -> Result<Value> {
        let odd = || self.error(CatalogErrorKind::Odd, doing, "its answer has no type");
        let kind = result.get("__typename").and_then(Value::as_str).ok_or_else(odd)?;
        if kind == success {
            return Ok(result);
        }
        let told: Told = self.understood(doing, result)?;
        Err(match (told.kind.as_str(), told.name, told.message) {
            ("InvalidInput", ..) => self.wrong(doing, &told.errors),
            ("OperationError", Some(name), message) => {
                self.refusal(doing, &name, words(&name, &message.unwrap_or_default()))
            }
            (kind, _, message) => {
                self.refusal(doing, kind, words(kind, &message.unwrap_or_default()))
            }
        })
    }

    /// A refusal of what was sent: the first name tells what it is, and all are said.
    fn wrong(&self, doing: &'static str, all: &[Wrong]) -> Error {
        let code = all.first().map_or("InvalidInput", |one| &one.name);
        let said = all.iter().map(|one| match &one.path {
            Some(path) => format!("{} (`{path}`)", words(&one.name, &one.message)),
            None => words(&one.name, &one.message),
        });
        self.refusal(doing, code, said.collect::<Vec<_>>().join("; "))
    }
}

fn words(name: &str, message: &str) -> String {
    let own = WORDS.iter().find(|(own, _)| *own == name).map(|(_, words)| *words);
    match (own, message) {
        (Some(own), _) => own.into(),
        (None, "") => name.into(),
        (None, message) => format!("{name}: {message}"),
    }
}

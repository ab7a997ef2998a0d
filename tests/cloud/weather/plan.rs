//! The plan: which resources of which stacks take how long, and which fail; what the engine is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One delay or failure. Names are regular expressions that must fit wholly.
///
/// `Rule::stack("prod").resource("DB").on("create").hold(5.0)` holds one resource; `.fail("reason")` fails it, after the hold if there is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    #[serde(default = "super::anything")]
    stack: String,
    #[serde(default = "super::anything")]
    resource: String,
    #[serde(default = "changes")]
    on: String,
    #[serde(default)]
    hold: f64,
    #[serde(default)]
    fail: Option<String>,
    #[serde(default)]
    times: Option<u32>,
}

fn changes() -> String {
    "create|update|delete".into()
}

impl Rule {
    /// Every resource of the stack, in creations, updates and deletions.
    pub fn stack(name: &str) -> Self {
        Self {
            stack: name.into(),
            resource: super::anything(),
            on: changes(),
            hold: 0.0,
            fail: None,
            times: None,
        }
    }

    /// Only resources with this logical id.
    pub fn resource(self, id: &str) -> Self {
        Self { resource: id.into(), ..self }
    }

    /// Only when it is made, changed or deleted (`create`, `update`, `delete`, `import`, joined by `|`), or when a failed operation undoes it (`rollback`).
    /// `review`, with the resource `ChangeSet`, is the comparison before an update; `issue`, with a domain, the validation of a certificate; `take`, with a
    /// snapshot for the stack and `Snapshot`, how long that lasts;
    /// `process` and `health`, with a search domain for the stack and `Domain`, are a change by hand and the colour of the cluster (`.fail("Red")`).
    pub fn on(self, verbs: &str) -> Self {
        Self { on: verbs.into(), ..self }
    }

    /// Seconds it takes, divided by the plan's speed.
    pub fn hold(self, seconds: f64) -> Self {
        Self { hold: seconds, ..self }
    }

    /// Fails it, with this reason.
    pub fn fail(self, reason: &str) -> Self {
        Self { fail: Some(reason.into()), ..self }
    }

    /// How often the rule is taken; always, unless said.
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }
}

/// All that is said about an account; the first rule that fits and is not used up is taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Delays and failures.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// How much faster than told holds and the stacks' own time limits pass.
    #[serde(default = "super::certain")]
    pub speed: f64,
    /// How many `stacks`, `snapshots`, `vpcs` or `addresses` there may be.
    #[serde(default)]
    pub quotas: BTreeMap<String, u32>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { rules: Vec::new(), speed: 1.0, quotas: BTreeMap::new() }
    }
}

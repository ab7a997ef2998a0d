//! The plan: which resources of which stacks take how long, and which fail.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Cloud, http};

/// One delay or failure. Names are regular expressions that must fit wholly.
///
/// `Rule::stack("prod").resource("DB").on("create").hold(5.0)` holds one resource; `.fail("reason")` fails it, after the hold if there is one.
#[derive(Clone, Debug)]
pub struct Rule {
    stack: String,
    resource: String,
    on: String,
    hold: f64,
    fail: Option<String>,
    times: Option<u32>,
}

impl Rule {
    /// Every resource of the stack, in creations, updates and deletions.
    pub fn stack(name: &str) -> Self {
        Self { stack: name.into(), resource: ".*".into(), on: "create|update|delete".into(), hold: 0.0, fail: None, times: None }
    }

    /// Only resources with this logical id.
    pub fn resource(self, id: &str) -> Self {
        Self { resource: id.into(), ..self }
    }

    /// Only when it is made, changed or deleted (`create`, `update`, `delete`, joined by `|`), or when a failed operation undoes it (`rollback`).
    /// `review`, with the resource `ChangeSet`, is the comparison before an update; `issue`, with a domain, the validation of a certificate.
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

    fn json(&self) -> Value {
        json!({"stack": self.stack, "resource": self.resource, "on": self.on, "hold": self.hold, "fail": self.fail, "times": self.times})
    }
}

/// All that is said about an account.
#[derive(Debug)]
pub struct Plan {
    rules: Vec<Rule>,
    speed: f64,
    quotas: BTreeMap<&'static str, u32>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { rules: Vec::new(), speed: 1.0, quotas: BTreeMap::new() }
    }
}

impl Cloud {
    /// Adds a rule to the account's plan; the first that fits is taken.
    pub fn hold(&self, rule: Rule) {
        self.change(|plan| plan.rules.push(rule));
    }

    /// Makes holds and the stacks' own time limits pass faster.
    pub fn hurry(&self, speed: f64) {
        self.change(|plan| plan.speed = speed);
    }

    /// Takes every rule away; what they hold goes on at once.
    pub fn let_go(&self) {
        self.change(|plan| plan.rules.clear());
    }

    /// Lets the account have so many `stacks`, `snapshots`, `vpcs` or `addresses`.
    pub fn quota(&self, name: &'static str, most: u32) {
        self.change(|plan| plan.quotas.extend([(name, most)]));
    }

    fn change(&self, change: impl FnOnce(&mut Plan)) {
        let mut plan = self.plan.lock().expect("no test panicked while it changed the plan");
        change(&mut plan);
        let rules: Vec<_> = plan.rules.iter().map(Rule::json).collect();
        let wanted = json!({"rules": rules, "speed": plan.speed, "quotas": plan.quotas});
        http::control("PUT", &self.of_account("/_cloud/plan"), Some(&wanted));
    }
}

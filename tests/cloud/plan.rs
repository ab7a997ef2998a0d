//! The plan: which resources of which stacks take how long, and which fail.

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
    /// `review`, with the resource `ChangeSet`, is the comparison before an update.
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

impl Cloud {
    /// Adds a rule to the account's plan; the first that fits is taken.
    pub fn hold(&self, rule: Rule) {
        self.change(|(rules, _)| rules.push(rule));
    }

    /// Makes holds and the stacks' own time limits pass faster.
    pub fn hurry(&self, speed: f64) {
        self.change(|(_, now)| *now = speed);
    }

    /// Takes every rule away; what they hold goes on at once.
    pub fn let_go(&self) {
        self.change(|(rules, _)| rules.clear());
    }

    fn change(&self, change: impl FnOnce(&mut (Vec<Rule>, f64))) {
        let mut plan = self.rules.lock().expect("no test panicked while it changed the plan");
        change(&mut plan);
        let rules: Vec<_> = plan.0.iter().map(Rule::json).collect();
        http::control("PUT", &self.of_account("/_cloud/plan"), Some(&json!({"rules": rules, "speed": plan.1})));
    }
}

//! The plan of a test's account.

use super::{Cloud, Plan, Rule, http};

impl Cloud {
    /// Adds a rule to the account's plan; the first that fits is taken.
    pub fn hold(&self, rule: Rule) {
        self.change_plan(|plan| plan.rules.push(rule));
    }

    /// Makes holds and the stacks' own time limits pass faster.
    pub fn hurry(&self, speed: f64) {
        self.change_plan(|plan| plan.speed = speed);
    }

    /// Takes every rule away; what they hold goes on at once.
    pub fn let_go(&self) {
        self.change_plan(|plan| plan.rules.clear());
    }

    /// Lets the account have so many `stacks`, `snapshots`, `vpcs` or `addresses`.
    pub fn quota(&self, name: &str, most: u32) {
        self.change_plan(|plan| plan.quotas.extend([(name.to_owned(), most)]));
    }

    /// Leaves traces of what ran: `tasks`, `services`, `targets`, `lines`, `refused` and `hook`, as `engine/runtime.py` reads them.
    pub fn leave(&self, traces: &serde_json::Value) {
        http::control("POST", &self.of_account("/_cloud/runtime"), Some(traces));
    }

    /// Has Service Catalog have launched a stack, by its id, as this provisioned product.
    pub fn catalogued(&self, id: &str, product: &str) {
        let launched = serde_json::json!({"stack_id": id, "product": product});
        http::control("POST", &self.of_account("/_cloud/catalogued"), Some(&launched));
    }

    pub(super) fn change_plan(&self, change: impl FnOnce(&mut Plan)) {
        let mut plan = self.plan.lock().expect("no test panicked while it changed the plan");
        change(&mut plan);
        http::control("PUT", &self.of_account("/_cloud/plan"), Some(&serde_json::json!(*plan)));
    }
}

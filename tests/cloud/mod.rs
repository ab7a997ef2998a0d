//! The test cloud: AWS's APIs on a loopback port, in an account of the test's own, with a plan of delays and failures, weather, and a record of every call.

mod api;
mod conformance;
mod front;
mod http;
mod launcher;
mod place;
mod plan;
pub mod record;
pub mod registry;
mod sky;
pub mod stack;
mod start;
pub mod weather;
pub mod xml;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

pub use api::Refusal;
pub use place::Place;
pub use start::REGION;
pub use weather::plan::{Plan, Rule};
pub use weather::{Fault, Forecast, Weather};

/// One account of the cloud. The engine is started once per test binary; every `Cloud` is an account nobody else uses, so tests run side by side.
pub struct Cloud {
    account: String,
    plan: Mutex<Plan>,
    forecast: Mutex<Forecast>,
}

impl Cloud {
    /// A fresh account; starts the engine if no test has yet.
    pub fn start() -> Self {
        static ACCOUNTS: AtomicU64 = AtomicU64::new(123_456_789_012);
        launcher::port();
        Self {
            account: ACCOUNTS.fetch_add(1, Ordering::Relaxed).to_string(),
            plan: Mutex::default(),
            forecast: Mutex::default(),
        }
    }

    /// The twelve digits of the account; they are its access key as well.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Where every AWS API answers, whatever the weather makes of it.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", launcher::proxy().port())
    }

    /// What Terraform's environment must hold so that nothing but this account is reached.
    pub fn env(&self) -> Vec<(String, String)> {
        start::environment(&self.account, &self.endpoint())
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// Empties the account: what runs is called off, nothing is left, no rule, no weather, no record.
    pub fn reset(&self) {
        self.forecast(Forecast::default());
        http::control("POST", &self.of_account("/_cloud/reset"), None);
    }

    fn of_account(&self, path: &str) -> String {
        format!("{path}?account={}", self.account)
    }
}

//! Weather: faults between a program and the test cloud, by rules that a test says in words and a person writes in a file.
//!
//! A proxy in front of the engine carries every request there unchanged and changes answers alone. `cargo xtask cloud --weather FILE` compiles this module too.
#![allow(
    dead_code,
    reason = "the tests say rules in words, the task reads them from a file: neither uses all of it"
)]

mod answers;
pub mod message;
mod past;
pub mod plan;
mod proxy;
mod sky;

use serde::{Deserialize, Serialize};

use plan::Plan;
pub use proxy::Proxy;

/// What may happen to a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Too many requests, in the words of the call's service.
    Throttled,
    /// Something went wrong within AWS: 500.
    InternalError,
    /// The service is not there for the moment: 503.
    Unavailable,
    /// A page of HTML, as a gateway on the way writes it.
    Html { status: u16 },
    /// 503 without a word.
    Empty,
    /// A status and nothing else, as somebody on the way may answer.
    Bare { status: u16 },
    /// The write takes effect, and so many reads of the stack, its events and its change set are answered as before it; at most for these seconds.
    Stale { reads: u32, seconds: f64 },
    /// The connection is reset.
    Reset,
    /// The connection is closed without an answer.
    Closed,
    /// The request takes effect; its answer breaks off, and then the connection is reset.
    Truncated,
    /// The right answer, late.
    Slow { seconds: f64 },
    /// No answer until the caller gives up.
    Hang,
    /// The credentials are over.
    Expired,
    /// The credentials are nobody's.
    Unknown,
    /// The caller has no permission.
    Denied,
    /// The request was signed too long ago.
    Late,
    /// The signature is of another time: the caller's clock is wrong.
    Skewed,
    /// Any other refusal.
    Refused { status: u16, code: String, message: String },
    /// The right answer, in which every instance or snapshot of a database has this status; the progress rises from poll to poll if the rule has `times`.
    Shown { status: String },
}

impl Fault {
    /// This fault, on actions that the regular expression fits wholly: `CreateStack`, `Describe.*`.
    pub fn on(self, actions: &str) -> Weather {
        Weather { on: actions.into(), ..Weather::of(self) }
    }
}

/// One rule: which calls, which fault, how often. Regular expressions must fit wholly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weather {
    /// Actions, as the record of calls names them.
    #[serde(default = "anything")]
    on: String,
    /// Services, as signatures name them: `cloudformation`, `rds`, `s3`.
    #[serde(default = "anything")]
    service: String,
    /// Something the request names: a stack, an instance, a snapshot, a bucket, a key.
    #[serde(default)]
    about: Option<String>,
    /// Only calls that change something.
    #[serde(default)]
    writes: bool,
    /// What happens to them.
    fault: Fault,
    /// The request takes effect first.
    #[serde(default)]
    after: bool,
    /// How many calls get through before the first is hit.
    #[serde(default)]
    skip: u32,
    /// How many are hit; all, unless said.
    #[serde(default)]
    times: Option<u32>,
    /// How likely each is hit, from 0 to 1.
    #[serde(default = "certain")]
    odds: f64,
}

fn anything() -> String {
    ".*".into()
}

fn certain() -> f64 {
    1.0
}

impl Weather {
    /// After each write to a stack so many reads of each kind are answered as before it.
    pub fn stale(reads: u32) -> Self {
        let writes = "CreateStack|UpdateStack|DeleteStack|CreateChangeSet|ExecuteChangeSet|ContinueUpdateRollback|RollbackStack";
        Fault::Stale { reads, seconds: 600.0 }.on(writes).of_service("cloudformation")
    }

    fn of(fault: Fault) -> Self {
        let (on, service) = (anything(), anything());
        Self {
            on,
            service,
            about: None,
            writes: false,
            fault,
            after: false,
            skip: 0,
            times: None,
            odds: certain(),
        }
    }

    /// Credentials that may only read.
    pub fn read_only() -> Self {
        Self { writes: true, ..Self::of(Fault::Denied) }
    }

    /// Only calls of this service.
    pub fn of_service(self, service: &str) -> Self {
        Self { service: service.into(), ..self }
    }

    /// Only requests that name this stack, instance, snapshot, bucket or key; with an empty name, those that name nothing, as a listing does.
    pub fn about(self, name: &str) -> Self {
        Self { about: Some(name.into()), ..self }
    }

    /// The request takes effect before the fault.
    pub fn after(self) -> Self {
        Self { after: true, ..self }
    }

    /// Lets so many calls through first.
    pub fn skip(self, calls: u32) -> Self {
        Self { skip: calls, ..self }
    }

    /// Hits so many calls.
    pub fn times(self, calls: u32) -> Self {
        Self { times: Some(calls), ..self }
    }

    /// Hits one call in so many, by the forecast's seed.
    pub fn odds(self, odds: f64) -> Self {
        Self { odds, ..self }
    }
}

/// The weather of an account, as a test says it and a file spells it: the first rule that fits and strikes is taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forecast {
    /// The same seed and the same calls give the same weather.
    #[serde(default)]
    pub seed: u64,
    /// The rules.
    #[serde(default)]
    pub weather: Vec<Weather>,
    /// What happens behind the weather.
    #[serde(default)]
    pub plan: Plan,
}

//! What an action is: something that is done when it is asked for, with lines that say how far it has come, and the same with its type forgotten.

use std::time::Duration;

use async_trait::async_trait;

use super::stored::typed;
use crate::cx::Cx;
use crate::outcome::{Result, Verb, explain};
use crate::tf::draft::guard;
use crate::tf::schema::Schema;
use crate::tf::{Diagnostics, Object, Report, State};
use crate::wait::meanwhile;

/// Something that is done, and leaves nothing in the state.
#[async_trait]
pub trait Action: Send + Sync + 'static {
    /// Its full type name, as `quilt_detect_drift`.
    const NAME: &'static str;
    /// Its arguments.
    type Config: State;

    /// It, for a sentence that goes on with "was not finished": "The drift detection of prod".
    fn subject(config: &Self::Config) -> String;

    /// Checks a configuration alone, offline; values may be unknown. What a person should know before they say yes is a warning, which the
    /// plan says.
    fn validate(&self, _config: &Self::Config, _d: &mut Diagnostics) {}

    /// Does it. Terraform asks only once every argument is known. What lasts says how far it is through `cx.progress`; the waiting does so by itself.
    async fn invoke(&self, cx: &Cx, config: Self::Config, d: &mut Diagnostics) -> Result<String>;
}

/// An action with its type forgotten.
#[async_trait]
pub trait AnyAction: Send + Sync {
    /// Its full type name.
    fn name(&self) -> &'static str;
    /// Its schema.
    fn schema(&self) -> &'static Schema;
    /// Checks a configuration.
    fn validate(&self, config: &Object, d: &mut Diagnostics) {
        let mut checked = Diagnostics::default();
        self.plan(config, &mut checked);
        d.errors.append(&mut checked.errors);
    }
    /// The same, with what a person should know before they say yes.
    fn plan(&self, config: &Object, d: &mut Diagnostics);
    /// Does it; the last line says what came of it. `None`: the errors say why it did not come to its end.
    async fn invoke(&self, cx: &Cx, config: Object, d: &mut Diagnostics) -> Option<()>;
}

/// How often it is seen to that a line is due.
const TICK: Duration = Duration::from_secs(1);

#[async_trait]
impl<A: Action> AnyAction for A {
    fn name(&self) -> &'static str {
        A::NAME
    }

    fn schema(&self) -> &'static Schema {
        A::Config::schema()
    }

    fn plan(&self, config: &Object, d: &mut Diagnostics) {
        guard(&A::Config::schema().attributes, config, true, d);
        if let Some(config) = typed(config, d) {
            Action::validate(self, &config, d);
        }
    }

    async fn invoke(&self, cx: &Cx, config: Object, d: &mut Diagnostics) -> Option<()> {
        let config: A::Config = typed(&config, d)?;
        let mut checked = Diagnostics::default();
        Action::validate(self, &config, &mut checked);
        // Its warnings were said by the plan.
        d.errors.append(&mut checked.errors);
        if d.failed() {
            return None;
        }
        let subject = A::subject(&config);
        let work = Action::invoke(self, cx, config, d);
        let done = meanwhile(TICK, work, || async { cx.progress.tick() }).await;
        cx.notes.hand_over(d);
        match done {
            Ok(result) => {
                cx.progress.done(&result);
                Some(())
            }
            Err(e) => {
                explain(Verb::Invoke, &subject, &e, d);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;

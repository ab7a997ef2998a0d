//! What a data source is: a look at something that exists, and the same with its type forgotten, as the wire sees it.

use async_trait::async_trait;

use super::stored::{settled, typed};
use crate::cx::Cx;
use crate::outcome::{Result, Verb, explain};
use crate::tf::draft::guard;
use crate::tf::schema::Schema;
use crate::tf::{Diagnostics, Object, Report, State};

/// A type of thing that is looked at.
#[async_trait]
pub trait DataSource: Send + Sync + 'static {
    /// Its full type name, as `quilt_stack`.
    const NAME: &'static str;
    /// Its attributes.
    type State: State;

    /// It, for a sentence: "Stack prod".
    fn subject(config: &Self::State) -> String;

    /// Checks a configuration alone, offline; values may be unknown.
    fn validate(&self, _config: &Self::State, _d: &mut Diagnostics) {}

    /// Looks at it. Terraform asks only once every argument is known, and everything in the answer must be.
    async fn read(&self, cx: &Cx, config: Self::State, d: &mut Diagnostics) -> Result<Self::State>;
}

/// A data source with its type forgotten. In every answer `None` means that the errors say why.
#[async_trait]
pub trait AnyDataSource: Send + Sync {
    /// As `quilt_stack`.
    fn name(&self) -> &'static str;
    /// What Terraform may write and read, built once.
    fn schema(&self) -> &'static Schema;
    /// Checks a configuration.
    fn validate(&self, config: &Object, d: &mut Diagnostics);
    /// Looks at it.
    async fn read(&self, cx: &Cx, config: Object, d: &mut Diagnostics) -> Option<Object>;
}

#[async_trait]
impl<S: DataSource> AnyDataSource for S {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn schema(&self) -> &'static Schema {
        S::State::schema()
    }

    fn validate(&self, config: &Object, d: &mut Diagnostics) {
        guard(&S::State::schema().attributes, config, true, d);
        if let Some(config) = typed(config, d) {
            DataSource::validate(self, &config, d);
        }
    }

    async fn read(&self, cx: &Cx, config: Object, d: &mut Diagnostics) -> Option<Object> {
        let config: S::State = typed(&config, d)?;
        DataSource::validate(self, &config, d);
        if d.failed() {
            return None;
        }
        let subject = S::subject(&config);
        match DataSource::read(self, cx, config, d).await {
            Ok(state) => Some(settled(&state)),
            Err(e) => {
                explain(Verb::Read, &subject, &e, d);
                None
            }
        }
    }
}

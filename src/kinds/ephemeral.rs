//! What an ephemeral resource is: something that is opened for one run and kept nowhere, and the same with its type forgotten, as the wire sees it.

use std::time::SystemTime;

use async_trait::async_trait;

use super::stored::{settled, typed};
use crate::cx::Cx;
use crate::outcome::{Error, Result, Verb, explain};
use crate::tf::draft::guard;
use crate::tf::schema::Schema;
use crate::tf::{Diagnostics, Object, Report, State, Tree};

/// A type of thing that lives as long as one run of Terraform.
#[async_trait]
pub trait Ephemeral: Send + Sync + 'static {
    /// Its full type name, as `quilt_secret`.
    const NAME: &'static str;
    /// Its attributes.
    type State: State;

    /// It, for a sentence: "Secret prod".
    fn subject(config: &Self::State) -> String;

    /// Checks a configuration alone, offline; values may be unknown.
    fn validate(&self, _config: &Self::State, _d: &mut Diagnostics) {}

    /// Opens it. Terraform asks only once every argument is known.
    async fn open(&self, cx: &Cx, config: Self::State) -> Result<(Self::State, Lease)>;

    /// Has it last longer, by what `open` has left; what holds for ever needs no word of its own.
    async fn renew(&self, _cx: &Cx, private: &[u8]) -> Result<Lease> {
        Ok(Lease { renew_at: None, private: private.to_vec() })
    }

    /// Ends it, by what `open` has left; what was only read is left alone.
    async fn close(&self, _cx: &Cx, _private: &[u8]) -> Result<()> {
        Ok(())
    }
}

/// How long something that was opened lasts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lease {
    /// When Terraform is to ask for more time; `None`: it lasts.
    pub renew_at: Option<SystemTime>,
    /// What is needed to renew and to end it. Terraform holds it in memory and shows it to nobody.
    pub private: Vec<u8>,
}

/// An ephemeral resource with its type forgotten. In every answer `None` means that the errors say why.
#[async_trait]
pub trait AnyEphemeral: Send + Sync {
    /// Its full type name.
    fn name(&self) -> &'static str;
    /// Its schema.
    fn schema(&self) -> &'static Schema;
    /// Checks a configuration.
    fn validate(&self, config: &Object, d: &mut Diagnostics);
    /// Opens it.
    async fn open(&self, cx: &Cx, config: Object, d: &mut Diagnostics) -> Option<(Object, Lease)>;
    /// Has it last longer.
    async fn renew(&self, cx: &Cx, private: &[u8], d: &mut Diagnostics) -> Option<Lease>;
    /// Ends it.
    async fn close(&self, cx: &Cx, private: &[u8], d: &mut Diagnostics) -> Option<()>;
}

#[async_trait]
impl<E: Ephemeral> AnyEphemeral for E {
    fn name(&self) -> &'static str {
        E::NAME
    }

    fn schema(&self) -> &'static Schema {
        E::State::schema()
    }

    fn validate(&self, config: &Object, d: &mut Diagnostics) {
        guard(&E::State::schema().attributes, config, true, d);
        if let Some(config) = typed(config, d) {
            Ephemeral::validate(self, &config, d);
        }
    }

    async fn open(&self, cx: &Cx, config: Object, d: &mut Diagnostics) -> Option<(Object, Lease)> {
        let typed: E::State = typed(&config, d)?;
        Ephemeral::validate(self, &typed, d);
        if d.failed() {
            return None;
        }
        let subject = E::subject(&typed);
        match Ephemeral::open(self, cx, typed).await {
            Ok((state, lease)) => Some((settled(&state), lease)),
            // The plan goes on without it, as with one whose arguments are not known.
            Err(Error::NotYet) => Some((not_known(E::State::schema(), config), Lease::default())),
            Err(e) => {
                explain(Verb::Read, &subject, &e, d);
                None
            }
        }
    }

    async fn renew(&self, cx: &Cx, private: &[u8], d: &mut Diagnostics) -> Option<Lease> {
        match Ephemeral::renew(self, cx, private).await {
            Ok(lease) => Some(lease),
            Err(e) => {
                explain(Verb::Renew, &unnamed(E::NAME), &e, d);
                None
            }
        }
    }

    async fn close(&self, cx: &Cx, private: &[u8], d: &mut Diagnostics) -> Option<()> {
        match Ephemeral::close(self, cx, private).await {
            Ok(()) => Some(()),
            Err(e) => {
                explain(Verb::Close, &unnamed(E::NAME), &e, d);
                None
            }
        }
    }
}

/// Terraform says of what was opened nothing but its type.
fn unnamed(name: &str) -> String {
    format!("An ephemeral {name}")
}

/// What the configuration says, and nothing else.
fn not_known(schema: &Schema, mut config: Object) -> Object {
    for a in schema.attributes.iter().filter(|a| a.computed()) {
        let value = config.entry(a.name.into()).or_default();
        if *value == Tree::Null {
            *value = Tree::Unknown;
        }
    }
    config
}

#[cfg(test)]
mod tests;

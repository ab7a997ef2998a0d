//! One call of Terraform: what was sent is decoded, a panic is told like any other error, and nothing that is told holds a secret.

use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use futures_util::FutureExt;

use super::codec::{self, Malformed};
use super::diagnostics::diagnostics;
use super::proto::{self, DynamicValue, RawState};
use crate::kinds::resource::Change;
use crate::outcome::{Long, Veil};
use crate::tf::schema::{Attribute, Schema};
use crate::tf::{AttributePath, Diagnostic, Diagnostics, Object, Report};

/// How one of a kind tells its type name and its schema.
type Told<K> = (fn(&K) -> &'static str, fn(&K) -> &'static Schema);

/// One call over something that the provider serves.
pub struct Call<'a, K: ?Sized> {
    /// What Terraform calls it.
    pub name: &'static str,
    /// What is secret in what was sent is learnt, and struck out of what is told.
    pub veil: &'a Veil,
    /// What it is about, or why there is no such thing.
    pub about: Result<&'a K, Diagnostic>,
    /// Its schema, by which a value is read and its secrets are known.
    pub attributes: &'static [Attribute],
    /// What the person wrote of it, or what is stored of that.
    pub written: Option<&'a DynamicValue>,
    /// The long ones of all values that were sent.
    pub sent: Mutex<Long>,
}

impl<'a, K: ?Sized> Call<'a, K> {
    /// A call over the one that has this type name, among all that are served of its kind.
    pub fn over(
        (name, veil): (&'static str, &'a Veil),
        all: &'a [Box<K>],
        called: (&str, &str),
        (name_of, schema_of): Told<K>,
        written: Option<&'a DynamicValue>,
    ) -> Self {
        let about = find(all, called, name_of);
        let attributes = about.as_ref().map_or(&[][..], |one| &schema_of(one).attributes);
        Self { name, veil, about, attributes, written, sent: Default::default() }
    }

    /// The resource, data source or other thing that is called; else the reason is told.
    pub fn about(&self, d: &mut Diagnostics) -> Option<&'a K> {
        self.about.clone().map_err(|unknown| d.errors.push(unknown)).ok()
    }

    /// What was written, called so.
    pub fn written(&self, what: &str, d: &mut Diagnostics) -> Option<Object> {
        Some(self.object(what, self.written, d)?.unwrap_or_default())
    }

    /// What was sent, once what is secret in it is known to be.
    pub fn object(
        &self,
        what: &str,
        sent: Option<&DynamicValue>,
        d: &mut Diagnostics,
    ) -> Option<Option<Object>> {
        self.learnt(what, codec::decode(sent), d)
    }

    /// The same of what a state file holds.
    pub fn stored(
        &self,
        what: &str,
        sent: Option<&RawState>,
        d: &mut Diagnostics,
    ) -> Option<Option<Object>> {
        self.learnt(what, codec::decode_state(sent), d)
    }

    /// The long ones of all values that were sent.
    pub fn sent(&self) -> MutexGuard<'_, Long> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn learnt(
        &self,
        what: &str,
        read: Result<Option<Object>, Malformed>,
        d: &mut Diagnostics,
    ) -> Option<Option<Object>> {
        match read {
            Ok(object) => {
                if let Some(object) = &object {
                    self.veil.learn_of(self.attributes, object);
                    self.sent().see_object(object);
                }
                Some(object)
            }
            Err(why) => {
                let detail = format!(
                    "The {what} that Terraform sent cannot be read: {why}.\n\nNothing was changed."
                );
                d.fail("A value cannot be read", detail);
                None
            }
        }
    }

    /// A change in our words.
    pub fn change(
        &self,
        [prior, planned]: [Option<&DynamicValue>; 2],
        private: &[u8],
        d: &mut Diagnostics,
    ) -> Option<Change> {
        Some(Change {
            prior: self.object("prior state", prior, d)?,
            planned: self.object("planned state", planned, d)?,
            config: self.written("configuration", d)?,
            private: private.to_vec(),
        })
    }

    /// A state as Terraform reads it.
    pub fn encode(&self, state: Option<Object>) -> Option<DynamicValue> {
        codec::encode(self.attributes, state)
    }
}

/// Runs a call; beside the answer stands what there is to tell. No answer: the errors say why.
pub async fn run<T, K: ?Sized>(
    call: &Call<'_, K>,
    work: impl AsyncFnOnce(&mut Diagnostics) -> Option<T>,
) -> (Option<T>, Vec<proto::Diagnostic>) {
    let mut d = Diagnostics::default();
    let answer = caught(call.name, &mut d, work).await;
    if d.errors.is_empty() && d.warnings.is_empty() {
        return (answer, vec![]);
    }
    let written = codec::decode(call.written).ok().flatten().unwrap_or_default();
    (
        answer,
        diagnostics(call.attributes, call.veil.cover(call.attributes, &written, &call.sent(), d)),
    )
}

/// The one of this name, or why there is none.
fn find<'a, K: ?Sized>(
    all: &'a [Box<K>],
    (kind, name): (&str, &str),
    name_of: fn(&K) -> &'static str,
) -> Result<&'a K, Diagnostic> {
    all.iter().map(AsRef::as_ref).find(|one| name_of(one) == name).ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|one| name_of(one)).collect();
        unknown((kind, name), &known)
    })
}

/// Nothing is called so.
fn unknown((kind, name): (&str, &str), known: &[&str]) -> Diagnostic {
    let version = env!("CARGO_PKG_VERSION");
    let known = match known {
        [] => "it has none at all".to_string(),
        known => format!("it has: {}", known.join(", ")),
    };
    let detail = format!(
        "Version {version} of the Quilt provider has no {kind} `{name}`; {known}.\n\nUse a version that has it."
    );
    let summary = format!("There is no {kind} {name}").into();
    Diagnostic { summary, detail: detail.into(), attribute: AttributePath::root() }
}

/// What is told of a kind of which nothing is served.
pub fn unserved(kind: &str, name: &str) -> Vec<proto::Diagnostic> {
    let unknown = unknown((kind, name), &[]);
    diagnostics(&[], Diagnostics { errors: vec![unknown], ..Diagnostics::default() })
}

/// Does the work. A panic is told like any other error, instead of taking every call down with it.
pub async fn caught<T>(
    name: &'static str,
    d: &mut Diagnostics,
    work: impl AsyncFnOnce(&mut Diagnostics) -> Option<T>,
) -> Option<T> {
    let begun = Instant::now();
    let done = AssertUnwindSafe(work(d)).catch_unwind().await;
    let answer = done.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let said = said.unwrap_or("it did not say which");
        d.fail(
            "The provider has a fault",
            format!("It failed in {name}: {said}.\n\nThis is a mistake in the provider, not in the configuration. Please report it with this text."),
        );
        None
    });
    tracing::debug!(
        call = name,
        ms = begun.elapsed().as_millis() as u64,
        errors = d.errors.len() as u64,
        "answered"
    );
    answer
}

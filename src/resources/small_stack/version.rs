//! The version of the template that a small stack has, and how it comes to another.

use crate::cloudformation::stack::Stack;
use crate::outcome::{Error, Result};
use crate::quilt::templates::{self, Templates};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

const VERSION: &str = "template_version";

/// Checks the version of a configuration.
pub fn validate(templates: Templates, version: &Value<String>, d: &mut Diagnostics) {
    if let Some(Err(why)) = version.as_ref_option().map(|version| templates.check(version)) {
        d.fail_at(AttributePath::new(VERSION), "This release has no such template", why);
    }
}

/// Plans the version: the newest for a new stack; afterwards it stays until another is written.
pub fn plan(
    templates: Templates,
    planned: &mut Value<String>,
    config: &Value<String>,
    prior: Option<&Value<String>>,
    d: &mut Diagnostics,
) {
    match (prior, &config, &planned) {
        (None, Value::Null, _) => *planned = templates.newest().into(),
        // What a creation that was stopped has not told yet.
        (Some(_), Value::Null, Value::Null) => *planned = Value::Unknown,
        (Some(Value::Value(from)), Value::Value(to), _) => {
            if let Err(why) = templates::check_path(from, to) {
                d.fail_at(
                    AttributePath::new(VERSION),
                    "The version of a template only goes up",
                    why,
                );
            }
        }
        _ => {}
    }
}

/// Plans the version of a stack that is taken over: it stays as it is unless another is written.
pub fn adopts(planned: &mut Value<String>, config: &Value<String>) {
    if config.is_null() {
        *planned = Value::Unknown;
    }
}

/// The version a stack was made from, where it is complete enough to tell.
pub fn of(stack: &Stack) -> Option<String> {
    stack.outputs.get(templates::OUTPUT).cloned()
}

/// The text of a version; of the newest where none is known.
///
/// # Errors
/// This release has no such version.
pub fn template(templates: Templates, version: &Value<String>) -> Result<&'static str> {
    let newest = templates.newest();
    let version = version.as_ref_option().unwrap_or(&newest);
    let missing = || {
        let fix = format!("Use the release that made it, or write `{VERSION} = \"{newest}\"`.");
        Error::config(AttributePath::new(VERSION), "This release has no such template", fix)
    };
    templates.of(version).ok_or_else(missing)
}

/// The text of another version than the one a stack was made from, where another is wanted.
///
/// # Errors
/// This release has no such version.
pub fn other(
    templates: Templates,
    wanted: &Value<String>,
    live: &Stack,
) -> Result<Option<&'static str>> {
    match (wanted, of(live)) {
        (Value::Value(to), Some(from)) if *to != from => template(templates, wanted).map(Some),
        _ => Ok(None),
    }
}

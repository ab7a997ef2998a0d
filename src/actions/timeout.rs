//! The argument `timeout`: how long an action waits.

use std::time::Duration;

use crate::resources::timeouts::parse;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// An hour.
pub const HOUR: Duration = Duration::from_secs(3600);

/// Checks the argument.
pub fn validate(timeout: &Value<String>, d: &mut Diagnostics) {
    if timeout.as_ref_option().is_some_and(|text| parse(text).is_none()) {
        let write = "Write hours, minutes and seconds, as `90m`, `2h` or `1h30m`.";
        d.fail_at(AttributePath::new("timeout"), "Not a length of time", write);
    }
}

/// What it says, or what holds where it says nothing.
pub fn of(timeout: &Value<String>, default: Duration) -> Duration {
    timeout.as_deref_option().and_then(parse).unwrap_or(default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tf::known;

    #[test]
    fn a_timeout_is_checked_and_read() {
        let mut d = Diagnostics::default();
        validate(&known("90"), &mut d);
        assert_eq!(d.errors[0].attribute, AttributePath::new("timeout"));
        [known("90m"), Value::Null, Value::Unknown].iter().for_each(|t| validate(t, &mut d));
        assert_eq!(d.errors.len(), 1);
        assert_eq!((of(&known("90s"), HOUR).as_secs(), of(&Value::Null, HOUR)), (90, HOUR));
    }
}

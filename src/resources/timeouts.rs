//! The `timeouts` block: how long an apply waits for AWS.

use std::time::Duration;

use crate::attributes;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

attributes! {
    /// How long an apply waits for AWS before it gives up. The operation itself goes on, and the next apply finds it.
    pub struct Timeouts {
        /// For a creation, as `90m` or `2h30m`.
        create: String = Optional;
        /// For an update.
        update: String = Optional;
        /// For a deletion.
        delete: String = Optional;
    }
}

/// What holds where the block says nothing.
pub struct Limits {
    /// For a creation.
    pub create: Duration,
    /// For an update.
    pub update: Duration,
    /// For a deletion.
    pub delete: Duration,
}

const fn hours(n: u64) -> Duration {
    Duration::from_secs(n * 3600)
}

/// Of a stack: a Quilt stack takes 30 to 90 minutes.
pub const STACK: Limits = Limits { create: hours(3), update: hours(3), delete: hours(2) };

/// Of a search domain: a change of its nodes moves everything that is in it.
pub const SEARCH: Limits = Limits { create: hours(12), update: hours(12), delete: hours(2) };

impl Limits {
    /// These, with what the block says instead.
    pub fn with(&self, block: &Value<Timeouts>) -> Limits {
        let one = |given: Option<&Value<String>>, default| match given {
            Some(Value::Value(text)) => parse(text).unwrap_or(default),
            _ => default,
        };
        let block = block.as_ref_option();
        Limits {
            create: one(block.map(|b| &b.create), self.create),
            update: one(block.map(|b| &b.update), self.update),
            delete: one(block.map(|b| &b.delete), self.delete),
        }
    }
}

/// Checks the block of a configuration.
pub fn validate(block: &Value<Timeouts>, d: &mut Diagnostics) {
    let Value::Value(block) = block else { return };
    for (name, given) in
        [("create", &block.create), ("update", &block.update), ("delete", &block.delete)]
    {
        if given.as_ref_option().is_some_and(|text| parse(text).is_none()) {
            let at = AttributePath::new("timeouts").attribute(name);
            d.fail_at(
                at,
                "Not a length of time",
                "Write hours, minutes and seconds, as `90m`, `2h` or `1h30m`.",
            );
        }
    }
}

/// The longest that is taken: nothing in AWS goes on for so long.
const MOST: Duration = Duration::from_secs(30 * 24 * 3600);

/// `1h30m` and the like: numbers with the units h, m and s.
pub fn parse(text: &str) -> Option<Duration> {
    let (mut total, mut digits) = (0_f64, String::new());
    for c in text.trim().chars() {
        let unit = match c {
            '0'..='9' | '.' => {
                digits.push(c);
                continue;
            }
            'h' => 3600.0,
            'm' => 60.0,
            's' => 1.0,
            _ => return None,
        };
        total += std::mem::take(&mut digits).parse::<f64>().ok()? * unit;
    }
    let seconds = Duration::try_from_secs_f64(total).ok()?;
    (digits.is_empty() && !seconds.is_zero() && seconds <= MOST).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        let seconds = |t| parse(t).map(|d| d.as_secs());
        assert_eq!(
            [seconds("90m"), seconds("1h30m"), seconds("45s"), seconds("1.5h")],
            [Some(5400), Some(5400), Some(45), Some(5400)]
        );
        assert_eq!(
            [
                seconds(""),
                seconds("90"),
                seconds("h"),
                seconds("2 weeks"),
                seconds("0m"),
                seconds("2600000000000000h")
            ],
            [None; 6]
        );
    }

    #[test]
    fn the_block_wins_where_it_speaks() {
        let block = Timeouts { create: "10m".to_string().into(), ..Timeouts::default() };
        let limits = STACK.with(&block.into());
        assert_eq!((limits.create.as_secs(), limits.delete), (600, STACK.delete));
    }
}

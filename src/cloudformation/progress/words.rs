//! What goes on in an operation, in words: a line for each thing that happens, and what everything waits for.

use super::{Going, Progress, Times, slow, verb};
use crate::cloudformation::stack::Event;

/// How long it took last time; else how long what is slow takes. In milliseconds.
pub fn expected(going: &Going, times: &Times) -> Option<i64> {
    let verb = verb(&going.status).to_string();
    let before = times.get(&(going.logical_id.clone(), verb.clone())).copied();
    before.or_else(|| slow::expected(&going.kind, verb == "DELETE"))
}

/// The same of what an event has begun.
pub fn expected_of(event: &Event, times: &Times) -> Option<i64> {
    let going = Going {
        logical_id: event.logical_id.clone(),
        kind: event.kind.clone(),
        status: event.status.clone(),
        ..Going::default()
    };
    if event.status.settled() { None } else { expected(&going, times) }
}

/// What everything waits for.
pub fn waits(progress: &Progress, times: &Times, now: i64) -> Option<String> {
    let (going, all) = progress.waits_for(now, |going| expected(going, times))?;
    let left = all.map(|all| all - (now - going.since)).filter(|left| *left > 0);
    let left = left.map(|left| format!(", about {} more", lasting(left))).unwrap_or_default();
    Some(format!("Everything waits for {} ({}){left}.", going.logical_id, going.kind))
}

/// A line of the log: the time, and what happened.
pub fn of_event(event: &Event, progress: &Progress) -> String {
    let reason = event
        .reason
        .as_deref()
        .map(|why| format!(": {}", why.trim().replace(char::is_control, " ")))
        .unwrap_or_default();
    let kind = if event.kind.is_empty() { String::new() } else { format!(" ({})", event.kind) };
    format!(
        "{} +{} {} {}{kind}{reason}",
        clock(event.at),
        lasting(event.at - progress.began),
        event.status,
        event.logical_id
    )
}

/// `10:12:05`, in UTC.
fn clock(at: i64) -> String {
    let seconds = (at / 1000).rem_euclid(86_400);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `45 s`, `12 min`, `1 h 5 min`.
pub fn lasting(millis: i64) -> String {
    match millis.max(0) / 1000 {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_short() {
        let all = [45_000, 720_000, 3_900_000, 7_500_000].map(lasting);
        assert_eq!(all, ["45 s", "12 min", "65 min", "2 h 5 min"]);
    }
}

//! Whether what CloudFormation shows of a stack is later than a write of ours, and what an update has left behind.

use std::cmp::Ordering;

use super::stack::{Event, Stack};
use super::status::Status;

/// How much earlier than its first event an operation's time may be, in milliseconds.
const SLACK: i64 = 10_000;

/// The stack is shown in another state, of no earlier time.
pub fn has_changed(before: &Stack, now: &Stack) -> bool {
    match now.moved_at.cmp(&before.moved_at) {
        Ordering::Less => false,
        Ordering::Equal => now.status != before.status,
        Ordering::Greater => true,
    }
}

/// Our operation has ended by its own events, newest first, and what is shown is no older than that end.
pub fn is_later((before, now): (&Stack, &Stack), events: &[Event], token: &str) -> bool {
    let own: Vec<_> = events.iter().filter(|e| e.physical_id == now.id).collect();
    let ended = |e: &&&Event| e.status.settled();
    let ours = own.iter().find(|e| is_of(e, token)).filter(ended);
    // Somebody else's operation may have come after ours: then its end is what is to be shown.
    let newest = own.first().filter(ended).filter(|newest| newest.status == now.status);
    if ours.is_none() || newest.is_none() {
        return false;
    }
    // The time of an operation is that of its first event.
    let first = |e: &Event| matches!(e.status, Status::UpdateInProgress | Status::DeleteInProgress);
    let began = own.iter().rev().find(|e| is_of(e, token) && first(e)).map(|e| e.at);
    match now.moved_at.cmp(&before.moved_at) {
        Ordering::Less => false,
        // A failure that comes again, and a rollback that goes on, need not have a time of their own.
        Ordering::Equal => {
            has_changed(before, now)
                || !now.status.usable()
                || began.is_some_and(|began| now.moved_at >= began)
        }
        Ordering::Greater => began.is_none_or(|began| now.moved_at + SLACK >= began),
    }
}

/// What the clean-up of an update could not delete. CloudFormation tries each a few times.
pub fn left<'a>(events: &'a [Event], token: &str) -> Vec<&'a Event> {
    let mut last: Vec<&Event> = vec![];
    for event in events.iter().filter(|e| is_of(e, token) && e.status.of_deletion()) {
        let same = |known: &&Event| {
            known.logical_id == event.logical_id && known.physical_id == event.physical_id
        };
        if !last.iter().any(same) {
            last.push(event);
        }
    }
    last.into_iter().filter(|e| e.status == Status::DeleteFailed).collect()
}

fn is_of(event: &Event, token: &str) -> bool {
    event.token.as_deref() == Some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(status: &str, moved_at: i64) -> Stack {
        Stack { id: "arn".into(), status: Status::from(status), moved_at, ..Stack::default() }
    }

    fn own(status: &str, token: &str, at: i64) -> Event {
        Event {
            physical_id: "arn".into(),
            status: status.into(),
            token: Some(token.into()),
            at,
            ..Event::default()
        }
    }

    #[test]
    fn only_what_is_later_than_our_operation_is_its_end() {
        let before = stack("UPDATE_COMPLETE", 100_000);
        let (done, going) =
            (own("UPDATE_COMPLETE", "ours", 300_000), own("UPDATE_IN_PROGRESS", "ours", 200_000));
        let theirs = |status, at| own(status, "theirs", at);
        let fresh = stack("UPDATE_COMPLETE", 200_000);
        let table: [(&Stack, &[Event], bool, &str); 10] = [
            (&fresh, &[done.clone(), going.clone()], true, "the end, and its time"),
            (&fresh, std::slice::from_ref(&done), true, "its beginning is further back"),
            (&before, &[done.clone(), going.clone()], false, "ended, and shown as before"),
            (&fresh, std::slice::from_ref(&going), false, "not ended"),
            (&fresh, &[theirs("UPDATE_COMPLETE", 90_000)], false, "nothing of ours yet"),
            (
                &stack("UPDATE_COMPLETE", 150_000),
                &[done.clone(), going.clone()],
                false,
                "the end of one between",
            ),
            (
                &stack("UPDATE_COMPLETE", 50_000),
                &[done.clone(), going.clone()],
                false,
                "older than the look before",
            ),
            (
                &stack("UPDATE_ROLLBACK_COMPLETE", 200_000),
                &[done.clone(), going.clone()],
                false,
                "another end",
            ),
            (
                &fresh,
                &[theirs("UPDATE_IN_PROGRESS", 400_000), done.clone(), going.clone()],
                false,
                "somebody else's goes on",
            ),
            (
                &stack("UPDATE_ROLLBACK_COMPLETE", 400_000),
                &[theirs("UPDATE_ROLLBACK_COMPLETE", 500_000), done.clone(), going.clone()],
                true,
                "somebody else's came after",
            ),
        ];
        for (now, events, expected, why) in table {
            assert_eq!(is_later((&before, now), events, "ours"), expected, "{why}");
        }
    }

    #[test]
    fn what_has_no_time_of_its_own_goes_by_its_status() {
        let stuck = stack("UPDATE_ROLLBACK_FAILED", 100);
        let rolled = [
            own("UPDATE_ROLLBACK_COMPLETE", "ours", 900),
            own("UPDATE_ROLLBACK_IN_PROGRESS", "ours", 800),
        ];
        assert!(is_later((&stuck, &stack("UPDATE_ROLLBACK_COMPLETE", 100)), &rolled, "ours"));
        assert!(!is_later((&stuck, &stuck), &rolled, "ours"));
        assert!(is_later((&stuck, &stuck), &[own("UPDATE_ROLLBACK_FAILED", "ours", 900)], "ours"));
        assert!(!is_later(
            (&stuck, &stuck),
            &[own("UPDATE_ROLLBACK_FAILED", "theirs", 50)],
            "ours"
        ));
    }

    #[test]
    fn what_was_deleted_at_last_is_not_left() {
        let part = |id: &str, status: &str| Event {
            logical_id: id.into(),
            token: Some("ours".into()),
            status: status.into(),
            ..Event::default()
        };
        let events = [
            part("A", "DELETE_COMPLETE"),
            part("B", "DELETE_FAILED"),
            part("A", "DELETE_FAILED"),
            part("B", "DELETE_FAILED"),
        ];
        assert_eq!(
            left(&events, "ours").iter().map(|e| e.logical_id.as_str()).collect::<Vec<_>>(),
            ["B"]
        );
        assert!(left(&events, "theirs").is_empty());
    }
}

//! Statuses, verdicts and causes.

use super::*;

fn verdicts(status: &str) -> [Verdict; 3] {
    [Goal::Created, Goal::Updated, Goal::Deleted]
        .map(|goal| classify(goal, Some(&Status(status.into()))))
}

#[test]
fn every_status_has_its_meaning() {
    use Verdict::{Missed, Pending, Reached};
    let in_progress =
        ["CREATE", "DELETE", "UPDATE", "ROLLBACK", "UPDATE_ROLLBACK", "IMPORT", "IMPORT_ROLLBACK"];
    for operation in in_progress {
        assert_eq!(
            verdicts(&format!("{operation}_IN_PROGRESS")),
            [Pending, Pending, Pending],
            "{operation}"
        );
    }
    for status in
        ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"]
    {
        assert_eq!(verdicts(status), [Pending, Pending, Pending], "{status}");
    }
    assert_eq!(verdicts("CREATE_COMPLETE"), [Reached, Missed, Missed]);
    assert_eq!(verdicts("UPDATE_COMPLETE"), [Missed, Reached, Missed]);
    assert_eq!(verdicts("DELETE_COMPLETE"), [Missed, Missed, Reached]);
    let ends = [
        "CREATE_FAILED",
        "DELETE_FAILED",
        "UPDATE_FAILED",
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "UPDATE_ROLLBACK_COMPLETE",
    ];
    let more = [
        "UPDATE_ROLLBACK_FAILED",
        "IMPORT_COMPLETE",
        "IMPORT_FAILED",
        "IMPORT_ROLLBACK_COMPLETE",
        "IMPORT_ROLLBACK_FAILED",
        "REVIEW_IN_PROGRESS",
    ];
    for status in ends.into_iter().chain(more) {
        assert_eq!(verdicts(status), [Missed, Missed, Missed], "{status}");
    }
    assert_eq!(classify(Goal::Deleted, None), Reached);
    assert_eq!(classify(Goal::Created, None), Missed);
}

#[test]
fn only_what_never_completed_is_made_anew() {
    let all = |status: &str| Status(status.into()).takeover();
    for status in ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS", "CREATE_FAILED"] {
        assert_eq!(all(status), Takeover::Anew, "{status}");
    }
    for status in [
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "UPDATE_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
    ] {
        assert_eq!(all(status), Takeover::Adopted, "{status}");
    }
    for status in [
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_FAILED",
        "DELETE_FAILED",
        "IMPORT_ROLLBACK_FAILED",
        "A_NEW_ONE",
    ] {
        assert_eq!(all(status), Takeover::Refused, "{status}");
    }
}

#[test]
fn the_first_cause_is_the_earliest_failure_of_its_own() {
    let event = |id: &str, status: &str, reason: &str| Event {
        logical_id: id.into(),
        status: status.into(),
        reason: Some(reason.into()),
        ..Event::default()
    };
    let events = [
        event("prod", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [DB]."),
        event("DB", "CREATE_FAILED", "no zones"),
        event("Topic", "CREATE_FAILED", "Resource creation cancelled"),
    ];
    assert_eq!(first_cause(&events).unwrap().logical_id, "DB");
    assert_eq!(first_cause(&events[2..]).unwrap().logical_id, "Topic");
    assert_eq!(first_cause(&[]), None);
}

#[test]
fn what_was_found_wrong_is_all_a_cause_and_of_failures_the_first() {
    let event = |id: &str, status: &str, reason: Option<&str>| Event {
        logical_id: id.into(),
        physical_id: format!("arn:{id}"),
        status: status.into(),
        reason: reason.map(str::to_string),
        ..Event::default()
    };
    let failed = [
        event("prod", "CREATE_FAILED", Some("Validation failed with 2 error(s).")),
        event("Topic", "CREATE_FAILED", Some("Resource creation cancelled")),
        event("DB", "CREATE_FAILED", Some("no zones")),
        event("Queue", "CREATE_FAILED", Some("broken")),
    ];
    let names = |events: &[Event]| {
        causes(events, "arn:prod").into_iter().map(|e| e.logical_id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&failed), ["DB"]);
    let found = [
        event("Data", "VALIDATION_FAILED", Some("it exists")),
        event("Role", "HOOK_FAILED", Some("too much")),
    ];
    assert_eq!(
        names(&[&failed[..], &found, &[event("No", "HOOK_FAILED", None)]].concat()),
        ["Data", "Role"]
    );
    assert_eq!(names(&failed[..1]), [""; 0]);
}

#[test]
fn what_a_parameter_holds_is_not_printed() {
    assert_eq!(format!("{:?}", Parameter::Value("s3cr3t".into())), "***");
}

//! Causes of failures, and what is hidden.

use super::*;

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

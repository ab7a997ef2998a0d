//! Statuses and verdicts.

use super::*;

fn verdicts(status: &str) -> [Verdict; 3] {
    [Goal::Created, Goal::Updated, Goal::Deleted]
        .map(|goal| classify(goal, Some(&Status::from(status))))
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
    let all = |status: &str| Status::from(status).takeover();
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
fn a_status_is_written_as_it_was_read() {
    for text in ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "HOOK_FAILED", "A_NEW_ONE", ""] {
        assert_eq!(Status::from(text).to_string(), text);
    }
    assert_eq!(Status::from("CREATE_FAILED"), Status::CreateFailed);
    assert_eq!(Status::from("A_NEW_ONE"), Status::Other("A_NEW_ONE".into()));
}

#[test]
fn a_status_that_is_not_known_is_judged_by_its_end() {
    let [going, failed, done] = ["A_NEW_ONE_IN_PROGRESS", "A_NEW_ONE_FAILED", "A_NEW_ONE"]
        .map(|status| (Status::from(status).settled(), Status::from(status).failed()));
    assert_eq!([going, failed, done], [(false, false), (true, true), (true, false)]);
}

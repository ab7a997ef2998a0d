//! Stacks that are stuck: what could not be rolled back or deleted, and what may be done about it.

use std::collections::BTreeSet;

use super::prose;
use super::stack::Part;
use crate::cloudformation::status::Status;

/// The resources that a failed deletion has left.
pub fn undeleted(parts: &[Part]) -> impl Iterator<Item = &Part> {
    parts.iter().filter(|part| part.status == Status::DeleteFailed)
}

/// A bucket that CloudFormation did not delete because there is something in it.
pub fn is_full_bucket(part: &Part) -> bool {
    part.kind == "AWS::S3::Bucket"
        && part.status == Status::DeleteFailed
        && part.reason.as_deref().is_some_and(prose::is_full)
}

/// What CloudFormation is told to leave behind: of what was asked for that which it could not delete, and would not take otherwise.
pub fn left_behind(asked: &BTreeSet<String>, parts: &[Part]) -> BTreeSet<String> {
    undeleted(parts).map(|part| part.logical_id.clone()).filter(|id| asked.contains(id)).collect()
}

/// Words for the next deletion as they are written in a configuration. `own`: the resources of the stack, `all`: those of nested stacks too.
pub fn words_for_deletion(own: &[Part], all: &[Part], empties: bool) -> Vec<String> {
    let full: Vec<_> = all
        .iter()
        .filter(|part| is_full_bucket(part))
        .map(|part| part.physical_id.as_str())
        .collect();
    let failed: Vec<_> = undeleted(own).map(|part| format!("{:?}", part.logical_id)).collect();
    let mut words = vec![];
    if !full.is_empty() && !empties {
        words.push(format!(
            "empty_buckets = true  # deletes for good every object in {}",
            full.join(", ")
        ));
    }
    if !failed.is_empty() {
        words.push(format!(
            "retain_resources = [{}]  # leaves them behind, outside of any stack",
            failed.join(", ")
        ));
        words.push(
            "deletion_mode = \"FORCE_DELETE_STACK\"  # leaves behind whatever cannot be deleted"
                .into(),
        );
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(logical_id: &str, kind: &str, status: &str, reason: &str) -> Part {
        let reason = (!reason.is_empty()).then(|| reason.to_string());
        let physical_id = format!("{}-1", logical_id.to_lowercase());
        Part {
            logical_id: logical_id.into(),
            kind: kind.into(),
            physical_id,
            status: status.into(),
            reason,
        }
    }

    fn parts() -> Vec<Part> {
        vec![
            part(
                "Data",
                "AWS::S3::Bucket",
                "DELETE_FAILED",
                "The bucket you tried to delete is not empty",
            ),
            part("Logs", "AWS::S3::Bucket", "DELETE_FAILED", "Access Denied"),
            part("Topic", "AWS::SNS::Topic", "DELETE_COMPLETE", ""),
        ]
    }

    #[test]
    fn only_what_failed_is_left_behind() {
        let asked = ["Data", "Topic", "Nothing"].map(str::to_string).into();
        assert_eq!(left_behind(&asked, &parts()), ["Data".to_string()].into());
    }

    #[test]
    fn words_are_ready_to_be_pasted() {
        let all = words_for_deletion(&parts(), &parts(), false);
        assert_eq!(all[0], "empty_buckets = true  # deletes for good every object in data-1");
        assert_eq!(
            all[1],
            "retain_resources = [\"Data\", \"Logs\"]  # leaves them behind, outside of any stack"
        );
        assert_eq!(words_for_deletion(&parts(), &parts(), true).len(), 2);
        assert_eq!(words_for_deletion(&parts()[1..], &parts()[1..], false).len(), 2);
        assert_eq!(words_for_deletion(&parts()[2..], &parts()[2..], false), Vec::<String>::new());
    }
}

//! What a look for drift finds.

use std::time::Duration;

use super::*;
use crate::actions::stage::{invoke, invoke_in};
use crate::aws::fake::Fake;
use crate::outcome::AwsErrorKind;
use crate::tf::known;

fn config() -> DetectDriftConfig {
    DetectDriftConfig { stack_name: known("prod"), ..DetectDriftConfig::default() }
}

fn queue() -> Drift {
    Drift {
        logical_id: "First".into(),
        kind: "AWS::SQS::Queue".into(),
        physical_id: "first-1".into(),
        deleted: false,
        properties: vec!["/MaximumMessageSize".into()],
    }
}

fn prod() -> Fake {
    Fake::default().existing("prod", "UPDATE_COMPLETE")
}

#[tokio::test(start_paused = true)]
async fn a_stack_without_drift_says_so() {
    let done = invoke(&DetectDrift, &prod().drifts(20, vec![]), &config()).await;
    assert_eq!(done.result(), "Stack prod is as its template says");
    assert!(
        done.lines[0].starts_with("stack prod is compared with its template ("),
        "{:?}",
        done.lines
    );
    assert!(done.lines.len() > 3 && done.d.warnings.is_empty(), "{:?}", done.lines);
}

#[tokio::test(start_paused = true)]
async fn drift_is_a_warning_or_an_error() {
    let fake = prod().drifts(1, vec![queue()]);
    let found = invoke(&DetectDrift, &fake, &config()).await;
    assert_eq!(found.result(), "Stack prod has drifted: 1 resource");
    let line = "First (AWS::SQS::Queue, first-1): changed: /MaximumMessageSize";
    assert!(found.d.warnings[0].detail.starts_with(line), "{:?}", found.d.warnings);
    let fails = DetectDriftConfig { fail_on_drift: true.into(), ..config() };
    let failed = invoke(&DetectDrift, &fake, &fails).await;
    assert!(failed.errors().contains(line), "{}", failed.errors());
}

#[tokio::test(start_paused = true)]
async fn what_was_not_looked_at_is_told() {
    let fake =
        prod().drifts(1, vec![queue()]).overlooks("Failed to detect drift on resources [Second]");
    let found = invoke(&DetectDrift, &fake, &config()).await;
    let warnings: Vec<_> = found.d.warnings.iter().map(|w| w.summary.as_ref()).collect();
    assert_eq!(warnings, ["Not all of stack prod was looked at", "Stack prod has drifted"]);
}

#[tokio::test(start_paused = true)]
async fn what_goes_on_is_waited_for_and_a_stop_ends_it() {
    let busy = prod().fail("detect", AwsErrorKind::State).fail("detect", AwsErrorKind::State);
    assert_eq!(
        invoke(&DetectDrift, &busy, &config()).await.result(),
        "Stack prod is as its template says"
    );
    let fake = prod().drifts(1000, vec![]);
    let cx = fake.cx();
    cx.stops_after(Duration::from_secs(30));
    let stopped = invoke_in(&DetectDrift, cx, &config()).await;
    assert!(
        stopped.errors().starts_with("The drift detection of prod was not finished: stopped"),
        "{}",
        stopped.errors()
    );
    let nobody = invoke(&DetectDrift, &Fake::default(), &config()).await;
    assert_eq!(nobody.d.errors[0].attribute.to_string(), "stack_name");
}

#[tokio::test(start_paused = true)]
async fn what_quilt_writes_into_its_own_policies_is_no_drift() {
    let policy = |logical_id: &str| Drift {
        logical_id: logical_id.into(),
        kind: "AWS::IAM::ManagedPolicy".into(),
        properties: vec!["/PolicyDocument".into()],
        ..Drift::default()
    };
    let found = || vec![policy("BucketReadPolicy"), policy("RegistryAssumeRolePolicy")];
    let quilt = || Fake::default().using("prod", "QuiltWebHost", "quilt.example.com");
    let fails = DetectDriftConfig { fail_on_drift: true.into(), ..config() };
    let done = invoke(&DetectDrift, &quilt().drifts(0, found()), &fails).await;
    assert_eq!(done.result(), "Stack prod is as its template says");
    let more = [found(), vec![queue()]].concat();
    let failed = invoke(&DetectDrift, &quilt().drifts(0, more), &fails).await.errors();
    assert!(failed.contains("First") && !failed.contains("BucketReadPolicy"), "{failed}");
}

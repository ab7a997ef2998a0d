//! Buckets that are emptied, and those that never are.

use super::*;
use crate::actions::stage::{invoke, invoke_in};
use crate::aws::Stacks;
use crate::aws::fake::Fake;
use crate::tf::known;

const TEMPLATE: &str = r#"{"Resources": {"Data": {"Type": "AWS::S3::Bucket"}, "More": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete"},
    "Kept": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"}}}"#;

fn prod() -> Fake {
    let fake = Fake::default().made_from("prod", TEMPLATE);
    ["Data", "More", "Kept"].into_iter().fold(fake, |fake, name| {
        let bucket = name.to_lowercase();
        fake.part("prod", name, "AWS::S3::Bucket", &bucket).holds(&bucket, 4200)
    })
}

fn config(buckets: &[&str]) -> EmptyBucketsConfig {
    let buckets = Set(buckets.iter().map(ToString::to_string).collect()).into();
    EmptyBucketsConfig { stack_name: known("prod"), buckets, ..EmptyBucketsConfig::default() }
}

fn cleared(fake: &Fake) -> usize {
    fake.calls().iter().filter(|call| call.starts_with("clear ")).count()
}

#[tokio::test(start_paused = true)]
async fn named_buckets_are_emptied_and_again_without_harm() {
    let fake = prod();
    let done = invoke(&EmptyBuckets, &fake, &config(&["data", "more"])).await;
    assert_eq!(done.result(), "data, more are empty: 8400 objects and versions were deleted");
    assert_eq!(cleared(&fake), 12);
    let again = invoke(&EmptyBuckets, &fake, &config(&["data", "more"])).await;
    assert_eq!(again.result(), "data, more are empty: 0 objects and versions were deleted");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_touched_unless_each_is_the_stacks_own() {
    for other in ["theirs", "Data", "kept"] {
        let fake = prod().holds("theirs", 1);
        let refused = invoke(&EmptyBuckets, &fake, &config(&["data", other])).await;
        assert_eq!(refused.d.errors[0].attribute.to_string(), "buckets", "{}", refused.errors());
        assert_eq!(cleared(&fake), 0, "{other}");
    }
}

#[tokio::test(start_paused = true)]
async fn those_of_a_protected_stack_are_never_emptied() {
    let fake = prod();
    fake.protect("prod", true).await.unwrap();
    let refused = invoke(&EmptyBuckets, &fake, &config(&["data"])).await;
    assert!(refused.errors().contains("Termination protection is on"), "{}", refused.errors());
    assert_eq!(cleared(&fake), 0);
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_it() {
    let fake = prod();
    let cx = fake.cx();
    cx.stop.cancel();
    let stopped = invoke_in(&EmptyBuckets, cx, &config(&["data"])).await;
    assert!(
        stopped.errors().starts_with("The emptying of buckets of prod was not finished: stopped"),
        "{}",
        stopped.errors()
    );
    assert_eq!(cleared(&fake), 0);
}

#[test]
fn the_plan_says_what_is_lost() {
    let mut d = Diagnostics::default();
    Action::validate(&EmptyBuckets, &config(&["data"]), &mut d);
    assert!(d.warnings[0].detail.contains("Every object in data is deleted for good"));
    Action::validate(&EmptyBuckets, &config(&[]), &mut d);
    assert_eq!(d.errors[0].attribute, AttributePath::new("buckets"));
}

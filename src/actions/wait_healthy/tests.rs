//! Stacks that come to their work, and those that do not.

use super::*;
use crate::actions::stage::invoke;
use crate::aws::ecs::Running;
use crate::aws::fake::{Fake, old_database};
use crate::quilt::search::Domain;
use crate::tf::known;

const SERVICE: &str = "arn:aws:ecs:us-east-1:123456789012:service/prod/registry";

fn prod(status: &'static str) -> Fake {
    Fake::default()
        .existing("prod", status)
        .part("prod", "DB", "AWS::RDS::DBInstance", "old-db-1")
        .part("prod", "Search", "AWS::Elasticsearch::Domain", "search")
        .part("prod", "Registry", "AWS::ECS::Service", SERVICE)
        .instance(old_database("available"))
        .domain(Domain { name: "search".into(), processing: true, ..Domain::default() }, 5)
}

fn running(running_count: i64) -> Option<Running> {
    Some(Running { desired_count: 2, running_count, ..Running::default() })
}

fn config() -> WaitHealthyConfig {
    WaitHealthyConfig { stack_name: known("prod"), ..WaitHealthyConfig::default() }
}

#[tokio::test(start_paused = true)]
async fn everything_is_waited_for_in_turn() {
    let fake = prod("UPDATE_COMPLETE").service(SERVICE, running(2), vec![]);
    let done = invoke(&WaitHealthy, &fake, &config()).await;
    assert_eq!(done.result(), "Stack prod and what runs in it are well (3 looked at)");
    assert!(
        done.lines[0].starts_with("the search domain Search is being changed: "),
        "{:?}",
        done.lines
    );
}

#[tokio::test(start_paused = true)]
async fn what_does_not_come_is_told_when_the_time_is_over() {
    let fake = prod("UPDATE_COMPLETE").service(SERVICE, running(1), vec![]);
    let late = invoke(&WaitHealthy, &fake, &config()).await;
    assert!(
        late.errors().contains("After 1 h, the service Registry runs 1 of 2 tasks still"),
        "{}",
        late.errors()
    );
    let stopped = prod("UPDATE_COMPLETE")
        .service(SERVICE, running(2), vec![])
        .instance(old_database("stopped"));
    let ill = invoke(&WaitHealthy, &stopped, &config()).await;
    assert!(
        ill.errors().contains("DB (AWS::RDS::DBInstance, old-db-1) is stopped."),
        "{}",
        ill.errors()
    );
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_stuck_is_not_well() {
    let stuck = invoke(&WaitHealthy, &prod("UPDATE_ROLLBACK_FAILED"), &config()).await;
    assert!(
        stuck
            .errors()
            .starts_with("The wait for prod was not finished\nStack prod is not complete"),
        "{}",
        stuck.errors()
    );
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_looked_at_is_told() {
    let fake = prod("UPDATE_COMPLETE")
        .service(SERVICE, running(2), vec![])
        .fail("instance", AwsErrorKind::Denied);
    let done = invoke(&WaitHealthy, &fake, &config()).await;
    assert_eq!(done.d.warnings[0].summary, "DB was not looked at");
    assert!(done.result().starts_with("Stack prod"));
}

#[test]
fn the_cluster_stands_in_the_arn() {
    let of =
        ["arn:aws:ecs:r:1:service/prod/registry", "arn:aws:ecs:r:1:service/registry", "registry"];
    assert_eq!(of.map(cluster), ["prod", "default", "default"]);
}

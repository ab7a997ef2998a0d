//! What the command tells of an account in memory.

use super::*;
use crate::aws::Regions;
use crate::aws::fake::Fake;
use crate::outcome::AwsErrorKind;

async fn found(fake: &Fake, asked: &Arguments) -> Vec<Finding> {
    let aws = fake.aws(None).await.unwrap();
    examine(&fake.cx(), &aws, asked).await.unwrap()
}

fn asked(stack: &str) -> Arguments {
    Arguments { stack: Some(stack.into()), ..Arguments::default() }
}

#[tokio::test(start_paused = true)]
async fn a_new_deployment_is_examined_whole() {
    let all = found(&Fake::default(), &asked("prod")).await;
    let names: Vec<_> = all.iter().map(|f| f.check.name).collect();
    for name in ["stack_name", "engine_version", "database_instance", "search_nodes", "cidr"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(report::ready(&all), "{}", report::text(&all, "us-east-1"));
}

#[tokio::test(start_paused = true)]
async fn a_failure_has_its_cure_in_each_form() {
    let fake = Fake::default().fail("offers", AwsErrorKind::Denied);
    let zones = vec!["eu-west-1a".to_string()];
    let all = found(&fake, &Arguments { zones, ..asked("Quilt_Prod") }).await;
    assert!(!report::ready(&all));
    let text = report::text(&all, "us-east-1");
    assert!(text.contains("FAIL      stack_name          `Quilt_Prod`"), "{text}");
    assert!(text.contains("Write two zones of us-east-1"), "{text}");
    assert!(text.contains("unknown   database_instance"), "{text}");
    assert!(text.ends_with("2 failed, 1 could not be made.\n"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&report::json(&all, "us-east-1").unwrap()).unwrap();
    assert_eq!((&json["ready"], &json["checks"][0]["status"]), (&false.into(), &"fail".into()));
    assert!(report::issue(&all, "us-east-1").contains("| stack_name | fail |"));
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_there_needs_no_network_and_says_its_host() {
    let fake = Fake::default().existing("prod", "UPDATE_ROLLBACK_FAILED");
    let all = found(&fake, &asked("prod")).await;
    let names: Vec<_> = all.iter().map(|f| f.check.name).collect();
    assert_eq!(names, ["stack_name", "stack_status"]);
    assert!(report::text(&all, "us-east-1").contains("continue-update-rollback --stack-name prod"));
}

#[test]
fn a_parameter_has_a_value() {
    let parameters = |text: &str| {
        let parameters = vec![text.to_string()];
        super::parameters(&Arguments { parameters, ..Arguments::default() })
    };
    assert_eq!(parameters("A=b=c").unwrap()["A"], known("b=c"));
    assert!(parameters("A").is_err());
}

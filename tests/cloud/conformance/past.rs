//! The cloud's own: reads that are not up to date, answers that are not AWS's, and what happens between two calls.

use super::weather::sdk;
use crate::cloud::{Cloud, Fault, Weather};

const QUEUE: &str = "Parameters: {Size: {Type: Number, Default: 1024}}\nResources: {Q: {Type: AWS::SQS::Queue, Properties: {MaximumMessageSize: !Ref Size}}}";

fn client(cloud: &Cloud) -> aws_sdk_cloudformation::Client {
    aws_sdk_cloudformation::Client::new(&sdk(cloud))
}

/// The status of a stack as a program sees it.
async fn status(cloud: &Cloud, stack: &str) -> String {
    let answer = client(cloud).describe_stacks().stack_name(stack).send().await;
    answer.map_or("none".into(), |answer| {
        answer.stacks()[0].stack_status().map(|s| s.as_str().to_owned()).unwrap_or_default()
    })
}

/// AWS's reads follow its writes after a while (CloudFormation and IAM, "eventual consistency").
#[tokio::test]
async fn reads_may_be_older_than_the_write_before_them() {
    let cloud = Cloud::start();
    cloud.weather(Weather::stale(2));
    let made = client(&cloud)
        .create_stack()
        .stack_name("queues")
        .template_body(QUEUE)
        .send()
        .await
        .expect("the template is right");
    let id = made.stack_id().expect("it has one").to_owned();
    assert_eq!([status(&cloud, &id).await, status(&cloud, "queues").await], ["none", "none"]);
    cloud.settled("queues");
    assert_eq!(status(&cloud, &id).await, "CREATE_COMPLETE");
    let events = || async {
        client(&cloud)
            .describe_stack_events()
            .stack_name(&id)
            .send()
            .await
            .map_or(0, |answer| answer.stack_events().len())
    };
    assert_eq!([events().await, events().await], [0, 0]);
    assert!(events().await > 0);
    client(&cloud).delete_stack().stack_name(&id).send().await.expect("it may be deleted");
    assert_eq!(cloud.settled(&id).status, "DELETE_COMPLETE", "the test's own calls go past it");
    assert_eq!([status(&cloud, &id).await, status(&cloud, &id).await], ["CREATE_COMPLETE"; 2]);
    assert_eq!(
        [status(&cloud, &id).await, status(&cloud, "queues").await],
        ["DELETE_COMPLETE", "none"]
    );
    let stale =
        cloud.calls().into_iter().filter(|call| call.weather.as_deref() == Some("past")).count();
    assert_eq!(stale, 6);
}

/// A change set is read like a stack.
#[tokio::test]
async fn change_sets_may_not_be_seen_yet() {
    let cloud = Cloud::start();
    cloud.create_stack("queues", QUEUE, &[]).expect("the template is right");
    let id = cloud.settled("queues").id;
    cloud.weather(Weather::stale(1));
    let size = aws_sdk_cloudformation::types::Parameter::builder()
        .parameter_key("Size")
        .parameter_value("2048")
        .build();
    let call = client(&cloud)
        .create_change_set()
        .stack_name(&id)
        .change_set_name("next")
        .use_previous_template(true)
        .parameters(size);
    call.send().await.expect("there is a change");
    let describe =
        || client(&cloud).describe_change_set().stack_name(&id).change_set_name("next").send();
    assert!(describe().await.is_err());
    assert_eq!(
        describe().await.expect("now it is seen").execution_status().map(|s| s.as_str()),
        Some("AVAILABLE")
    );
}

/// What somebody on the way answers is not AWS's: no document of an error, no code.
#[tokio::test]
async fn somebody_else_may_answer() {
    use aws_smithy_types::error::metadata::ProvideErrorMetadata;
    for fault in [Fault::Html { status: 404 }, Fault::Bare { status: 404 }] {
        let cloud = Cloud::start();
        cloud.weather(fault.clone().on("DescribeStacks"));
        let refused = client(&cloud)
            .describe_stacks()
            .stack_name("queues")
            .send()
            .await
            .expect_err("nobody answers");
        let status = refused.raw_response().map(|response| response.status().as_u16());
        assert_eq!((status, refused.into_service_error().code()), (Some(404), None), "{fault:?}");
    }
}

/// CloudFormation User Guide, "Delete a stack": a stack's id stands for that stack alone. API, CreateChangeSet, UpdateStack, ExecuteChangeSet.
#[tokio::test]
async fn a_stack_that_is_made_anew_has_another_id() {
    let cloud = Cloud::start();
    cloud.create_stack("queues", QUEUE, &[]).expect("the template is right");
    let id = cloud.settled("queues").id;
    let set = client(&cloud)
        .create_change_set()
        .stack_name(&id)
        .change_set_name("next")
        .template_body(QUEUE.replace("1024", "2048"));
    set.send().await.expect("there is a change");
    cloud.before("ExecuteChangeSet", |cloud| {
        cloud.delete_stack("queues").expect("it may be deleted");
        cloud.create_stack("queues", QUEUE, &[]).expect("the template is right");
        cloud.settled("queues");
    });
    let execute =
        client(&cloud).execute_change_set().stack_name(&id).change_set_name("next").send().await;
    assert!(execute.is_err(), "its change sets went with it");
    let again = client(&cloud)
        .create_change_set()
        .stack_name(&id)
        .change_set_name("more")
        .template_body(QUEUE.replace("1024", "2048"));
    assert!(again.send().await.is_err());
    assert!(
        client(&cloud)
            .update_stack()
            .stack_name(&id)
            .template_body(QUEUE.replace("1024", "2048"))
            .send()
            .await
            .is_err()
    );
    client(&cloud)
        .delete_stack()
        .stack_name(&id)
        .send()
        .await
        .expect("what is gone may be deleted");
    let now = cloud.stack("queues").expect("it was made anew");
    assert_eq!((now.id == id, now.status.as_str(), now.updated), (false, "CREATE_COMPLETE", None));
}

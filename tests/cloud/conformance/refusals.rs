//! What CloudFormation refuses before anything is made.

use super::QUEUES;
use crate::cloud::{Cloud, Refusal};

const ROLE: &str = r#"
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: a-name, AssumeRolePolicyDocument: {Statement: []}}}
"#;

fn create(body: &str, parameters: &[(&str, &str)]) -> Result<String, Refusal> {
    Cloud::start().create_stack("queues", body, parameters)
}

fn refused(body: &str, parameters: &[(&str, &str)], message: &str) {
    let refusal = create(body, parameters).expect_err(message);
    assert_eq!(
        (refusal.status, refusal.code.as_str(), refusal.message.as_str()),
        (400, "ValidationError", message)
    );
}

/// Guide, "Parameters"; the text is seen.
#[test]
fn parameters_that_the_template_does_not_declare() {
    refused(
        QUEUES,
        &[("Sise", "2048"), ("Colour", "red")],
        "Parameters: [Sise, Colour] do not exist in the template",
    );
}

/// Guide, "Parameters"; the text is seen.
#[test]
fn parameters_without_values() {
    let body = "Parameters: {A: {Type: String}, B: {Type: String}, C: {Type: String, Default: c}}\nResources: {Q: {Type: AWS::SQS::Queue}}";
    refused(body, &[], "Parameters: [A, B] must have values");
}

/// Guide, "Parameters": AllowedValues, AllowedPattern, MinLength, MinValue, ConstraintDescription; the texts are seen.
#[test]
fn parameter_values_out_of_bounds() {
    let template = |constraint: &str| {
        format!(
            "Parameters: {{A: {{Type: String, {constraint}}}}}\nResources: {{Q: {{Type: AWS::SQS::Queue}}}}"
        )
    };
    refused(
        &template("AllowedValues: [a, b]"),
        &[("A", "c")],
        "Parameter 'A' must be one of AllowedValues",
    );
    refused(
        &template("AllowedPattern: '^[a-z]+$'"),
        &[("A", "1")],
        "Parameter 'A' must match pattern ^[a-z]+$",
    );
    refused(
        &template("MinLength: 3"),
        &[("A", "ab")],
        "Parameter 'A' must contain at least 3 characters",
    );
    refused(
        &template("MinLength: 3, ConstraintDescription: three at least"),
        &[("A", "ab")],
        "Parameter A failed to satisfy constraint: three at least",
    );
    refused(QUEUES, &[("Size", "1")], "Parameter 'Size' must be a number not less than 1024");
    assert!(create(&template("AllowedValues: [true, false]"), &[("A", "true")]).is_ok());
}

/// API, CreateStack, Capabilities: InsufficientCapabilities.
#[test]
fn capabilities_that_were_not_given() {
    let refusal = Cloud::start()
        .query("cloudformation", "CreateStack", &[("StackName", "role"), ("TemplateBody", ROLE)])
        .expect_err("no capability");
    assert_eq!(
        (refusal.code.as_str(), refusal.message.as_str()),
        ("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]")
    );
}

/// API, CreateStack, TemplateBody: at most 51,200 bytes.
#[test]
fn bodies_over_51200_bytes() {
    let refusal = create(&format!("{QUEUES}#{}", "x".repeat(51_200)), &[]).expect_err("too large");
    assert_eq!(refusal.code, "ValidationError");
    assert!(
        refusal.message.ends_with("at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200")
    );
}

/// Guide, "Ref", "Fn::GetAtt" and "DependsOn"; the texts are seen.
#[test]
fn references_that_lead_nowhere() {
    let template = |name: &str| {
        format!("Resources: {{Q: {{Type: AWS::SQS::Queue, Properties: {{QueueName: {name}}}}}}}")
    };
    refused(
        &template("!Ref Nobody"),
        &[],
        "Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template",
    );
    refused(
        &template("!Sub 'a-${Nobody}'"),
        &[],
        "Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template",
    );
    refused(
        &template("!GetAtt Nobody.Arn"),
        &[],
        "Template error: instance of Fn::GetAtt references undefined resource Nobody",
    );
    let output = "Resources: {Q: {Type: AWS::SQS::Queue}}\nOutputs: {O: {Value: !Ref Nobody}}";
    refused(
        output,
        &[],
        "Template format error: Unresolved resource dependencies [Nobody] in the Outputs block of the template",
    );
    refused(
        "Resources: {}",
        &[],
        "Template format error: At least one Resources member must be defined.",
    );
    refused(
        "Resources: {Q: {Type: AWS::SQS::Cue}}",
        &[],
        "Template format error: Unrecognized resource types: [AWS::SQS::Cue]",
    );
}

/// API, CreateStack: AlreadyExistsException; ClientRequestToken makes a repeated request the same request.
#[test]
fn a_stack_of_that_name() {
    let cloud = Cloud::start();
    let token = |token| {
        cloud.change_stack(
            "CreateStack",
            "queues",
            &[("TemplateBody", QUEUES), ("ClientRequestToken", token)],
            &[],
        )
    };
    let id = token("first").expect("the name is free");
    assert_eq!(token("first"), Ok(id.clone()));
    let refusal = token("second").expect_err("the name is taken");
    assert_eq!(
        (refusal.code.as_str(), refusal.message.as_str()),
        ("AlreadyExistsException", "Stack [queues] already exists")
    );
    cloud.settled("queues");
    assert!(
        cloud.events("queues").iter().all(|event| event.token.as_deref() == Some("first")),
        "{:#?}",
        cloud.events("queues")
    );
}

/// API, UpdateStack; the text is seen. API, DeleteStack: a stack that another operation changes is not deleted; the text is seen.
#[test]
fn stacks_in_the_wrong_state() {
    let cloud = Cloud::start();
    let id = cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.settled("queues");
    cloud.hold(crate::cloud::Rule::stack("queues").on("update").hold(60.0));
    cloud.update_stack("queues", QUEUES, &[("Size", "2048")]).expect("there is a change");
    let refusal =
        cloud.update_stack("queues", QUEUES, &[("Size", "4096")]).expect_err("it is being updated");
    assert_eq!(
        refusal.message,
        format!("Stack:{id} is in UPDATE_IN_PROGRESS state and can not be updated.")
    );
    let refusal = cloud.delete_stack("queues").expect_err("it is being updated");
    assert_eq!(
        refusal.message,
        format!("Stack [{id}] cannot be deleted while in status UPDATE_IN_PROGRESS")
    );
    cloud.let_go();
    assert_eq!(cloud.settled("queues").status, "UPDATE_COMPLETE");
}

/// API, DescribeStacks and the others; the texts are seen.
#[test]
fn stacks_and_resources_that_do_not_exist() {
    let cloud = Cloud::start();
    let refusal = |action, parameters: &[(&str, &str)]| {
        cloud.query("cloudformation", action, parameters).expect_err(action).message
    };
    assert_eq!(
        refusal("DescribeStacks", &[("StackName", "none")]),
        "Stack with id none does not exist"
    );
    assert_eq!(
        refusal("GetTemplate", &[("StackName", "none")]),
        "Stack with id none does not exist"
    );
    assert_eq!(
        refusal("UpdateStack", &[("StackName", "none"), ("TemplateBody", QUEUES)]),
        "Stack [none] does not exist"
    );
    assert_eq!(
        refusal("DescribeStackResource", &[("StackName", "none"), ("LogicalResourceId", "A")]),
        "Stack 'none' does not exist"
    );
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.settled("queues");
    assert_eq!(
        refusal("DescribeStackResource", &[("StackName", "queues"), ("LogicalResourceId", "A")]),
        "Resource A does not exist for stack queues"
    );
}

/// API, CreateStack, TemplateURL: an object of a bucket, by either address; the text for a missing object is seen.
#[test]
fn templates_by_address() {
    let cloud = Cloud::start();
    let url = cloud.upload("queues.yaml", QUEUES);
    let by =
        |name, url: &str| cloud.change_stack("CreateStack", name, &[("TemplateURL", url)], &[]);
    by("virtual-host", &url).expect("the object is there");
    by(
        "path",
        &url.replace(&format!("templates-{}.s3", cloud.account()), "s3")
            .replace(".com/", &format!(".com/templates-{}/", cloud.account())),
    )
    .expect("there too");
    let refusal = by("missing", &url.replace("queues", "cues")).expect_err("no such object");
    assert!(
        refusal.message.starts_with("S3 error: The specified key does not exist."),
        "{refusal}"
    );
}

/// Guide, "Template sections": description, metadata, mappings and conditions are not updated by themselves; outputs, tags and values of parameters are.
#[test]
fn updates_that_change_nothing() {
    let cloud = Cloud::start();
    let body =
        QUEUES.replace("Resources:", "Conditions: {Large: !Equals [!Ref Size, 2048]}\nResources:");
    cloud.create_stack("queues", &body, &[]).expect("the template is right");
    cloud.settled("queues");
    let nothing = [
        body.clone(),
        format!("# a comment\n{body}\n\n"),
        format!("Description: another\n{body}"),
        format!("Metadata: {{A: b}}\n{body}"),
        format!("Mappings: {{A: {{B: {{C: d}}}}}}\n{body}"),
        body.replace("2048", "4096"),
        body.replace("Password: {", "Unused: {Type: String, Default: x}\n  Password: {"),
        body.replace("Size: {Type: Number, ", "Size: {Type: Number, Description: bytes, "),
    ];
    for same in nothing {
        let refusal = cloud.update_stack("queues", &same, &[]).expect_err(&same);
        assert_eq!(
            (refusal.code.as_str(), refusal.message.as_str()),
            ("ValidationError", "No updates are to be performed."),
            "{same}"
        );
        assert_eq!(cloud.template("queues"), body);
    }
    let something = [
        body.replace("Outputs:", "Outputs:\n  More: {Value: x}"),
        body.replace("First: {", "First: {Metadata: {A: b}, "),
    ];
    for other in something {
        cloud.update_stack("queues", &other, &[]).expect(&other);
        assert_eq!(cloud.settled("queues").status, "UPDATE_COMPLETE");
    }
}

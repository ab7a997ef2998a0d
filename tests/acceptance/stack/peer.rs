//! Cases that hashicorp/aws keeps for its `aws_cloudformation_stack`, under our type, where no other test is the same.

use serde_json::{Value, json};

use super::THIS;
use crate::acceptance::terraform::Project;
use crate::acceptance::{BROKEN, QUEUES, queues, stack, writes};
use crate::cloud::{Cloud, Rule};

mod template;

/// A network in the configuration itself.
const VPC: &str = r#"{"Resources": {"MyVPC": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}},
  "Outputs": {"DefaultSgId": {"Value": {"Fn::GetAtt": ["MyVPC", "DefaultSecurityGroup"]}}, "VpcID": {"Value": {"Ref": "MyVPC"}}}}"#;

/// The same with a parameter.
const CIDR: &str = r#"{"Parameters": {"VpcCIDR": {"Type": "String"}},
  "Resources": {"MyVPC": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": {"Ref": "VpcCIDR"}}}}}"#;

const POLICY: &str =
    r#"{"Statement":[{"Action":"Update:*","Effect":"Allow","Principal":"*","Resource":"*"}]}"#;

/// A project whose `template.json` holds this.
fn of(template: &str) -> (Cloud, Project) {
    let (cloud, project) = queues();
    project.write("template.json", template);
    (cloud, project)
}

/// The stack from `template.json`, not protected.
fn body(arguments: &str) -> String {
    from("template_body = file(\"template.json\")", arguments)
}

fn from(template: &str, arguments: &str) -> String {
    stack(&format!("  {template}\n  enable_termination_protection = false\n{arguments}"))
}

/// Applies, and nothing is left to do.
fn applied(project: &Project, main: &str) {
    project.main(main);
    project.apply().ok();
    project.plan_is_empty();
}

/// Imports the stack elsewhere with the same configuration: the apply writes nothing, and nothing is left to do.
fn imported(cloud: &Cloud, project: &Project) {
    let other = project.again(cloud);
    cloud.forget();
    other.import(THIS, "queues").ok();
    other.apply().ok();
    other.plan_is_empty();
    assert_eq!(writes(cloud), [""; 0]);
}

/// Keys of a map in the state; a null one has none.
fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

#[test]
fn basic() {
    let (cloud, project) = of(VPC);
    applied(&project, &body(""));
    let attributes = project.instance(THIS)["attributes"].clone();
    assert_eq!(
        (&attributes["name"], &attributes["on_failure"], &attributes["template_url"]),
        (&json!("queues"), &json!(null), &json!(null))
    );
    assert_eq!(
        (keys(&attributes["outputs"]), keys(&attributes["parameters"])),
        (vec!["DefaultSgId", "VpcID"], vec![])
    );
    assert!(attributes["outputs"].as_object().is_some_and(|outputs| {
        outputs.values().all(|value| value.as_str().is_some_and(|v| !v.is_empty()))
    }));
    let other = project.again(&cloud);
    other.write("template.json", VPC);
    other.import(THIS, "queues").ok();
    cloud.forget();
    other.apply().ok();
    assert_eq!(writes(&cloud), [""; 0]);
    other.plan_is_empty();
    let imported = other.instance(THIS)["attributes"].clone();
    for name in [
        "id",
        "name",
        "outputs",
        "parameters",
        "capabilities",
        "notification_arns",
        "policy_body",
        "tags_all",
        "status",
    ] {
        assert_eq!(imported[name], attributes[name], "{name}");
    }
}

/// A configuration moves over by changing the type: every argument has its name.
#[test]
fn every_argument_is_one_of_ours() {
    let (_cloud, project) = queues();
    project.main(&from("template_file = \"template.yaml\"", ""));
    let schemas = project.show(&["providers", "schema", "-json"]);
    let ours = &schemas["provider_schemas"]["registry.terraform.io/quiltdata/quilt"]["resource_schemas"]
        ["quilt_stack"]["block"];
    let theirs = "capabilities disable_rollback iam_role_arn name notification_arns on_failure parameters policy_body policy_url region tags tags_all \
                  template_body template_url timeout_in_minutes id outputs";
    for name in theirs.split(' ') {
        assert!(ours["attributes"].get(name).is_some(), "{name}: {ours}");
    }
    for name in ["create", "update", "delete"] {
        assert!(
            ours["block_types"]["timeouts"]["block"]["attributes"].get(name).is_some(),
            "timeouts.{name}"
        );
    }
}

#[test]
fn creation_failures() {
    for (on_failure, status) in [
        ("DO_NOTHING", "CREATE_FAILED"),
        ("DELETE", "DELETE_COMPLETE"),
        ("ROLLBACK", "ROLLBACK_COMPLETE"),
    ] {
        let (cloud, project) = of(VPC);
        cloud.hold(Rule::stack("queues").resource("MyVPC").on("create").fail(BROKEN));
        project.main(&body(&format!("  on_failure = \"{on_failure}\"")));
        project
            .apply()
            .failed()
            .says(&format!("({status})"))
            .says("First cause: MyVPC (AWS::EC2::VPC): Resource handler returned");
        cloud.let_go();
        project.destroy().ok();
        assert!(cloud.stack("queues").is_none(), "{on_failure}");
    }
}

#[test]
fn update_failure() {
    let (cloud, project) = of(CIDR);
    applied(&project, &body("  parameters = { VpcCIDR = \"10.0.0.0/16\" }"));
    let id = cloud.stack("queues").expect("it was made").id;
    cloud.hold(Rule::stack("queues").resource("MyVPC").on("update").fail(BROKEN));
    project.main(&body(
        "  parameters = { VpcCIDR = \"12.0.0.0/16\" }\n  allow_replacement = [\"MyVPC\"]",
    ));
    project
        .apply()
        .failed()
        .says("(UPDATE_ROLLBACK_COMPLETE)")
        .says("MyVPC (AWS::EC2::VPC): Resource handler returned");
    assert_eq!(
        (project.attribute(THIS, "parameters"), project.attribute(THIS, "id")),
        (json!({"VpcCIDR": "10.0.0.0/16"}), json!(id))
    );
    assert_eq!(project.plan().code, 2, "the change is planned again");
}

#[test]
fn default_parameters() {
    let template = r#"{"Parameters": {"TopicName": {"Type": "String"}, "VPCCIDR": {"Type": "String", "Default": "10.10.0.0/16"}},
      "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "TopicName"}}},
        "MyVPC": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": {"Ref": "VPCCIDR"}}}},
      "Outputs": {"VPCCIDR": {"Value": {"Ref": "VPCCIDR"}}}}"#;
    let (cloud, project) = of(template);
    applied(&project, &body("  parameters = { TopicName = \"queues-topic\" }"));
    assert_eq!(
        project.attribute(THIS, "parameters"),
        json!({"TopicName": "queues-topic"}),
        "defaults are not taken into the state"
    );
    assert_eq!(project.attribute(THIS, "outputs")["VPCCIDR"], "10.10.0.0/16");
    let other = project.again(&cloud);
    other.import(THIS, "queues").ok();
    cloud.forget();
    other.apply().ok();
    assert_eq!(writes(&cloud), [""; 0]);
    other.plan_is_empty();
    assert_eq!(other.attribute(THIS, "parameters"), json!({"TopicName": "queues-topic"}));
}

/// Everything at once, imported, and then each changed by itself.
#[test]
fn all_attributes() {
    let (cloud, project) = of(CIDR);
    let topic = |name: &str| format!("arn:aws:sns:us-east-1:{}:{name}", cloud.account());
    let all = body(&format!(
        "  parameters = {{ VpcCIDR = \"10.0.0.0/16\" }}\n  policy_body = {POLICY:?}\n  capabilities = [\"CAPABILITY_IAM\"]\n  \
         notification_arns = [\"{}\"]\n  on_failure = \"DELETE\"\n  timeout_in_minutes = 10\n  tags = {{ First = \"Mickey\", Second = \"Mouse\" }}",
        topic("one")
    ));
    applied(&project, &all);
    let attributes = project.instance(THIS)["attributes"].clone();
    assert_eq!(attributes["tags"], json!({"First": "Mickey", "Second": "Mouse"}));
    assert_eq!(
        (&attributes["policy_body"], &attributes["timeout_in_minutes"]),
        (&json!(POLICY), &json!(10))
    );
    assert_eq!(
        (&attributes["capabilities"], &attributes["notification_arns"]),
        (&json!(["CAPABILITY_IAM"]), &json!([topic("one")]))
    );
    imported(&cloud, &project);

    let id = cloud.stack("queues").expect("it was made").id;
    let other = POLICY.replace("Update:*", "Update:Modify");
    for (from, to, sends) in [
        ("Mickey", "Minnie".to_owned(), "ExecuteChangeSet"),
        (&topic("one"), topic("two"), "ExecuteChangeSet|UpdateStack"),
        (&format!("{POLICY:?}"), format!("{other:?}"), "SetStackPolicy"),
        ("\"CAPABILITY_IAM\"", "\"CAPABILITY_IAM\", \"CAPABILITY_NAMED_IAM\"".into(), ""),
        ("on_failure = \"DELETE\"", "on_failure = \"ROLLBACK\"".into(), ""),
        ("timeout_in_minutes = 10", "timeout_in_minutes = 20".into(), ""),
    ] {
        let changed = all.replace(from, &to);
        assert_ne!(changed, all, "{from}");
        applied(&project, &all);
        cloud.forget();
        project.main(&changed);
        project.apply().ok().says("1 changed");
        let sent: Vec<_> = writes(&cloud)
            .into_iter()
            .filter(|call| !call.ends_with("ateChangeSet") && call != "DeleteChangeSet")
            .collect();
        assert!(
            sent.len() <= 1
                && sent.iter().all(|call| sends.split('|').any(|s| s == call))
                && sends.is_empty() == sent.is_empty(),
            "{to}: {sent:?}"
        );
        project.plan_is_empty();
    }
    assert_eq!(cloud.stack("queues").expect("it is there").id, id, "nothing of this replaces it");
}

/// Another address is another network: that needs a word.
#[test]
fn with_parameters() {
    let (cloud, project) = of(CIDR);
    let with = |cidr: &str| {
        body(&format!(
            "  parameters = {{ VpcCIDR = \"{cidr}\" }}\n  on_failure = \"DELETE\"\n  timeout_in_minutes = 1\n  allow_replacement = [\"MyVPC\"]"
        ))
    };
    applied(&project, &with("10.0.0.0/16"));
    assert_eq!(
        (keys(&project.attribute(THIS, "parameters")), keys(&project.attribute(THIS, "outputs"))),
        (vec!["VpcCIDR"], vec![])
    );
    imported(&cloud, &project);
    project.main(&with("12.0.0.0/16").replace("  allow_replacement = [\"MyVPC\"]", ""));
    project
        .plan()
        .failed()
        .says("MyVPC (AWS::EC2::VPC) would be replaced by a new one")
        .says("allow_replacement = [\"MyVPC\"]");
    applied(&project, &with("12.0.0.0/16"));
    assert_eq!(project.attribute(THIS, "parameters"), json!({"VpcCIDR": "12.0.0.0/16"}));
}

/// What matters at creation alone may change, come and go afterwards.
#[test]
fn on_failure_and_its_like_never_replace() {
    let (cloud, project) = queues();
    let with = |arguments: &str| from("template_file = \"template.yaml\"", arguments);
    applied(&project, &with("  on_failure = \"DO_NOTHING\""));
    assert_eq!(
        (project.attribute(THIS, "on_failure"), project.attribute(THIS, "disable_rollback")),
        (json!("DO_NOTHING"), json!(null))
    );
    let id = project.attribute(THIS, "id");
    cloud.forget();
    for arguments in [
        "  on_failure = \"ROLLBACK\"",
        "  disable_rollback = true",
        "  disable_rollback = false\n  timeout_in_minutes = 5",
        "",
    ] {
        project.main(&with(arguments));
        project.plan().does_not_say("replace");
        applied(&project, &with(arguments));
        assert_eq!(project.attribute(THIS, "id"), id, "{arguments}");
    }
    assert_eq!(writes(&cloud), [""; 0]);
    let other = project.again(&cloud);
    other.main(&with("  on_failure = \"DELETE\"\n  timeout_in_minutes = 30"));
    other.import(THIS, "queues").ok();
    other.plan().does_not_say("replace");
    applied(&other, &with("  on_failure = \"DELETE\"\n  timeout_in_minutes = 30"));
    assert_eq!(writes(&cloud), [""; 0]);
}

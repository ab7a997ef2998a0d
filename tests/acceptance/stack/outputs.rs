//! Which outputs a plan knows. Where one were known wrongly, the apply would end in an inconsistent result.

use serde_json::{Value, json};

use super::THIS;
use crate::acceptance::terraform::Project;
use crate::acceptance::{QUEUES, free, queues};
use crate::cloud::{Cloud, Rule};

/// An output of each kind.
const KINDS: &str = r#"Parameters:
  Size: {Type: Number, Default: 1024}
  Mode: {Type: String, Default: quiet}
  Password: {Type: String, NoEcho: true, Default: hunter2}
  Hosts: {Type: CommaDelimitedList, Default: "a, b"}
Conditions:
  Loud: !Equals [!Ref Mode, loud]
  Secret: !Equals [!Ref Password, hunter2]
Resources:
  First: {Type: AWS::SQS::Queue, Properties: {MaximumMessageSize: !Ref Size}}
Outputs:
  Made: {Value: !Ref First}
  Literal: {Value: one}
  Size: {Value: !Ref Size}
  Both: {Value: !Sub "${First.Arn} ${Size}"}
  Place: {Value: !Sub "${AWS::Partition}/${AWS::AccountId}/${AWS::Region}/${AWS::StackName}/${Mode}"}
  Hosts: {Value: !Join ["/", !Ref Hosts]}
  Password: {Value: !Ref Password}
  Chosen: {Value: !If [Loud, much, little]}
  Loud: {Condition: Loud, Value: "yes it is"}
"#;

fn kinds() -> (Cloud, Project) {
    let (cloud, project) = queues();
    project.write("template.yaml", KINDS);
    project.main(&free(""));
    project.apply().ok();
    project.plan_is_empty();
    (cloud, project)
}

/// Two outputs that CloudFormation looks up anew in every update, one from a nested stack, and one that stands still.
const LOOKED_UP: &str = r#"Parameters:
  Stored: {Type: AWS::SSM::Parameter::Value<String>, Default: /size}
  Nested: {Type: String}
Resources:
  First: {Type: AWS::SQS::Queue, Properties: {MaximumMessageSize: !Ref Stored}}
  Second: {Type: AWS::SQS::Queue}
  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Ref Nested}}
Outputs:
  Stored: {Value: !Ref Stored}
  Dynamic: {Value: "{{resolve:ssm:/size}}"}
  Inner: {Value: !GetAtt Inner.Outputs.Size}
  Url: {Value: !Ref Second}
"#;

/// What the plan knows of the outputs, and the names of those that it does not; null for all of them.
fn foreseen(project: &Project) -> (Value, Value) {
    let change = project.plan_json()["resource_changes"][0]["change"].clone();
    let names = |unknown: &Value| {
        unknown.as_object().map(|map| json!(map.keys().collect::<Vec<_>>())).unwrap_or_default()
    };
    (change["after"]["outputs"].clone(), names(&change["after_unknown"]["outputs"]))
}

/// Applies, and compares with what AWS has.
fn applied(cloud: &Cloud, project: &Project) {
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(
        project.attribute(THIS, "outputs"),
        json!(cloud.stack("queues").expect("it is there").outputs)
    );
}

#[test]
fn literals_and_known_parameters_are_known() {
    let (cloud, project) = kinds();
    let made = cloud.stack("queues").expect("it was made").outputs["Made"].clone();
    project.main(&free("  parameters = { Size = 2048, Mode = \"loud\", Hosts = \"c,d\" }"));
    let (known, unknown) = foreseen(&project);
    let place = format!("aws/{}/us-east-1/queues/loud", cloud.account());
    let wanted = json!({"Literal": "one", "Size": "2048", "Place": place, "Hosts": "c/d", "Chosen": "much", "Loud": "yes it is", "Made": made});
    assert_eq!(
        (known, unknown),
        (wanted, json!(["Both", "Password"])),
        "the queue is not replaced"
    );
    applied(&cloud, &project);
    project.main(&free("  parameters = { Size = 2048, Mode = \"quiet\" }"));
    let (known, _) = foreseen(&project);
    assert!(known.get("Loud").is_none(), "it goes, and the plan knows: {known}");
    applied(&cloud, &project);
}

#[test]
fn other_outputs_of_the_template_are_known() {
    let (cloud, project) = kinds();
    let changed = KINDS
        .replace("  Literal: {Value: one}\n", "  Literal: {Value: two}\n  New: {Value: three}\n")
        .replace("  Place:", "  Where:");
    project.write("template.yaml", &changed);
    let (known, unknown) = foreseen(&project);
    assert_eq!(
        (&known["Literal"], &known["New"], known.get("Place"), &unknown),
        (&json!("two"), &json!("three"), None, &json!(["Password"]))
    );
    applied(&cloud, &project);
}

#[test]
fn secrets_are_never_planned() {
    let (cloud, project) = kinds();
    project.write("template.yaml", &KINDS.replace("Mode: {", "Mode: {NoEcho: true, "));
    let kept_out = |version| {
        free(&format!(
            "  parameters = {{ Size = 2048 }}\n  parameters_wo = {{ Password = \"s3cr3t\", Mode = \"s3cr3t-mode\" }}\n  parameters_wo_version = {version}"
        ))
    };
    project.main(&kept_out(1));
    let (known, unknown) = foreseen(&project);
    assert_eq!(unknown, json!(null), "which outputs there will be hangs on `Mode`: {known}");
    project.run(&["show", "-no-color", "plan.bin"]).ok().does_not_say("s3cr3t");
    applied(&cloud, &project);

    project.write("template.yaml", KINDS);
    project.main(&free("  parameters = { Password = \"in-the-clear\", Mode = \"loud\" }"));
    let (known, unknown) = foreseen(&project);
    assert!(
        known.get("Password").is_none() && unknown.to_string().contains("Password"),
        "{known} {unknown}"
    );
    applied(&cloud, &project);
}

#[test]
fn a_condition_on_what_is_not_known_leaves_all_open() {
    let (cloud, project) = kinds();
    project.write(
        "template.yaml",
        &KINDS.replace("  Loud: {Condition: Loud,", "  Loud: {Condition: Secret,"),
    );
    assert_eq!(foreseen(&project), (json!(null), json!(null)));
    applied(&cloud, &project);
}

#[test]
fn parameters_that_are_not_known_yet_leave_open_what_they_decide() {
    let (cloud, project) = kinds();
    let late =
        "resource \"terraform_data\" \"late\" {\n  input = { Size = 2048, Mode = \"loud\" }\n}\n";
    project.main(&format!("{late}{}", free("  parameters = terraform_data.late.output")));
    let change = project.plan_json()["resource_changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["address"] == THIS)
        .unwrap()["change"]
        .clone();
    assert_eq!(change["after_unknown"]["outputs"], json!(true), "{change}");
    applied(&cloud, &project);
}

#[test]
fn what_cloudformation_looks_up_anew_is_open_even_under_other_tags() {
    let (cloud, project) = queues();
    let put = |value: &str| {
        cloud.json(
            "ssm",
            "AmazonSSM.PutParameter",
            &json!({"Name": "/size", "Value": value, "Type": "String", "Overwrite": true}),
        );
    };
    put("1024");
    project.write("template.yaml", LOOKED_UP);
    let nested =
        format!("  parameters = {{ Nested = \"{}\" }}\n", cloud.upload("inner.yaml", QUEUES));
    project.main(&free(&nested));
    project.apply().ok();
    put("2048");
    cloud.upload("inner.yaml", &QUEUES.replace("Default: 1024", "Default: 2048"));
    project.main(&free(&format!("{nested}  tags = {{ team = \"data\" }}")));
    let (known, unknown) = foreseen(&project);
    assert!(
        known.get("Url").is_some() && unknown == json!(["Dynamic", "Inner", "Stored"]),
        "{known} {unknown}"
    );
    applied(&cloud, &project);
}

#[test]
fn what_somebody_else_changed_since_the_plan_is_told_in_our_words() {
    let (cloud, project) = kinds();
    project.main(&free("  tags = { team = \"data\" }"));
    project.run(&["plan", "-no-color", "-out=plan.bin"]).ok();
    cloud.update_stack("queues", KINDS, &[("Mode", "loud")]).expect("there is a change");
    cloud.settled("queues");
    let outcome = project
        .run(&["apply", "-no-color", "plan.bin"])
        .failed()
        .says("gives out something else than planned")
        .says("Plan again");
    outcome.does_not_say("bug");
    project.apply().ok();
    project.plan_is_empty();
}

#[test]
fn an_interrupted_update_leaves_all_open() {
    let (cloud, project) = kinds();
    cloud.hold(Rule::stack("queues").resource("First").on("update").hold(3.0).times(1));
    cloud.update_stack("queues", KINDS, &[("Size", "4096")]).expect("there is a change");
    project.main(&free("  tags = { team = \"data\" }"));
    assert_eq!(foreseen(&project), (json!(null), json!(null)));
    applied(&cloud, &project);
}

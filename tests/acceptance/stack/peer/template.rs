//! The same over templates: by URL, transformed, changed, in YAML.

use super::*;

/// JSON and YAML, by keys with and without an ending, and with a version behind them.
#[test]
fn by_url_with_parameters() {
    let yaml = "Parameters: {VpcCIDR: {Type: String}}\nResources:\n  MyVPC: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref VpcCIDR}}\n";
    for (key, template) in
        [("tf-cf-stack.json", CIDR), ("tf-cf-stack.test", yaml), ("tf-cf-stack", yaml)]
    {
        let (cloud, project) = queues();
        let url = cloud.upload(key, template);
        let with = |url: &str, cidr: &str| {
            from(
                &format!("template_url = \"{url}\""),
                &format!(
                    "  parameters = {{ VpcCIDR = \"{cidr}\" }}\n  allow_replacement = [\"MyVPC\"]"
                ),
            )
        };
        applied(&project, &with(&url, "11.0.0.0/16"));
        imported(&cloud, &project);
        applied(&project, &with(&url, "13.0.0.0/16"));
        assert_eq!(
            cloud.stack("queues").expect("it is there").parameters["VpcCIDR"],
            "13.0.0.0/16"
        );
    }
    let (cloud, project) = queues();
    cloud.upload("first", "none");
    let bucket = format!("/templates-{}", cloud.account());
    let versioned = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    cloud.s3("PUT", &format!("{bucket}?versioning"), &[], versioned).expect("the bucket is there");
    let url = cloud.upload("tf-cf-stack.yaml", yaml);
    let listed =
        cloud.s3("GET", &format!("{bucket}?versions"), &[], b"").expect("the bucket is there");
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let of_key = listed
        .split("<Version>")
        .find(|row| row.contains("tf-cf-stack.yaml"))
        .expect("it is listed");
    let version = of_key
        .split("<VersionId>")
        .nth(1)
        .and_then(|rest| rest.split('<').next())
        .expect("it has a version");
    let template = format!("template_url = \"{url}?versionId={version}\"");
    applied(&project, &from(&template, "  parameters = { VpcCIDR = \"11.0.0.0/16\" }"));
    assert_eq!(
        cloud.calls_of("CreateStack")[0].sent("TemplateURL"),
        Some(format!("{url}?versionId={version}").as_str())
    );
}

#[test]
fn the_same_content_under_a_new_url_is_no_update() {
    let (cloud, project) = queues();
    let (first, second) =
        (cloud.upload("tf-cf-stack-1.json", CIDR), cloud.upload("tf-cf-stack-2.json", CIDR));
    let at = |url: &str| {
        from(&format!("template_url = \"{url}\""), "  parameters = { VpcCIDR = \"11.0.0.0/16\" }")
    };
    applied(&project, &at(&first));
    imported(&cloud, &project);
    cloud.forget();
    project.main(&at(&second));
    project.plan_is_empty();
    project.apply().ok();
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn with_a_transform() {
    let template = r#"{"Transform": "AWS::LanguageExtensions", "Parameters": {"Size": {"Type": "Number", "Default": 1024}},
      "Resources": {"Fn::ForEach::Queues": ["Name", ["One", "Two"],
        {"Queue${Name}": {"Type": "AWS::SQS::Queue", "Properties": {"MaximumMessageSize": {"Ref": "Size"}}}}]},
      "Outputs": {"Count": {"Value": {"Fn::Length": ["a", "b"]}}}}"#;
    let (cloud, project) = of(template);
    let with = |more: &str| {
        body(&format!(
            "  capabilities = [\"CAPABILITY_AUTO_EXPAND\"]\n  on_failure = \"DELETE\"\n  timeout_in_minutes = 10\n{more}"
        ))
    };
    applied(&project, &with(""));
    assert_eq!(
        (cloud.resources("queues").len(), project.attribute(THIS, "outputs")["Count"].clone()),
        (2, json!("2"))
    );
    imported(&cloud, &project);
    project.main(&with("  parameters = { Size = 2048 }"));
    let change = project.plan_json()["resource_changes"][0]["change"].clone();
    assert_eq!(
        change["after_unknown"]["outputs"],
        json!(true),
        "what a transform makes of the outputs is not known: {change}"
    );
    applied(&project, &with("  parameters = { Size = 2048 }"));
    applied(&project, &with("  parameters = { Size = 2048 }\n  tags = { team = \"data\" }"));
}

/// Where hashicorp/aws leaves all outputs open, one that hangs on a known parameter is known.
#[test]
fn outputs_change_with_parameters() {
    let template = r#"{"Description": "A changed copy of what comes in", "Parameters": {"DataIn": {"Type": "String"}},
      "Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}},
      "Outputs": {"DataOut": {"Value": {"Fn::Join": ["", ["pre-", {"Ref": "DataIn"}, "-post"]]}}}}"#;
    let (cloud, project) = of(template);
    let output = "output \"out\" {\n  value = quilt_stack.this.outputs[\"DataOut\"]\n}\n";
    let with = |value: &str| {
        format!("{}{output}", body(&format!("  parameters = {{ DataIn = \"{value}\" }}")))
    };
    let told = |project: &Project| project.show(&["output", "-json", "out"]);
    applied(&project, &with("in1"));
    assert_eq!(told(&project), "pre-in1-post");
    project.main(&with("in2"));
    assert_eq!(project.plan_json()["output_changes"]["out"]["after"], "pre-in2-post");
    applied(&project, &with("in2"));
    assert_eq!(
        (told(&project), keys(&project.attribute(THIS, "outputs"))),
        (json!("pre-in2-post"), vec!["DataOut"])
    );
    imported(&cloud, &project);
}

#[test]
fn outputs_change_with_the_template() {
    let template = |name: &str, value: &str| {
        format!(
            r#"{{"Conditions": {{"NeverTrue": {{"Fn::Equals": ["true", "false"]}}}}, "Resources": {{
              "Handle": {{"Type": "AWS::CloudFormation::WaitConditionHandle"}},
              "Never": {{"Type": "Custom::NullResource", "Condition": "NeverTrue", "Properties": {{"ServiceToken": ""}}}}}},
              "Outputs": {{"{name}": {{"Value": "{value}"}}}}}}"#
        )
    };
    let (cloud, project) = of(&template("out1", "value1"));
    applied(&project, &body(""));
    project.write("template.json", &template("out2", "value2"));
    assert_eq!(project.plan().code, 2);
    applied(&project, &body(""));
    assert_eq!(project.attribute(THIS, "outputs"), json!({"out2": "value2"}));
    imported(&cloud, &project);
}

/// YAML in the configuration, and in a file.
#[test]
fn yaml() {
    let (cloud, project) = queues();
    project.main(&from(&format!("template_body = <<-BODY\n{QUEUES}  BODY"), ""));
    project.apply().ok();
    project.plan_is_empty();
    imported(&cloud, &project);
}

//! Which outputs are foreseen, and which are left to the operation.

use std::io::Write;

use super::*;

const PARAMETERS: &str = r#""Parameters": {
    "Name": {"Type": "String"}, "Size": {"Type": "Number"}, "Zones": {"Type": "CommaDelimitedList"}, "Mode": {"Type": "String"},
    "Secret": {"Type": "String", "NoEcho": true}, "Image": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"}},
    "Resources": {"R": {"Type": "AWS::SNS::Topic"}}"#;

fn template(more: &str, outputs: &str) -> Template {
    Template::parse(&format!("{{{PARAMETERS}, {more} \"Outputs\": {outputs}}}")).unwrap()
}

fn known() -> BTreeMap<String, String> {
    let mut known = pseudo("arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/prod/abc");
    let given = [
        ("Name", "quilt"),
        ("Size", "10"),
        ("Zones", "a, b ,c"),
        ("Mode", "live"),
        ("Secret", "hush"),
        ("Image", "/ami"),
    ];
    known.extend(given.map(|(name, value)| (name.to_string(), value.to_string())));
    known
}

/// What one expression comes to.
fn one(expression: &str) -> Option<String> {
    let template = template("", &format!(r#"{{"Out": {{"Value": {expression}}}}}"#));
    foreseen(&template, &known()).unwrap()["Out"].clone()
}

#[test]
fn literals_and_known_names_are_foreseen() {
    for (expression, value) in [
        (r#""text""#, "text"),
        ("true", "true"),
        ("12", "12"),
        (r#"{"Ref": "Name"}"#, "quilt"),
        (r#"{"Ref": "Size"}"#, "10"),
        (r#"{"Ref": "AWS::Region"}"#, "cn-north-1"),
        (r#"{"Fn::Sub": "${Name}.${AWS::URLSuffix}/${!Name}"}"#, "quilt.amazonaws.com.cn/${Name}"),
        (r#"{"Fn::Sub": ["${Own}-${Name}", {"Own": {"Ref": "AWS::StackName"}}]}"#, "prod-quilt"),
        (r#"{"Fn::Join": ["-", ["a", {"Ref": "Name"}]]}"#, "a-quilt"),
        (r#"{"Fn::Join": ["/", {"Ref": "Zones"}]}"#, "a/b/c"),
        (r#"{"Fn::Select": [1, {"Fn::Split": ["i", {"Ref": "Name"}]}]}"#, "lt"),
    ] {
        assert_eq!(one(expression).as_deref(), Some(value), "{expression}");
    }
}

#[test]
fn what_aws_decides_is_left_open() {
    for expression in [
        r#"{"Ref": "R"}"#,
        r#"{"Fn::GetAtt": ["R", "TopicName"]}"#,
        r#"{"Fn::Sub": "${R}"}"#,
        r#"{"Fn::Sub": "${R.TopicName}"}"#,
        r#"{"Fn::Sub": "${Name"}"#,
        r#"{"Fn::Join": ["-", ["a", {"Ref": "R"}]]}"#,
        r#"{"Fn::ImportValue": "x"}"#,
        r#"{"Fn::GetAZs": ""}"#,
        r#"{"Ref": "Secret"}"#,
        r#"{"Fn::Sub": "x${Secret}"}"#,
        r#"{"Ref": "Image"}"#,
        r#"{"Ref": "Zones"}"#,
        r#"{"Ref": "Nothing"}"#,
        r#""{{resolve:ssm:x}}""#,
        r#"{"Fn::Join": ["", ["{{", "resolve:ssm:x}}"]]}"#,
        r#"{"Fn::Select": [0, {"Fn::Split": [":", "{{resolve:ssm:x}}"]}]}"#,
        r#"{"Fn::Select": [7, {"Ref": "Zones"}]}"#,
        r#""""#,
        "1.50",
        "null",
        r#""café""#,
        r#"{"Fn::Sub": "${Name}–"}"#,
    ] {
        assert_eq!(one(expression), None, "{expression}");
    }
}

#[test]
fn text_that_yaml_may_read_otherwise_is_left_open() {
    let value = |text: &str| {
        let yaml = format!(
            "Resources: {{R: {{Type: AWS::SNS::Topic}}}}\nOutputs: {{Out: {{Value: {text}}}}}\n"
        );
        foreseen(&Template::parse(&yaml).unwrap(), &known()).unwrap()["Out"].clone()
    };
    for open in ["yes", "Off", "0x1f", "1_000", "010", "12:30", "2012-10-17", "1.0", "~"] {
        assert_eq!(value(open), None, "{open}");
    }
    for (text, sure) in [
        ("'12'", "12"),
        ("'1.0'", "1.0"),
        ("1.62.1-rc", "1.62.1-rc"),
        ("10.0.0.0/16", "10.0.0.0/16"),
        (".", "."),
        ("on it", "on it"),
    ] {
        assert_eq!(value(text).as_deref(), Some(sure), "{text}");
    }
}

#[test]
fn conditions_choose_and_drop() {
    let conditions = r#""Conditions": {
        "On": {"Fn::Equals": [{"Ref": "Mode"}, "live"]}, "Off": {"Fn::Not": [{"Condition": "On"}]},
        "Hidden": {"Fn::Equals": [{"Ref": "Secret"}, ""]}, "Either": {"Fn::Or": [{"Condition": "Hidden"}, {"Condition": "On"}]},
        "Both": {"Fn::And": [{"Condition": "Hidden"}, {"Condition": "On"}]}, "Circle": {"Fn::Not": [{"Condition": "Circle"}]}},"#;
    let keys = |condition: &str| {
        let outputs = format!(
            r#"{{"Out": {{"Condition": "{condition}", "Value": {{"Fn::If": ["On", "yes!", "no!"]}}}}}}"#
        );
        foreseen(&template(conditions, &outputs), &known())
    };
    let out = |value: Option<&str>| {
        Some(
            value
                .map(|v| ("Out".to_string(), Some(v.to_string())))
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
        )
    };
    assert_eq!(
        (keys("On"), keys("Off"), keys("Either")),
        (out(Some("yes!")), out(None), out(Some("yes!")))
    );
    assert_eq!(
        (keys("Hidden"), keys("Both"), keys("Circle"), keys("Nothing")),
        (None, None, None, None)
    );
}

#[test]
fn maps_are_looked_up() {
    let maps = r#""Mappings": {"M": {"quilt": {"Port": 443, "Old": 1.0}}},"#;
    let value = |key: &str| {
        let outputs = format!(
            r#"{{"Out": {{"Value": {{"Fn::FindInMap": ["M", {{"Ref": "Name"}}, "{key}"]}}}}}}"#
        );
        foreseen(&template(maps, &outputs), &known()).unwrap()["Out"].clone()
    };
    assert_eq!((value("Port").as_deref(), value("Old"), value("None")), (Some("443"), None, None));
}

#[test]
fn macros_hide_everything() {
    let outputs = r#"{"Out": {"Value": "text"}}"#;
    assert_eq!(
        foreseen(&template(r#""Transform": "AWS::LanguageExtensions","#, outputs), &known()),
        None
    );
    let inside = r#"{"Out": {"Value": "text", "Description": {"Fn::Transform": {"Name": "M"}}}}"#;
    assert_eq!(foreseen(&template("", inside), &known()), None);
}

#[test]
fn what_is_looked_up_anew_is_volatile() {
    let text = r#"{"Parameters": {"Image": {"Type": "AWS::SSM::Parameter::Value<String>"}},
        "Conditions": {"New": {"Fn::Equals": [{"Ref": "Image"}, "x"]}},
        "Resources": {"Launch": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"Data": {"Fn::Sub": "${Image}"}}},
            "Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": {"Launch": {"Fn::GetAtt": ["Launch", "Version"]}}},
            "Maybe": {"Type": "AWS::SNS::Topic", "Condition": "New"}, "Still": {"Type": "AWS::SNS::Topic"},
            "Inner": {"Type": "AWS::CloudFormation::Stack"}, "Own": {"Type": "Custom::Thing"},
            "Secret": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "{{resolve:ssm:x}}"}}},
        "Outputs": {"A": {"Value": {"Ref": "Group"}}, "B": {"Value": {"Ref": "Still"}}, "C": {"Value": {"Ref": "Maybe"}},
            "D": {"Value": {"Fn::GetAtt": ["Inner", "Outputs.X"]}}, "E": {"Value": {"Fn::Sub": "${Own.Answer}"}}, "F": {"Value": {"Ref": "Secret"}}}}"#;
    let volatile = Template::parse(text).unwrap().volatile_outputs();
    assert_eq!(volatile.into_iter().collect::<Vec<_>>(), ["A", "C", "D", "E", "F"]);
}

/// Set `QUILT_REAL_TEMPLATES` to the folder of templates from Quilt.
#[test]
fn templates_from_quilt_foresee_version_and_hosts() {
    let Some(folder) = std::env::var_os("QUILT_REAL_TEMPLATES") else {
        let told = "not run: what the real templates foresee; QUILT_REAL_TEMPLATES does not name their folder";
        return writeln!(std::io::stderr(), "{told}").unwrap(); // not by `eprintln!`: that is kept back where a test passes
    };
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let template = Template::parse(&text).unwrap();
        let known = [("QuiltWebHost".to_string(), "quilt.demo.example.com".to_string())].into();
        let outputs = foreseen(&template, &known).unwrap();
        assert!(
            outputs["RegistryHost"].as_deref().unwrap().starts_with("quilt-registry.demo.example"),
            "{outputs:?}"
        );
        assert!(
            outputs["TemplateBuildMetadata"].as_deref().unwrap().contains("git_tag"),
            "{outputs:?}"
        );
        assert_eq!(outputs["LoadBalancerDNSName"], None);
        let volatile = template.volatile_outputs();
        assert!(
            !volatile.contains("LoadBalancerDNSName") && !volatile.contains("RegistryRoleARN"),
            "{volatile:?}"
        );
    }
}

const BALANCED: &str = r#""Parameters": {"Host": {"Type": "String"}, "Secret": {"Type": "String", "NoEcho": true}},
    "Resources": {"LB": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer"}, "Role": {"Type": "AWS::IAM::Role"},
    "DB": {"Type": "AWS::RDS::DBInstance"}, "Own": {"Type": "Custom::Thing"}, "In": {"Type": "AWS::CloudFormation::Stack"}}"#;

/// The outputs that last, each with what it rests on, where the update brings other resources and this host.
fn lasts(outputs: &str, then: &str, host: &str) -> Vec<(String, Vec<String>)> {
    let text = |resources: &str, outputs: &str| format!("{{{resources}, \"Outputs\": {outputs}}}");
    let more = BALANCED.replace("\"Role\":", "\"New\": {\"Type\": \"AWS::SQS::Queue\"}, \"Role\":");
    let before = Template::parse(&text(BALANCED, outputs)).unwrap();
    let after = Template::parse(&text(&more, then)).unwrap();
    let known = |host: &str| [("Host".to_string(), host.to_string())].into();
    let found = lasting((&before, &known("a.example")), (&after, &known(host)));
    found.into_iter().map(|(name, rests)| (name, rests.into_iter().collect())).collect()
}

#[test]
fn outputs_last_while_what_they_rest_on_does() {
    for (value, rests) in [
        (r#"{"Fn::GetAtt": ["LB", "DNSName"]}"#, Some(vec!["LB"])),
        (r#"{"Fn::GetAtt": "LB.CanonicalHostedZoneID"}"#, Some(vec!["LB"])),
        (r#"{"Fn::Sub": "${Role.Arn}/${DB}"}"#, Some(vec!["DB", "Role"])),
        (
            r#"{"Fn::Join": ["", ["https://", {"Fn::GetAtt": ["DB", "Endpoint.Address"]}]]}"#,
            Some(vec!["DB"]),
        ),
        (r#"{"Fn::GetAtt": ["DB", "Endpoint.Port"]}"#, None),
        (r#"{"Fn::GetAtt": ["Own", "Arn"]}"#, None),
        (r#"{"Fn::GetAtt": ["In", "Outputs.Url"]}"#, None),
        (r#"{"Ref": "Own"}"#, None),
        (r#"{"Fn::Sub": "${Role.Arn}${Secret}"}"#, None),
        (r#"{"Fn::Select": [0, {"Fn::Split": ["-", {"Fn::GetAtt": ["LB", "DNSName"]}]}]}"#, None),
        (r#"{"Ref": "New"}"#, None),
    ] {
        let outputs = format!(r#"{{"Out": {{"Value": {value}}}}}"#);
        let rests = rests.map(|rests| rests.into_iter().map(str::to_string).collect::<Vec<_>>());
        let expected: Vec<_> = rests.map(|rests| ("Out".to_string(), rests)).into_iter().collect();
        assert_eq!(lasts(&outputs, &outputs, "a.example"), expected, "{value}");
    }
}

#[test]
fn what_is_said_otherwise_does_not_last() {
    let of = |value: &str| format!(r#"{{"Out": {{"Value": {value}}}}}"#);
    let (role, sub) =
        (r#"{"Fn::GetAtt": ["Role", "Arn"]}"#, r#"{"Fn::Sub": "${Role.Arn}@${Host}"}"#);
    assert_eq!(lasts(&of(role), &of(r#"{"Fn::Sub": "${Role.Arn}"}"#), "a.example").len(), 1);
    assert!(lasts(&of(role), &of(r#"{"Fn::GetAtt": ["LB", "DNSName"]}"#), "a.example").is_empty());
    assert_eq!(lasts(&of(sub), &of(sub), "a.example").len(), 1);
    assert!(lasts(&of(sub), &of(sub), "b.example").is_empty(), "the host in it changes");
    assert!(lasts("{}", &of(role), "a.example").is_empty(), "there was none");
}

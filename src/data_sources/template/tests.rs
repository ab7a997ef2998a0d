//! Templates that are read from the configuration alone.

use super::*;
use crate::aws::fake::Fake;
use crate::kinds::data_source::AnyDataSource;
use crate::tf::{State, known};

const OWN: &str = r#"{"Description": "Quilt", "Parameters": {
    "QuiltWebHost": {"Type": "String", "MinLength": 1, "AllowedPattern": "^[-\\w]+\\.[-\\w]+\\.[-\\w]+$", "ConstraintDescription": "A host."},
    "AdminPassword": {"Type": "String", "NoEcho": true}, "DBUrl": {"Type": "String", "NoEcho": true},
    "VPC": {"Type": "AWS::EC2::VPC::Id"}, "UserSubnets": {"Type": "List<AWS::EC2::Subnet::Id>"},
    "OktaAuth": {"Type": "String", "Default": "Disabled", "AllowedValues": ["Enabled", "Disabled"]},
    "OktaClientId": {"Type": "String"}, "CloudTrailBucket": {"Type": "String", "MinLength": 3},
    "Cutoff": {"Type": "Number", "MinValue": 0, "Default": 0}, "Key": {"Type": "String", "NoEcho": true, "Default": "hunter2"}},
    "Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "r"}}},
    "Outputs": {"TemplateBuildMetadata": {"Value": "{\"git_tag\": \"1.64.2\"}"}}}"#;

async fn read(config: TemplateLookup) -> (Option<TemplateLookup>, Diagnostics) {
    let (mut d, fake) = (Diagnostics::default(), Fake::default());
    let object =
        AnyDataSource::read(&TemplateSource, &fake.cx(), config.write_object(), &mut d).await;
    assert_eq!(fake.calls(), [""; 0], "it is read offline");
    (object.map(|o| TemplateLookup::read_object(&o, &AttributePath::root()).unwrap()), d)
}

fn config(body: &str, given: &[&str]) -> TemplateLookup {
    TemplateLookup {
        template_body: known(body),
        given: Set(given.iter().map(|name| known(*name)).collect()).into(),
        ..TemplateLookup::default()
    }
}

fn texts(list: Value<Vec<Value<String>>>) -> Vec<String> {
    list.unwrap().into_iter().map(|text| text.unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_template_tells_what_it_is_for() {
    let (state, d) = read(config(OWN, &[])).await;
    let state = state.unwrap_or_else(|| panic!("{d:?}"));
    assert_eq!((state.quilt_version, state.network_version), (known("1.64.2"), known("2.0")));
    assert_eq!((state.sso_family, state.description), (known("multi"), known("Quilt")));
    let flags = [
        (state.takes_network, true),
        (state.internal, true),
        (state.takes_database, true),
        (state.makes_database, false),
        (state.takes_search, false),
        (state.makes_search, false),
    ];
    assert!(flags.iter().all(|(flag, expected)| *flag == (*expected).into()), "{flags:?}");
    assert_eq!(state.capabilities, Set(vec!["CAPABILITY_NAMED_IAM".to_string()]).into());
    assert_eq!(texts(state.outputs), ["TemplateBuildMetadata"]);
}

#[tokio::test(start_paused = true)]
async fn parameters_come_with_their_constraints_and_without_secrets() {
    let state = read(config(OWN, &[])).await.0.unwrap();
    let all: Vec<_> = state.parameters.unwrap().into_iter().map(|p| p.unwrap()).collect();
    let one = |name: &str| all.iter().find(|p| p.name == known(name)).unwrap();
    let host = one("QuiltWebHost");
    assert_eq!((&host.argument, &host.min_length), (&known("web_host"), &Value::Value(1)));
    assert_eq!(host.constraint_description, known("A host."));
    assert_eq!(
        (&one("VPC").argument, &one("DBUrl").argument),
        (&known("network"), &known("database"))
    );
    let key = one("Key");
    assert_eq!(
        (&key.default, &key.no_echo, &key.required),
        (&Value::Null, &true.into(), &false.into())
    );
    assert_eq!((&one("Cutoff").min_value, &one("Cutoff").default), (&known("0"), &known("0")));
    assert_eq!(one("OktaAuth").allowed_values.clone().unwrap().len(), 2);
    assert!(one("OktaClientId").argument.is_null());
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_what_nothing_brings() {
    let required =
        ["AdminPassword", "CloudTrailBucket", "DBUrl", "QuiltWebHost", "UserSubnets", "VPC"];
    let state = read(config(OWN, &[])).await.0.unwrap();
    assert_eq!(texts(state.required_parameters), required);
    assert_eq!(texts(state.missing), required[1..]);
    let given = ["web_host", "network", "database", "CloudTrailBucket"];
    assert_eq!(texts(read(config(OWN, &given)).await.0.unwrap().missing), [""; 0]);
    let state = read(config(OWN, &["network", "DBUrl"])).await.0.unwrap();
    assert_eq!(texts(state.missing), ["CloudTrailBucket", "QuiltWebHost"]);
}

#[tokio::test(start_paused = true)]
async fn another_template_is_told_too_and_what_is_none_is_refused() {
    let topic = r#"{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
    let state = read(config(topic, &[])).await.0.unwrap();
    assert_eq!((state.network_version, state.quilt_version), (Value::Null, Value::Null));
    assert_eq!((state.size, state.capabilities), (Value::Value(49), Set(vec![]).into()));
    let (none, d) = read(config("<html>", &[])).await;
    assert!(none.is_none());
    assert_eq!(d.errors[0].attribute.to_string(), "template_body");
    let file =
        TemplateLookup { template_file: known("/nowhere.yaml"), ..TemplateLookup::default() };
    assert_eq!(read(file).await.1.errors[0].attribute.to_string(), "template_file");
}

#[test]
fn one_place_is_given() {
    let said = |change: fn(&mut TemplateLookup)| {
        let (mut config, mut d) = (TemplateLookup::default(), Diagnostics::default());
        change(&mut config);
        DataSource::validate(&TemplateSource, &config, &mut d);
        d.errors.len()
    };
    assert_eq!((said(|_| ()), said(|c| c.template_file = Value::Unknown)), (1, 0));
    assert_eq!(said(|c| c.template_file = known("a")), 0);
    assert_eq!(said(|c| (c.template_file, c.template_body) = (known("a"), known("b"))), 1);
}

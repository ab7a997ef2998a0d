//! What the template's rules assert, asked at plan.

use super::*;
use crate::cloudformation::stack::{Order, Parameter};

const RULED: &str = "Parameters:
  Login: {Type: String, Default: None}
  Domains: {Type: String, Default: ''}
  Secret: {Type: String, NoEcho: true, Default: ''}
Rules:
  GoogleNeeds:
    RuleCondition: !Equals [!Ref Login, Google]
    Assertions:
      - Assert: !Not [!Equals [!Ref Domains, '']]
        AssertDescription: Google sign-in needs its domains
      - Assert: !Contains [[only-mine, other], !Ref Secret]
        AssertDescription: Google sign-in needs its secret
Resources: {T: {Type: AWS::SNS::Topic}}
Outputs: {Url: {Value: !Ref T}}
";

fn ruled(parameters: &[(&str, &str)], secret: Option<&str>) -> StackState {
    StackState {
        template_body: RULED.to_string().into(),
        parameters: strings(parameters),
        parameters_wo: secret.map_or(Value::Null, |secret| strings(&[("Secret", secret)])),
        parameters_wo_version: 1.into(),
        ..config()
    }
}

/// What is refused, each with its place.
fn refused(stage: &Stage) -> Vec<String> {
    let errors = stage.said.errors.iter();
    errors.map(|e| format!("{}: {}", e.attribute, e.detail.split('.').next().unwrap())).collect()
}

async fn planned(config: &StackState) -> Vec<String> {
    let mut stage = Stage::new(Fake::default());
    stage.plan(config).await;
    refused(&stage)
}

const DOMAINS: &str = "parameters[Login]: Google sign-in needs its domains";

#[tokio::test(start_paused = true)]
async fn an_assertion_that_does_not_hold_is_refused_at_what_it_speaks_of() {
    let google = ("Login", "Google");
    assert_eq!(planned(&ruled(&[], None)).await, [""; 0], "the rule does not apply");
    assert_eq!(planned(&ruled(&[google, ("Domains", "a.b")], Some("other"))).await, [""; 0]);
    let lacks = planned(&ruled(&[google], Some("only-mine"))).await;
    assert_eq!(
        lacks,
        [DOMAINS.replace(
            "[Login]",
            &AttributePath::new("parameters").key("Login").to_string()["parameters".len()..]
        )]
    );
    let both = planned(&ruled(&[google], None)).await;
    assert_eq!(both.len(), 2, "{both:?}");
    let wrong = planned(&ruled(&[google, ("Domains", "a.b")], Some("hunter22"))).await;
    assert!(wrong[0].contains("needs its secret") && !wrong[0].contains("hunter22"), "{wrong:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_known_breaks_no_rule() {
    let mut unknown = ruled(&[("Login", "Google")], Some("other"));
    if let Value::Value(parameters) = &mut unknown.parameters {
        parameters.insert("Domains".into(), Value::Unknown);
    }
    assert_eq!(planned(&unknown).await, [""; 0]);
    let open = StackState { parameters: Value::Unknown, ..ruled(&[], Some("other")) };
    assert_eq!(planned(&open).await, [""; 0]);
    let secret = StackState {
        parameters_wo: Value::Unknown,
        ..ruled(&[("Login", "Google"), ("Domains", "a.b")], None)
    };
    assert_eq!(planned(&secret).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_there_is_asked_about_what_changes() {
    let whole = ruled(&[("Login", "Google"), ("Domains", "a.b")], Some("other"));
    let mut stage = Stage::new(Fake::default());
    stage.apply(&whole).await;
    assert_eq!(stage.changes(&whole).await, Vec::<String>::new());
    // The secret that it has is not shown: whether it does is CloudFormation's to say.
    let without = StackState { parameters_wo: Value::Null, ..whole.clone() };
    stage.refresh().await;
    stage.plan(&without).await;
    assert_eq!(refused(&stage), [""; 0]);
    let emptied = ruled(&[("Login", "Google"), ("Domains", "")], Some("other"));
    stage.refresh().await;
    stage.plan(&emptied).await;
    assert!(refused(&stage)[0].ends_with("Google sign-in needs its domains"), "{:?}", stage.said);
    let calls = stage.fake.calls();
    assert!(!calls.iter().any(|call| call.starts_with("propose")), "{calls:?}");
}

/// Its rules held when it came to be so: nobody is kept from looking at it or from destroying it.
#[tokio::test(start_paused = true)]
async fn what_the_stack_has_already_is_not_asked_about() {
    let mut stage = Stage::new(Fake::default());
    let whole = ruled(&[("Login", "Google"), ("Domains", "a.b")], Some("other"));
    stage.apply(&whole).await;
    let aws = stage.fake.cx().aws(None).await.unwrap();
    let changed = Order {
        name: "prod".into(),
        parameters: [
            ("Domains".to_string(), Parameter::Value(String::new())),
            ("Login".to_string(), Parameter::Previous),
            ("Secret".to_string(), Parameter::Previous),
        ]
        .into(),
        ..Order::default()
    };
    aws.stacks.update("prod", &changed, "somebody").await.unwrap();
    let same = ruled(&[("Login", "Google"), ("Domains", "")], Some("other"));
    stage.refresh().await;
    stage.plan(&same).await;
    assert_eq!(refused(&stage), [""; 0]);
}

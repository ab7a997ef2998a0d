//! A sign-in that a rule of the stack's template does not allow.

use super::*;

/// The usual template with rules about it, and one about something else.
fn ruled() -> String {
    TEMPLATE.replacen(
        '{',
        r#"{"Rules": {
            "OktaNeedsPassword": {"RuleCondition": {"Fn::Equals": [{"Ref": "OktaAuth"}, "Enabled"]},
                "Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "PasswordAuth"}, "Enabled"]}, "AssertDescription": "Okta needs sign-in with a password beside it"}]},
            "OktaNeedsSecret": {"RuleCondition": {"Fn::Equals": [{"Ref": "OktaAuth"}, "Enabled"]},
                "Assertions": [{"Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": "OktaClientSecret"}, ""]}]}, "AssertDescription": "Okta needs a secret"}]},
            "Other": {"Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "QuiltWebHost"}, "other"]}}]}
        }, "#,
        1,
    )
}

#[tokio::test(start_paused = true)]
async fn it_is_refused_at_plan_at_the_argument_that_the_rule_speaks_of() {
    let mut stage = stage_of(&ruled(), &[]).await;
    let alone = SsoState { password_auth: false.into(), ..config() };
    stage.plan(&alone).await;
    let said = &stage.said.errors[0];
    assert_eq!(
        (said.attribute.to_string(), stage.said.errors.len(), updates(&stage)),
        ("password_auth".to_string(), 1, vec![])
    );
    assert!(said.detail.starts_with("Okta needs sign-in with a password beside it. "), "{said:?}");
    stage.apply(&config()).await;
    assert_eq!(stage.changes(&config()).await, NOTHING);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_known_yet_breaks_no_rule() {
    let mut stage = stage_of(&ruled(), &[]).await;
    let open = SsoState {
        password_auth: Value::Unknown,
        client_secret_wo: Value::Unknown,
        client_id: Value::Unknown,
        ..config()
    };
    stage.plan(&open).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
}

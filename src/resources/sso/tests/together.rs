//! What one plan says of a stack and its sign-ins, in either order, and what an issuer answers.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::*;
use crate::kinds::resource::{AnyResource, Change};
use crate::resources::stack::{StackResource, StackState};
use crate::tf::State;
use crate::web::{Page, Web};

/// Plans a creation within a running plan.
async fn plan<R: Resource>(cx: &Cx, resource: &R, config: &R::State) -> (R::State, Diagnostics) {
    let object = config.write_object();
    let change =
        Change { prior: None, planned: Some(object.clone()), config: object, private: vec![] };
    let mut d = Diagnostics::default();
    let planned = AnyResource::plan(resource, cx, change, &mut d).await.unwrap().state.unwrap();
    (R::State::read_object(&planned, &AttributePath::root()).unwrap(), d)
}

fn problems(d: &Diagnostics) -> Vec<String> {
    d.errors.iter().map(|e| format!("{}: {}", e.attribute, e.summary)).collect()
}

fn stack(parameters: &[(&str, &str)]) -> StackState {
    let all = [("QuiltWebHost", "quilt.example.com"), ("DBUrl", "postgresql://x")];
    let all = all.iter().chain(parameters).map(|(k, v)| (k.to_string(), known(*v))).collect();
    StackState {
        name: known("prod"),
        template_body: known(TEMPLATE),
        parameters: Value::Value(all),
        ..StackState::default()
    }
}

const TWO: &str = "A parameter with two owners";
const TWICE: &str = "identity_provider: Two blocks make the sign-in prod/okta";

#[tokio::test(start_paused = true)]
async fn whoever_is_planned_second_says_that_a_parameter_has_two_owners() {
    let cx = Fake::default().cx();
    let both = stack(&[("OktaAuth", "Disabled"), ("PasswordAuth", "Enabled")]);
    assert_eq!(problems(&plan(&cx, &StackResource, &both).await.1), NOTHING);
    let sign_in = SsoState { password_auth: true.into(), ..config() };
    assert_eq!(
        problems(&plan(&cx, &SsoResource, &sign_in).await.1),
        [format!("password_auth: {TWO}"), format!("identity_provider: {TWO}")]
    );

    let cx = Fake::default().cx();
    let (_, d) = plan(&cx, &SsoResource, &sign_in).await;
    assert_eq!(
        (problems(&d), d.warnings[0].summary.as_ref()),
        (vec![], "The stack is not there yet")
    );
    let owned = async |stack: &StackState| {
        problems(&plan(&cx, &StackResource, stack).await.1)
            .iter()
            .filter(|t| t.ends_with(TWO))
            .count()
    };
    assert_eq!(
        (
            owned(&both).await,
            owned(&stack(&[("OktaAuth", "Disabled")])).await,
            owned(&stack(&[])).await
        ),
        (2, 1, 0)
    );
    let elsewhere = StackState { name: known("other"), ..both };
    assert_eq!(problems(&plan(&cx, &StackResource, &elsewhere).await.1), NOTHING);
}

#[tokio::test(start_paused = true)]
async fn a_replacement_is_planned_twice_and_is_no_second_owner() {
    let mut stage = stage(&[]).await;
    stage.apply(&config()).await;
    let cx = stage.fake.cx();
    stage.refresh_in(&cx).await;
    let state = stage.state.clone();
    let (object, mut private) = (config().write_object(), stage.private.clone());
    for prior in [state, None] {
        let change =
            Change { prior, planned: Some(object.clone()), config: object.clone(), private };
        let mut d = Diagnostics::default();
        private = AnyResource::plan(&SsoResource, &cx, change, &mut d).await.unwrap().private;
        assert!(!d.failed(), "{d:?}");
    }
    let other = SsoState { client_id: known("other"), ..config() };
    let problems = problems(&plan(&cx, &SsoResource, &other).await.1);
    assert_eq!(problems, ["identity_provider: The name prod/okta is not free yet"]);
}

#[tokio::test(start_paused = true)]
async fn two_that_are_alike_are_two() {
    let cx = Fake::default().cx();
    let twice =
        [plan(&cx, &SsoResource, &config()).await.1, plan(&cx, &SsoResource, &config()).await.1];
    assert_eq!(twice.each_ref().map(problems), [vec![], vec![TWICE.to_string()]]);
    assert!(twice[1].errors[0].detail.contains("Give one of the two blocks"), "{twice:?}");
}

#[tokio::test(start_paused = true)]
async fn what_follows_from_a_stack_to_come_is_known() {
    let cx = Fake::default().cx();
    plan(&cx, &StackResource, &stack(&[])).await;
    let (planned, d) = plan(&cx, &SsoResource, &config()).await;
    assert!(!d.failed() && d.warnings.is_empty(), "{d:?}");
    assert_eq!(
        (planned.family, planned.redirect_uri),
        (known("multi"), known("https://quilt.example.com/oauth-callback"))
    );
    let google = SsoState { identity_provider: known("google"), base_url: Value::Null, ..config() };
    assert_eq!(
        problems(&plan(&cx, &SsoResource, &google).await.1).len(),
        1,
        "the template does not take it"
    );
}

/// An issuer's page, and who asked for it.
struct Answer(Result<Page, String>, Mutex<Vec<String>>);

#[async_trait]
impl Web for Answer {
    async fn page(&self, url: &str) -> Result<Page, String> {
        self.1.lock().unwrap().push(url.into());
        self.0.clone()
    }
}

/// What a plan warns of when the issuer answers like this, and how often it was asked.
async fn warned(answer: Result<Page, String>, config: &SsoState) -> (Vec<String>, usize) {
    let stage = stage(&[]).await;
    let web = Arc::new(Answer(answer, Mutex::default()));
    let cx = Cx { web: web.clone(), ..stage.fake.cx() };
    let (_, d) = plan(&cx, &SsoResource, config).await;
    assert!(!d.failed(), "{d:?}");
    let asked = web.1.lock().unwrap().len();
    (d.warnings.iter().map(|w| format!("{}: {}", w.attribute, w.detail)).collect(), asked)
}

#[tokio::test(start_paused = true)]
async fn an_issuer_is_asked_when_that_is_wanted() {
    let page =
        |issuer: &str| Ok(Page { status: 200, body: format!("{{\"issuer\": \"{issuer}\"}}") });
    let checked = SsoState { check_issuer: true.into(), ..config() };
    assert_eq!(
        warned(page("https://example.okta.com/oauth2/default"), &checked).await,
        (vec![], 1)
    );
    assert_eq!(warned(page("https://x"), &config()).await, (vec![], 0));
    let (warnings, _) = warned(page("https://example.okta.com"), &checked).await;
    assert!(
        warnings[0].starts_with("base_url: ") && warnings[0].contains("`https://example.okta.com`"),
        "{warnings:?}"
    );
    let (warnings, _) = warned(Err("no answer within 5 s".into()), &checked).await;
    assert!(
        warnings[0].contains("cannot be read from here: no answer within 5 s. The plan goes on"),
        "{warnings:?}"
    );
    assert_eq!(
        warned(page("x"), &SsoState { base_url: Value::Unknown, ..checked }).await,
        (vec![], 0)
    );
}

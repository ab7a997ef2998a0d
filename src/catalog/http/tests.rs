//! The registry over HTTPS against answers that a test wrote down.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::*;
use crate::aws::fake::Fake;
use crate::catalog::{Held, RoleOrder};
use crate::outcome::CatalogErrorKind as Kind;
use crate::outcome::Result;
use crate::web::{Call, Page};

const CONFIG: &str = r#"{"registryUrl": "https://data-registry.example.com", "stackVersion": "1.68.0", "passwordAuth": "ENABLED"}"#;
const ME: &str =
    r#"{"data": {"me": {"name": "admin", "email": "a@example.com", "isAdmin": true}}}"#;

/// A web that answers what a test wrote down, one call after the other, and keeps what it was asked.
#[derive(Clone, Default)]
struct Answers {
    left: Arc<Mutex<VecDeque<(u16, String)>>>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Answers {
    fn of(answers: &[(u16, &str)]) -> Self {
        let left = answers.iter().map(|(status, body)| (*status, body.to_string())).collect();
        Self { left: Arc::new(Mutex::new(left)), ..Self::default() }
    }

    fn urls(&self) -> Vec<String> {
        self.calls.lock().unwrap().iter().map(|call| format!("{call:?}")).collect()
    }

    fn body(&self, n: usize) -> String {
        self.calls.lock().unwrap()[n].body.clone()
    }

    fn shown(&self, n: usize) -> String {
        let calls = self.calls.lock().unwrap();
        let found = calls[n].headers.iter().find(|(name, _)| *name == "authorization");
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

#[async_trait]
impl Web for Answers {
    async fn page(&self, _url: &str) -> Result<Page, String> {
        Err("no page is read".into())
    }

    async fn call(&self, call: Call) -> Result<Page, String> {
        self.calls.lock().unwrap().push(call);
        match self.left.lock().unwrap().pop_front() {
            Some((0, why)) => Err(why),
            Some((status, body)) => Ok(Page { status, body }),
            None => Err("nothing more is answered".into()),
        }
    }
}

fn by_key(web: &Answers) -> Arc<Catalog> {
    let all = Registries::new(Arc::new(web.clone()), None, Veil::default());
    all.at("data.example.com", Who::Key("qk_secret1".to_string().into()))
}

fn by_password(web: &Answers, veil: &Veil) -> Arc<Catalog> {
    let aws = Fake::default().holding("arn:secret", "hunter2hunter2");
    let who = Who::Password {
        username: "admin@example.com".into(),
        secret_arn: "arn:secret".into(),
        secrets: Arc::new(aws),
    };
    Registries::new(Arc::new(web.clone()), None, veil.clone()).at("data.example.com", who)
}

async fn kind(answers: &[(u16, &str)]) -> Option<Kind> {
    let all: Vec<_> = std::iter::once((200, CONFIG)).chain(answers.iter().copied()).collect();
    by_key(&Answers::of(&all)).access.me().await.err().and_then(|e| e.catalog())
}

#[tokio::test]
async fn a_key_is_shown_to_the_registry_that_the_catalog_names() {
    let web = Answers::of(&[(200, CONFIG), (200, ME)]);
    let me = by_key(&web).access.me().await.unwrap();
    assert_eq!((me.name.as_str(), me.admin), ("admin", true));
    assert_eq!(
        web.urls(),
        [
            "GET https://data.example.com/config.json",
            "POST https://data-registry.example.com/graphql"
        ]
    );
    assert_eq!((web.shown(0), web.shown(1)), (String::new(), "Bearer qk_secret1".into()));
}

#[tokio::test]
async fn a_password_becomes_a_token_by_a_form_and_once() {
    let web = Answers::of(&[
        (200, CONFIG),
        (200, r#"{"refresh_token": "r/1+="}"#),
        (
            200,
            r#"{"access_token": "access-1", "refresh_token": "r/1+=", "expires_at": 99999999999}"#,
        ),
        (200, ME),
        (200, ME),
    ]);
    let veil = Veil::default();
    let catalog = by_password(&web, &veil);
    for _ in 0..2 {
        catalog.access.me().await.unwrap();
    }
    assert!(web.body(1).contains("hunter2hunter2") && web.urls()[1].ends_with("/api/login"));
    assert_eq!(web.body(2), "refresh_token=r%2F1%2B%3D");
    assert_eq!((web.shown(3), web.shown(4)), ("Bearer access-1".into(), "Bearer access-1".into()));
    assert_eq!(veil.strike("hunter2hunter2 access-1"), "*** ***");
}

#[tokio::test]
async fn a_registry_that_gives_a_token_at_once_is_taken_at_its_word() {
    let web = Answers::of(&[
        (200, CONFIG),
        (200, r#"{"token": "web-1", "exp": 99999999999.5}"#),
        (200, ME),
    ]);
    by_password(&web, &Veil::default()).access.me().await.unwrap();
    assert_eq!(web.shown(2), "Bearer web-1");
}

#[tokio::test]
async fn a_token_that_is_not_known_any_more_is_signed_in_for_once_more() {
    for dead in [(401, ""), (200, r#"{"errors": [{"message": "Unauthorized"}], "data": null}"#)] {
        let token = |token| format!(r#"{{"token": "{token}"}}"#);
        let (one, two) = (token("token-one"), token("token-two"));
        let web = Answers::of(&[(200, CONFIG), (200, &one), dead, (200, &two), (200, ME)]);
        by_password(&web, &Veil::default()).access.me().await.unwrap();
        assert_eq!(web.shown(4), "Bearer token-two");
        let web = Answers::of(&[(200, CONFIG), (200, &one), dead, (200, &two), dead]);
        let e = by_password(&web, &Veil::default()).access.me().await.unwrap_err();
        assert_eq!((e.catalog(), web.urls().len()), (Some(Kind::SignIn), 5));
    }
}

#[tokio::test]
async fn a_sign_in_that_is_refused_says_so_in_the_registrys_words() {
    let web = Answers::of(&[(200, CONFIG), (401, r#"{"error": "login attempt failed"}"#)]);
    let e = by_password(&web, &Veil::default()).access.me().await.unwrap_err();
    assert_eq!(
        e.to_string(),
        "The catalog data.example.com did not let the provider sign in: login attempt failed"
    );
    let disabled = CONFIG.replace("ENABLED", "DISABLED");
    let e = by_password(&Answers::of(&[(200, &disabled)]), &Veil::default()).access.me().await;
    assert!(e.unwrap_err().to_string().contains("nobody signs in to it by a password"));
}

#[tokio::test]
async fn answers_are_told_apart() {
    for (status, body, expected) in [
        (401, "", Kind::SignIn),
        (200, r#"{"data": {"me": null}}"#, Kind::SignIn),
        (403, "no", Kind::Denied),
        (503, "<html>", Kind::Unreached),
        (200, "<html>", Kind::Unreached),
        (
            200,
            r#"{"errors": [{"message": "Internal Server Error"}], "data": {"me": null}}"#,
            Kind::Fault,
        ),
        (
            400,
            r#"{"errors": [{"message": "Cannot query field 'me' on type 'Query'."}]}"#,
            Kind::Old,
        ),
        (200, r#"{"data": {"me": {"name": 1}}}"#, Kind::Odd),
        (0, "no connection to data-registry.example.com", Kind::Unreached),
    ] {
        assert_eq!(kind(&[(status, body)]).await, Some(expected), "{status} {body}");
    }
}

#[tokio::test]
async fn what_is_no_catalog_gets_no_key() {
    for config in [
        "<html>",
        r#"{"registryUrl": ""}"#,
        r#"{"registryUrl": "http://data-registry.example.com"}"#,
    ] {
        let web = Answers::of(&[(200, config)]);
        let e = by_key(&web).access.me().await.unwrap_err();
        assert_eq!((e.catalog(), web.urls().len()), (Some(Kind::Unreached), 1), "{config}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_is_asked_again_and_a_change_is_not() {
    let roles = r#"{"data": {"roles": [{"__typename": "ManagedRole", "id": "1", "name": "A", "arn": "arn:a", "policies": [{"id": "p"}]}, {"__typename": "UnmanagedRole", "id": "2", "name": "B", "arn": "arn:b"}]}}"#;
    let web = Answers::of(&[(200, CONFIG), (503, ""), (0, "reset"), (200, roles)]);
    let found = by_key(&web).roles.list().await.unwrap();
    assert_eq!(
        (found[0].managed, found[0].policies.contains("p"), found[1].managed),
        (true, true, false)
    );
    let web = Answers::of(&[(200, CONFIG), (503, ""), (200, roles)]);
    let order = RoleOrder { name: "A".into(), held: Held::Policies(vec!["p".into()]) };
    let e = by_key(&web).roles.create(&order).await.unwrap_err();
    assert_eq!((e.is_in_doubt(), web.urls().len()), (true, 2));
    assert!(
        web.body(1).contains(r#""variables":{"input":{"name":"A","policies":["p"]}}"#),
        "{}",
        web.body(1)
    );
}

#[tokio::test]
async fn refusals_have_names() {
    for (result, code, words) in [
        (
            r#"{"__typename": "RoleNameExists"}"#,
            "RoleNameExists",
            "there is a role of that name already",
        ),
        (r#"{"__typename": "NewThing"}"#, "NewThing", "NewThing"),
        (
            r#"{"__typename": "InvalidInput", "errors": [{"path": "input.title", "name": "PolicyTitleConflict", "message": "m"}]}"#,
            "PolicyTitleConflict",
            "there is a policy of that title already (`input.title`)",
        ),
        (r#"{"__typename": "OperationError", "name": "Odd", "message": "m"}"#, "Odd", "Odd: m"),
    ] {
        let answer = format!(r#"{{"data": {{"result": {result}}}}}"#);
        let web = Answers::of(&[(200, CONFIG), (200, &answer)]);
        let e = by_key(&web).roles.delete("1").await.unwrap_err();
        assert_eq!(e.refusal(), Some(code));
        assert!(e.to_string().ends_with(words), "{e}");
    }
}

//! What is opened for one run: the ephemeral resources.

use serde_json::{Value as Json, json};

use super::scene::filled;
use super::{page, part};
use crate::aws::fake::Fake;
use crate::outcome::AwsErrorKind;
use crate::provider::config::tests::object;
use crate::provider::served::Served;
use crate::tf::{Diagnostics, Report};

/// Something that is opened.
async fn opened(book: &mut String, name: &str, title: &str, fake: Fake, config: Json) {
    let all = Served::default().ephemerals;
    let ephemeral = all.into_iter().find(|e| e.name() == name).expect("it is");
    let (mut d, config) =
        (Diagnostics::default(), filled(&ephemeral.schema().attributes, object(config)));
    ephemeral.validate(&config, &mut d);
    if !d.failed() {
        ephemeral.open(&fake.cx(), config, &mut d).await;
    }
    page(book, title, vec![("plan", d)]);
}

pub async fn ephemerals(book: &mut String) {
    const SECRET: &str = "quilt_secret";
    part(book, "ephemeral quilt_secret");
    let vault = || Fake::default().holding("login", r#"{"username": "root", "port": 5432}"#);
    opened(book, SECRET, "There is no such secret", vault(), json!({ "secret_id": "other" })).await;
    let member = json!({ "secret_id": "login", "key": "host" });
    opened(book, SECRET, "The secret has no such member", vault(), member).await;
    let closed = vault().fail("secret_value", AwsErrorKind::Denied);
    opened(book, SECRET, "The secret may not be read", closed, json!({ "secret_id": "login" }))
        .await;

    const ADMIN: &str = "quilt_admin_password";
    part(book, "ephemeral quilt_admin_password");
    let prod = json!({ "stack_name": "prod" });
    opened(book, ADMIN, "There is no such stack", Fake::default(), prod.clone()).await;
    let there = || Fake::default().existing("prod", "CREATE_COMPLETE");
    opened(book, ADMIN, "The configuration gave the password", there(), prod.clone()).await;
    let theirs = there().holding("quilt/prod/admin-password", "pa55word");
    opened(book, ADMIN, "Somebody else's secret has the name", theirs, prod).await;
}

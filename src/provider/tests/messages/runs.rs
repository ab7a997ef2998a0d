//! What is opened for one run, and what is done when it is asked for: the ephemeral resources and the actions.

use serde_json::{Value as Json, json};

use super::scene::{filled, with};
use super::{page, part};
use crate::aws::Stacks;
use crate::aws::fake::{Fake, old_database};
use crate::cloudformation::drift::Drift;
use crate::cloudformation::stack::Part;
use crate::outcome::AwsErrorKind;
use crate::provider::config::tests::object;
use crate::provider::served::Served;
use crate::quilt::snapshot::Snapshot;
use crate::tf::{Diagnostics, Report};

mod rotations;

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

    part(book, "ephemeral quilt_api_key");
    let long = json!({ "name": "ci", "expires_in_days": 366 });
    opened(book, "quilt_api_key", "A key that lasts too long", Fake::default(), long).await;
}

/// Something that is done.
async fn invoked(book: &mut String, name: &str, title: &str, fake: Fake, config: Json) {
    let action = Served::default().actions.into_iter().find(|a| a.name() == name).expect("it is");
    let config = filled(&action.schema().attributes, object(config));
    let (mut plan, mut invocation) = (Diagnostics::default(), Diagnostics::default());
    action.plan(&config, &mut plan);
    if !plan.failed() {
        action.invoke(&fake.cx(), config, &mut invocation).await;
    }
    page(book, title, vec![("plan", plan), ("invocation", invocation)]);
}

/// Something that is listed.
fn listed(book: &mut String, name: &str, title: &str, filter: Json) {
    let list = Served::default().lists.into_iter().find(|l| l.name() == name).expect("it is");
    let mut d = Diagnostics::default();
    list.validate(&filled(&list.schema().attributes, object(filter)), &mut d);
    page(book, title, vec![("plan", d)]);
}

pub fn lists(book: &mut String) {
    part(book, "list quilt_stack");
    let done = json!({ "statuses": ["COMPLETE"] });
    listed(book, "quilt_stack", "A status that there is not", done);
    part(book, "list quilt_sso");
    let other = json!({ "identity_provider": "facebook" });
    listed(book, "quilt_sso", "An identity provider that there is not", other);
}

pub async fn actions(book: &mut String) {
    let prod = || Fake::default().existing("prod", "UPDATE_COMPLETE");
    let config = |more| with(json!({ "stack_name": "prod" }), more);
    rollbacks(book, &config).await;
    drifts(book, prod(), &config).await;
    rotations::rotations(book).await;
    snapshots(book, &prod, &config).await;
    buckets(book, &config).await;
    health(book, &config).await;
}

async fn rollbacks(book: &mut String, config: &impl Fn(Json) -> Json) {
    const NAME: &str = "quilt_continue_rollback";
    part(book, "action quilt_continue_rollback");
    invoked(book, NAME, "There is no such stack", Fake::default(), config(json!({}))).await;
    invoked(
        book,
        NAME,
        "A timeout that is none",
        Fake::default(),
        config(json!({ "timeout": "90" })),
    )
    .await;
    let stuck = || {
        let part = Part {
            logical_id: "DB".into(),
            kind: "AWS::RDS::DBInstance".into(),
            status: "UPDATE_FAILED".into(),
            reason: Some("broken".into()),
            ..Part::default()
        };
        Fake::default().existing("prod", "UPDATE_ROLLBACK_FAILED").stands("prod", part)
    };
    let again = stuck().script(&["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"]);
    invoked(book, NAME, "The rollback fails again", again, config(json!({}))).await;
    let long = stuck().script(&["UPDATE_ROLLBACK_IN_PROGRESS"]);
    invoked(book, NAME, "The rollback lasts longer", long, config(json!({}))).await;
    let denied = stuck().fail("continue_rollback", AwsErrorKind::Denied);
    invoked(book, NAME, "It is not allowed", denied, config(json!({}))).await;
}

async fn drifts(book: &mut String, prod: Fake, config: &impl Fn(Json) -> Json) {
    const NAME: &str = "quilt_detect_drift";
    part(book, "action quilt_detect_drift");
    let queue = |deleted| Drift {
        logical_id: "Queue".into(),
        kind: "AWS::SQS::Queue".into(),
        physical_id: "queue-1".into(),
        deleted,
        properties: vec!["/MaximumMessageSize".into()],
    };
    let found = prod.drifts(1, vec![queue(false)]).overlooks("Failed to detect drift on [DB]");
    invoked(
        book,
        NAME,
        "Something was changed, and not all was looked at",
        found.clone(),
        config(json!({})),
    )
    .await;
    let found = found.drifts(1, vec![queue(true)]);
    invoked(book, NAME, "Drift is an error", found, config(json!({ "fail_on_drift": true }))).await;
}

async fn snapshots(book: &mut String, prod: &impl Fn() -> Fake, config: &impl Fn(Json) -> Json) {
    const NAME: &str = "quilt_take_snapshot";
    part(book, "action quilt_take_snapshot");
    let database = |status: &str| {
        let fake = prod().part("prod", "DB", "AWS::RDS::DBInstance", "old-db-1");
        fake.instance(old_database(status))
    };
    invoked(book, NAME, "No source", prod(), json!({})).await;
    invoked(book, NAME, "Two sources", prod(), config(json!({ "db_instance_identifier": "db" })))
        .await;
    invoked(book, NAME, "The stack makes no database", prod(), config(json!({}))).await;
    invoked(book, NAME, "The database is stopped", database("stopped"), config(json!({}))).await;
    let named = config(json!({ "snapshot_identifier": "before" }));
    let theirs =
        Snapshot { id: "before".into(), status: "available".into(), ..Snapshot::default() };
    invoked(book, NAME, "The name is taken", database("available").snapshot(theirs), named).await;
}

async fn buckets(book: &mut String, config: &impl Fn(Json) -> Json) {
    const NAME: &str = "quilt_empty_buckets";
    part(book, "action quilt_empty_buckets");
    let prod = || {
        let template = r#"{"Resources": {"Data": {"Type": "AWS::S3::Bucket"}, "Kept": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"}}}"#;
        let fake = Fake::default().made_from("prod", template);
        let fake = fake.part("prod", "Data", "AWS::S3::Bucket", "data");
        fake.part("prod", "Kept", "AWS::S3::Bucket", "kept")
    };
    let named = |bucket: &str| config(json!({ "buckets": [bucket] }));
    invoked(book, NAME, "No bucket is named", prod(), config(json!({ "buckets": [] }))).await;
    invoked(book, NAME, "A bucket of somebody else", prod(), named("theirs")).await;
    invoked(book, NAME, "A bucket that is kept", prod(), named("kept")).await;
    let bare = Fake::default().existing("prod", "CREATE_COMPLETE");
    invoked(book, NAME, "The stack has no buckets", bare, named("data")).await;
    let protected = prod();
    protected.protect("prod", true).await.unwrap();
    invoked(book, NAME, "The stack is protected", protected, named("data")).await;
}

async fn health(book: &mut String, config: &impl Fn(Json) -> Json) {
    const NAME: &str = "quilt_wait_healthy";
    part(book, "action quilt_wait_healthy");
    let stuck = Fake::default().existing("prod", "UPDATE_ROLLBACK_FAILED");
    invoked(book, NAME, "The stack is stuck", stuck, config(json!({}))).await;
    let database = |status: &str| {
        let fake = Fake::default().existing("prod", "UPDATE_COMPLETE");
        let fake = fake.part("prod", "DB", "AWS::RDS::DBInstance", "old-db-1");
        fake.instance(old_database(status))
    };
    invoked(book, NAME, "The database is stopped", database("stopped"), config(json!({}))).await;
    invoked(book, NAME, "The database never comes", database("upgrading"), config(json!({}))).await;
    let denied = database("available").fail("instance", AwsErrorKind::Denied);
    invoked(book, NAME, "It may not be looked at", denied, config(json!({}))).await;
}

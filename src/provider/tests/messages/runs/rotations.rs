//! A database's password that is replaced: what does not belong together, and what did not come to its end.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::super::scene::with;
use super::{Json, invoked, part};
use crate::aws::fake::{Fake, old_database};
use crate::outcome::AwsErrorKind;
use crate::quilt::database::Instance;

const NAME: &str = "quilt_rotate_database_password";
const TAKES: &str = r#"{"Parameters": {"DBUrl": {"Type": "String", "NoEcho": true}, "DBAccessorSecurityGroup": {"Type": "String"}},
    "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
const OWN: &str = r#"{"Parameters": {"DBPassword": {"Type": "String", "NoEcho": true}}, "Resources": {"DB": {"Type": "AWS::RDS::DBInstance"}}}"#;
const HOST: &str = "data.abc.us-east-1.rds.amazonaws.com";

fn vault() -> Fake {
    Fake::default().holding("login", r#"{"username": "root", "password": "old-pa55word"}"#)
}

fn there(instance: Instance) -> Fake {
    vault().made_from("prod", TAKES).instance(Instance {
        id: "data".into(),
        host: HOST.into(),
        ..instance
    })
}

fn prod() -> Fake {
    there(old_database("available"))
}

fn database(more: Json) -> Json {
    let database = json!({ "db_instance_identifier": "data", "endpoint": HOST, "password_secret_arn": "login" });
    json!({ "stack_name": "prod", "database": with(database, more) })
}

/// What is found wrong before anything is touched.
async fn refusals(book: &mut String) {
    let config = || database(json!({}));
    let own = vault().made_from("prod", OWN);
    invoked(book, NAME, "The stack makes its own database", own, config()).await;
    let other = Fake::default().existing("prod", "UPDATE_COMPLETE");
    invoked(book, NAME, "The stack takes no database", other, config()).await;
    let nowhere = vault().made_from("prod", TAKES);
    invoked(book, NAME, "There is no such database", nowhere, config()).await;
    let kept = there(Instance { kept_by_rds: true, ..old_database("available") });
    invoked(book, NAME, "RDS keeps the password", kept, config()).await;
    let stopped = there(old_database("stopped"));
    invoked(book, NAME, "The database takes no password", stopped, config()).await;
    let host = database(json!({ "endpoint": "other.abc.us-east-1.rds.amazonaws.com" }));
    invoked(book, NAME, "The address is another database's", prod(), host).await;
    invoked(book, NAME, "The secret is not there", prod().losing("login"), config()).await;
    invoked(book, NAME, "Something else changes the secret", prod().rotating("login"), config())
        .await;
    let broken = prod().holding("login", "hunter2-hunter2");
    invoked(book, NAME, "The secret holds something else", broken, config()).await;
    let reader = prod().holding("login", r#"{"username": "reader", "password": "pa55word"}"#);
    invoked(book, NAME, "The secret is another user's", reader, config()).await;
}

/// Another invocation takes its turn, once, before this call.
fn another_before(fake: &Fake, call: &'static str) {
    let begun = AtomicBool::new(false);
    fake.meanwhile(move |fake, now| {
        if now == call && !begun.swap(true, Ordering::Relaxed) {
            let login = r#"{"username": "root", "password": "another-pa55word"}"#;
            fake.adds_version("login", login, "QUILT_ROTATION_TURN");
        }
    });
}

pub async fn rotations(book: &mut String) {
    part(book, "action quilt_rotate_database_password");
    refusals(book).await;
    let group = database(json!({ "accessor_security_group_id": "sg-2" }));
    let wired = prod()
        .having("wired", &[("DBUrl", "****"), ("DBAccessorSecurityGroup", "sg-2"), ("Other", "x")]);
    invoked(book, NAME, "Another stack signs in too", wired, group).await;
    let config = || database(json!({}));
    let unlisted = prod().fail("list", AwsErrorKind::Denied);
    invoked(book, NAME, "Stacks may not be listed", unlisted, config()).await;
    let denied = prod().fail("set_password", AwsErrorKind::Denied);
    invoked(book, NAME, "The password may not be changed", denied, config()).await;
    let back = ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"];
    let failing = || prod().event("Registry", "UPDATE_FAILED", "no tasks");
    invoked(book, NAME, "The update is rolled back", failing().script(&back), config()).await;
    let torn = failing().script(&back).skip("set_password", 1);
    let torn = torn.fail("set_password", AwsErrorKind::Denied);
    invoked(book, NAME, "The former password cannot be set again", torn, config()).await;
    let stuck = failing().script(&["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"]);
    invoked(book, NAME, "The rollback fails", stuck, config()).await;
    for (call, title) in [
        ("propose", "Another invocation begins before the database is touched"),
        ("execute", "Another invocation begins while the update fails"),
    ] {
        let met = failing().script(&back);
        another_before(&met, call);
        invoked(book, NAME, title, met, config()).await;
    }
    let long = prod().script(&["UPDATE_IN_PROGRESS"]);
    invoked(book, NAME, "The update lasts longer", long, config()).await;
}

//! A rotation to its end, and one that is killed, stopped, refused or rolled back at each of its steps: nobody is locked out, and the next finishes it.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::*;
use crate::actions::stage::{Invoked, invoke, invoke_in};
use crate::aws::fake::{Fake, old_database};
use crate::cloudformation::stack::{Order, Parameter, Template};
use crate::outcome::AwsErrorKind;
use crate::quilt::database::Instance;
use crate::quilt::rotation::{COMING, CURRENT, PREVIOUS, TURN};
use crate::tf::{Value, known};

mod twice;

const TAKES: &str = r#"{"Parameters": {"DBUrl": {"Type": "String", "NoEcho": true}, "DBAccessorSecurityGroup": {"Type": "String"}},
    "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
const SECRET: &str = "db-secret";
const OLD: &str = "old-pa55word";
/// An update that lasts.
const LASTING: [&str; 4] =
    ["UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"];
const ROLLED_BACK: [&str; 3] =
    ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"];

fn url(password: &str) -> String {
    format!("postgresql://root:{password}@db.internal:5432/quilt")
}

/// A stack that signs in to a database, and the secret with its password.
fn world() -> Fake {
    let given =
        [("DBUrl", url(OLD)), ("DBAccessorSecurityGroup", "sg-db".into()), ("Other", "x".into())];
    let parameters = given.into_iter().map(|(name, value)| (name.into(), Parameter::Value(value)));
    let order = Order {
        name: "prod".into(),
        template: Template::Body(TAKES.into()),
        parameters: parameters.collect(),
        ..Order::default()
    };
    let fake = Fake::default()
        .holding(SECRET, &format!(r#"{{"username": "root", "password": "{OLD}", "port": 5432}}"#))
        .instance(Instance { id: "data-db".into(), ..old_database("available") })
        .signing_in("data-db", OLD);
    let cx = fake.cx();
    let made = async { cx.aws(None).await.unwrap().stacks.create(&order, "somebody").await };
    made.now_or_never().unwrap().unwrap();
    fake.becomes("prod", "CREATE_COMPLETE");
    fake
}

fn config() -> RotateDatabasePasswordConfig {
    let database = RotatedDatabase {
        db_instance_identifier: known("data-db"),
        endpoint: known("db.internal"),
        password_secret_arn: known(SECRET),
        accessor_security_group_id: known("sg-db"),
        ..RotatedDatabase::default()
    };
    RotateDatabasePasswordConfig {
        stack_name: known("prod"),
        database: Value::Value(database),
        ..RotateDatabasePasswordConfig::default()
    }
}

async fn rotate(fake: &Fake) -> Invoked {
    invoke(&RotateDatabasePassword, fake, &config()).await
}

/// The password that a version of the secret holds.
fn held(fake: &Fake, label: &str) -> Option<String> {
    let held: serde_json::Value = serde_json::from_str(&fake.held_at(SECRET, label)?).unwrap();
    assert_eq!((&held["username"], &held["port"]), (&"root".into(), &5432.into()));
    Some(held["password"].as_str().unwrap().to_owned())
}

fn in_database(fake: &Fake) -> String {
    fake.password_of("data-db").unwrap()
}

/// The stack signs in with what the database has.
fn signs_in(fake: &Fake) -> bool {
    fake.stack("prod").unwrap().parameters["DBUrl"] == url(&in_database(fake))
}

/// The database's password is in the secret, whatever has come to pass.
fn is_kept(fake: &Fake) -> bool {
    [CURRENT, COMING, PREVIOUS]
        .iter()
        .any(|label| held(fake, label).as_ref() == Some(&in_database(fake)))
}

/// It is over, and all three hold the same.
#[track_caller]
fn is_over(fake: &Fake, when: &str) -> String {
    let now = in_database(fake);
    assert_eq!(held(fake, CURRENT).as_ref(), Some(&now), "{when}");
    assert_eq!(fake.stack("prod").unwrap().parameters["DBUrl"], url(&now), "{when}");
    assert_eq!((fake.held_at(SECRET, COMING), fake.held_at(SECRET, TURN)), (None, None), "{when}");
    assert_eq!(fake.open_sets(), [""; 0], "{when}");
    now
}

fn writes(fake: &Fake) -> Vec<String> {
    let names = ["add_version", "propose", "set_password", "relabel", "execute", "update"];
    let is_one = |call: &String| names.iter().any(|name| call.starts_with(name));
    fake.calls().into_iter().filter(is_one).collect()
}

/// Everything that a person or a log may see.
fn told(invoked: &Invoked) -> String {
    format!("{}\n{:?}\n{}", invoked.lines.join("\n"), invoked.d, invoked.errors())
}

#[tokio::test(start_paused = true)]
async fn all_three_get_one_new_password_in_order() {
    let mut lasting = vec!["UPDATE_IN_PROGRESS"; 30];
    lasting.push("UPDATE_COMPLETE");
    let fake = world().script(&lasting);
    let done = rotate(&fake).await;
    assert_eq!(
        done.result(),
        "The database data-db has a new password, and stack prod signs in with it"
    );
    let new = is_over(&fake, "at the end");
    assert!(new != OLD && new.len() == 32, "{new}");
    assert_eq!(held(&fake, PREVIOUS).as_deref(), Some(OLD));
    let previous = "DBAccessorSecurityGroup=previous value DBUrl=*** Other=previous value";
    let expected = [
        "add_version db-secret QUILT_ROTATION_TURN".into(),
        "relabel QUILT_ROTATION version-2".into(),
        format!("propose {previous}"),
        "set_password data-db".into(),
        "relabel AWSCURRENT version-2".into(),
        format!("propose {previous}"),
        "execute".into(),
        "relabel QUILT_ROTATION nowhere".into(),
        "relabel QUILT_ROTATION_TURN nowhere".into(),
    ];
    assert_eq!(writes(&fake), expected);
    let says = |words: &str| done.lines.iter().any(|line| line.contains(words));
    assert!(
        says("the database data-db takes its new password (") && says("(UPDATE_IN_PROGRESS)"),
        "{:?}",
        done.lines
    );
    assert!(!told(&done).contains(&new) && !told(&done).contains(OLD));
    // Each invocation gives another one.
    rotate(&fake).await.result();
    assert_ne!(is_over(&fake, "the second time"), new);
}

/// Killed after each call in turn, with the update's fate; returns at how many moments.
async fn killed_at_each_call(update: &[&'static str]) -> usize {
    for calls in 0.. {
        let fake = world().script(update);
        fake.dies_after(Some(calls));
        let killed = AssertUnwindSafe(rotate(&fake)).catch_unwind().await.is_err();
        fake.dies_after(None);
        if !killed {
            return calls;
        }
        let when = format!("killed after {calls} calls: {:#?}", fake.calls());
        assert!(is_kept(&fake), "{when}");
        let again = rotate(&fake).await;
        assert!(again.d.errors.is_empty() || update == ROLLED_BACK, "{when}: {}", again.errors());
        if !again.d.errors.is_empty() {
            // What was under way when it was killed was rolled back meanwhile.
            assert!(is_over(&fake, &when) == OLD && signs_in(&fake), "{when}");
            rotate(&fake).await.result();
        }
        assert_ne!(is_over(&fake, &when), OLD);
    }
    unreachable!("it ends some time")
}

#[tokio::test(start_paused = true)]
async fn killed_at_each_call_the_next_one_finishes_it() {
    let moments = killed_at_each_call(&LASTING).await;
    assert!(moments > 20, "{moments}");
}

#[tokio::test(start_paused = true)]
async fn killed_at_each_call_on_the_way_there_and_back() {
    let moments = killed_at_each_call(&ROLLED_BACK).await;
    assert!(moments > 25, "{moments}");
}

#[tokio::test(start_paused = true)]
async fn stopped_at_each_call_nobody_is_locked_out() {
    let mut stopped = 0;
    for calls in 0.. {
        let (fake, cx) = (world().script(&LASTING), world().cx());
        let cx = Cx { regions: fake.cx().regions, ..cx };
        fake.stops_at(calls, cx.stop.clone());
        let ended = invoke_in(&RotateDatabasePassword, cx.clone(), &config()).await;
        if !cx.stop.is_cancelled() {
            break;
        }
        let when = format!("stopped at call {calls}: {:#?}", fake.calls());
        assert!(signs_in(&fake), "{when}");
        stopped += usize::from(ended.errors().contains(": stopped"));
        rotate(&fake).await.result();
        is_over(&fake, &when);
    }
    assert!(stopped > 10, "{stopped}");
}

#[tokio::test(start_paused = true)]
async fn whatever_is_refused_nobody_is_locked_out() {
    let calls = [
        ("template", 1),
        ("list", 1),
        ("instance", 5),
        ("describe_secret", 14),
        ("secret_value", 4),
        ("add_version", 1),
        ("propose", 2),
        ("set_password", 1),
        ("relabel", 4),
        ("execute", 1),
    ];
    let mut refused = 0;
    let moments = calls.into_iter().flat_map(|(call, times)| (0..times).map(move |n| (call, n)));
    for (call, n) in moments {
        let fake = world().skip(call, n).fail(call, AwsErrorKind::Denied);
        let ended = rotate(&fake).await;
        let when = format!("{call} was denied the time {n}: {}", ended.errors());
        assert!(signs_in(&fake), "{when}");
        assert!(!told(&ended).contains(&in_database(&fake)), "{when}");
        if ended.d.errors.is_empty() {
            // It was asked less often, or goes without.
            continue;
        }
        refused += 1;
        rotate(&fake).await.result();
        is_over(&fake, &when);
    }
    assert!(refused > 15, "{refused}");
}

#[tokio::test(start_paused = true)]
async fn an_update_that_is_rolled_back_gives_the_database_its_password_back() {
    let fake = world().script(&ROLLED_BACK).event("Service", "UPDATE_FAILED", "no tasks");
    let ended = rotate(&fake).await;
    let text = ended.errors();
    assert!(text.contains("Service") && text.contains("all is as before"), "{text}");
    assert_eq!(is_over(&fake, "after the rollback"), OLD);
    let turns: Vec<_> = writes(&fake).into_iter().filter(|c| !c.starts_with("propose")).collect();
    let expected = [
        "add_version db-secret QUILT_ROTATION_TURN",
        "relabel QUILT_ROTATION version-2",
        "set_password data-db",
        "relabel AWSCURRENT version-2",
        "execute",
        "set_password data-db",
        "relabel AWSCURRENT version-1",
        "relabel QUILT_ROTATION nowhere",
        "relabel QUILT_ROTATION_TURN nowhere",
    ];
    assert_eq!(turns, expected);
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_fails_leaves_the_new_one_for_the_next_invocation() {
    let stuck = ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"];
    let fake = world().script(&stuck);
    let ended = rotate(&fake).await;
    let text = ended.errors();
    assert!(text.contains("has its new password already"), "{text}");
    assert!(in_database(&fake) != OLD && is_kept(&fake));
    let before = fake.calls().len();
    let still = rotate(&fake).await.errors();
    assert!(still.contains("UPDATE_ROLLBACK_FAILED"), "{still}");
    assert!(!fake.calls()[before..].iter().any(|call| call.starts_with("set_password")));
    let new = in_database(&fake);
    fake.becomes("prod", "UPDATE_ROLLBACK_COMPLETE");
    rotate(&fake).await.result();
    assert_eq!(is_over(&fake, "after the second"), new, "it goes on with the same one");
}

#[tokio::test(start_paused = true)]
async fn its_time_is_limited_and_the_next_one_goes_on() {
    let fake = world().script(&["UPDATE_IN_PROGRESS"]);
    let config = RotateDatabasePasswordConfig { timeout: known("5m"), ..config() };
    let late = invoke(&RotateDatabasePassword, &fake, &config).await;
    let text = late.errors();
    assert!(
        text.starts_with(
            "The new database password of prod was not finished in time\nAfter 5 min,"
        ),
        "{text}"
    );
    assert!(signs_in(&fake));
    fake.becomes("prod", "UPDATE_COMPLETE");
    rotate(&fake).await.result();
    is_over(&fake, "after the second");
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_was_given_another_database_is_left_alone() {
    let fake = world();
    let mut config = config();
    if let Value::Value(database) = &mut config.database {
        database.accessor_security_group_id = known("sg-other");
    }
    let refused = invoke(&RotateDatabasePassword, &fake, &config).await;
    let text = refused.errors();
    assert!(
        text.contains("Stack prod was given another database") && text.contains("sg-other"),
        "{text}"
    );
    assert_eq!(writes(&fake), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_database_that_is_busy_is_waited_for() {
    let fake = world().skip("instance", 3).fail("set_password", AwsErrorKind::State);
    rotate(&fake).await.result();
    is_over(&fake, "at the end");
}

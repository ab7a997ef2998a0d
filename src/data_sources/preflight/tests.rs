//! Looks ahead at an account in memory.

use super::*;
use crate::aws::Bucket;
use crate::aws::fake::Fake;
use crate::kinds::data_source::AnyDataSource;
use crate::outcome::AwsErrorKind;
use crate::tf::State;

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:210987654321:certificate/1";

async fn read(fake: &Fake, config: PreflightLookup) -> (Option<PreflightLookup>, Diagnostics) {
    let mut d = Diagnostics::default();
    let object =
        AnyDataSource::read(&PreflightSource, &fake.cx(), config.write_object(), &mut d).await;
    (object.map(|o| PreflightLookup::read_object(&o, &AttributePath::root()).unwrap()), d)
}

/// Name and status of each check.
fn statuses(state: &PreflightLookup) -> Vec<(String, String)> {
    let rows = state.checks.iter().flatten().flatten();
    rows.map(|row| (row.name.clone().unwrap(), row.status.clone().unwrap())).collect()
}

/// A deployment that is to be made, with everything left as it is by default.
fn whole() -> PreflightLookup {
    PreflightLookup {
        stack_name: known("prod"),
        database: DatabaseWish::default().into(),
        search: SearchWish::default().into(),
        network: NetworkWish::default().into(),
        ..PreflightLookup::default()
    }
}

fn names(names: &[&str]) -> Value<Set<Value<String>>> {
    Set(names.iter().map(|name| known(*name)).collect::<Vec<_>>()).into()
}

#[tokio::test(start_paused = true)]
async fn an_empty_account_is_ready() {
    let (state, d) = read(&Fake::default(), whole()).await;
    let state = state.unwrap_or_else(|| panic!("{d:?}"));
    let all = statuses(&state);
    assert!(all.iter().all(|(_, status)| status == "pass"), "{all:?}");
    for name in [
        "stack_name",
        "stack_status",
        "engine_version",
        "database_instance",
        "search_nodes",
        "cidr",
    ] {
        assert!(all.iter().any(|(of, _)| of == name), "{name}: {all:?}");
    }
    assert_eq!((state.ready, state.region), (true.into(), known("us-east-1")));
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_data_until_it_is_named() {
    let fake =
        Fake::default().located("templates", Bucket::Gone).fail("offers", AwsErrorKind::Denied);
    let config = PreflightLookup {
        template_bucket: known("templates"),
        certificate_arn: known(CERTIFICATE),
        ..whole()
    };
    let (state, d) = read(&fake, config.clone()).await;
    let state = state.unwrap();
    assert!(!d.failed() && state.ready == false.into(), "{d:?}");
    let row = |name: &str| {
        let rows = state.checks.iter().flatten().flatten();
        rows.clone().find(|row| row.name == known(name)).cloned().unwrap()
    };
    assert_eq!(row("template_bucket").status, known("fail"));
    assert_eq!(row("certificate").status, known("fail"));
    let unknown = row("database_instance");
    assert_eq!(unknown.status, known("unknown"));
    assert!(unknown.fix.unwrap().contains("rds:DescribeOrderableDBInstanceOptions"));
    let config = PreflightLookup { fail_on: names(&["template_bucket"]), ..config };
    let (state, d) = read(&fake, config).await;
    assert!(d.failed() && state.is_some_and(|state| state.ready == false.into()));
    assert_eq!((d.errors.len(), d.errors[0].attribute.to_string()), (1, "fail_on".into()));
    assert!(d.errors[0].detail.contains("There is no bucket templates."), "{d:?}");
}

#[tokio::test(start_paused = true)]
async fn a_check_that_there_is_not_is_told() {
    let config = PreflightLookup { fail_on: names(&["buckets"]), ..whole() };
    let (state, d) = read(&Fake::default(), config).await;
    assert!(state.is_none() && d.errors[0].detail.contains("`buckets` is not one."), "{d:?}");
}

#[test]
fn the_page_names_every_check() {
    let doc = &PreflightLookup::schema().doc;
    for check in CHECKS {
        let line = format!("- `{}`: {}", check.name, check.about);
        assert!(doc.contains(&line), "the comment of `PreflightLookup` lacks: {line}");
    }
}

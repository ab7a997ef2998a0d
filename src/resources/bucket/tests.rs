//! The life of a `quilt_bucket` against a registry in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::catalog::fake::Registry;
use crate::kinds::resource::Resource;
use crate::outcome::CatalogErrorKind;
use crate::quilt::access::Level;
use crate::tf::{Report, Tree, known};

type Stage = crate::resources::stage::Stage<BucketResource>;

fn config() -> BucketState {
    BucketState { name: known("data"), ..BucketState::default() }
}

fn stage(registry: &Registry) -> Stage {
    Stage::of(BucketResource, Fake::default().with_registry(registry))
}

fn words(words: &[&str]) -> Value<Set<Value<String>>> {
    Set(words.iter().map(|word| known(*word)).collect()).into()
}

fn said(stage: &Stage) -> String {
    let all = stage.said.errors.iter().chain(&stage.said.warnings);
    all.map(|x| format!("{} | {} | {}\n", x.attribute, x.summary, x.detail)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_bucket_lives() {
    let registry = Registry::default();
    let mut stage = stage(&registry);
    stage.apply(&config()).await;
    let state = stage.get();
    assert_eq!((&state.title, &state.relevance_score), (&known("data"), &100.into()));
    assert!(state.last_indexed.is_value() && state.sns_notification_arn.is_value());
    assert_eq!(stage.changes(&config()).await, [""; 0]);

    let more = BucketState {
        title: known("Data"),
        description: known("All of it"),
        tags: words(&["a", "b"]),
        prefixes: words(&["raw/"]),
        file_extensions_to_index: words(&[]),
        index_content_bytes: 0.into(),
        relevance_score: (-1).into(),
        ..config()
    };
    stage.apply(&more).await;
    assert_eq!(stage.changes(&more).await, [""; 0]);
    let kept = registry.bucket("data").unwrap().settings;
    assert_eq!((kept.title.as_str(), kept.relevance_score), ("Data", Some(-1)));
    assert_eq!(kept.extensions, Some(Default::default()), "none are indexed");

    stage.import("data").await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
    assert_eq!(stage.changes(&more).await, [""; 0], "after an import");
    stage.destroy().await;
    assert!(stage.state.is_none() && registry.bucket("data").is_none(), "{}", said(&stage));
    assert_eq!(registry.writes(), ["add_bucket data", "update_bucket data", "remove_bucket data"]);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_names_is_sent_as_it_is() {
    let registry = Registry::default();
    let mut stage = stage(&registry);
    stage.apply(&config()).await;
    let topic = registry.bucket("data").unwrap().settings.topic;
    registry.edit_bucket("data", |settings| {
        settings.overview_url = Some("s3://data/README.md".into());
        settings.relevance_score = Some(7);
        settings.linked_data = Some(serde_json::json!({"a": 1}));
    });
    stage.refresh().await;
    stage.apply(&BucketState { description: known("d"), ..config() }).await;
    let kept = registry.bucket("data").unwrap().settings;
    assert_eq!((kept.relevance_score, &kept.topic), (Some(7), &topic));
    assert!(kept.overview_url.is_some() && kept.linked_data.is_some());
}

#[tokio::test(start_paused = true)]
async fn what_changed_outside_is_seen_and_put_right() {
    let registry = Registry::default();
    let mut stage = stage(&registry);
    let config = BucketState { description: known("d"), browsable: true.into(), ..config() };
    stage.apply(&config).await;
    registry.edit_bucket("data", |settings| {
        (settings.description, settings.browsable) = (None, false);
        settings.prefixes.insert("a/".into());
    });
    assert_eq!(stage.changes(&config).await, ["browsable", "description", "prefixes"]);
    stage.apply(&config).await;
    assert_eq!(stage.changes(&config).await, [""; 0]);
    registry.drop_bucket("data");
    stage.refresh().await;
    assert!(stage.state.is_none(), "it is gone, and will be added anew");
}

#[tokio::test(start_paused = true)]
async fn an_addition_that_was_not_answered_is_looked_for_and_done_once() {
    let registry = Registry::default();
    let mut stage = stage(&registry);
    registry.fails_stored("add_bucket");
    stage.apply(&config()).await;
    registry.fails_stored("update_bucket");
    stage.apply(&BucketState { title: known("T"), ..config() }).await;
    registry.fails("add_bucket", CatalogErrorKind::Fault, 1);
    let mut other = self::stage(&registry);
    let config = BucketState { name: known("other"), ..BucketState::default() };
    other.apply_in(&other.fake.cx(), &config).await;
    assert!(other.said.failed() && other.state.is_none());
    other.apply(&config).await;
    let all = ["add_bucket data", "update_bucket data", "add_bucket other", "add_bucket other"];
    assert_eq!(registry.writes(), all);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_there_is_taken_over_where_it_is_as_it_is_to_be() {
    let registry = Registry::default();
    let mut first = stage(&registry);
    first.apply(&config()).await;
    let mut second = stage(&registry);
    second.apply(&config()).await;
    assert_eq!(registry.writes(), ["add_bucket data"]);
    let mut third = stage(&registry);
    third.plan(&BucketState { title: known("Other"), ..config() }).await;
    assert!(said(&third).contains("not just as this configuration has it"), "{}", said(&third));
    assert!(said(&third).contains("id = \"data.example.com/data\""), "{}", said(&third));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_stands_at_its_argument_with_its_cure() {
    let registry = Registry::default();
    for (code, at, cure) in [
        ("NotificationConfigurationError", "sns_notification_arn", "DO_NOT_SUBSCRIBE"),
        ("BucketDoesNotExist", "name", "cross_account_bucket_policy"),
        ("InsufficientPermissions", "name", "key's policy"),
        ("BucketIndexContentBytesInvalid", "index_content_bytes", "bounds"),
    ] {
        registry.closes("data", code);
        let mut stage = stage(&registry);
        stage.apply_in(&stage.fake.cx(), &config()).await;
        let said = said(&stage);
        assert!(said.starts_with(&format!("{at} | ")) && said.contains(cure), "{said}");
        assert!(stage.state.is_none());
    }
    registry.opens("data");
    let mut stage = stage(&registry);
    stage.apply(&config()).await;
    registry.closes("data", "NotificationConfigurationError");
    stage.apply_in(&stage.fake.cx(), &BucketState { title: known("T"), ..config() }).await;
    assert!(said(&stage).starts_with("sns_notification_arn | "), "{}", said(&stage));
    assert_eq!(stage.get().title, known("data"), "the state stays");
}

#[tokio::test(start_paused = true)]
async fn a_scan_is_waited_for_where_that_is_asked() {
    let registry = Registry::default();
    registry.scans(true);
    let mut stage = stage(&registry);
    let config = BucketState { wait_for_index: true.into(), ..config() };
    stage.apply_in(&stage.fake.cx(), &config).await;
    assert!(said(&stage).contains("the first scan of the bucket is under way"), "{}", said(&stage));
    registry.scans(false);
    stage.apply(&config).await;
    assert!(stage.get().last_indexed.is_value());
    assert_eq!(registry.writes(), ["add_bucket data"], "it was taken over");
    registry.scans(true);
    stage.destroy().await;
    assert!(said(&stage).contains("cannot be removed"), "{}", said(&stage));
    assert!(stage.state.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_destroy_takes_it_out_of_policies() {
    let permissions = [("data".to_string(), Level::Read)].into();
    let registry = Registry::default().policy("p", "Readers", permissions);
    let mut stage = stage(&registry);
    stage.apply(&config()).await;
    stage.destroy().await;
    assert!(registry.all_policies()[0].permissions.is_empty());
}

#[tokio::test(start_paused = true)]
async fn mistakes_are_told_at_plan() {
    for (config, at) in [
        (BucketState { sns_notification_arn: known("topic"), ..config() }, "sns_notification_arn"),
        (
            BucketState { file_extensions_to_index: words(&["csv"]), ..config() },
            "file_extensions_to_index",
        ),
        (BucketState { prefixes: words(&["/a"]), ..config() }, "prefixes"),
        (BucketState { title: known(" "), ..config() }, "title"),
        (BucketState { relevance_score: (-2).into(), ..config() }, "relevance_score"),
        (
            BucketState { delay_scan: true.into(), wait_for_index: true.into(), ..config() },
            "wait_for_index",
        ),
    ] {
        let mut d = Diagnostics::default();
        Resource::validate(&BucketResource, &config, &mut d);
        assert_eq!(d.errors.iter().map(|e| e.attribute.to_string()).collect::<Vec<_>>(), [at]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_option_never_replaces_it() {
    let registry = Registry::default();
    let mut stage = stage(&registry);
    stage.apply(&config()).await;
    let all = BucketState {
        title: known("T"),
        description: known("d"),
        icon_url: known("https://example.com/a.png"),
        tags: words(&["a"]),
        relevance_score: 1.into(),
        browsable: true.into(),
        sns_notification_arn: known("DO_NOT_SUBSCRIBE"),
        scanner_parallel_shards_depth: 2.into(),
        skip_metadata_indexing: true.into(),
        file_extensions_to_index: words(&[".csv"]),
        index_content_bytes: 10.into(),
        prefixes: words(&["a/"]),
        delay_scan: true.into(),
        ..config()
    };
    let planned = stage.plan(&all).await;
    assert!(planned.replace.is_empty(), "{:?}", planned.replace);
    stage.apply(&all).await;
    assert_eq!(stage.changes(&all).await, [""; 0]);
    let other = stage.plan(&BucketState { name: known("other"), ..all }).await;
    assert_eq!(other.replace.len(), 1);
    assert_ne!(other.state.unwrap()["name"], Tree::Null);
}

//! `quilt_bucket` on the registry of the test cloud.

use serde_json::{Value, json};

use super::{by_key, project};
use crate::acceptance::clients::{QUERY, by_each};
use crate::acceptance::terraform::Project;
use crate::cloud::{Cloud, Fault};

/// An account with an S3 bucket, and a project whose provider block names its catalog.
fn begin() -> (Cloud, Project, String) {
    let (cloud, project) = project();
    let name = cloud.bucket("data");
    (cloud, project, name)
}

fn bucket(name: &str, arguments: &str) -> String {
    format!("resource \"quilt_bucket\" \"this\" {{\n  name = \"{name}\"\n{arguments}}}\n")
}

fn held(cloud: &Cloud, name: &str) -> Value {
    cloud.registry().holds()["buckets"][name].clone()
}

const ALL: &str = "  title = \"Data\"\n  description = \"All of it\"\n  tags = [\"b\", \"a\"]\n  relevance_score = -1\n  browsable = true\n  \
                   file_extensions_to_index = [\".txt\", \".csv\"]\n  index_content_bytes = 5000\n  prefixes = [\"raw/\"]\n  skip_metadata_indexing = true\n  \
                   scanner_parallel_shards_depth = 2\n  sns_notification_arn = \"DO_NOT_SUBSCRIBE\"\n  icon_url = \"https://example.com/a.png\"\n";

#[test]
fn a_bucket_lives_in_a_catalog() {
    let (cloud, project, name) = begin();
    project.main(&bucket(&name, ""));
    project.apply().ok();
    project.plan_is_empty();
    project.main(&bucket(&name, ALL));
    project.plan().says("0 to add, 1 to change, 0 to destroy");
    project.apply().ok();
    project.plan_is_empty();
    let kept = held(&cloud, &name);
    assert_eq!((&kept["relevanceScore"], &kept["prefixes"]), (&json!(-1), &json!(["raw/"])));
    assert_eq!(kept["snsNotificationArn"], "DO_NOT_SUBSCRIBE");

    project.run(&["state", "rm", "quilt_bucket.this"]).ok();
    project.import("quilt_bucket.this", &name).ok();
    project.plan_is_empty();
    project.destroy().ok();
    assert!(held(&cloud, &name).is_null());
    assert_eq!(cloud.registry().changes(), ["bucketAdd", "bucketUpdate", "bucketRemove"]);
}

#[test]
fn whatever_comes_between_it_is_added_once() {
    let strikes = [
        Fault::InternalError.on("bucketAdd").after().times(1),
        Fault::Reset.on("bucketAdd").after().times(1),
        Fault::Truncated.on("bucketAdd").times(1),
        Fault::Empty.on("bucketAdd").times(1),
        Fault::Reset.on("query.bucketConfig").skip(2).times(1),
        Fault::Empty.on("config").times(2),
    ];
    for strike in strikes {
        let (cloud, project, name) = begin();
        project.main(&bucket(&name, ALL));
        cloud.weather(strike.clone());
        project.apply();
        project.apply().ok();
        project.plan_is_empty();
        let state = project.state();
        assert_eq!(state["resources"][0]["instances"][0]["attributes"]["id"], name, "{strike:?}");
        let stored =
            cloud.calls_of("bucketAdd").into_iter().filter(|call| call.status == Some(200));
        assert!(stored.count() <= 1, "{strike:?}: {:?}", cloud.registry().changes());
        assert_eq!(held(&cloud, &name)["title"], "Data");
    }
}

#[test]
fn what_was_added_elsewhere_is_imported_or_left_alone() {
    let (cloud, project, name) = begin();
    let add = "mutation($n: String!) { bucketAdd(input: {name: $n, title: \"Elsewhere\"}) { __typename } }";
    cloud.registry().does(add, json!({ "n": name }));
    project.main(&bucket(&name, ""));
    project.plan().failed().says("not just as this configuration has it").says("import {");
    project.main(&format!(
        "import {{\n  to = quilt_bucket.this\n  id = \"{name}\"\n}}\n{}",
        bucket(&name, "  title = \"Elsewhere\"\n")
    ));
    project.apply().ok().says("1 imported, 0 added, 0 changed");
    project.plan_is_empty();
    assert_eq!(cloud.registry().changes(), [""; 0]);
}

#[test]
fn a_refusal_says_what_to_do_at_its_argument() {
    let (cloud, project, name) = begin();
    cloud.registry().set(json!({ "elsewhere": [name] }));
    project.main(&bucket(&name, ""));
    project.apply().failed().says("notifications go elsewhere").says("DO_NOT_SUBSCRIBE");
    assert!(project.state()["resources"].as_array().is_none_or(Vec::is_empty));
    project.main(&bucket(&name, "  sns_notification_arn = \"DO_NOT_SUBSCRIBE\"\n"));
    project.apply().ok();
    project.main(&bucket("nobodys-bucket", ""));
    project.apply().failed().says("the stack may not see it").says("cross_account_bucket_policy");
    project.main(&bucket("x", "  relevance_score = -5\n"));
    project.plan().failed().says("Write a number from -1");
}

#[test]
fn a_scan_is_waited_for_at_both_ends() {
    let (cloud, project, name) = begin();
    cloud.registry().set(json!({ "index_seconds": 3 }));
    project.main(&bucket(&name, "  wait_for_index = true\n"));
    project.apply().ok();
    let state = project.state();
    assert!(state["resources"][0]["instances"][0]["attributes"]["last_indexed"].is_string());
    project.destroy().ok();
    project.main(&bucket(&name, ""));
    project.apply().ok();
    project.destroy().ok();
    assert!(held(&cloud, &name).is_null());
}

#[test]
fn an_older_platform_has_no_prefixes_and_says_so() {
    let (cloud, project, name) = begin();
    cloud.registry().set(json!({ "platform": "1.64.2" }));
    project.main(&bucket(&name, "  description = \"d\"\n"));
    project.apply().ok();
    project.plan_is_empty();
    project.main(&bucket(&name, "  description = \"d\"\n  prefixes = [\"a/\"]\n"));
    project.apply().failed().says("prefixes").says("Upgrade Quilt");
}

#[test]
fn buckets_are_found_by_a_query() {
    by_each(QUERY, "buckets are found by a query", |client| {
        let cloud = Cloud::start();
        let project = Project::by(&cloud, client);
        project.provider(&by_key(&cloud));
        let name = cloud.bucket("data");
        let add = "mutation($n: String!) { bucketAdd(input: {name: $n, title: \"Elsewhere\"}) { __typename } }";
        cloud.registry().does(add, json!({ "n": name }));
        project
            .write("all.tfquery.hcl", "list \"quilt_bucket\" \"all\" {\n  provider = quilt\n}\n");
        project.run(&["query", "-no-color"]).ok().says(&format!("{name} (Elsewhere)"));
    });
}

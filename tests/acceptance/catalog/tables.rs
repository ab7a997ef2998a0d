//! `quilt_tabulator_table` on the registry of the test cloud.

use serde_json::{Value, json};

use super::{by_key, project};
use crate::acceptance::clients::{QUERY, by_each};
use crate::acceptance::terraform::Project;
use crate::cloud::{Cloud, Fault};

const ADD: &str =
    "mutation($n: String!) { bucketAdd(input: {name: $n, title: \"Data\"}) { __typename } }";
const SET: &str = "mutation($b: String!, $t: String!, $c: String) { bucketSetTabulatorTable(bucketName: $b, tableName: $t, config: $c) { __typename } }";
const YAML: &str = "# By hand\nparser: {format: csv}\nsource: {type: quilt-packages, package_name: ^lab/, logical_key: \"\\\\.csv$\"}\nschema: [{name: id, type: STRING}]\n";

/// An account with a bucket in its catalog, and a project that may change it.
fn begin() -> (Cloud, Project, String) {
    let (cloud, project) = project();
    let name = cloud.bucket("data");
    let added = cloud.registry().does(ADD, json!({ "n": name }));
    assert_eq!(added["bucketAdd"]["__typename"], "BucketAddSuccess");
    (cloud, project, name)
}

fn table(bucket: &str, name: &str, more: &str) -> String {
    format!(
        "resource \"quilt_tabulator_table\" \"this\" {{\n  bucket = \"{bucket}\"\n  name = \"{name}\"\n  source = {{\n    package_name = \"^lab/\"\n    \
         logical_key = \"\\\\.csv$\"\n  }}\n{more}}}\n"
    )
}

const CSV: &str =
    "  schema = [{ name = \"id\", type = \"STRING\" }]\n  parser = { format = \"csv\" }\n";
const WIDE: &str = "  schema = [{ name = \"id\", type = \"STRING\" }, { name = \"day\", type = \"DATE\", nullable = true }]\n  parser = { format = \"csv\", header = true, \
                    delimiter = \"\\t\" }\n  continue_on_error = true\n";

fn held(cloud: &Cloud, bucket: &str) -> Value {
    cloud.registry().holds()["buckets"][bucket]["tables"].clone()
}

#[test]
fn a_table_lives_in_a_catalog() {
    let (cloud, project, bucket) = begin();
    project.main(&table(&bucket, "samples", CSV));
    project.apply().ok().says("1 added");
    project.plan_is_empty();
    project.main(&table(&bucket, "samples", WIDE));
    project.plan().says("0 to add, 1 to change, 0 to destroy");
    project.apply().ok();
    project.plan_is_empty();
    project.main(&table(&bucket, "all_samples", WIDE));
    project.plan().says("0 to add, 1 to change, 0 to destroy");
    project.apply().ok();
    project.plan_is_empty();
    let kept = held(&cloud, &bucket);
    let text = kept["all_samples"].as_str().unwrap_or_default();
    assert!(text.contains("continue_on_error: true") && text.contains("\\t"), "{kept}");
    assert_eq!(kept.as_object().map(|tables| tables.len()), Some(1));

    for id in [format!("{bucket}/all_samples"), format!("data.example.com/{bucket}/all_samples")] {
        project.run(&["state", "rm", "quilt_tabulator_table.this"]).ok();
        project.import("quilt_tabulator_table.this", &id).ok();
        project.plan_is_empty();
    }
    project.destroy().ok();
    assert_eq!(held(&cloud, &bucket), json!({}));
    let set = "bucketSetTabulatorTable";
    assert_eq!(cloud.registry().changes(), [set, set, "bucketRenameTabulatorTable", set]);
}

#[test]
fn what_was_set_elsewhere_is_imported_or_left_alone() {
    let (cloud, project, bucket) = begin();
    cloud.registry().does(SET, json!({ "b": bucket, "t": "samples", "c": YAML }));
    project.main(&table(&bucket, "samples", WIDE));
    project
        .apply()
        .failed()
        .says("not just as this configuration has it")
        .says(&format!("id = \"data.example.com/{bucket}/samples\""));
    assert_eq!(held(&cloud, &bucket)["samples"], YAML);
    let import = format!(
        "import {{\n  to = quilt_tabulator_table.this\n  id = \"{bucket}/samples\"\n}}\n{}",
        table(&bucket, "samples", CSV)
    );
    project.main(&import);
    project.apply().ok().says("1 imported, 0 added, 0 changed");
    project.plan_is_empty();
    assert_eq!(held(&cloud, &bucket)["samples"], YAML, "another layout is no change");
    cloud.registry().does(SET, json!({ "b": bucket, "t": "other", "c": YAML }));
    project.main(&table(&bucket, "other", CSV));
    project.plan().failed().says("has another Tabulator table other");
    assert_eq!(cloud.registry().changes(), [""; 0]);
}

#[test]
fn whatever_comes_between_it_is_set_once() {
    let strikes = [
        Fault::InternalError.on("bucketSetTabulatorTable").after().times(1),
        Fault::Reset.on("bucketSetTabulatorTable").after().times(1),
        Fault::Truncated.on("bucketSetTabulatorTable").times(1),
        Fault::Empty.on("bucketSetTabulatorTable").times(1),
    ];
    for strike in strikes {
        let (cloud, project, bucket) = begin();
        project.main(&table(&bucket, "samples", CSV));
        cloud.weather(strike.clone());
        project.apply();
        project.apply().ok();
        project.plan_is_empty();
        assert_eq!(held(&cloud, &bucket).as_object().map(|all| all.len()), Some(1), "{strike:?}");
    }
}

#[test]
fn a_mistake_stands_at_its_attribute() {
    let (cloud, project, bucket) = begin();
    for (more, words) in [
        (CSV.replace("STRING", "string"), "write `STRING`"),
        (CSV.replace("\"id\"", "\"1\""), "is no name of a column"),
        (CSV.replace("{ name = \"id\", type = \"STRING\" }", ""), "The table has no columns"),
        (CSV.replace("csv", "tsv"), "Files with tabs are `csv`"),
        (CSV.replace("\"csv\"", "\"parquet\", header = true"), "A Parquet file says itself"),
        (CSV.replace("\"csv\"", "\"csv\", delimiter = \"ab\""), "Write the one character"),
    ] {
        project.main(&table(&bucket, "samples", &more));
        project.plan().failed().says(words);
    }
    project.main(&table("nobodys", "samples", CSV));
    project.apply().failed().says("does not have the bucket nobodys").says("bucket = \"nobodys\"");
    project.main(&table(&bucket, "1samples", CSV));
    project.apply().failed().says("Invalid table name").says("name = \"1samples\"");
    assert_eq!(held(&cloud, &bucket), json!({}));
}

#[test]
fn a_table_goes_with_its_bucket() {
    let (cloud, project, bucket) = begin();
    project.main(&table(&bucket, "samples", CSV));
    project.apply().ok();
    let remove = "mutation($n: String!) { bucketRemove(name: $n) { __typename } }";
    cloud.registry().does(remove, json!({ "n": bucket }));
    project.plan().says("1 to add");
    project.destroy().ok();
    assert_eq!(cloud.registry().changes(), ["bucketSetTabulatorTable"]);
}

/// Until October 2025 administrators alone changed tables, elsewhere in the schema; before 1.55 there are none.
#[test]
fn older_platforms_are_known() {
    let (cloud, project, bucket) = begin();
    cloud.registry().set(json!({ "platform": "1.60.1" }));
    project.main(&table(&bucket, "samples", CSV));
    project.apply().ok();
    project.main(&table(&bucket, "other", WIDE));
    project.apply().ok();
    project.plan_is_empty();
    assert!(held(&cloud, &bucket)["other"].is_string());
    project.destroy().ok();
    assert_eq!(held(&cloud, &bucket), json!({}));
    cloud.registry().set(json!({ "platform": "1.54.0" }));
    project.plan().failed().says("they came with 1.55").says("Upgrade Quilt");
}

#[test]
fn tables_are_found_by_a_query() {
    by_each(QUERY, "tables are found by a query", |client| {
        let cloud = Cloud::start();
        let project = Project::by(&cloud, client);
        project.provider(&by_key(&cloud));
        let bucket = cloud.bucket("data");
        cloud.registry().does(ADD, json!({ "n": bucket }));
        cloud.registry().does(SET, json!({ "b": bucket, "t": "samples", "c": YAML }));
        project.write(
            "all.tfquery.hcl",
            "list \"quilt_tabulator_table\" \"all\" {\n  provider = quilt\n}\n",
        );
        project.run(&["query", "-no-color"]).ok().says(&format!("{bucket}/samples"));
    });
}

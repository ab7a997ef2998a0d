//! From an empty account to a governed catalog, in one apply.

use serde_json::json;

use super::{give, project, values, with};
use crate::cloud::Cloud;

/// A table as Quilt's own page has it.
const SAMPLES: &str = "schema:\n  - name: sample\n    type: STRING\nsource:\n  type: quilt-packages\n  package_name: ^samples/\n  logical_key: \\.parquet$\nparser:\n  format: parquet\n";

#[test]
fn an_empty_account_has_a_governed_catalog_after_one_apply() {
    let cloud = Cloud::start();
    let (raw, results) = (cloud.bucket("raw"), cloud.bucket("results"));
    let project = project(&cloud, "governed-catalog");
    let given = with(
        values(&cloud, "gen_c_terraform.yaml"),
        json!({
            "name": "quilt-gov", "catalog_endpoint": cloud.registry().endpoint(), "writable": [results],
            "buckets": { raw.clone(): { "title": "Raw" }, results.clone(): { "title": "Results", "description": "What came of it" } },
            "tables": { "samples": { "bucket": results, "file": "samples.yaml" } },
            "scientists": { "ann": "ann@example.com" },
        }),
    );
    project.write("samples.yaml", SAMPLES);
    give(&project, &given);
    project.apply().ok().says("13 added");
    project.plan_is_empty();
    let holds = cloud.registry().holds();
    assert_eq!(holds["buckets"][&results]["description"], "What came of it", "{holds}");
    let tables = holds["buckets"][&results]["tables"].to_string();
    assert!(tables.contains("samples") && tables.contains("parquet"), "{tables}");
    let people = holds["users"].to_string();
    assert!(people.contains("ann@example.com") && people.contains("Scientists"), "{people}");

    // Who loses something is named before it is lost.
    give(&project, &with(given, json!({ "writable": [] })));
    project.plan().says("ann");
    project.apply().ok();
    project.plan_is_empty();
    project.destroy().ok();
    assert!(cloud.stacks().is_empty());
}

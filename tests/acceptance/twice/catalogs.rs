//! The same for what stands in a catalog, which the provider block names.

use serde_json::{Value, json};

use super::super::catalog::inside;
use super::kinds::{Kind, nothing};
use crate::cloud::Cloud;

/// What the registry holds of one sort, a row for each.
fn held(cloud: &Cloud, sort: &str) -> Vec<String> {
    let holds = cloud.registry().holds();
    let all = holds[sort].as_object().cloned().unwrap_or_default();
    all.into_iter().map(|(name, one)| format!("{name} {one}")).collect()
}

/// An object of a catalog without arguments of its own.
fn kind(cloud: &Cloud, block: &'static str, write: &'static str) -> Kind {
    Kind {
        block,
        arguments: String::new(),
        name: ("name", ["\"One\"".into(), "\"Two\"".into()]),
        beside: String::new(),
        files: nothing,
        portrait: |_| vec![],
        write,
        import: "One".into(),
        provider: inside(cloud),
    }
}

pub fn role(cloud: &Cloud) -> Kind {
    let portrait = |cloud: &Cloud| held(cloud, "roles");
    Kind { portrait, ..kind(cloud, "quilt_role", "roleCreateManaged") }
}

pub fn policy(cloud: &Cloud) -> Kind {
    let base = kind(cloud, "quilt_policy", "policyCreateManaged");
    Kind {
        arguments: "  permissions = {}\n".into(),
        name: ("title", base.name.1.clone()),
        portrait: |cloud| held(cloud, "policies"),
        ..base
    }
}

pub fn bucket(cloud: &Cloud) -> Kind {
    let names = ["one", "two"].map(|name| cloud.bucket(name));
    Kind {
        name: ("name", names.clone().map(|name| format!("{name:?}"))),
        portrait: |cloud| held(cloud, "buckets"),
        import: names[0].clone(),
        ..kind(cloud, "quilt_bucket", "bucketAdd")
    }
}

pub fn table(cloud: &Cloud) -> Kind {
    let bucket = cloud.bucket("data");
    let add =
        "mutation($n: String!) { bucketAdd(input: {name: $n, title: \"Data\"}) { __typename } }";
    cloud.registry().does(add, json!({ "n": bucket }));
    let arguments = format!(
        "  bucket = {bucket:?}\n  schema = [{{ name = \"id\", type = \"STRING\" }}]\n  source = {{ package_name = \".*\", logical_key = \"csv$\" }}\n  \
         parser = {{ format = \"csv\" }}\n"
    );
    Kind {
        arguments,
        name: ("name", ["\"one\"".into(), "\"two\"".into()]),
        portrait: |cloud| {
            let rows = |bucket: &Value| bucket["tables"].as_object().cloned().unwrap_or_default();
            let holds = cloud.registry().holds();
            let all = holds["buckets"].as_object().into_iter().flat_map(|all| all.values());
            all.flat_map(rows).map(|(name, text)| format!("{name} {text}")).collect()
        },
        import: format!("{bucket}/one"),
        ..kind(cloud, "quilt_tabulator_table", "bucketSetTabulatorTable")
    }
}

pub fn user(cloud: &Cloud) -> Kind {
    let make =
        "mutation { roleCreateManaged(input: {name: \"Guests\", policies: []}) { __typename } }";
    cloud.registry().does(make, json!({}));
    let named = |name: &str| format!("\"{name}\"\n  email = \"{name}@example.com\"");
    Kind {
        arguments: "  role = \"Guests\"\n  delete_on_destroy = true\n".into(),
        name: ("name", ["ann", "bob"].map(named)),
        portrait: |cloud| held(cloud, "users"),
        import: "ann".into(),
        ..kind(cloud, "quilt_user", "admin.user.create")
    }
}

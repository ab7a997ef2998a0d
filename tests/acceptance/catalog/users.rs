//! `quilt_user` on the registry of the test cloud, and what the data sources of a catalog tell.

use serde_json::{Value, json};

use super::{by_key, project as begin};
use crate::acceptance::clients::{QUERY, by_each};
use crate::acceptance::terraform::Project;
use crate::cloud::{Cloud, Fault};

fn user(arguments: &str) -> String {
    format!("resource \"quilt_user\" \"this\" {{\n  name = \"ann\"\n{arguments}}}\n")
}

const READER: &str = "  email = \"ann@example.com\"\n  role  = \"ReadQuiltBucket\"\n";
const WRITER: &str = "  email = \"ann@example.org\"\n  role  = \"ReadWriteQuiltBucket\"\n  extra_roles = [\"ReadQuiltBucket\"]\n  admin = true\n";

fn ann(cloud: &Cloud) -> Value {
    cloud.registry().holds()["users"]["ann"].clone()
}

fn mails(cloud: &Cloud) -> usize {
    cloud.registry().holds()["mails"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_user_lives_in_a_catalog() {
    let (cloud, project) = begin();
    project.main(&user(READER));
    project.plan().says("The registry writes to ann@example.com");
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(mails(&cloud), 1);
    project.main(&user(WRITER));
    project.plan().says("0 to add, 1 to change").does_not_say("The registry writes");
    project.apply().ok();
    project.plan_is_empty();
    let kept = ann(&cloud);
    assert_eq!(
        (&kept["email"], &kept["role"]),
        (&json!("ann@example.org"), &json!("ReadWriteQuiltBucket"))
    );
    assert_eq!((&kept["admin"], &kept["extra_roles"]), (&json!(true), &json!(["ReadQuiltBucket"])));

    project.run(&["state", "rm", "quilt_user.this"]).ok();
    project.import("quilt_user.this", "ann").ok();
    project.plan_is_empty();
    project.destroy().ok().says("The account of ann stays, deactivated");
    assert_eq!(ann(&cloud)["active"], false);
    project.main(&user(&format!("{WRITER}  delete_on_destroy = true\n")));
    project.apply().ok();
    assert_eq!((ann(&cloud)["active"].clone(), mails(&cloud)), (json!(true), 1));
    project.destroy().ok();
    assert!(ann(&cloud).is_null());
}

#[test]
fn whatever_comes_between_one_mail_is_sent() {
    let strikes = [
        Fault::InternalError.on("admin.user.create").after().times(1),
        Fault::Reset.on("admin.user.create").after().times(1),
        Fault::Empty.on("admin.user.create").times(1),
        Fault::Reset.on("admin.user.mutate.setAdmin").times(1),
        Fault::InternalError.on("admin.user.mutate.setAdmin").after().times(1),
        Fault::Empty.on("query.admin.user.list").skip(3).times(5),
    ];
    for strike in strikes {
        let (cloud, project) = begin();
        project.main(&user(WRITER));
        cloud.weather(strike.clone());
        project.apply();
        project.apply().ok();
        project.plan_is_empty();
        assert_eq!((mails(&cloud), &ann(&cloud)["admin"]), (1, &json!(true)), "{strike:?}");
    }
}

#[test]
fn mistakes_and_lock_outs_are_refused() {
    let (cloud, project) = begin();
    project.main(&user("  email = \"ann@example.com\"\n  role = \"Nobody\"\n"));
    project.apply().failed().says("has no role Nobody");
    assert_eq!(mails(&cloud), 0);
    project.main(&user("  email = \"ann\"\n  role = \"ReadQuiltBucket\"\n"));
    project.plan().failed().says("Not an e-mail address");
}

#[test]
fn who_asks_is_not_locked_out() {
    let (_cloud, project) = begin();
    let admin = |admin: bool| {
        user(&format!(
            "  email = \"admin@example.com\"\n  role = \"ReadWriteQuiltBucket\"\n  admin = {admin}\n"
        ))
        .replace("\"ann\"", "\"admin\"")
    };
    project.main(&admin(true));
    project.import("quilt_user.this", "admin@example.com").ok();
    project.plan_is_empty();
    project.main(&admin(false));
    project.plan().failed().says("admin is who the provider signs in as");
    project.destroy().failed().says("lock it out of the catalog");
}

#[test]
fn the_last_administrator_who_can_sign_in_stays() {
    let (cloud, project) = begin();
    let registry = cloud.registry();
    let role = registry.holds()["roles"]["ReadQuiltBucket"]["id"].clone();
    let set = "mutation($id: ID!) { roleSetDefault(id: $id) { __typename } }";
    registry.does(set, json!({ "id": role }));
    registry.signs_in("ana@example.com", json!({}));
    let lead = "mutation($n: String!) { admin { user { mutate(name: $n) { setAdmin(admin: true) { __typename } } } } }";
    registry.does(lead, json!({ "n": "ana@example.com" }));
    registry.set(json!({ "password_auth": "DISABLED" }));
    let ana = |more: &str| {
        user(&format!("  email = \"ana@example.com\"\n  role = \"ReadQuiltBucket\"\n{more}"))
            .replace("\"ann\"", "\"ana@example.com\"")
    };
    project.main(&ana("  admin = true\n"));
    project.import("quilt_user.this", "ana@example.com").ok();
    project.plan_is_empty();
    let refused = "ana@example.com is the last administrator who can sign in";
    for more in ["", "  admin = true\n  active = false\n"] {
        project.main(&ana(more));
        project.plan().failed().says(refused);
    }
    project.main(&ana("  admin = true\n"));
    project.destroy().failed().says(refused);
    // Who has a password signs in by it: ana may go.
    registry.set(json!({ "password_auth": "ENABLED" }));
    project.main(&ana(""));
    project.apply().ok();
    project.plan_is_empty();
}

#[test]
fn a_catalog_is_looked_at() {
    let (cloud, project) = begin();
    let name = cloud.bucket("data");
    let add =
        "mutation($n: String!) { bucketAdd(input: {name: $n, title: \"Data\"}) { __typename } }";
    cloud.registry().does(add, json!({ "n": name }));
    cloud.registry().set(json!({ "canaries": [
        {"name": "b", "region": "us-east-1", "group": "g", "title": "Search", "description": "d", "schedule": "rate(1 hour)", "ok": false, "lastRun": null},
        {"name": "a", "region": "us-east-1", "group": "g", "title": "Push", "description": "d", "schedule": "rate(1 hour)", "ok": true, "lastRun": "2026-11-01T00:00:00Z"},
    ] }));
    project.main(
        "data \"quilt_buckets\" \"all\" {}\ndata \"quilt_roles\" \"all\" {}\ndata \"quilt_catalog_status\" \"this\" {}\n\
         output \"buckets\" {\n  value = data.quilt_buckets.all.buckets[*].title\n}\n\
         output \"roles\" {\n  value = join(\",\", data.quilt_roles.all.names)\n}\n\
         output \"default\" {\n  value = data.quilt_roles.all.default_role == null\n}\n\
         output \"health\" {\n  value = \"${data.quilt_catalog_status.this.version}: ${data.quilt_catalog_status.this.failed} of ${length(data.quilt_catalog_status.this.canaries)}\"\n}\n",
    );
    project.apply().ok();
    let said = project.show(&["output", "-json"]);
    assert_eq!(said["buckets"]["value"], json!(["Data"]));
    assert_eq!(said["roles"]["value"], "Canary,ReadQuiltBucket,ReadWriteQuiltBucket");
    assert_eq!(
        (&said["default"]["value"], &said["health"]["value"]),
        (&json!(true), &json!("1.71.0: 1 of 2"))
    );
    assert_eq!(cloud.registry().changes(), [""; 0]);
}

#[test]
fn users_are_found_by_a_query() {
    by_each(QUERY, "users are found by a query", |client| {
        let cloud = Cloud::start();
        let project = Project::by(&cloud, client);
        project.provider(&by_key(&cloud));
        project.write("all.tfquery.hcl", "list \"quilt_user\" \"all\" {\n  provider = quilt\n}\n");
        project
            .run(&["query", "-no-color"])
            .ok()
            .says("admin (admin@example.com)")
            .does_not_say("_canary");
    });
}

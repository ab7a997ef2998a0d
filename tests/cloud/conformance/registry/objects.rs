//! What a registry holds, with its rules and traps: buckets, policies, roles, users, the sign-in mapping.

use serde_json::{Value, json};

use super::{ask, token};
use crate::cloud::Cloud;

const ADD: &str = "mutation($i: BucketAddInput!) { result: bucketAdd(input: $i) { __typename ... on BucketAddSuccess { bucketConfig { name lastIndexed \
                   snsNotificationArn relevanceScore prefixes } } } }";
const UPDATE: &str = "mutation($n: String!, $i: BucketUpdateInput!) { result: bucketUpdate(name: $n, input: $i) { __typename } }";
const REMOVE: &str = "mutation($n: String!) { result: bucketRemove(name: $n) { __typename } }";
const POLICY: &str = "mutation($i: ManagedPolicyInput!) { result: policyCreateManaged(input: $i) { __typename ... on Policy { id } ... on InvalidInput { \
                      errors { path name context } } } }";
const ROLE: &str = "mutation($i: ManagedRoleInput!) { result: roleCreateManaged(input: $i) { __typename ... on RoleCreateSuccess { role { ... on \
                    ManagedRole { id } } } } }";

/// What one caller does, with the answer's type, or `fault` where the server told nothing.
struct Caller {
    cloud: Cloud,
    token: String,
}

impl Caller {
    fn new() -> Self {
        let cloud = Cloud::start();
        Self { token: token(&cloud), cloud }
    }

    fn whole(&self, query: &str, variables: Value) -> Value {
        let (status, answer) = ask(&self.cloud, &self.token, query, variables);
        assert_eq!(status, 200, "{answer}");
        match answer["errors"][0]["message"].as_str() {
            Some(message) => json!({"__typename": "fault", "said": message}),
            None => answer["data"]["result"].clone(),
        }
    }

    fn does(&self, query: &str, variables: Value) -> String {
        let result = self.whole(query, variables);
        let wrong = result["errors"][0]["name"].as_str();
        wrong.or(result["__typename"].as_str()).unwrap_or("null").to_owned()
    }

    fn policy(&self, title: &str, permissions: Value, roles: Value) -> Value {
        self.whole(
            POLICY,
            json!({"i": {"title": title, "permissions": permissions, "roles": roles}}),
        )
    }

    fn role(&self, name: &str, policies: Value) -> Value {
        self.whole(ROLE, json!({"i": {"name": name, "policies": policies}}))
    }
}

#[test]
fn a_bucket_is_looked_at_each_time_and_what_is_left_out_is_gone() {
    let caller = Caller::new();
    let (cloud, registry) = (&caller.cloud, caller.cloud.registry());
    let name = cloud.bucket("data");
    let with = |more: Value| {
        let mut input = json!({"name": name, "title": "Data"});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "i": input })
    };
    assert_eq!(
        caller.does(ADD, json!({"i": {"name": "nobodys", "title": "N"}})),
        "BucketDoesNotExist"
    );
    assert_eq!(caller.does(ADD, with(json!({"snsNotificationArn": "topic"}))), "SnsInvalid");
    assert_eq!(
        caller.does(ADD, with(json!({"indexContentBytes": 1}))),
        "BucketIndexContentBytesInvalid"
    );
    let wrong = with(json!({"fileExtensionsToIndex": ["csv"]}));
    assert_eq!(caller.does(ADD, wrong), "BucketFileExtensionsToIndexInvalid");
    registry.set(json!({"elsewhere": [name], "index_seconds": 600}));
    assert_eq!(caller.does(ADD, with(json!({}))), "NotificationConfigurationError");
    let added = caller.whole(ADD, with(json!({"snsNotificationArn": "DO_NOT_SUBSCRIBE", "description": "d", "prefixes": ["a/"]})));
    assert_eq!(added["bucketConfig"]["lastIndexed"], json!(null), "the scan goes on");
    assert_eq!(caller.does(ADD, with(json!({}))), "BucketAlreadyAdded");
    assert_eq!(caller.does(REMOVE, json!({"n": name})), "IndexingInProgress");
    let update =
        json!({"n": name, "i": {"title": "Data", "snsNotificationArn": "DO_NOT_SUBSCRIBE"}});
    assert_eq!(caller.does(UPDATE, update), "BucketUpdateSuccess");
    let held = &registry.holds()["buckets"][&name];
    assert_eq!((&held["description"], &held["prefixes"]), (&json!(null), &json!([])));
    assert_eq!(
        caller.does(UPDATE, json!({"n": name, "i": {"title": "Data"}})),
        "NotificationConfigurationError"
    );
    registry.set(json!({"closed": {name.clone(): "s3:GetObject is missing"}, "elsewhere": []}));
    assert_eq!(
        caller.does(UPDATE, json!({"n": name, "i": {"title": "Data"}})),
        "InsufficientPermissions"
    );
}

#[test]
fn a_policy_has_one_level_for_a_bucket_that_is_there() {
    let caller = Caller::new();
    let name = caller.cloud.bucket("data");
    caller.does(ADD, json!({"i": {"name": name, "title": "Data"}}));
    let read = json!([{"bucket": name, "level": "READ"}]);
    let both = json!([{"bucket": name, "level": "READ"}, {"bucket": name, "level": "READ_WRITE"}]);
    assert_eq!(caller.policy("both", both, json!([]))["said"], "Internal Server Error");
    let unknown = json!([{"bucket": "other", "level": "READ"}]);
    assert_eq!(caller.policy("unknown", unknown, json!([]))["__typename"], "fault");
    let made = caller.policy("readers", read.clone(), json!([]));
    assert_eq!(made["__typename"], "Policy");
    assert_eq!(
        caller.policy("readers", json!([]), json!([]))["errors"][0]["name"],
        "PolicyTitleConflict"
    );
    let by_name = "query($id: ID!) { result: policy(id: $id) { title } }";
    assert_eq!(caller.does(by_name, json!({"id": "readers"})), "fault");
    let registry = caller.cloud.registry();
    registry.set(json!({"drops_permissions": 1}));
    assert_eq!(caller.policy("dropped", read, json!([]))["__typename"], "fault");
    assert_eq!(
        registry.holds()["policies"]["dropped"]["levels"],
        json!({}),
        "it was stored without"
    );
    assert_eq!(caller.does(REMOVE, json!({"n": name})), "BucketRemoveSuccess");
    assert_eq!(
        registry.holds()["policies"]["readers"]["levels"],
        json!({}),
        "it went with the bucket"
    );
}

#[test]
fn what_is_held_stays_and_five_are_enough() {
    let caller = Caller::new();
    let ids: Vec<Value> = (0..6)
        .map(|i| caller.policy(&format!("p{i}"), json!([]), json!([]))["id"].clone())
        .collect();
    assert_eq!(caller.role("R", json!(ids))["__typename"], "RoleHasTooManyPoliciesToAttach");
    let made = caller.role("R", json!(ids[..5]));
    let (role, sixth) =
        (&made["role"]["id"], caller.policy("sixth", json!([]), json!([made["role"]["id"]])));
    assert_eq!(
        (&sixth["errors"][0]["name"], &sixth["errors"][0]["context"]["max_policies"]),
        (&json!("RoleHasTooManyPoliciesToAttach"), &json!(5))
    );
    for (name, told) in
        [("R", "RoleNameExists"), ("Canary", "RoleNameReserved"), ("1", "RoleNameInvalid")]
    {
        assert_eq!(caller.role(name, json!([]))["__typename"], told, "{name}");
    }
    let delete_policy = "mutation($id: ID!) { result: policyDelete(id: $id) { __typename ... on OperationError { name } } }";
    assert_eq!(caller.whole(delete_policy, json!({"id": ids[0]}))["name"], "PolicyAssigned");
    assert_eq!(caller.does(delete_policy, json!({"id": ids[5]})), "Ok");
    let create = "mutation { admin { user { result: create(input: {name: \"ann\", email: \"a@example.com\", role: \"R\"}) { __typename } } } }";
    caller.cloud.registry().does(create, json!({}));
    let delete = "mutation($id: ID!) { result: roleDelete(id: $id) { __typename } }";
    assert_eq!(caller.does(delete, json!({"id": role})), "RoleAssigned");
    assert_eq!(caller.does(delete, json!({"id": "R"})), "fault", "a name is no UUID");
}

const MAP: &str = "mutation($c: String) { admin { setSsoConfig(config: $c) { __typename ... on InvalidInput { errors { name message } } } } }";

#[test]
fn a_mapping_is_taken_whole_or_not_and_rules_the_next_sign_in() {
    let caller = Caller::new();
    let registry = caller.cloud.registry();
    let set = |text: &str| {
        ask(&caller.cloud, &caller.token, MAP, json!({"c": text})).1["data"]["admin"]["setSsoConfig"].clone()
    };
    caller.role("Readers", json!([]));
    caller.role("Writers", json!([]));
    let mapping = |role: &str, more: &str| {
        format!(
            "version: '1.0'\ndefault_role: Readers\n{more}mappings:\n- schema: {{properties: {{groups: {{contains: {{const: lab}}}}}}, required: [groups]}}\n  roles: [{role}]\n  admin: true\n"
        )
    };
    assert_eq!(
        set("version: '1.0'\nmappings: []\n")["errors"][0]["message"],
        "config.default_role: field required"
    );
    assert_eq!(set(&mapping("Nobody", ""))["errors"][0]["name"], "RolesNotFound");
    assert_eq!(
        registry.signs_in("new@example.com", json!({}))["status"],
        400,
        "no default role is set"
    );
    assert_eq!(set(&mapping("Writers", ""))["__typename"], "SsoConfig");
    registry.signs_in("bob@example.com", json!({"groups": ["lab"]}));
    registry.signs_in("eve@example.com", json!({}));
    let users = &registry.holds()["users"];
    let of = |name: &str| (users[name]["role"].clone(), users[name]["admin"].clone());
    assert_eq!(of("bob@example.com"), (json!("Writers"), json!(true)));
    assert_eq!(of("eve@example.com"), (json!("Readers"), json!(false)));
    let rename = "mutation($id: ID!) { result: roleUpdateManaged(id: $id, input: {name: \"Other\", policies: []}) { __typename } }";
    let id = registry.holds()["roles"]["Writers"]["id"].clone();
    assert_eq!(caller.does(rename, json!({"id": id})), "RoleNameUsedBySsoConfig");
    let (_, cleared) = ask(&caller.cloud, &caller.token, MAP, json!({"c": null}));
    assert_eq!(cleared["data"]["admin"], json!({"setSsoConfig": null}));
}

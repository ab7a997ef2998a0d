//! The guide on permissions: it allows what the provider calls, by every test's record and by the source, and nothing else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use quilt_provider::data_sources::health;
use quilt_provider::preflight::CHECKS;
use quilt_provider::quilt::snapshot::MARK;
use regex_lite::Regex;

/// A call of the provider's, and the names of what it sent.
#[derive(Clone, Debug)]
pub struct Asked {
    pub service: String,
    pub action: String,
    pub given: Vec<String>,
}

/// Calls that need something else than an action of their own name: (service, call, what the request must give, the actions it needs then).
const NEEDS: &[(&str, &str, &str, &[&str])] = &[
    ("cloudformation", "CreateStack", "Tags", &["cloudformation:TagResource"]),
    ("cloudformation", "UpdateStack", "Tags", &["cloudformation:TagResource"]),
    ("cloudformation", "CreateChangeSet", "Tags", &["cloudformation:TagResource"]),
    ("cloudformation", "CreateStack", "RoleARN", &["iam:PassRole"]),
    ("cloudformation", "UpdateStack", "RoleARN", &["iam:PassRole"]),
    ("cloudformation", "CreateChangeSet", "RoleARN", &["iam:PassRole"]),
    ("cloudformation", "DeleteStack", "RoleARN", &["iam:PassRole"]),
    ("cloudformation", "CreateStack", "TemplateURL", &["s3:GetObject"]),
    ("cloudformation", "UpdateStack", "TemplateURL", &["s3:GetObject"]),
    ("cloudformation", "CreateChangeSet", "TemplateURL", &["s3:GetObject"]),
    ("cloudformation", "CreateStack", "StackPolicyBody", &["cloudformation:SetStackPolicy"]),
    ("cloudformation", "CreateStack", "StackPolicyURL", &["cloudformation:SetStackPolicy"]),
    ("rds", "CreateDBSnapshot", "Tags", &["rds:AddTagsToResource"]),
    ("rds", "CopyDBSnapshot", "Tags", &["rds:AddTagsToResource"]),
    (
        "rds",
        "CopyDBSnapshot",
        "KmsKeyId",
        &["kms:CreateGrant", "kms:DescribeKey", "kms:Decrypt", "kms:Encrypt"],
    ),
    ("s3", "GetObject", "VersionId", &["s3:GetObjectVersion"]),
    ("secretsmanager", "CreateSecret", "Tags", &["secretsmanager:TagResource"]),
];

/// Calls whose action has another name, or none: (service, call, actions).
const NAMES: &[(&str, &str, &[&str])] = &[
    ("s3", "DeleteObjects", &["s3:DeleteObject", "s3:DeleteObjectVersion"]),
    ("s3", "GetBucketNotificationConfiguration", &["s3:GetBucketNotification"]),
    ("s3", "GetBucketReplication", &["s3:GetReplicationConfiguration"]),
    ("s3", "HeadBucket", &["s3:ListBucket"]),
    ("s3", "HeadObject", &["s3:GetObject"]),
    ("s3", "ListObjectVersions", &["s3:ListBucketVersions"]),
    ("s3", "PutBucketEncryption", &["s3:PutEncryptionConfiguration"]),
    ("s3", "PutPublicAccessBlock", &["s3:PutBucketPublicAccessBlock"]),
    // IAM and signatures have different words for one service.
    ("monitoring", "GetMetricData", &["cloudwatch:GetMetricData"]),
    // The role's trust policy decides: the request is not signed.
    ("sts", "AssumeRoleWithWebIdentity", &[]),
    // AWS answers whoever is who they say, even where a policy denies it.
    ("sts", "GetCallerIdentity", &[]),
];

/// Allowed without a call that needs it, and why.
const BESIDES: &[(&str, &str)] = &[(
    "cloudformation:UntagResource",
    "CloudFormation asks for it where an update takes tags away; which those are, no request says",
)];

/// The action that a policy allows on certain things alone, and the tag that those carry.
const TAGGED: (&str, &str) = ("rds:DeleteDBSnapshot", MARK);

/// Where the calls of each service are made.
const SOURCES: &[(&str, &str)] = &[
    ("acm", "acm"),
    ("cloudformation", "cloudformation"),
    ("cloudtrail", "cloudtrail"),
    ("connect/role", "sts"),
    ("ec2", "ec2"),
    ("ecs", "ecs"),
    ("elb", "elasticloadbalancing"),
    ("iam", "iam"),
    ("logs", "logs"),
    ("metrics", "monitoring"),
    ("quotas", "servicequotas"),
    ("rds", "rds"),
    ("s3", "s3"),
    ("search", "es"),
    ("secrets", "secretsmanager"),
    ("sts", "sts"),
];

/// The actions, by IAM's names, that a call needs.
fn needs(call: &Asked) -> Vec<String> {
    let is = |service: &str, action: &str| {
        (service, action) == (call.service.as_str(), call.action.as_str())
    };
    let named = NAMES.iter().find(|(service, action, _)| is(service, action));
    let own = named.map_or_else(
        || vec![format!("{}:{}", call.service, call.action)],
        |(_, _, actions)| owned(actions),
    );
    let more = NEEDS.iter().filter(|(service, action, given, _)| {
        is(service, action) && call.given.iter().any(|name| name == given)
    });
    own.into_iter().chain(more.flat_map(|(_, _, _, actions)| owned(actions))).collect()
}

fn owned(actions: &[&str]) -> Vec<String> {
    actions.iter().map(|action| action.to_string()).collect()
}

/// What the guide lacks for these calls, a sentence for each.
pub fn missing(calls: &[Asked]) -> Vec<String> {
    let guide = Guide::read();
    let lacking = |call: &Asked| {
        needs(call)
            .into_iter()
            .filter_map(|action| guide.lacks(&action, call))
            .chain(untagged(call))
            .collect::<Vec<_>>()
    };
    calls.iter().flat_map(lacking).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A call on what lacks the tag by which the policy allows it.
fn untagged(call: &Asked) -> Option<String> {
    let (action, tag) = TAGGED;
    let on: Vec<_> = call
        .given
        .iter()
        .filter(|name| name.starts_with("tagged ") || *name == "untagged")
        .collect();
    let of = format!("{}:{}", call.service, call.action) == action && !on.is_empty();
    let without = of && !on.iter().any(|name| **name == format!("tagged {tag}"));
    without.then(|| {
        format!("the policy allows {action} on what has the tag {tag} alone: set it before")
    })
}

struct Guide {
    /// All that is said before the policies.
    table: String,
    /// Actions that the policies allow.
    allowed: BTreeSet<String>,
}

impl Guide {
    fn read() -> Self {
        let text = std::fs::read_to_string(root().join("docs/guides/permissions.md"))
            .expect("the guide is there");
        let table = text.split("In the policies below").next().unwrap_or_default().to_owned();
        Self { table, allowed: allowed(&text) }
    }

    fn lacks(&self, action: &str, call: &Asked) -> Option<String> {
        let short = action.split_once(':').map_or(action, |(_, short)| short);
        let (service, name) = (&call.service, &call.action);
        if !self.allowed.contains(action) {
            return Some(format!(
                "no policy allows what {service} {name} needs: add \"{action}\" to a statement"
            ));
        }
        let told = self.table.contains(&format!("{action}`"))
            || self.table.contains(&format!("`{short}`"));
        (!told).then(|| format!("the table does not tell of {service} {name}: add the line | `{action}` | when it is called |"))
    }
}

/// Actions that the guide's policies allow.
fn allowed(guide: &str) -> BTreeSet<String> {
    let statements = statements(guide);
    statements.iter().flat_map(actions).collect()
}

/// What one statement allows.
fn actions(statement: &serde_json::Value) -> Vec<String> {
    let actions = match &statement["Action"] {
        serde_json::Value::Array(actions) => actions.clone(),
        action => vec![action.clone()],
    };
    actions.iter().filter_map(|action| action.as_str().map(str::to_owned)).collect()
}

/// The statements of the guide's policies.
fn statements(guide: &str) -> Vec<serde_json::Value> {
    let policies = guide.split("```json").skip(1).filter_map(|rest| rest.split("```").next());
    let policies = policies.map(|text| {
        serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|e| panic!("{e}: {text}"))
    });
    policies
        .flat_map(|policy| policy["Statement"].as_array().cloned().unwrap_or_default())
        .collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All calls that the source can make, with everything that a request of theirs may give.
fn in_source() -> Vec<Asked> {
    let verbs = "add|assume|continue|copy|create|delete|describe|detect|execute|get|head|list|put|remove|restore|set|tag|untag|update|validate";
    let pattern = Regex::new(&format!(r"\b(?:client|self|c)\s*\.\s*((?:{verbs})_[a-z0-9_]+)\(\)"))
        .expect("the pattern is right");
    // By the road for services without an SDK crate: what is asked in words, and AWS's name of it.
    let signed =
        Regex::new(r#"\.call\(\s*"[^"]*",\s*"([A-Za-z]+)""#).expect("the pattern is right");
    let newer = Regex::new(r#"newer\s*\.\s*get[^(]*\(\s*\w+,\s*"(\w+)""#).expect("it is right");
    let paged =
        Regex::new(r#"\.list\(\s*(?:"[^"]*"|doing),\s*"([A-Za-z]+)""#).expect("it is right");
    let folder = root().join("src/aws");
    let files = files(&folder)
        .into_iter()
        .filter(|file| !file.to_string_lossy().contains("fake") && !file.ends_with("tests.rs"));
    let calls = files.flat_map(|file| {
        let text = std::fs::read_to_string(&file).expect("it was listed");
        let names = pattern.captures_iter(&text).map(|found| found[1].to_owned());
        let place = file
            .strip_prefix(&folder)
            .expect("it is inside")
            .with_extension("")
            .to_string_lossy()
            .replace('\\', "/");
        let named = [&signed, &newer, &paged].into_iter().flat_map(|by| by.captures_iter(&text));
        let named = named.map(|found| asked(&place, found[1].to_owned()));
        names.map(|name| call(&place, &name)).chain(named).collect::<Vec<_>>()
    });
    calls.collect()
}

/// `describe_stacks` is DescribeStacks.
fn call(place: &str, name: &str) -> Asked {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    asked(place, name.split('_').map(capital).collect::<String>().replace("Db", "DB"))
}

/// A call that a file makes, by AWS's name of it.
fn asked(place: &str, action: String) -> Asked {
    let service = SOURCES
        .iter()
        .find(|(source, _)| place == *source || place.starts_with(&format!("{source}/")));
    let service = service
        .unwrap_or_else(|| panic!("which service is called in src/aws/{place}? Add it to SOURCES"))
        .1
        .to_owned();
    let given = NEEDS
        .iter()
        .filter(|(_, call, _, _)| *call == action)
        .map(|(_, _, given, _)| given.to_string())
        .collect();
    Asked { service, action, given }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it is read").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn the_guide_allows_every_call_of_every_service() {
    let calls = in_source();
    for (_, service) in SOURCES {
        assert!(calls.iter().any(|call| call.service == *service), "{service}: no call was found");
    }
    let missing = missing(&calls);
    assert!(
        missing.is_empty(),
        "docs/guides/permissions.md is to be completed:\n{}",
        missing.join("\n")
    );
}

#[test]
fn the_guide_allows_nothing_that_no_call_needs() {
    let needed: BTreeSet<_> = in_source()
        .iter()
        .flat_map(needs)
        .chain(BESIDES.iter().map(|(action, _)| action.to_string()))
        .collect();
    let idle: Vec<_> = Guide::read().allowed.difference(&needed).cloned().collect();
    assert!(
        idle.is_empty(),
        "docs/guides/permissions.md allows what no call needs: {}",
        idle.join(", ")
    );
}

/// The policy for looking ahead allows what the checks ask, and nothing else.
#[test]
fn the_policy_for_looking_ahead_is_what_the_checks_ask() {
    let text = std::fs::read_to_string(root().join("docs/guides/permissions.md"))
        .expect("the guide is there");
    let ahead = statements(&text).into_iter().find(|statement| statement["Sid"] == "LookAhead");
    let allowed: BTreeSet<_> =
        actions(&ahead.expect("there is such a policy")).into_iter().collect();
    let asked = CHECKS.iter().flat_map(|check| owned(check.asks)).collect::<BTreeSet<_>>();
    assert_eq!(allowed, asked);
}

/// The policy for the health of a deployment allows what the checks ask, and nothing else.
#[test]
fn the_policy_for_health_is_what_the_checks_ask() {
    let text = std::fs::read_to_string(root().join("docs/guides/permissions.md"))
        .expect("the guide is there");
    let health = statements(&text).into_iter().find(|statement| statement["Sid"] == "LookAfter");
    let allowed: BTreeSet<_> =
        actions(&health.expect("there is such a policy")).into_iter().collect();
    let asked = health::CHECKS.iter().flat_map(|check| owned(check.asks)).collect::<BTreeSet<_>>();
    assert_eq!(allowed, asked);
}

/// What is not ours has no mark, and no statement allows its deletion.
#[test]
fn a_snapshot_is_deleted_by_its_tag_alone() {
    let text = std::fs::read_to_string(root().join("docs/guides/permissions.md"))
        .expect("the guide is there");
    let (action, tag) = TAGGED;
    let deletes: Vec<_> = statements(&text)
        .into_iter()
        .filter(|statement| actions(statement).iter().any(|a| a == action))
        .collect();
    assert_eq!(deletes.len(), 1, "{deletes:?}");
    let condition = serde_json::json!({"Null": {format!("aws:ResourceTag/{tag}"): "false"}});
    assert_eq!(
        (&deletes[0]["Condition"], actions(&deletes[0])),
        (&condition, vec![action.to_owned()])
    );
    let asked = |given: &[&str]| Asked {
        service: "rds".into(),
        action: "DeleteDBSnapshot".into(),
        given: owned(given),
    };
    for (given, told) in [
        (vec!["untagged"], 1),
        (vec!["tagged Team"], 1),
        (vec!["tagged Team", "tagged quilt:taken-by"], 0),
        (vec![], 0),
    ] {
        assert_eq!(missing(&[asked(&given)]).len(), told, "{given:?}");
    }
}

#[test]
fn what_the_guide_lacks_is_told_with_the_line_to_add() {
    let asked = |service: &str, action: &str| Asked {
        service: service.into(),
        action: action.into(),
        given: Vec::new(),
    };
    let told = missing(&[
        asked("s3", "HeadObject"),
        asked("sts", "GetCallerIdentity"),
        asked("rds", "RebootDBInstance"),
    ]);
    assert_eq!(
        told,
        [
            "no policy allows what rds RebootDBInstance needs: add \"rds:RebootDBInstance\" to a statement"
        ]
    );
}

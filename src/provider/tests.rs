//! Provider blocks and environments as AWS sees them: a process of its own with a cleared environment, against a server on this machine.

use futures_util::future::{FutureExt, join_all};
use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};

use super::config::tests::object;
use super::*;
use server::{Seen, Server};

mod account;
mod buckets;
mod network;
mod messages;
mod server;

/// What the other process does: configures the provider and makes the calls asked for.
#[tokio::test]
async fn probe() {
    let Ok(order) = std::env::var("QUILT_PROBE") else { return };
    let order: Value = serde_json::from_str(&order).unwrap();
    let (provider, mut d) = (Provider::default(), Diagnostics::default());
    provider.configure("1.11.4", &object(order["block"].clone()), &mut d).await;
    let told: Vec<_> = d.errors.iter().map(|e| format!("{}: {}", e.attribute, e.summary)).collect();
    let cx = provider.cx(CancellationToken::new());
    let call =
        |call| one(&cx, call).map(|outcome| outcome.unwrap_or_else(|e| format!("error: {e}")));
    let calls = order["calls"].as_array().unwrap();
    let outcomes: Vec<String> = match order["at_once"].as_bool() {
        Some(true) => join_all(calls.iter().map(call)).await,
        _ => stream::iter(calls).then(call).collect().await,
    };
    println!("\nPROBE {}", json!({ "told": told, "outcomes": outcomes }));
}

async fn one(cx: &Cx, call: &Value) -> Result<String> {
    if let Some(url) = call["page"].as_str() {
        return Ok(cx.web.page(url).await.map_or_else(
            |why| format!("no page: {why}"),
            |page| format!("{} {}", page.status, page.body),
        ));
    }
    if let Some(path) = call["put"].as_str() {
        std::fs::write(path, call["text"].as_str().unwrap()).unwrap();
        return Ok("put".into());
    }
    let aws = cx.aws(call["region"].as_str()).await?;
    match call["do"].as_str() {
        Some("ensure") => aws
            .objects
            .ensure_bucket("b", call["account"].as_str().unwrap_or("123456789012"))
            .await
            .map(|()| "ensured".into()),
        Some("store") => {
            aws.objects.store("b", "k", "{}".into(), "123456789012").await.map(|stored| stored.url)
        }
        Some("fetch") => aws.objects.fetch(call["url"].as_str().unwrap_or("s3://b/k")).await,
        _ => aws.identity.account().await,
    }
}

/// Runs the probe and gives what it tells and the calls' outcomes, joined by lines.
fn run(block: Value, calls: Value, variables: &[(&str, &str)]) -> String {
    order(json!({ "block": block, "calls": calls }), variables)
}

fn order(order: Value, variables: &[(&str, &str)]) -> String {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "provider::tests::probe", "--nocapture", "--test-threads=1"])
        .env_clear();
    command.env("QUILT_PROBE", order.to_string());
    let home = tempfile::TempDir::new().unwrap();
    command
        .env("HOME", home.path())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(variables.iter().copied())
        .current_dir(home.path());
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let answer = text
        .lines()
        .find_map(|l| l.strip_prefix("PROBE "))
        .unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
    let answer: Value = serde_json::from_str(answer).unwrap();
    let lines = ["told", "outcomes"].iter().flat_map(|k| answer[k].as_array().unwrap());
    lines.map(|l| l.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

fn account(block: Value, variables: &[(&str, &str)]) -> String {
    run(block, json!([{}]), variables)
}

/// Keys in the environment, and every service here.
fn at(server: &Server) -> Vec<(&str, &str)> {
    vec![
        ("AWS_ENDPOINT_URL", server.url()),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "AKENV"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
    ]
}

fn who(seen: &[Seen]) -> Vec<String> {
    seen.iter().map(Seen::key).collect()
}

#[test]
fn keys_come_from_the_block_before_the_environment() {
    let server = Server::start(server::sts);
    assert_eq!(account(json!({}), &at(&server)), "123456789012");
    assert_eq!(
        account(
            json!({ "access_key": "AKBLOCK", "secret_key": "s", "token": "TOK" }),
            &at(&server)
        ),
        "123456789012"
    );
    let seen = server.seen();
    assert_eq!(who(&seen), ["AKENV/eu-central-1/sts", "AKBLOCK/eu-central-1/sts"]);
    assert_eq!(seen[1].header("x-amz-security-token"), "TOK");
}

#[test]
fn a_profile_of_the_block_goes_before_the_environment_and_one_of_the_environment_after_it() {
    let server = Server::start(server::sts);
    let dir = tempfile::TempDir::new().unwrap();
    let (config, keys) = (dir.path().join("config"), dir.path().join("credentials"));
    std::fs::write(&config, "[profile p]\nregion = ap-south-1\n").unwrap();
    std::fs::write(&keys, "[p]\naws_access_key_id = AKPROFILE\naws_secret_access_key = s\n")
        .unwrap();
    let (config, keys) = (config.to_str().unwrap(), keys.to_str().unwrap());
    let block = json!({ "profile": "p", "shared_config_files": [config], "shared_credentials_files": [keys], "region": "us-east-1" });
    assert_eq!(account(block, &at(&server)), "123456789012");
    let mut variables = at(&server);
    variables.extend([
        ("AWS_PROFILE", "p"),
        ("AWS_CONFIG_FILE", config),
        ("AWS_SHARED_CREDENTIALS_FILE", keys),
    ]);
    assert_eq!(account(json!({}), &variables), "123456789012");
    let keyless = [
        ("AWS_ENDPOINT_URL", server.url()),
        ("AWS_CONFIG_FILE", config),
        ("AWS_SHARED_CREDENTIALS_FILE", keys),
    ];
    assert_eq!(account(json!({ "profile": "p" }), &keyless), "123456789012");
    assert_eq!(
        who(&server.seen()),
        ["AKPROFILE/us-east-1/sts", "AKENV/eu-central-1/sts", "AKPROFILE/ap-south-1/sts"]
    );
    let told = account(json!({ "profile": "q" }), &keyless);
    assert!(told.starts_with("error: There is no profile `q` in the shared AWS files."), "{told}");
    let told = account(json!({ "shared_config_files": ["~/none"] }), &at(&server));
    assert!(told.starts_with("error: The shared AWS files cannot be read"), "{told}");
}

#[test]
fn roles_are_assumed_one_after_the_other_and_kept() {
    let server = Server::start(server::sts);
    let block = json!({ "sts_region": "eu-west-1", "assume_role": [
        { "role_arn": "arn:aws:iam::123456789012:role/one", "session_name": "me", "source_identity": "ci", "tags": { "a": "b" }, "transitive_tag_keys": ["a"] },
        { "role_arn": "arn:aws:iam::123456789012:role/two", "duration": "30m", "external_id": "ext", "policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"] },
    ] });
    let calls = json!([{}, { "do": "store" }, { "do": "store", "region": "us-east-1" }]);
    let told = run(block, calls, &at(&server));
    assert_eq!(told.lines().next(), Some("123456789012"), "{told}");
    let seen = server.seen();
    let stored = ["AKtwo/eu-central-1/s3", "AKtwo/us-east-1/s3"];
    assert_eq!(
        who(&seen),
        ["AKENV/eu-west-1/sts", "AKone/eu-west-1/sts", "AKtwo/eu-west-1/sts", stored[0], stored[1]]
    );
    for part in [
        "RoleSessionName=me",
        "SourceIdentity=ci",
        "Tags.member.1.Key=a",
        "TransitiveTagKeys.member.1=a",
    ] {
        assert!(seen[0].body.contains(part), "{part} in {}", seen[0].body);
    }
    for part in [
        "RoleSessionName=terraform-provider-quilt",
        "DurationSeconds=1800",
        "ExternalId=ext",
        "PolicyArns.member.1.arn=arn",
    ] {
        assert!(seen[1].body.contains(part), "{part} in {}", seen[1].body);
    }
}

#[test]
fn many_at_once_share_one_way() {
    let server = Server::start(server::sts);
    let block = json!({ "allowed_account_ids": ["123456789012"], "assume_role": [{ "role_arn": "arn:aws:iam::123456789012:role/one" }] });
    let told = order(
        json!({ "block": block, "at_once": true, "calls": vec![json!({ "do": "store" }); 20] }),
        &at(&server),
    );
    assert!(
        told.lines().count() == 20 && told.lines().all(|l| l.ends_with("amazonaws.com/k")),
        "{told}"
    );
    let seen = who(&server.seen());
    assert_eq!(seen[..2], ["AKENV/eu-central-1/sts", "AKone/eu-central-1/sts"]);
    assert!(seen.len() == 22 && seen[2..].iter().all(|k| k == "AKone/eu-central-1/s3"), "{seen:?}");
}

#[test]
fn a_token_is_changed_for_a_role() {
    let server = Server::start(server::sts);
    let block = json!({ "region": "us-east-1", "assume_role_with_web_identity": { "role_arn": "arn:aws:iam::123456789012:role/web", "web_identity_token": "JWT" } });
    assert_eq!(account(block, &[("AWS_ENDPOINT_URL_STS", server.url())]), "123456789012");
    let seen = server.seen();
    assert!(
        seen[0].body.contains("WebIdentityToken=JWT") && seen[0].header("authorization").is_empty(),
        "{}",
        seen[0].body
    );
    assert_eq!(seen[1].key(), "AKweb/us-east-1/sts");
    let missing = run(json!({ "assume_role_with_web_identity": {} }), json!([]), &[]);
    assert_eq!(missing, "assume_role_with_web_identity: A role or its token is missing");
}

#[test]
fn the_account_is_checked_before_anything_else_and_once() {
    let server = Server::start(server::sts);
    let calls = json!([{ "do": "store" }, { "do": "store" }]);
    let told = run(json!({ "allowed_account_ids": ["210987654321"] }), calls.clone(), &at(&server));
    let wrong = "error: The credentials belong to the AWS account 123456789012, and `allowed_account_ids` allows only 210987654321.";
    assert!(told.lines().all(|l| l.starts_with(wrong)) && told.lines().count() == 2, "{told}");
    assert_eq!(who(&server.seen()), ["AKENV/eu-central-1/sts"]);
    run(json!({ "forbidden_account_ids": ["210987654321"] }), calls, &at(&server));
    let services: Vec<_> = server.seen().iter().skip(1).map(|s| s.key()).collect();
    assert_eq!(
        services,
        ["AKENV/eu-central-1/sts", "AKENV/eu-central-1/s3", "AKENV/eu-central-1/s3"]
    );
    let forbidden = account(json!({ "forbidden_account_ids": ["123456789012"] }), &at(&server));
    assert!(forbidden.contains("which `forbidden_account_ids` names"), "{forbidden}");
}

#[test]
fn addresses_come_from_the_block_then_the_service_then_all() {
    let (all, service, block) =
        (Server::start(server::sts), Server::start(server::sts), Server::start(server::sts));
    let mut variables = at(&all);
    variables.push(("AWS_ENDPOINT_URL_STS", service.url()));
    assert_eq!(account(json!({}), &variables), "123456789012");
    assert_eq!(account(json!({ "endpoints": { "sts": block.url() } }), &variables), "123456789012");
    assert_eq!((all.seen().len(), service.seen().len(), block.seen().len()), (0, 1, 1));
    let told = run(json!({}), json!([{}]), &[("AWS_ENDPOINT_URL", "localhost:1")]);
    assert!(told.starts_with(": AWS_ENDPOINT_URL is not an http:// or https:// address"), "{told}");
}

#[test]
fn throttling_is_repeated_and_a_quota_is_not() {
    let throttled = Server::start(|_| server::error(400, "Throttling", "Rate exceeded"));
    let told = account(json!({ "max_retries": 2 }), &at(&throttled));
    assert_eq!(
        told,
        "error: AWS did not tell whose credentials these are: Throttling: Rate exceeded"
    );
    assert_eq!(throttled.seen().len(), 3);
    let mut variables = at(&throttled);
    variables.push(("AWS_MAX_ATTEMPTS", "2"));
    account(json!({}), &variables);
    assert_eq!(throttled.seen().len(), 5);
    let quota = Server::start(|_| server::error(400, "LimitExceededException", "Too many"));
    account(json!({}), &at(&quota));
    assert_eq!(quota.seen().len(), 1);
    let expired = Server::start(|_| {
        server::error(403, "ExpiredToken", "The security token included in the request is expired")
    });
    account(json!({}), &at(&expired));
    assert_eq!(expired.seen().len(), 1);
}

#[test]
fn missing_things_say_where_to_set_them() {
    let told = account(json!({}), &[]);
    assert_eq!(
        told,
        "error: No AWS region is set. Set `region` in the provider block, AWS_REGION in the environment, or a region in the profile."
    );
    let told = account(json!({}), &[("AWS_REGION", "eu-central-l")]);
    assert!(told.starts_with("error: There is no AWS region `eu-central-l`."), "{told}");
    let told = account(json!({ "region": "eu-central-1" }), &[]);
    assert!(
        told.contains("no credentials were found. Looked at, in order: the provider block"),
        "{told}"
    );
}

#[test]
fn a_role_that_is_refused_is_told_with_its_arn() {
    let server = Server::start(|_| {
        server::error(403, "AccessDenied", "User: u is not authorized to perform: sts:AssumeRole")
    });
    let told = account(
        json!({ "assume_role": [{ "role_arn": "arn:aws:iam::123456789012:role/one" }] }),
        &at(&server),
    );
    let refusal = "AWS did not assume the role: AccessDenied: User: u is not authorized to perform: sts:AssumeRole (arn:aws:iam::123456789012:role/one)";
    assert!(told.contains(refusal), "{told}");
}

#[test]
fn the_user_agent_says_who_calls() {
    let server = Server::start(server::sts);
    let mut variables = at(&server);
    variables.push(("TF_APPEND_USER_AGENT", "CI/1 (build 2)"));
    account(json!({}), &variables);
    let agent = server.seen()[0].header("user-agent").to_string();
    assert!(
        agent.contains("terraform-provider-quilt")
            && agent.contains("lib/Terraform/1.11.4")
            && agent.ends_with(" CI/1 (build 2)"),
        "{agent}"
    );
}

#[test]
fn an_unasked_account_is_empty_or_the_credentials_own() {
    let server = Server::start(server::sts);
    assert_eq!(account(json!({ "skip_requesting_account_id": true }), &at(&server)), "");
    assert_eq!(server.seen().len(), 0);
    let block = json!({ "skip_requesting_account_id": true, "assume_role": [{ "role_arn": "arn:aws:iam::123456789012:role/one" }] });
    assert_eq!(account(block, &at(&server)), "123456789012");
}

#[tokio::test]
async fn unknown_values_leave_aws_alone() {
    let (provider, mut d) = (Provider::default(), Diagnostics::default());
    let dir = tempfile::TempDir::new().unwrap();
    let env = Environment { directory: dir.path().into(), ..Environment::default() };
    for block in [
        json!({ "region": "?" }),
        json!({ "default_tags": { "tags": { "a": "?" } } }),
        json!({ "assume_role": "?" }),
    ] {
        provider.configure_in(&env, "1.11.4", &object(block), &mut d);
        let cx = provider.cx(CancellationToken::new());
        assert_eq!(cx.aws(Some("eu-central-1")).await.err(), Some(Error::NotYet));
        assert!(!d.failed() && !cx.settings.owner.is_empty());
    }
}

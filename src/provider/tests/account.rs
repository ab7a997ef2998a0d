//! Whose the credentials are, and that they stay the same account's; and what is secret on the way there.

use super::*;

const OTHER: &str = "210987654321";

/// STS, to which keys that begin with `AKOTHER` are another account's.
fn two_accounts(seen: &Seen) -> server::Answer {
    let (status, headers, body) = server::sts(seen);
    let body =
        if seen.key().starts_with("AKOTHER") { body.replace("123456789012", OTHER) } else { body };
    (status, headers, body)
}

/// Keys as a program gives them: they end so soon that each call asks for them anew.
fn keys(id: &str) -> String {
    let soon = time::OffsetDateTime::now_utc() + time::Duration::seconds(5);
    let (date, time) = (soon.date(), soon.time());
    let end = format!("{date}T{:02}:{:02}:{:02}Z", time.hour(), time.minute(), time.second());
    json!({ "Version": 1, "AccessKeyId": id, "SecretAccessKey": "not-a-secret", "Expiration": end })
        .to_string()
}

/// The calls' outcomes with keys that a program gives.
fn by_program(
    server: &Server,
    block: Value,
    calls: impl Fn(&dyn Fn(&str) -> Value) -> Value,
) -> String {
    let folder = tempfile::TempDir::new().unwrap();
    let (config, file) = (folder.path().join("config"), folder.path().join("keys"));
    std::fs::write(&config, format!("[default]\ncredential_process = cat {}\n", file.display()))
        .unwrap();
    std::fs::write(&file, keys("AKFIRST")).unwrap();
    let put = |id: &str| json!({ "put": file, "text": keys(id) });
    let variables = [
        ("AWS_ENDPOINT_URL", server.url()),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_CONFIG_FILE", config.to_str().unwrap()),
    ];
    run(block, calls(&put), &variables)
}

#[test]
fn keys_of_another_account_are_not_used() {
    let server = Server::start(two_accounts);
    let told = by_program(
        &server,
        json!({}),
        |put| json!([{}, { "do": "store" }, put("AKOTHER"), { "do": "store" }]),
    );
    let lines: Vec<_> = told.lines().collect();
    assert!(lines[0] == "123456789012" && lines[1].ends_with("/k"), "{told}");
    let words = format!(
        "The credentials were replaced under way: they belonged to the AWS account 123456789012, and now to {OTHER}."
    );
    assert!(lines[3].contains(&words), "{told}");
    let asked = ["AKFIRST/eu-central-1/sts", "AKFIRST/eu-central-1/s3", "AKOTHER/eu-central-1/sts"];
    assert_eq!(who(&server.seen()), asked, "nothing but STS was asked with the new keys");
}

#[test]
fn guards_hold_for_keys_that_come_later() {
    let server = Server::start(two_accounts);
    let block = json!({ "allowed_account_ids": ["123456789012"] });
    let told = by_program(
        &server,
        block,
        |put| json!([{ "do": "store" }, put("AKOTHER"), { "do": "store" }]),
    );
    assert!(
        told.contains(&format!(
            "belong to the AWS account {OTHER}, and `allowed_account_ids` allows only 123456789012"
        )),
        "{told}"
    );
    assert!(!who(&server.seen()).iter().any(|who| who == "AKOTHER/eu-central-1/s3"));
}

#[test]
fn renewed_keys_of_the_same_account_cost_one_question() {
    let server = Server::start(two_accounts);
    let told = by_program(
        &server,
        json!({}),
        |put| json!([{}, { "do": "store" }, put("AKNEXT"), { "do": "store" }, { "do": "store" }]),
    );
    assert!(!told.contains("error"), "{told}");
    let ends = [
        "FIRST/eu-central-1/sts",
        "FIRST/eu-central-1/s3",
        "NEXT/eu-central-1/sts",
        "NEXT/eu-central-1/s3",
        "NEXT/eu-central-1/s3",
    ];
    assert_eq!(who(&server.seen()), ends.map(|end| format!("AK{end}")));
}

#[test]
fn an_account_that_sts_does_not_tell_is_not_known() {
    let silent = Server::start(|seen| {
        let (status, headers, body) = server::sts(seen);
        (status, headers, body.replace("123456789012", ""))
    });
    let told = account(json!({ "max_retries": 0 }), &at(&silent));
    assert!(told.starts_with("error: AWS did not tell whose credentials these are"), "{told}");
    assert_eq!(account(json!({ "skip_requesting_account_id": true }), &at(&silent)), "");
}

#[test]
fn addresses_that_are_empty_are_none() {
    let server = Server::start(server::sts);
    let mut variables = at(&server);
    variables.push(("AWS_ENDPOINT_URL_S3", ""));
    let told = run(json!({}), json!([{}, { "do": "store" }]), &variables);
    assert!(told.starts_with("123456789012\n") && !told.contains("error"), "{told}");
    variables.retain(|(name, _)| *name != "AWS_ENDPOINT_URL");
    variables.extend([("AWS_ENDPOINT_URL", ""), ("AWS_ENDPOINT_URL_STS", server.url())]);
    assert_eq!(account(json!({}), &variables), "123456789012");
}

#[test]
fn what_a_program_prints_is_not_shown() {
    let folder = tempfile::TempDir::new().unwrap();
    let config = folder.path().join("config");
    std::fs::write(&config, "[default]\ncredential_process = echo hunter2 >&2; exit 3\n").unwrap();
    let server = Server::start(server::sts);
    let variables = [
        ("AWS_ENDPOINT_URL", server.url()),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_CONFIG_FILE", config.to_str().unwrap()),
    ];
    let told = account(json!({}), &variables);
    assert!(
        told.contains("exit status: 3")
            && told.contains("run it by hand")
            && !told.contains("hunter2"),
        "{told}"
    );
}

#[test]
fn a_password_in_an_address_is_not_shown() {
    let block =
        json!({ "max_retries": 0, "endpoints": { "sts": "http://somebody:hunter2@127.0.0.1:1" } });
    let keys = [
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "AKENV"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
    ];
    let told = account(block, &keys);
    assert!(
        told.contains("127.0.0.1:1") && !told.contains("hunter2") && !told.contains("somebody"),
        "{told}"
    );
    let told = run(
        json!({ "endpoints": { "sts": "ftp://somebody:hunter2@h" }, "http_proxy": "somebody:hunter2@h" }),
        json!([]),
        &[],
    );
    assert_eq!(
        told.lines().collect::<Vec<_>>(),
        [": Not an address", ": Not the address of a proxy"],
        "neither at its line"
    );
}

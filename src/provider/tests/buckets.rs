//! The template bucket and templates in S3, as S3 sees them.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::server::{self, Answer, Seen, Server};
use super::{at, run};

/// Requests to S3 as `PUT /b?policy`, without what the SDK adds.
fn asked(server: &Server) -> Vec<String> {
    let one = |s: &Seen| {
        s.line
            .replace(" HTTP/1.1", "")
            .replace("?x-id=GetObject", "")
            .replace("&x-id=GetObject", "")
            .trim()
            .to_string()
    };
    server
        .seen()
        .iter()
        .map(one)
        .map(|l| l.split("?x-id").next().unwrap_or_default().to_string())
        .collect()
}

fn ok(body: &str) -> Answer {
    (200, String::new(), body.into())
}

fn refusal(status: u16, code: &str) -> Answer {
    (
        status,
        "Content-Type: application/xml\r\n".into(),
        format!("<Error><Code>{code}</Code><Message>m</Message></Error>"),
    )
}

/// A bucket that does not exist until it is made.
fn absent() -> Server {
    let made = AtomicUsize::new(0);
    Server::start(move |r| match r.line.split(' ').next() {
        Some("HEAD") if made.load(Ordering::SeqCst) == 0 => (404, String::new(), String::new()),
        Some("PUT") => {
            made.store(1, Ordering::SeqCst);
            ok("")
        }
        _ => ok(""),
    })
}

fn ensure(server: &Server, region: &str) -> String {
    run(json!({ "region": region }), json!([{ "do": "ensure" }]), &at(server))
}

#[test]
fn a_bucket_is_made_and_closed_before_it_is_versioned() {
    let server = absent();
    assert_eq!(ensure(&server, "cn-north-1"), "ensured");
    let steps = [
        "HEAD /b",
        "PUT /b",
        "HEAD /b",
        "PUT /b?publicAccessBlock",
        "PUT /b?encryption",
        "PUT /b?policy",
        "PUT /b?versioning",
    ];
    assert_eq!(asked(&server).iter().map(|l| l.replace("/b/", "/b")).collect::<Vec<_>>(), steps);
    let seen = server.seen();
    assert!(
        seen[1].body.contains("<LocationConstraint>cn-north-1</LocationConstraint>"),
        "{}",
        seen[1].body
    );
    assert!(
        seen[5].body.contains("arn:aws-cn:s3:::b/*")
            && seen[5].body.contains("aws:SecureTransport"),
        "{}",
        seen[5].body
    );
    for i in [0, 3, 4, 5, 6] {
        assert_eq!(
            seen[i].header("x-amz-expected-bucket-owner"),
            "123456789012",
            "{}",
            seen[i].line
        );
    }
}

#[test]
fn the_oldest_region_is_not_named() {
    let server = absent();
    assert_eq!(ensure(&server, "us-east-1"), "ensured");
    assert!(!server.seen()[1].body.contains("LocationConstraint"), "{}", server.seen()[1].body);
}

#[test]
fn a_finished_bucket_is_left_alone_and_a_half_made_one_is_finished() {
    let versioned = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    let finished = Server::start(move |_| ok(versioned));
    assert_eq!(ensure(&finished, "eu-central-1"), "ensured");
    assert!(asked(&finished).iter().all(|l| !l.starts_with("PUT")), "{:?}", asked(&finished));
    let half = Server::start(|_| ok("<VersioningConfiguration/>"));
    assert_eq!(ensure(&half, "eu-central-1"), "ensured");
    assert_eq!(asked(&half).iter().filter(|l| l.starts_with("PUT")).count(), 4);
}

#[test]
fn two_may_make_it_at_once() {
    let tries = AtomicUsize::new(0);
    let server = Server::start(move |r| match (r.line.starts_with("HEAD"), r.line.contains('?')) {
        (true, _) if tries.load(Ordering::SeqCst) < 2 => (404, String::new(), String::new()),
        (false, false) => match tries.fetch_add(1, Ordering::SeqCst) {
            0 => refusal(409, "OperationAborted"),
            _ => refusal(409, "BucketAlreadyOwnedByYou"),
        },
        _ => ok(""),
    });
    assert_eq!(ensure(&server, "eu-central-1"), "ensured");
}

#[test]
fn a_bucket_of_others_is_refused() {
    let foreign = Server::start(|_| (403, String::new(), String::new()));
    let told = ensure(&foreign, "eu-central-1");
    assert!(
        told.starts_with(
            "error: The bucket b belongs to another account, is in another region, or is closed"
        ),
        "{told}"
    );
    let taken = Server::start(|r| {
        if r.line.starts_with("HEAD") {
            (404, String::new(), String::new())
        } else {
            refusal(409, "BucketAlreadyExists")
        }
    });
    assert_eq!(ensure(&taken, "eu-central-1"), told);
}

#[test]
fn a_template_is_stored_each_time_and_cloudformation_reads_it_from_aws() {
    let there = Server::start(|_| ok(""));
    let told = run(json!({}), json!([{ "do": "store" }]), &at(&there));
    assert_eq!(
        (told.as_str(), asked(&there)),
        ("https://b.s3.eu-central-1.amazonaws.com/k", vec!["PUT /b/k".to_string()])
    );
    let put = &there.seen()[0];
    let told = ["content-type", "x-amz-expected-bucket-owner"].map(|h| put.header(h));
    assert_eq!(
        (put.line.starts_with("PUT /b/k"), told),
        (true, ["application/json", "123456789012"])
    );
}

#[test]
fn a_template_is_fetched_and_has_a_limit() {
    let server = Server::start(|r| match r.line.contains("large") {
        true => ok(&"x".repeat((1 << 20) + 1)),
        false if r.line.contains("none") => refusal(404, "NoSuchKey"),
        false => ok("Resources: {}"),
    });
    let fetch = |url: &str| run(json!({}), json!([{ "do": "fetch", "url": url }]), &at(&server));
    assert_eq!(
        fetch("https://b.s3.eu-central-1.amazonaws.com/k.yaml?versionId=v1"),
        "Resources: {}"
    );
    assert!(
        server.seen()[0].line.contains("/b/k.yaml?")
            && server.seen()[0].line.contains("versionId=v1"),
        "{}",
        server.seen()[0].line
    );
    assert!(fetch("s3://b/large").contains("is larger than the 1 MB"), "{}", fetch("s3://b/large"));
    assert_eq!(fetch("s3://b/none"), "error: AWS did not read the template: NoSuchKey: m");
    assert!(fetch("https://example.com/t.yaml").contains("is not the address of an S3 object"));
}

#[test]
fn without_an_account_no_bucket_is_made() {
    let server = Server::start(server::sts);
    let told = run(
        json!({ "skip_requesting_account_id": true }),
        json!([{ "do": "ensure", "account": "" }]),
        &at(&server),
    );
    assert!(told.contains("the account is not known"), "{told}");
}

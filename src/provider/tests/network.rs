//! The way to AWS: hosts, proxies, certificates.

use super::*;

#[test]
fn silence_names_the_host() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nowhere = format!("http://127.0.0.1:{port}");
    let told = account(
        json!({ "endpoints": { "sts": nowhere }, "max_retries": 1 }),
        &[
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "A"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
        ],
    );
    assert!(
        told.starts_with(&format!("error: AWS did not tell whose credentials these are: no connection to 127.0.0.1:{port}: ")),
        "{told}"
    );
}

#[test]
fn proxies_are_used_and_passed_by() {
    let proxy = Server::start(server::sts);
    let target = Server::start(server::sts);
    assert_eq!(
        account(
            json!({ "http_proxy": proxy.url(), "endpoints": { "sts": "http://sts.example" } }),
            &at(&target)
        ),
        "123456789012"
    );
    assert!(
        proxy.seen()[0].line.starts_with("POST http://sts.example/ "),
        "{}",
        proxy.seen()[0].line
    );
    let mut variables = at(&target);
    variables.extend([("HTTP_PROXY", proxy.url()), ("NO_PROXY", "127.0.0.1")]);
    assert_eq!(account(json!({}), &variables), "123456789012");
    assert_eq!((proxy.seen().len(), target.seen().len()), (1, 1));
    let block = json!({ "https_proxy": proxy.url(), "endpoints": { "sts": "https://sts.example" }, "max_retries": 0 });
    account(block, &at(&target));
    assert!(
        proxy.seen()[1].line.starts_with("CONNECT sts.example:443 "),
        "{}",
        proxy.seen()[1].line
    );
}

#[test]
fn pages_outside_aws_take_the_same_way_and_carry_nothing() {
    let own = rcgen::generate_simple_self_signed(["localhost".to_string()]).unwrap();
    let (page, proxy) = (
        Server::start_tls(&own, |_| (200, String::new(), "hello".into())),
        Server::start(server::sts),
    );
    let dir = tempfile::TempDir::new().unwrap();
    let bundle = dir.path().join("ca.pem");
    std::fs::write(&bundle, pem(&own)).unwrap();
    let calls = json!([{ "page": page.url() }, { "page": "http://localhost/plain" }]);
    let told =
        run(json!({ "custom_ca_bundle": bundle.to_str().unwrap() }), calls.clone(), &at(&proxy));
    assert_eq!(told, "200 hello\nno page: only encrypted pages are read");
    assert!(
        page.seen()[0].header("authorization").is_empty() && page.seen()[0].body.is_empty(),
        "{:?}",
        page.seen()
    );
    let told = run(json!({}), calls, &at(&proxy));
    assert!(
        told.contains("is not trusted; `custom_ca_bundle` names other authorities")
            && proxy.seen().is_empty(),
        "{told}"
    );
    run(
        json!({ "https_proxy": proxy.url() }),
        json!([{ "page": "https://idp.example/x" }]),
        &at(&page),
    );
    assert!(
        proxy.seen()[0].line.starts_with("CONNECT idp.example:443 "),
        "{}",
        proxy.seen()[0].line
    );
}

#[test]
fn a_bundle_that_cannot_be_used_is_told() {
    let dir = tempfile::TempDir::new().unwrap();
    let bundle = dir.path().join("ca.pem");
    let told = |text: &str| {
        std::fs::write(&bundle, text).unwrap();
        account(
            json!({ "region": "eu-central-1", "custom_ca_bundle": bundle.to_str().unwrap() }),
            &[],
        )
    };
    assert!(
        told("nothing").contains("cannot be used: there is no certificate in it."),
        "{}",
        told("nothing")
    );
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(told(broken).contains("a certificate in it cannot be read"), "{}", told(broken));
    let missing =
        account(json!({ "region": "eu-central-1" }), &[("AWS_CA_BUNDLE", "/nowhere/ca.pem")]);
    assert!(
        missing.starts_with("error: The CA bundle /nowhere/ca.pem cannot be used: "),
        "{missing}"
    );
}

#[test]
fn hosts_are_those_of_the_region_fips_and_ipv6() {
    let proxy = Server::start(|_| (502, String::new(), String::new()));
    let keys =
        [("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "s"), ("HTTPS_PROXY", proxy.url())];
    for more in [
        json!({}),
        json!({ "use_fips_endpoint": true }),
        json!({ "use_dualstack_endpoint": true }),
        json!({ "sts_region": "us-gov-west-1" }),
    ] {
        let mut block = json!({ "region": "us-west-2", "max_retries": 0 });
        block.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        account(block, &keys);
    }
    let hosts: Vec<_> =
        proxy.seen().iter().map(|s| s.line.split([' ', ':']).nth(1).unwrap().to_string()).collect();
    let expected = [
        "sts.us-west-2.amazonaws.com",
        "sts-fips.us-west-2.amazonaws.com",
        "sts.us-west-2.api.aws",
        "sts.us-gov-west-1.amazonaws.com",
    ];
    assert_eq!(hosts, expected);
}

#[test]
fn a_container_gives_credentials_without_a_proxy() {
    let keys = json!({ "AccessKeyId": "AKBOX", "SecretAccessKey": "s", "Token": "t", "Expiration": "2099-01-01T00:00:00Z" }).to_string();
    let container =
        Server::start(move |_| (200, "Content-Type: application/json\r\n".into(), keys.clone()));
    let (sts, proxy) = (Server::start(server::sts), Server::start(server::sts));
    let variables = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.url()),
        ("AWS_ENDPOINT_URL", sts.url()),
        ("HTTP_PROXY", proxy.url()),
    ];
    assert_eq!(account(json!({ "region": "us-east-1" }), &variables), "123456789012");
    assert_eq!(
        (who(&proxy.seen()), container.seen().len(), sts.seen().len()),
        (vec!["AKBOX/us-east-1/sts".to_string()], 1, 0)
    );
}

fn pem(own: &rcgen::CertifiedKey<rcgen::KeyPair>) -> String {
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, own.cert.der());
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

#[test]
fn only_authorities_of_the_bundle_are_trusted() {
    let own = rcgen::generate_simple_self_signed(["localhost".to_string()]).unwrap();
    let server = Server::start_tls(&own, server::sts);
    let dir = tempfile::TempDir::new().unwrap();
    let bundle = dir.path().join("ca.pem");
    std::fs::write(&bundle, pem(&own)).unwrap();
    let mut variables = at(&server);
    variables.push(("AWS_CA_BUNDLE", bundle.to_str().unwrap()));
    assert_eq!(account(json!({}), &variables), "123456789012");
    let other = rcgen::generate_simple_self_signed(["localhost".to_string()]).unwrap();
    std::fs::write(&bundle, pem(&other)).unwrap();
    let (began, told) = (std::time::Instant::now(), account(json!({}), &variables));
    assert!(
        told.contains("the certificate of localhost:") && told.contains("is not trusted"),
        "{told}"
    );
    assert!(began.elapsed().as_secs() < 5, "a certificate does not become right by asking again");
}

//! `check_issuer`: the plan asks the issuer who it is, over TLS, and only advises.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use base64::prelude::{BASE64_STANDARD as STANDARD, Engine};
use rcgen::{CertifiedKey, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::{MULTI, SECRET, live, quilt, sso};
use crate::acceptance::templates::fixture;

/// An identity provider on this machine; it ends with the process.
pub struct Issuer {
    url: String,
    authority: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Issuer {
    /// `/oauth2/default` names itself, `/oauth2/other` names that one, and there is no third; `/api/health` is a registry's.
    pub fn start() -> Self {
        let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_string()])
            .expect("a certificate can be made");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let url =
            format!("https://127.0.0.1:{}", listener.local_addr().expect("it is bound").port());
        let issuer = Self { url: url.clone(), authority: pem(&own), asked: Arc::default() };
        let (asked, config) = (issuer.asked.clone(), Arc::new(config(&own)));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (asked, config, url) = (asked.clone(), config.clone(), url.clone());
                let line = StreamOwned::new(
                    ServerConnection::new(config).expect("the configuration is right"),
                    stream,
                );
                std::thread::spawn(move || answer(line, &url, &asked));
            }
        });
        issuer
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The authority to trust, as PEM.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// What it was asked since it was last asked for that.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("no test panicked while it asked"))
    }
}

fn pem(own: &CertifiedKey<KeyPair>) -> String {
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode(own.cert.der())
    )
}

fn config(own: &CertifiedKey<KeyPair>) -> ServerConfig {
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).expect("it is a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS has versions");
    config
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .expect("key and certificate fit")
}

fn answer(line: impl std::io::Read + Write, url: &str, asked: &Mutex<Vec<String>>) -> Option<()> {
    let mut line = BufReader::new(line);
    let mut request = String::new();
    while !request.ends_with("\r\n\r\n") && line.read_line(&mut request).ok()? > 0 {}
    let path = request.split(' ').nth(1)?;
    let (status, body) = match path.strip_suffix("/.well-known/openid-configuration") {
        Some("/oauth2/default" | "/oauth2/other") => {
            (200, format!("{{\"issuer\": \"{url}/oauth2/default\"}}"))
        }
        _ if path == "/api/health" => (200, "{}".to_string()),
        _ => (404, String::new()),
    };
    asked.lock().ok()?.push(request);
    write!(
        line.get_mut(),
        "HTTP/1.1 {status} .\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    line.get_mut().flush().ok()
}

#[test]
fn an_issuer_is_asked_who_it_is() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    let issuer = Issuer::start();
    project.write("ca.pem", &issuer.authority);
    project.provider("provider \"quilt\" {\n  custom_ca_bundle = \"ca.pem\"\n}\n");
    let okta = |server: &str, check: &str| {
        sso(
            "okta",
            &format!(
                "  base_url = \"{}/oauth2/{server}\"\n{SECRET}  check_issuer = {check}\n",
                issuer.url
            ),
        )
    };
    for (server, words) in [
        ("other", format!("says that the issuer is `{}/oauth2/default`", issuer.url)),
        ("none", "HTTP 404".into()),
    ] {
        project.main(&okta(server, "true"));
        assert_eq!(project.plan().says(&words).says("base_url").says("1 to add").code, 2);
        assert_eq!(issuer.asked().len(), 1);
    }
    project.main(&okta("other", "null"));
    project.plan().does_not_say("issuer does not answer");
    assert!(issuer.asked().is_empty(), "unasked nobody is asked");

    project.main(&okta("default", "true"));
    project.apply().ok().does_not_say("issuer does not answer");
    let asked = issuer.asked().join("");
    assert!(
        !asked.is_empty()
            && !asked.contains("s3cr3t")
            && !asked.to_lowercase().contains("authorization"),
        "{asked}"
    );
    project.plan_is_empty();
    assert!(issuer.asked().is_empty(), "where nothing changes nobody is asked");

    project.provider("provider \"quilt\" {}\n");
    project.main(&okta("other", "true"));
    project.apply().ok().says("is not trusted; `custom_ca_bundle` names other authorities");
    assert_eq!(live(&cloud)["OktaBaseUrl"], format!("{}/oauth2/other", issuer.url));
    project.plan_is_empty();
}

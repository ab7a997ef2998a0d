//! A server on this machine that keeps what it is asked.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A request.
#[derive(Clone, Debug)]
pub struct Seen {
    pub line: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Whose key signed for which region and service, as `AKENV/eu-central-1/sts`.
    pub fn key(&self) -> String {
        let scope = self.header("authorization").split("Credential=").nth(1).and_then(|s| s.split(',').next()).unwrap_or_default();
        let parts: Vec<_> = scope.split('/').collect();
        if parts.len() == 5 { format!("{}/{}/{}", parts[0], parts[2], parts[3]) } else { String::new() }
    }
}

/// Status, headers and body.
pub type Answer = (u16, String, String);

/// The server. It ends with the process.
pub struct Server {
    url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub fn start(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        Self::start_at("http://127.0.0.1", None, answer)
    }

    /// The same with TLS, as `localhost`.
    pub fn start_tls(own: &rcgen::CertifiedKey<rcgen::KeyPair>, answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        let key = rustls::pki_types::PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![own.cert.der().clone()], key).unwrap();
        Self::start_at("https://localhost", Some(Arc::new(config)), answer)
    }

    fn start_at(host: &str, tls: Option<Arc<ServerConfig>>, answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("{host}:{}", listener.local_addr().unwrap().port());
        let (seen, answer) = (Arc::new(Mutex::new(vec![])), Arc::new(answer));
        let keep: Arc<Mutex<Vec<Seen>>> = seen.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (keep, answer, tls) = (keep.clone(), answer.clone(), tls.clone());
                std::thread::spawn(move || match tls {
                    Some(config) => serve(StreamOwned::new(ServerConnection::new(config).unwrap(), stream), &keep, &*answer),
                    None => serve(stream, &keep, &*answer),
                });
            }
        });
        Self { url, seen }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(stream: impl Read + Write, seen: &Mutex<Vec<Seen>>, answer: &dyn Fn(&Seen) -> Answer) -> Option<()> {
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let mut headers = HashMap::new();
    loop {
        let mut header = String::new();
        lines.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_string());
    }
    let length = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    let request = Seen { line, headers, body: String::from_utf8_lossy(&body).replace("%3A", ":") };
    let (status, headers, body) = answer(&request);
    seen.lock().unwrap().push(request.clone());
    let length = format!("Content-Length: {}\r\n", body.len());
    let body = if request.line.starts_with("HEAD") { "" } else { &body };
    write!(lines.get_mut(), "HTTP/1.1 {status} .\r\nConnection: close\r\n{headers}{length}\r\n{body}").ok()?;
    lines.get_mut().flush().ok()
}

fn xml(body: String) -> Answer {
    (200, "Content-Type: text/xml\r\n".into(), body)
}

/// An error as STS and CloudFormation word it.
pub fn error(status: u16, code: &str, message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
    );
    (status, "Content-Type: text/xml\r\n".into(), body)
}

/// STS: every account is 123456789012, and a role's key is its name. Anything else is answered with an empty page, as S3 does where an object exists.
pub fn sts(request: &Seen) -> Answer {
    let role = request.body.split("role%2F").nth(1).and_then(|r| r.split('&').next()).unwrap_or_default();
    let action = request.body.split('&').next().unwrap_or_default().trim_start_matches("Action=");
    let result = match action {
        "GetCallerIdentity" => "<Account>123456789012</Account>".to_string(),
        "AssumeRole" | "AssumeRoleWithWebIdentity" => format!(
            "<AssumedRoleUser><AssumedRoleId>i</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/{role}/s</Arn></AssumedRoleUser>\
             <Credentials><AccessKeyId>AK{role}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
             <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
        ),
        _ => return xml(String::new()),
    };
    xml(format!("<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"))
}

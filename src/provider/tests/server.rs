//! A server on this machine that keeps what it is asked.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, KeyPair};

use crate::aws::connect::tls::{self, Talk};

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
        let scope = self
            .header("authorization")
            .split("Credential=")
            .nth(1)
            .and_then(|s| s.split(',').next())
            .unwrap_or_default();
        let parts: Vec<_> = scope.split('/').collect();
        if parts.len() == 5 {
            format!("{}/{}/{}", parts[0], parts[2], parts[3])
        } else {
            String::new()
        }
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
        Self::start_at("http://127.0.0.1", |stream| Box::new(stream), answer)
    }

    /// The same with TLS, as `localhost`.
    pub fn start_tls(
        own: &CertifiedKey<KeyPair>,
        answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::start_at("https://localhost", tls::secure(own), answer)
    }

    fn start_at(
        host: &str,
        accept: impl Fn(TcpStream) -> Box<dyn Talk> + Send + Sync + 'static,
        answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("{host}:{}", listener.local_addr().unwrap().port());
        let (seen, ends) = (Arc::new(Mutex::new(vec![])), Arc::new((accept, answer)));
        let keep: Arc<Mutex<Vec<Seen>>> = seen.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (keep, ends) = (keep.clone(), ends.clone());
                std::thread::spawn(move || serve(ends.0(stream), &keep, &ends.1));
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

fn serve(
    stream: Box<dyn Talk>,
    seen: &Mutex<Vec<Seen>>,
    answer: &dyn Fn(&Seen) -> Answer,
) -> Option<()> {
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
    write!(
        lines.get_mut(),
        "HTTP/1.1 {status} .\r\nConnection: close\r\n{headers}{length}\r\n{body}"
    )
    .ok()?;
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
    let role =
        request.body.split("role%2F").nth(1).and_then(|r| r.split('&').next()).unwrap_or_default();
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

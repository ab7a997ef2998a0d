//! A server on loopback with TLS of its own, for whatever Terraform installs from.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use rustls::crypto::aws_lc_rs;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;

/// An answer: its type, a header more, its content.
pub struct Answer {
    pub kind: String,
    pub header: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// A JSON document.
    pub fn json(value: &serde_json::Value) -> Self {
        Self {
            kind: "application/json".into(),
            header: String::new(),
            body: value.to_string().into_bytes(),
        }
    }

    /// Bytes.
    pub fn bytes(body: Vec<u8>) -> Self {
        Self { kind: "application/octet-stream".into(), header: String::new(), body }
    }
}

/// A server under way; it ends when this is dropped.
pub struct Place {
    port: u16,
    folder: TempDir,
    asked: Arc<Mutex<Vec<String>>>,
    over: Arc<AtomicBool>,
}

impl Place {
    /// Answers each path as `answer` says; `None` is 404. It is told the place's own name, as `localhost:1234`.
    pub fn open(answer: impl Fn(&str, &str) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is to be had");
        let port = listener.local_addr().unwrap().port();
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("authority.pem"), pem(made.cert.der())).unwrap();
        let key =
            rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let place = Self { port, folder, asked: Arc::default(), over: Arc::default() };
        let (config, own) = (Arc::new(config), place.name());
        let (answer, asked, over) = (Arc::new(answer), place.asked.clone(), place.over.clone());
        std::thread::spawn(move || {
            for stream in
                listener.incoming().flatten().take_while(|_| !over.load(Ordering::Relaxed))
            {
                let (config, own, answer, asked) =
                    (config.clone(), own.clone(), answer.clone(), asked.clone());
                std::thread::spawn(move || {
                    serve(stream, config, |path| {
                        asked.lock().unwrap().push(path.to_owned());
                        answer(&own, path)
                    })
                });
            }
        });
        place
    }

    /// Host and port.
    pub fn name(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// The certificate to be trusted.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// The paths that were asked for.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

/// A certificate as text.
fn pem(bytes: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

/// One request of one connection.
fn serve(stream: TcpStream, config: Arc<ServerConfig>, answer: impl Fn(&str) -> Option<Answer>) {
    let limit = Some(Duration::from_secs(10));
    stream
        .set_read_timeout(limit)
        .and(stream.set_write_timeout(limit))
        .expect("a socket has limits");
    let connection = ServerConnection::new(config).expect("the configuration is whole");
    let mut reader = BufReader::new(StreamOwned::new(connection, stream).take(64 << 10));
    let mut lines = Vec::new();
    while lines.last().is_none_or(|line: &String| !line.trim().is_empty()) {
        let mut line = String::new();
        match reader.read_line(&mut line) {
            Ok(1..) => lines.push(line),
            // Whoever does not trust us goes without a word.
            _ => return,
        }
    }
    let mut words = lines[0].split(' ');
    let (verb, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = path.split('?').next().unwrap_or_default();
    let (status, told) = match answer(path) {
        Some(told) => ("200 OK", told),
        None => ("404 Not Found", Answer::json(&serde_json::json!({"errors": []}))),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n",
        told.kind,
        told.body.len(),
        told.header
    );
    let mut stream = reader.into_inner().into_inner();
    let body: &[u8] = if verb == "HEAD" { &[] } else { &told.body };
    let sent = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    stream.conn.send_close_notify();
    drop(sent.and_then(|()| stream.flush()));
}

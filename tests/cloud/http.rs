//! A small blocking HTTP client for the loopback port.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::launcher;

/// What came back.
pub struct Response {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Sends one request to a loopback port and reads the whole answer; the connection is closed after it.
pub fn send(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Response {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the engine listens");
    let mut head = format!(
        "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut answer = Vec::new();
    stream.write_all(&[head.as_bytes(), body].concat()).expect("the engine takes requests");
    stream.read_to_end(&mut answer).expect("the engine answers");
    parse(&answer)
}

fn parse(answer: &[u8]) -> Response {
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("an HTTP answer has a head");
    let head = String::from_utf8_lossy(&answer[..end]);
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .expect("an HTTP answer has a status");
    Response { status, body: answer[end + 4..].to_vec() }
}

/// Asks the engine itself; it answers JSON.
pub fn control(method: &str, path: &str, body: Option<&serde_json::Value>) -> serde_json::Value {
    let body = body.map(ToString::to_string).unwrap_or_default();
    let response = send(
        launcher::port(),
        method,
        path,
        &[("Content-Type", "application/json")],
        body.as_bytes(),
    );
    let answer: serde_json::Value =
        serde_json::from_slice(&response.body).expect("the engine answers JSON");
    assert_eq!(response.status, 200, "{method} {path}: {answer}");
    answer
}

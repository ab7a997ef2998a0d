//! Calls a test makes itself, past Terraform: any query API, JSON API or S3 request in the cloud's account.

use std::fmt;

use super::http::{self, Response};
use super::xml::{self, Node};
use super::{Cloud, REGION, launcher};

/// What AWS said instead of doing it.
#[derive(Debug, PartialEq)]
pub struct Refusal {
    pub status: u16,
    pub code: String,
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} ({}): {}", self.code, self.status, self.message)
    }
}

impl Cloud {
    /// Calls an action of a query API (`cloudformation`, `ec2`, `rds`, `iam`, `sts`).
    pub fn query(
        &self,
        service: &str,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Node, Refusal> {
        self.query_in(REGION, service, action, parameters)
    }

    /// The same in another region.
    pub fn query_in(
        &self,
        region: &str,
        service: &str,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Node, Refusal> {
        let version = match service {
            "ec2" => "2016-11-15",
            "rds" => "2014-10-31",
            "iam" => "2010-05-08",
            "sts" => "2011-06-15",
            "elasticloadbalancing" => "2015-12-01",
            "monitoring" => "2010-08-01",
            _ => "2010-05-15",
        };
        let all = [&[("Action", action), ("Version", version)], parameters].concat();
        let body = all
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect::<Vec<_>>()
            .join("&");
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let response = self.request(
            launcher::port(),
            region,
            service,
            ("POST", "/"),
            &headers,
            body.as_bytes(),
        );
        let answer = xml::parse(&String::from_utf8_lossy(&response.body));
        if response.status == 200 { Ok(answer) } else { Err(refusal(response.status, &answer)) }
    }

    /// Calls an operation of a JSON API; `target` is its `X-Amz-Target`.
    pub fn json(&self, service: &str, target: &str, body: &serde_json::Value) -> serde_json::Value {
        self.json_in(REGION, service, target, body)
    }

    /// The same in another region.
    pub fn json_in(
        &self,
        region: &str,
        service: &str,
        target: &str,
        body: &serde_json::Value,
    ) -> serde_json::Value {
        let headers = [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", target)];
        let body = body.to_string();
        let answer = self.request(
            launcher::port(),
            region,
            service,
            ("POST", "/"),
            &headers,
            body.as_bytes(),
        );
        read_json(target, &answer)
    }

    /// Calls a REST API that speaks JSON.
    pub fn rest(
        &self,
        service: &str,
        method: &str,
        path: &str,
        body: &serde_json::Value,
    ) -> serde_json::Value {
        read_json(
            path,
            &self.signed(
                service,
                method,
                path,
                &[("Content-Type", "application/json")],
                body.to_string().as_bytes(),
            ),
        )
    }

    /// Sends one S3 request, path-style.
    pub fn s3(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Vec<u8>, Refusal> {
        let response = self.signed("s3", method, path, headers, body);
        match response.status {
            200..=299 => Ok(response.body),
            status => Err(refusal(status, &xml::parse(&String::from_utf8_lossy(&response.body)))),
        }
    }

    /// A call to the address that programs are given.
    pub fn through_weather(
        &self,
        service: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        self.request(launcher::proxy().port(), REGION, service, (method, path), headers, body)
    }

    fn signed(
        &self,
        service: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        self.request(launcher::port(), REGION, service, (method, path), headers, body)
    }

    fn request(
        &self,
        port: u16,
        region: &str,
        service: &str,
        target: (&str, &str),
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let account = self.account();
        let credential = format!(
            "AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
        );
        http::send(
            port,
            target.0,
            target.1,
            &[&[("Authorization", credential.as_str())], headers].concat(),
            body,
        )
    }
}

fn read_json(what: &str, response: &Response) -> serde_json::Value {
    assert_eq!(response.status, 200, "{what}: {}", String::from_utf8_lossy(&response.body));
    serde_json::from_slice(&response.body).unwrap_or_default()
}

fn refusal(status: u16, answer: &Node) -> Refusal {
    let text = |name| answer.find(name).map(|node| node.text.clone()).unwrap_or_default();
    Refusal { status, code: text("Code"), message: text("Message") }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

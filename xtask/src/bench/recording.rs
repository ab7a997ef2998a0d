//! The calls of one run, played again straight from the record: the time that the test cloud alone takes for them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::cloud::Cloud;

/// As many calls at a time as Terraform has operations under way.
const CONNECTIONS: usize = 10;

/// Calls in the order in which the cloud received them.
pub struct Recording(Vec<Value>);

impl Recording {
    /// Everything called since the record was emptied.
    pub fn of(cloud: &Cloud) -> anyhow::Result<Self> {
        let mut record: Value = serde_json::from_str(&cloud.ask("GET", "/_cloud/calls", b"")?)?;
        Ok(Self(
            record["calls"]
                .as_array_mut()
                .map(std::mem::take)
                .context("the record is a list of calls")?,
        ))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How many there are of a service.
    pub fn of_service(&self, service: &str) -> usize {
        self.0.iter().filter(|call| call["service"] == service).count()
    }

    /// One call of CloudFormation that nobody has made yet, in the cloud's own account.
    pub fn one(action: &str, parameters: &[(&str, &str)]) -> Self {
        let sent: serde_json::Map<String, Value> = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!({ "value": value })))
            .collect();
        let region = crate::start::REGION;
        Self(vec![json!({
            "service": "cloudformation", "action": action, "account": crate::cloud::ACCOUNT, "region": region,
            "parameters": sent,
        })])
    }

    /// Makes the same calls over kept connections, with nothing between them, and says how many seconds that took.
    pub fn play(&self, cloud: &Cloud) -> anyhow::Result<f64> {
        let calls: Vec<Vec<u8>> = self.0.iter().map(request).collect::<anyhow::Result<_>>()?;
        let (next, start) = (AtomicUsize::new(0), Instant::now());
        thread::scope(|scope| {
            let players: Vec<_> = (0..CONNECTIONS)
                .map(|_| scope.spawn(|| take_turns(cloud, &calls, &next)))
                .collect();
            players.into_iter().try_for_each(|player| {
                player.join().unwrap_or_else(|_| bail!("a call could not be played again"))
            })
        })?;
        Ok(start.elapsed().as_secs_f64())
    }
}

fn take_turns(cloud: &Cloud, calls: &[Vec<u8>], next: &AtomicUsize) -> anyhow::Result<()> {
    let mut connection = None;
    while let Some(call) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
        let open = match connection.take() {
            Some(open) => open,
            None => BufReader::new(TcpStream::connect(cloud.address())?),
        };
        connection = Some(exchange(open, call)?);
    }
    Ok(())
}

fn exchange(
    mut connection: BufReader<TcpStream>,
    call: &[u8],
) -> anyhow::Result<BufReader<TcpStream>> {
    connection.get_mut().write_all(call)?;
    let mut length = None;
    loop {
        let mut line = String::new();
        connection.read_line(&mut line)?;
        match line.trim_end().to_ascii_lowercase().split_once(':') {
            Some(("content-length", value)) => length = Some(value.trim().parse()?),
            None if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    connection.read_exact(&mut vec![
        0;
        length.context(
            "the test cloud told no length of its answer"
        )?
    ])?;
    Ok(connection)
}

/// A call of the query protocol as it was sent, save for its signature, which the test cloud does not check.
fn request(call: &Value) -> anyhow::Result<Vec<u8>> {
    let text = |name: &str| call[name].as_str().unwrap_or_default();
    let (service, action) = (text("service"), text("action"));
    let version = match service {
        "cloudformation" => "2010-05-15",
        "sts" => "2011-06-15",
        _ => bail!("a plan called {service} {action}, which cannot be played again"),
    };
    let mut form = format!("Action={action}&Version={version}");
    for (name, sent) in call["parameters"].as_object().into_iter().flatten() {
        form += &format!("&{name}={}", escape(sent["value"].as_str().unwrap_or_default()));
    }
    let scope = format!("{}/20260101/{}/{service}/aws4_request", text("account"), text("region"));
    let head = format!(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        form.len()
    );
    Ok((head + &form).into_bytes())
}

fn escape(text: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if safe(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_written_as_it_was_sent() {
        let call = serde_json::json!({"service": "cloudformation", "action": "DescribeStacks", "account": "123456789012", "region": "us-east-1",
            "parameters": {"StackName": {"value": "a:b", "secret": false}}});
        let request = String::from_utf8(request(&call).unwrap()).unwrap();
        assert!(request.ends_with("\r\nContent-Length: 56\r\n\r\nAction=DescribeStacks&Version=2010-05-15&StackName=a%3Ab"), "{request}");
        assert!(
            request.contains(
                "Credential=123456789012/20260101/us-east-1/cloudformation/aws4_request,"
            )
        );
    }
}

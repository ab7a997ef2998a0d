//! Pages outside AWS, read through the same proxies and trusted by the same authorities as AWS.

use std::time::Duration;

use async_trait::async_trait;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::sync::OnceCell;

use super::access::Network;
use super::http::{self, Lines};
use crate::aws::error;
use crate::web::{Call, Page, Web};

/// How long a page may take in all.
const LIMIT: Duration = Duration::from_secs(5);
/// The most that is read of one, in bytes.
const MOST: usize = 256 * 1024;
/// The most that is read of an answer to a call: a list of some ten thousand people.
const ANSWER: usize = 16 * 1024 * 1024;

/// Pages, reached as the provider block says.
pub struct Pages {
    network: Network,
    lines: OnceCell<Lines>,
}

impl Pages {
    /// Nothing is read or called before it is needed.
    pub fn new(network: Network) -> Self {
        Self { network, lines: OnceCell::new() }
    }

    async fn get(&self, url: &str) -> Result<Page, String> {
        let mut request = HttpRequest::get(url).map_err(|e| e.to_string())?;
        request.headers_mut().insert("accept", "application/json");
        self.send(request, MOST).await
    }

    async fn send(&self, mut request: HttpRequest, most: usize) -> Result<Page, String> {
        let lines = self
            .lines
            .get_or_try_init(async || http::lines(&self.network).map_err(|e| e.to_string()))
            .await?;
        request.headers_mut().insert("user-agent", "terraform-provider-quilt");
        let answer = lines.call(request).await.map_err(|e| error::unreached(&e))?;
        let (status, mut body, mut text) =
            (answer.status().as_u16(), ByteStream::new(answer.into_body()), Vec::new());
        while let Some(part) =
            body.try_next().await.map_err(|e| format!("the answer was cut off: {e}"))?
        {
            text.extend_from_slice(&part);
            if text.len() > most {
                return Err(format!("the answer is longer than {} KiB", most / 1024));
            }
        }
        Ok(Page { status, body: String::from_utf8_lossy(&text).into_owned() })
    }
}

/// The request of a call; `None`: a header or the address cannot be written so.
fn request(call: Call) -> Option<HttpRequest> {
    let length = call.body.len().to_string();
    let mut request = HttpRequest::new(SdkBody::from(call.body));
    request.set_method(call.method).ok()?;
    request.set_uri(call.url).ok()?;
    for (name, value) in call.headers {
        request.headers_mut().try_insert(name, value).ok()?;
    }
    if call.method != "GET" {
        request.headers_mut().insert("content-length", length);
    }
    Some(request)
}

#[async_trait]
impl Web for Pages {
    async fn page(&self, url: &str) -> Result<Page, String> {
        if !url.starts_with("https://") {
            return Err("only encrypted pages are read".into());
        }
        tokio::time::timeout(LIMIT, self.get(url))
            .await
            .unwrap_or_else(|_| Err(format!("no answer within {} s", LIMIT.as_secs())))
    }

    async fn call(&self, call: Call) -> Result<Page, String> {
        let limit = call.limit;
        // What a header holds is not told: it may be a key.
        let request = request(call).ok_or("the address or the key cannot be sent")?;
        tokio::time::timeout(limit, self.send(request, ANSWER))
            .await
            .unwrap_or_else(|_| Err(format!("no answer within {} s", limit.as_secs())))
    }
}

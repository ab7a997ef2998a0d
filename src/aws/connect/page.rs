//! Pages outside AWS, read through the same proxies and trusted by the same authorities as AWS.

use std::time::Duration;

use async_trait::async_trait;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::sync::OnceCell;

use super::access::Network;
use super::http::{self, Lines};
use crate::aws::error;
use crate::web::{Page, Web};

/// How long a page may take in all.
const LIMIT: Duration = Duration::from_secs(5);
/// The most that is read of one, in bytes.
const MOST: usize = 256 * 1024;

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
        let lines = self
            .lines
            .get_or_try_init(async || http::lines(&self.network).map_err(|e| e.to_string()))
            .await?;
        let mut request = HttpRequest::get(url).map_err(|e| e.to_string())?;
        request.headers_mut().insert("accept", "application/json");
        request.headers_mut().insert("user-agent", "terraform-provider-quilt");
        let answer = lines.call(request).await.map_err(|e| error::unreached(&e))?;
        let (status, mut body, mut text) =
            (answer.status().as_u16(), ByteStream::new(answer.into_body()), Vec::new());
        while let Some(part) =
            body.try_next().await.map_err(|e| format!("the answer was cut off: {e}"))?
        {
            text.extend_from_slice(&part);
            if text.len() > MOST {
                return Err(format!("the answer is longer than {} KiB", MOST / 1024));
            }
        }
        Ok(Page { status, body: String::from_utf8_lossy(&text).into_owned() })
    }
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
}

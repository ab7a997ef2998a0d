//! The world outside AWS, as far as it is reached: pages that anybody may read, the registry of a catalog, and the clock.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

mod clock;

pub use clock::Clock;

/// How the world outside AWS is reached.
#[async_trait]
pub trait Web: Send + Sync {
    /// The page at an address. Nothing of ours goes along, and a redirection is not followed.
    ///
    /// # Errors
    /// Why there was no answer, as the end of a sentence.
    async fn page(&self, url: &str) -> Result<Page, String>;

    /// The answer to a call. A redirection is not followed.
    ///
    /// # Errors
    /// Why there was no answer, as the end of a sentence.
    async fn call(&self, _call: Call) -> Result<Page, String> {
        Err("nothing can be reached yet".into())
    }
}

/// Something that is asked of somebody who may know us: what it carries may be secret.
#[derive(Clone)]
pub struct Call {
    /// HTTP's word for it.
    pub method: &'static str,
    /// The address.
    pub url: String,
    /// Headers, as `authorization`.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: String,
    /// How long it may take in all.
    pub limit: Duration,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url)
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// HTTP's status.
    pub status: u16,
    /// What it says.
    pub body: String,
}

/// The world while the provider's settings are not known, and in tests: nothing answers.
pub struct Silence;

#[async_trait]
impl Web for Silence {
    async fn page(&self, _url: &str) -> Result<Page, String> {
        Err("nothing can be reached yet".into())
    }
}

//! The world outside AWS, as far as it is looked at: one page, that an identity provider publishes about itself.

use async_trait::async_trait;

/// How the world outside AWS is reached.
#[async_trait]
pub trait Web: Send + Sync {
    /// The page at an address. Nothing of ours goes along, and a redirection is not followed.
    ///
    /// # Errors
    /// Why there was no answer, as the end of a sentence.
    async fn page(&self, url: &str) -> Result<Page, String>;
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

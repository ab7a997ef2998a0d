//! A template that was looked at, and what is known of it.

use std::sync::Arc;

use crate::cloudformation::template::{MAX_OBJECT, Misread, Template, digest, given_back};
use crate::outcome::{Error, Result};
use crate::resources::stack::state::StackState;
use crate::tf::{AttributePath, Value};

/// A template that was looked at.
pub struct Loaded {
    /// The attribute that names it.
    pub at: &'static str,
    /// Its text; empty when its URL could not be read.
    pub text: Arc<str>,
    /// Its digest by meaning.
    pub digest: String,
    /// What it says, or why that was not understood.
    pub template: Result<Template, Misread>,
    /// The file is gone; this is what the stack has.
    pub kept: bool,
    /// The configuration names none: this is what the stack has, and keeps.
    pub stays: bool,
    /// Where it stands in S3.
    pub url: Option<String>,
}

impl Loaded {
    /// Looks at a text.
    pub fn new(at: &'static str, text: String, url: Option<String>) -> Result<Self> {
        if text.len() > MAX_OBJECT {
            let what = format!(
                "The template has {} bytes; CloudFormation takes {MAX_OBJECT} at most.",
                text.len()
            );
            let fix = "Split it into nested stacks.";
            return Err(Error::config(AttributePath::new(at), what, fix));
        }
        let template = Template::parse(&text);
        let digest = template.as_ref().map_or_else(|_| digest(&text), Template::digest);
        Ok(Self { at, text: text.into(), digest, template, kept: false, stays: false, url })
    }

    /// What a stack has, known by this digest, where the configuration names no template. Its text is empty where it may not be read.
    pub fn staying(text: String, digest: Option<&String>) -> Result<Self> {
        let read = !text.is_empty();
        let loaded = Self::new("template_file", text, None)?;
        let digest = digest.cloned().unwrap_or_else(|| loaded.digest.clone());
        let unread = || Err(Misread { why: "it could not be read".into(), certain: false });
        let template = if read { loaded.template } else { unread() };
        Ok(Self { digest, template, stays: true, ..loaded })
    }

    /// What it says, if that was understood.
    pub fn known(&self) -> Option<&Template> {
        self.template.as_ref().ok()
    }

    /// The digest of what CloudFormation gives back of it; `None`: it gives it back as it is.
    pub fn given_back(&self) -> Option<String> {
        (!self.text.is_ascii()).then(|| digest(&given_back(&self.text)))
    }

    /// Where the state knows no more of this template than CloudFormation gives back, that stands for it.
    pub fn known_by(self, prior: Option<&StackState>) -> Self {
        let known = prior
            .and_then(|prior| prior.template_sha256.as_ref_option())
            .filter(|known| **known != self.digest);
        match known.filter(|known| self.given_back().as_ref() == Some(known)) {
            Some(known) => Self { digest: known.clone(), ..self },
            None => self,
        }
    }

    /// It stands in S3, or in the stack, and could not be read there.
    pub fn unread(&self) -> bool {
        (self.url.is_some() || self.stays) && self.text.is_empty()
    }

    /// The stack has another one.
    pub fn changes(&self, prior: &StackState) -> bool {
        prior.template_sha256 != Value::Value(self.digest.clone())
    }

    /// Refuses another one than was planned, of which this is the digest.
    pub fn same(&self, planned: &str) -> Result<()> {
        if planned.is_empty() || self.digest == planned {
            return Ok(());
        }
        let (at, what) =
            (AttributePath::new(self.at), "The template changed since the plan was made.");
        Err(Error::config(at, what, "Plan again."))
    }
}

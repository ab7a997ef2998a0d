//! What a check has found: passed, failed or not known, and what to do about it.

use super::{Check, Look};
use crate::outcome::{AwsErrorKind, Error};

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing stands in the way.
    Pass,
    /// What is to be made cannot be made so.
    Fail,
    /// It could not be looked at.
    Unknown,
}

impl Status {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Status::Pass => "pass",
            Status::Fail => "fail",
            Status::Unknown => "unknown",
        }
    }
}

/// A judgement.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// How it came out.
    pub status: Status,
    /// The input that it is about, by its name in [`Intent`](super::Intent).
    pub input: &'static str,
    /// The failure in a few words, as a title; empty where nothing failed.
    pub title: &'static str,
    /// What was found, as a sentence.
    pub found: String,
    /// What to do, as a sentence; empty where nothing is to be done.
    pub fix: String,
    /// It may be put right before it matters: a plan warns of it and goes on.
    pub passing: bool,
}

impl Verdict {
    /// Nothing stands in the way.
    pub fn pass(found: impl Into<String>) -> Self {
        Self {
            status: Status::Pass,
            input: "",
            title: "",
            found: found.into(),
            fix: String::new(),
            passing: false,
        }
    }

    /// It cannot be so.
    pub fn fail(
        input: &'static str,
        title: &'static str,
        found: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        let (found, fix) = (found.into(), fix.into());
        Self { status: Status::Fail, input, title, found, fix, passing: false }
    }

    /// It may be put right before it matters.
    pub fn may_pass(self) -> Self {
        Self { passing: true, ..self }
    }

    /// A look that was not answered; `asks` are the actions that it needs.
    pub fn unknown(e: &Error, asks: &[&str]) -> Self {
        let fix = match e.aws() {
            Some(AwsErrorKind::Denied) => {
                format!("Allow {} to these credentials.", asks.join(" and "))
            }
            Some(AwsErrorKind::Credentials) => "Renew the credentials.".into(),
            _ => "Look again later.".into(),
        };
        let found = format!("{e}").trim_end_matches('.').to_string() + ".";
        Self::not_known(found, fix)
    }

    /// It could not be looked at, or not well enough.
    pub fn not_known(found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { status: Status::Unknown, ..Self::fail("", "", found, fix) }
    }
}

/// A check and what it has found.
pub struct Finding<L: 'static = Look> {
    /// The check.
    pub check: &'static Check<L>,
    /// Its judgement.
    pub verdict: Verdict,
}

// Not derived: whatever the look is, it is shared.
impl<L> Clone for Finding<L> {
    fn clone(&self) -> Self {
        Self { check: self.check, verdict: self.verdict.clone() }
    }
}

//! What a snapshot of a database is, what its status means, what one is called and whose it is.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::database::{Facts, Instance, check_rds_identifier};
use super::{template::hex, token};

/// The tag that says which configuration took a snapshot.
pub const MARK: &str = "quilt:taken-by";

/// A snapshot as RDS describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Identifier.
    pub id: String,
    /// ARN.
    pub arn: String,
    /// Identifier of the instance it is of.
    pub instance: String,
    /// Status, as `available`.
    pub status: String,
    /// How much of it is taken, in percent.
    pub percent: i32,
    /// `manual`, or who else took it.
    pub kind: String,
    /// What is in it.
    pub facts: Facts,
    /// When it was taken, RFC 3339.
    pub created_at: Option<String>,
    /// Tags, those of AWS itself left out.
    pub tags: BTreeMap<String, String>,
}

impl Snapshot {
    /// It can be restored from.
    pub fn available(&self) -> bool {
        self.status == "available"
    }

    /// It will never be available.
    pub fn failed(&self) -> bool {
        ["failed", "error", "incompatible", "delet"].iter().any(|status| self.status.starts_with(status))
    }

    /// It is on its way out.
    pub fn going(&self) -> bool {
        self.status.starts_with("delet")
    }

    /// What is going on, after "while".
    pub fn doing(&self) -> String {
        match self.going() {
            true => format!("the snapshot {} is being deleted", self.id),
            false => format!("the snapshot {} is being taken ({} %)", self.id, self.percent),
        }
    }
}

/// What a configuration marks its snapshot with: the same for every try, and for nobody else.
pub fn mark(owner: &str, account: &str, region: &str, id: &str) -> String {
    token::creation(owner, account, region, &format!("snapshot/{id}"))
}

/// What the snapshot of an instance is called unless told: no clock is in it, so that a second try finds the first one's.
pub fn identifier(owner: &str, source: &Instance) -> String {
    let mut hash = Sha256::new();
    for part in [owner, &source.resource_id] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    format!("{}-{}", source.id, &hex(&hash.finalize())[..12])
}

/// Checks the identifier of a manual snapshot.
pub fn check_identifier(id: &str) -> Result<(), String> {
    if let Some((maker, _)) = id.split_once(':').filter(|(maker, _)| ["rds", "awsbackup"].contains(maker)) {
        let who = if maker == "rds" { "an automatic snapshot: it goes away with its database" } else { "a snapshot of AWS Backup" };
        return Err(format!("`{id}` names {who}. Copy it (`aws rds copy-db-snapshot`) and name the copy, which is a manual one."));
    }
    check_rds_identifier(id, 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(id: &str, resource: &str) -> Instance {
        Instance { id: id.into(), resource_id: resource.into(), ..Instance::default() }
    }

    #[test]
    fn a_second_try_finds_the_first_ones() {
        let name = identifier("me", &source("prod-db", "db-1"));
        assert_eq!(name, identifier("me", &source("prod-db", "db-1")));
        assert!(name.starts_with("prod-db-") && check_identifier(&name).is_ok(), "{name}");
        for other in [identifier("you", &source("prod-db", "db-1")), identifier("me", &source("prod-db", "db-2"))] {
            assert_ne!(name, other);
        }
        assert_ne!(mark("me", "1", "eu", "a"), mark("you", "1", "eu", "a"));
    }

    #[test]
    fn automatic_snapshots_are_refused() {
        assert!(check_identifier("rds:prod-2026-01-01").is_err_and(|e| e.contains("automatic") && e.contains("copy-db-snapshot")));
        assert!(check_identifier("awsbackup:job-1").is_err_and(|e| e.contains("AWS Backup")));
        assert!(check_identifier("Prod").is_err());
        assert_eq!(check_identifier("prod-before-2"), Ok(()));
    }

    #[test]
    fn statuses() {
        let of = |status: &str| Snapshot { id: "a".into(), status: status.into(), percent: 40, ..Snapshot::default() };
        assert!(of("available").available() && !of("available").failed());
        assert!(!of("creating").available() && !of("creating").failed());
        assert!(of("failed").failed() && of("deleting").failed() && of("deleting").going());
        assert_eq!(of("creating").doing(), "the snapshot a is being taken (40 %)");
    }
}

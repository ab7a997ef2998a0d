//! What a snapshot of a database is, what its status means, what one is called and whose it is.

use std::collections::BTreeMap;
use std::time::Duration;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::database::{Facts, Instance, check_rds_identifier};
use super::token;
use crate::cloudformation::template::hex;

/// The tag that says which configuration took a snapshot.
pub const MARK: &str = "quilt:taken-by";

/// How long after the time limit of its creation a snapshot of ours is still taken over by one: as long as an interrupted apply is begun again.
const AGAIN: Duration = Duration::from_secs(3600);

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
    /// Engine, user, storage and encryption.
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
        ["failed", "error", "incompatible", "delet"]
            .iter()
            .any(|status| self.status.starts_with(status))
    }

    /// An interrupted creation may go on with it: it is still being taken, or that began, before `now` in seconds since 1970, no longer ago than
    /// the creation's time limit and an hour. RDS says when it began, and not when it ended.
    pub fn young(&self, now: i64, limit: Duration) -> bool {
        let taken =
            self.created_at.as_deref().and_then(|at| OffsetDateTime::parse(at, &Rfc3339).ok());
        !self.available()
            || taken.is_some_and(|at| {
                i128::from(now - at.unix_timestamp()) < i128::from((limit + AGAIN).as_secs())
            })
    }

    /// It is the very one that was noted so, and no other that came to its name later.
    pub fn is(&self, arn: &str, created_at: Option<&str>) -> bool {
        self.arn == arn && created_at.is_some() && self.created_at.as_deref() == created_at
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

/// What an action marks its snapshot with: no `quilt_snapshot` takes it over.
pub fn action_mark(owner: &str, account: &str, region: &str, id: &str) -> String {
    token::creation(owner, account, region, &format!("action/{id}"))
}

/// What the snapshot of an instance is called that an action takes at this time, unless told: each has a name of its own.
pub fn identifier_at(source: &Instance, at: OffsetDateTime) -> String {
    let (date, time) = (at.date(), at.time());
    let day = format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day());
    format!("{}-{day}-{:02}{:02}{:02}", source.id, time.hour(), time.minute(), time.second())
}

/// What a configuration marks its copy of a snapshot with: of that one, and of no other that is copied under the same identifier.
pub fn copy_mark(owner: &str, account: &str, region: &str, source: &str, id: &str) -> String {
    token::creation(owner, account, region, &format!("copy/{source}/{id}"))
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
    if id.contains(":cluster-snapshot:") {
        return Err(format!(
            "`{id}` is the snapshot of an Aurora cluster. Quilt's database is an instance of RDS for PostgreSQL, which cannot be restored from it: move the data \
             with `pg_dump` and `pg_restore`."
        ));
    }
    if let Some((maker, _)) =
        id.split_once(':').filter(|(maker, _)| ["rds", "awsbackup"].contains(maker))
    {
        let who = if maker == "rds" {
            "an automatic snapshot: it goes away with its database"
        } else {
            "a snapshot of AWS Backup"
        };
        return Err(format!(
            "`{id}` names {who}. Copy it (`aws rds copy-db-snapshot`) and name the copy, which is a manual one."
        ));
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
        for other in [
            identifier("you", &source("prod-db", "db-1")),
            identifier("me", &source("prod-db", "db-2")),
        ] {
            assert_ne!(name, other);
        }
        assert_ne!(mark("me", "1", "eu", "a"), mark("you", "1", "eu", "a"));
        let copy = copy_mark("me", "1", "eu", "source", "a");
        assert!(
            copy != mark("me", "1", "eu", "a") && copy != copy_mark("me", "1", "eu", "other", "a")
        );
    }

    #[test]
    fn an_action_names_its_snapshot_by_the_time() {
        let at = OffsetDateTime::from_unix_timestamp(1_767_225_601).unwrap();
        let name = identifier_at(&source("prod-db", "db-1"), at);
        assert_eq!(name, "prod-db-20260101-000001");
        assert_eq!(check_identifier(&name), Ok(()));
        assert_ne!(action_mark("me", "1", "eu", "a"), mark("me", "1", "eu", "a"));
    }

    #[test]
    fn automatic_snapshots_are_refused() {
        assert!(
            check_identifier("rds:prod-2026-01-01")
                .is_err_and(|e| e.contains("automatic") && e.contains("copy-db-snapshot"))
        );
        assert!(check_identifier("awsbackup:job-1").is_err_and(|e| e.contains("AWS Backup")));
        assert!(check_identifier("Prod").is_err());
        assert_eq!(check_identifier("prod-before-2"), Ok(()));
    }

    #[test]
    fn an_old_one_is_no_rest_of_an_interrupted_apply() {
        let of = |status: &str, at: Option<&str>| Snapshot {
            status: status.into(),
            created_at: at.map(Into::into),
            ..Snapshot::default()
        };
        let at = Some("2026-01-01T00:00:00.123Z");
        let taken = 1_767_225_600;
        let limit = Duration::from_secs(7200);
        assert!(
            of("available", at).young(taken + 10_799, limit)
                && !of("available", at).young(taken + 10_801, limit)
        );
        assert!(
            of("creating", None).young(taken, limit) && !of("available", None).young(taken, limit)
        );
        assert!(
            of("available", at).is("", at)
                && !of("available", at).is("", None)
                && !of("available", at).is("", Some("2026"))
        );
    }

    #[test]
    fn statuses() {
        let of = |status: &str| Snapshot {
            id: "a".into(),
            status: status.into(),
            percent: 40,
            ..Snapshot::default()
        };
        assert!(of("available").available() && !of("available").failed());
        assert!(!of("creating").available() && !of("creating").failed());
        assert!(of("failed").failed() && of("deleting").failed() && of("deleting").going());
        assert_eq!(of("creating").doing(), "the snapshot a is being taken (40 %)");
    }
}

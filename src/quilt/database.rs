//! What a database instance is, the stack it is made by, and which way its engine may go.

use std::collections::BTreeMap;

use super::templates::Templates;
use super::version::numbers;

/// The template's versions.
pub const TEMPLATES: Templates = Templates(&[include_str!("templates/database.yaml")]);
/// The version of PostgreSQL that new databases get.
pub const ENGINE_VERSION: &str = "15.18";
/// The user of a new database.
pub const USERNAME: &str = "root";
/// The name of a new database.
pub const DATABASE_NAME: &str = "quilt";
/// Class of a new database.
pub const INSTANCE_CLASS: &str = "db.t3.small";
/// Type of the storage of a new database.
pub const STORAGE_TYPE: &str = "gp2";
/// Storage of a new database in GiB.
pub const STORAGE: i64 = 100;

/// Properties that RDS changes in place on an instance like ours, though CloudFormation's schema calls their replacement conditional: what
/// decides on it are others (engine, zone, source, snapshot).
pub const IN_PLACE: [&str; 3] = ["BackupRetentionPeriod", "MultiAZ", "StorageType"];

/// Parameters that an update never sends: another value would replace the instance.
pub const KEPT: [&str; 6] =
    ["KmsKeyId", "SnapshotIdentifier", "StorageEncrypted", "Subnets", "Username", "Vpc"];

/// A database instance as RDS describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instance {
    /// Identifier.
    pub id: String,
    /// RDS's own id of it, which no other instance ever has.
    pub resource_id: String,
    /// Status, as `available`.
    pub status: String,
    /// Name of the database inside.
    pub database_name: String,
    /// It is protected from deletion.
    pub protected: bool,
    /// Its host; empty before it has one.
    pub host: String,
    /// The master user is about to get another password.
    pub password_comes: bool,
    /// RDS makes and keeps the master user's password itself.
    pub kept_by_rds: bool,
    /// Engine, user, storage and encryption.
    pub facts: Facts,
}

/// What an instance and a snapshot of it have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Engine, as `postgres`.
    pub engine: String,
    /// Its version, as `15.12`.
    pub engine_version: String,
    /// Name of the master user.
    pub username: String,
    /// Storage in GiB.
    pub allocated_storage: i64,
    /// The storage is encrypted.
    pub encrypted: bool,
    /// ARN of the key it is encrypted with.
    pub kms_key_id: Option<String>,
}

/// What can be ordered of a class: one type of storage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offer {
    /// Type of the storage, as `gp3`.
    pub storage_type: String,
    /// With a standby in another zone.
    pub multi_az: bool,
    /// GiB that it has at least.
    pub least: i64,
    /// GiB that it has at most.
    pub most: i64,
}

/// Beginnings of statuses that do not pass by themselves.
const LASTING: [&str; 9] = [
    "delet",
    "failed",
    "inaccessible-",
    "incompatible-",
    "insufficient-",
    "restore-error",
    "stopped",
    "stopping",
    "storage-full",
];

impl Instance {
    /// It takes a change now, and is not about to get another password.
    pub fn rests(&self) -> bool {
        ["available", "storage-optimization"].contains(&self.status.as_str())
            && !self.password_comes
    }

    /// It stays in this status until somebody does something.
    pub fn stuck(&self) -> bool {
        LASTING.iter().any(|status| self.status.starts_with(status))
    }
}

/// What AWS made of the settings: the outputs of a complete stack.
#[derive(Clone, Debug, PartialEq)]
pub struct DatabaseOutputs {
    /// Identifier of the instance.
    pub instance: String,
    /// Its ARN.
    pub arn: String,
    /// Its host.
    pub endpoint: String,
    /// Its port.
    pub port: i64,
    /// ARN of the secret with user and password.
    pub secret: String,
    /// Id of the security group of those who may reach it.
    pub accessor_group: String,
}

impl DatabaseOutputs {
    /// What the outputs say; `None` as long as one is missing.
    pub fn of(outputs: &BTreeMap<String, String>) -> Option<Self> {
        let text = |name: &str| outputs.get(name).cloned();
        Some(DatabaseOutputs {
            instance: text("InstanceIdentifier")?,
            arn: text("InstanceArn")?,
            endpoint: text("Endpoint")?,
            port: text("Port")?.parse().ok()?,
            secret: text("PasswordSecretArn")?,
            accessor_group: text("AccessorSecurityGroupId")?,
        })
    }
}

/// The version a database gets unless told: today's, or that of a snapshot which is ahead of it.
pub fn engine_version(snapshot: Option<&str>) -> String {
    let ahead = snapshot.filter(|version| numbers(version) > numbers(ENGINE_VERSION));
    ahead.unwrap_or(ENGINE_VERSION).to_string()
}

/// What is to get another version of the engine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Subject {
    /// A snapshot that a database is restored from.
    Snapshot,
    /// A database that exists.
    Database,
}

/// Checks that the engine can go from one version to another; `targets` is what RDS lets the first be upgraded to.
pub fn check_engine_path(
    subject: Subject,
    from: &str,
    to: &str,
    targets: &[String],
) -> Result<(), String> {
    let meant = |version: &str| version == to || version.split('.').next() == Some(to);
    if meant(from) || targets.iter().any(|target| meant(target)) {
        return Ok(());
    }
    if numbers(from) > numbers(to) {
        return Err(format!(
            "It is PostgreSQL {from}, which never becomes {to}: an engine only goes up. Write `engine_version = \"{from}\"`."
        ));
    }
    let step = if numbers(from).first() == Some(&11) && numbers(from) < vec![11, 22] {
        "11.22"
    } else {
        "one of those"
    };
    let can =
        if targets.is_empty() { "nothing that RDS offers here".into() } else { targets.join(", ") };
    let way = match subject {
        Subject::Snapshot => format!(
            "Upgrade the snapshot to {step} first (`aws rds modify-db-snapshot --engine-version`), or upgrade the old database and take a new \
             snapshot."
        ),
        Subject::Database => {
            format!("Write {step} as `engine_version` and apply; then go on from there.")
        }
    };
    Err(format!(
        "PostgreSQL {from} cannot be upgraded to {to} in one step; it can become {can}. {way}"
    ))
}

/// Checks the identifier of an instance.
pub fn check_identifier(id: &str) -> Result<(), String> {
    check_rds_identifier(id, 63)
}

/// RDS's rule for identifiers, which it keeps in lower case.
pub fn check_rds_identifier(id: &str, most: usize) -> Result<(), String> {
    let rule = format!(
        "An identifier has 1 to {most} characters: lower-case letters, digits and single hyphens, first a letter, last no hyphen."
    );
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let wrong = match id.chars().next() {
        None => Some("It is empty.".to_string()),
        Some(first) if !first.is_ascii_lowercase() => {
            Some(format!("`{id}` does not begin with a lower-case letter."))
        }
        Some(_) => id.chars().find(|c| !fits(*c)).map(|odd| format!("`{id}` contains `{odd}`.")),
    };
    let wrong = wrong
        .or_else(|| id.contains("--").then(|| format!("`{id}` has two hyphens in a row.")))
        .or_else(|| id.ends_with('-').then(|| format!("`{id}` ends with a hyphen.")))
        .or_else(|| (id.len() > most).then(|| format!("`{id}` has {} characters.", id.len())));
    wrong.map_or(Ok(()), |wrong| Err(format!("{wrong} {rule}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_statuses_pass_and_some_do_not() {
        let stuck =
            |status: &str| Instance { status: status.into(), ..Instance::default() }.stuck();
        for passing in [
            "available",
            "backing-up",
            "modifying",
            "creating",
            "storage-optimization",
            "upgrading",
        ] {
            assert!(!stuck(passing), "{passing}");
        }
        for lasting in ["stopped", "deleting", "incompatible-network", "storage-full", "failed"] {
            assert!(stuck(lasting), "{lasting}");
        }
    }

    #[test]
    fn engines_go_up_where_rds_lets_them() {
        let targets = ["15.15".to_string(), "15.18".to_string()];
        for to in ["15.12", "15", "15.18"] {
            assert_eq!(check_engine_path(Subject::Snapshot, "15.12", to, &targets), Ok(()));
        }
        assert!(
            check_engine_path(Subject::Snapshot, "11.19", "15.18", &["11.22".into()])
                .is_err_and(|e| e.contains("to 11.22 first"))
        );
        assert!(
            check_engine_path(Subject::Database, "11.19", "15.18", &["11.22".into()])
                .is_err_and(|e| e.contains("Write 11.22 as"))
        );
        assert!(
            check_engine_path(Subject::Snapshot, "16.4", "15.18", &[])
                .is_err_and(|e| e.contains("engine_version = \"16.4\""))
        );
        assert_eq!(
            [engine_version(None), engine_version(Some("11.22")), engine_version(Some("16.4"))],
            ["15.18", "15.18", "16.4"]
        );
    }

    #[test]
    fn identifiers() {
        for good in ["a", "quilt-prod-db-1x2y3z", &"a".repeat(63)] {
            assert_eq!(check_identifier(good), Ok(()));
        }
        for (bad, why) in [
            ("", "It is empty."),
            ("Prod", "`Prod` does not begin with a lower-case letter."),
            ("prodDb", "`prodDb` contains `D`."),
            ("a--b", "`a--b` has two hyphens in a row."),
            ("a-", "`a-` ends with a hyphen."),
        ] {
            assert!(check_identifier(bad).is_err_and(|e| e.starts_with(why)), "{bad}");
        }
        assert!(check_identifier(&"a".repeat(64)).is_err());
    }
}

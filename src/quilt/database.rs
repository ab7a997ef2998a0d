//! What a database instance is, and what its status means for who wants something of it.

/// A database instance as RDS describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instance {
    /// Identifier.
    pub id: String,
    /// RDS's own id of it, which no other instance ever has.
    pub resource_id: String,
    /// Status, as `available`.
    pub status: String,
    /// What is in it.
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

/// Beginnings of statuses that do not pass by themselves.
const LASTING: [&str; 9] =
    ["delet", "failed", "inaccessible-", "incompatible-", "insufficient-", "restore-error", "stopped", "stopping", "storage-full"];

impl Instance {
    /// It stays in this status until somebody does something.
    pub fn stuck(&self) -> bool {
        LASTING.iter().any(|status| self.status.starts_with(status))
    }
}

/// Checks the identifier of an instance.
pub fn check_identifier(id: &str) -> Result<(), String> {
    check_rds_identifier(id, 63)
}

/// RDS's rule for identifiers, which it keeps in lower case.
pub fn check_rds_identifier(id: &str, most: usize) -> Result<(), String> {
    let rule =
        format!("An identifier has 1 to {most} characters: lower-case letters, digits and single hyphens, first a letter, last no hyphen.");
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let wrong = match id.chars().next() {
        None => Some("It is empty.".to_string()),
        Some(first) if !first.is_ascii_lowercase() => Some(format!("`{id}` does not begin with a lower-case letter.")),
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
        let stuck = |status: &str| Instance { status: status.into(), ..Instance::default() }.stuck();
        for passing in ["available", "backing-up", "modifying", "creating", "storage-optimization", "upgrading"] {
            assert!(!stuck(passing), "{passing}");
        }
        for lasting in ["stopped", "deleting", "incompatible-network", "storage-full", "failed"] {
            assert!(stuck(lasting), "{lasting}");
        }
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

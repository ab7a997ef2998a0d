//! Who may see what in a catalog: roles, the policies that they hold, and people.

use std::collections::{BTreeMap, BTreeSet};

pub mod loss;

/// What a policy allows in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Reading.
    Read,
    /// Reading and writing.
    ReadWrite,
}

/// Every level and its word.
const LEVELS: [(Level, &str); 2] = [(Level::Read, "READ"), (Level::ReadWrite, "READ_WRITE")];

impl Level {
    /// The level of this word.
    pub fn of(word: &str) -> Option<Self> {
        LEVELS.iter().find(|(_, own)| *own == word).map(|(level, _)| *level)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        LEVELS.iter().find(|(level, _)| *level == self).map_or("", |(_, word)| word)
    }
}

/// Buckets, and what may be done in each.
pub type Permissions = BTreeMap<String, Level>;

/// A policy of a catalog.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// Its id, a UUID.
    pub id: String,
    /// Its title; no two have the same.
    pub title: String,
    /// ARN of the IAM policy behind it.
    pub arn: String,
    /// The registry writes the IAM policy itself.
    pub managed: bool,
    /// What a managed one allows.
    pub permissions: Permissions,
    /// Ids of the roles that hold it.
    pub roles: BTreeSet<String>,
}

/// A role of a catalog.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Role {
    /// Its id, a UUID.
    pub id: String,
    /// Its name; no two have the same.
    pub name: String,
    /// ARN of the IAM role behind it.
    pub arn: String,
    /// The registry writes the IAM role itself.
    pub managed: bool,
    /// Ids of the policies that a managed one holds.
    pub policies: BTreeSet<String>,
}

/// Somebody who has an account in a catalog.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct User {
    /// The name; no two have the same.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// May sign in.
    pub active: bool,
    /// Is an administrator.
    pub admin: bool,
    /// Belongs to the stack itself.
    pub service: bool,
    /// The role in use, by name.
    pub role: Option<String>,
    /// Those that they may change to, by name.
    pub extra_roles: Vec<String>,
    /// Signs in by an identity provider alone.
    pub sso_only: bool,
    /// The sign-in mapping rules the roles.
    pub roles_ruled: bool,
    /// The sign-in mapping rules who is an administrator.
    pub admin_ruled: bool,
}

impl User {
    /// Is an administrator who can sign in; `passwords`: people sign in by passwords, those excepted who do so by an identity provider alone.
    pub fn leads(&self, passwords: bool) -> bool {
        self.active && self.admin && !self.service && (self.sso_only || passwords)
    }

    /// Has the role, in use or to change to.
    pub fn has(&self, role: &str) -> bool {
        self.role.as_deref() == Some(role) || self.extra_roles.iter().any(|one| one == role)
    }
}

/// Roles of the stack itself, and those whose ARN it writes anew: nobody else changes them.
pub const RESERVED_ROLES: [&str; 3] = ["Canary", "ReadQuiltBucket", "ReadWriteQuiltBucket"];
/// Policies of the stack itself.
pub const RESERVED_POLICIES: [&str; 1] = ["CanaryBucketAccess"];
/// The most policies that a role holds, by the catalog's own page.
pub const MOST_POLICIES: usize = 5;

/// Why a text is no name of a role, as a sentence.
///
/// # Errors
/// It is not what registries take.
pub fn check_role_name(name: &str) -> Result<(), String> {
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|c| c.is_ascii_alphabetic());
    if !begins || !letters.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(format!(
            "`{name}` is no name of a role: it begins with a letter, and letters, digits and `_` follow."
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_words() {
        for (level, word) in LEVELS {
            assert_eq!((Level::of(word), level.word()), (Some(level), word));
        }
        assert_eq!(Level::of("read"), None);
    }

    #[test]
    fn names_of_roles() {
        for name in ["Analysts", "a", "Read_2"] {
            assert_eq!(check_role_name(name), Ok(()));
        }
        for name in ["", "2nd", "_a", "read only", "Ä"] {
            assert!(check_role_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn who_leads_can_sign_in() {
        let lead = User { active: true, admin: true, ..User::default() };
        let all = [
            lead.clone(),
            User { sso_only: true, ..lead.clone() },
            User { service: true, ..lead.clone() },
            User { active: false, ..lead.clone() },
            User { admin: false, ..lead },
        ];
        assert_eq!(all.clone().map(|user| user.leads(true)), [true, true, false, false, false]);
        assert_eq!(all.map(|user| user.leads(false)), [false, true, false, false, false]);
    }

    #[test]
    fn a_role_to_change_to_counts() {
        let user =
            User { role: Some("A".into()), extra_roles: vec!["B".into()], ..User::default() };
        assert_eq!(["A", "B", "C"].map(|role| user.has(role)), [true, true, false]);
    }
}

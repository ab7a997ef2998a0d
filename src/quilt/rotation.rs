//! A new password for a database: what it looks like, and how far its rotation has come, by the versions of the database's secret.

use std::collections::{BTreeMap, BTreeSet};

use crate::quilt::secret::Secret;

/// The label of the version that comes, for as long as a rotation is under way. Ours alone: Secrets Manager's own rotation has another one.
pub const COMING: &str = "QUILT_ROTATION";
/// The label of the version that an invocation has added for itself: whoever added the last one goes on, since a label is on one version alone.
pub const TURN: &str = "QUILT_ROTATION_TURN";
/// The label of the version that a secret gives whoever asks for none.
pub const CURRENT: &str = "AWSCURRENT";
/// The label of the version before that, which Secrets Manager moves along by itself.
pub const PREVIOUS: &str = "AWSPREVIOUS";

/// How many letters and digits a password has: as many as the first one.
const LENGTH: usize = 32;
/// Bytes enough to draw them from, whatever they are.
pub const RANDOM: usize = 128;

/// The versions of a secret by their ids, each with its labels.
pub type Versions = BTreeMap<String, BTreeSet<String>>;

/// The version that has a label.
pub fn labelled<'a>(versions: &'a Versions, label: &str) -> Option<&'a str> {
    versions.iter().find(|(_, labels)| labels.contains(label)).map(|(id, _)| id.as_str())
}

/// The label of the version that held before a rotation which has begun: the current one, until that is the coming one.
pub fn former(versions: &Versions) -> &'static str {
    match labelled(versions, COMING) {
        coming @ Some(_) if coming == labelled(versions, CURRENT) => PREVIOUS,
        _ => CURRENT,
    }
}

/// How a rotation stands to an invocation that works at it.
#[derive(Debug, PartialEq)]
pub enum Turn {
    /// It is its own.
    Ours,
    /// Another invocation goes on with it, or has ended it, with the same password.
    Theirs,
    /// Another invocation has come to another password.
    Lost,
}

/// Whose a rotation is by now, for an invocation that has added the version `own` and gives out the password of the version `to`.
/// `moved`: it may have made that the current one this very moment, so that this tells nothing of the others.
pub fn turn(versions: &Versions, own: &str, to: &str, moved: bool) -> Turn {
    let current = labelled(versions, CURRENT).filter(|_| !moved);
    match () {
        () if labelled(versions, TURN) == Some(own) => Turn::Ours,
        () if labelled(versions, COMING).or(current) == Some(to) => Turn::Theirs,
        () => Turn::Lost,
    }
}

/// What the secret will hold: the same with another password. `None`: the bytes were too few.
///
/// # Errors
/// What is wrong with the secret, as a sentence that shows nothing of it.
pub fn renewed(now: &Secret, random: &[u8]) -> Result<Option<Secret>, String> {
    let Some(password) = Secret::drawn(random, LENGTH) else { return Ok(None) };
    now.with_member("password", &password).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(of: &[(&str, &[&str])]) -> Versions {
        let labels = |labels: &[&str]| labels.iter().map(ToString::to_string).collect();
        of.iter().map(|(id, of)| (id.to_string(), labels(of))).collect()
    }

    #[test]
    fn the_labels_say_which_version_held_before() {
        let rests = versions(&[("1", &[CURRENT])]);
        assert_eq!((labelled(&rests, COMING), former(&rests)), (None, CURRENT));
        let begun = versions(&[("1", &[CURRENT]), ("2", &[COMING])]);
        assert_eq!((labelled(&begun, COMING), former(&begun)), (Some("2"), CURRENT));
        let turned = versions(&[("1", &[PREVIOUS]), ("2", &[COMING, CURRENT])]);
        assert_eq!((labelled(&turned, COMING), former(&turned)), (Some("2"), PREVIOUS));
    }

    #[test]
    fn the_labels_say_whose_turn_it_is() {
        for (labels, expected) in [
            (versions(&[("1", &[CURRENT]), ("2", &[COMING, TURN])]), Turn::Ours),
            (versions(&[("1", &[CURRENT]), ("2", &[COMING]), ("3", &[TURN])]), Turn::Theirs),
            (versions(&[("1", &[PREVIOUS]), ("2", &[CURRENT])]), Turn::Theirs),
            (versions(&[("1", &[CURRENT]), ("2", &[PREVIOUS])]), Turn::Lost),
            (versions(&[("2", &[CURRENT]), ("3", &[COMING, TURN])]), Turn::Lost),
            (versions(&[("1", &[CURRENT]), ("3", &[TURN])]), Turn::Lost),
        ] {
            assert_eq!(turn(&labels, "2", "2", false), expected, "{labels:?}");
        }
        let ended = versions(&[("1", &[PREVIOUS]), ("2", &[CURRENT])]);
        assert_eq!(turn(&ended, "2", "2", true), Turn::Lost);
    }

    #[test]
    fn what_else_the_secret_holds_stays() {
        let random: Vec<u8> = (0..=255).collect();
        let now =
            Secret::from(r#"{"username": "root", "password": "old", "port": 5432}"#.to_string());
        let new = renewed(&now, &random).unwrap().unwrap();
        let password = new.member("password").unwrap();
        assert_eq!(password.reveal().len(), LENGTH);
        let back = new.with_member("password", &"old".to_string().into()).unwrap();
        let json =
            |text: &Secret| serde_json::from_str::<serde_json::Value>(text.reveal()).unwrap();
        assert_eq!(json(&back), json(&now));
        assert_eq!(renewed(&now, &random[..LENGTH - 1]), Ok(None));
        let told = renewed(&"hunter2".to_string().into(), &random).unwrap_err();
        assert_eq!(told, "The secret does not hold a JSON object.");
    }
}

//! Tokens of our operations: a beginning that says whose and what, and a random end that makes each call its own.

use sha2::{Digest, Sha256};

use crate::cloudformation::template::hex;

/// The beginning of the token of a creation: the same for every try of one configuration, and for nobody else.
pub fn creation(owner: &str, account: &str, region: &str, name: &str) -> String {
    digest("create", &[owner, account, region, name])
}

/// A whole token: `beginning` and a random end. CloudFormation takes 128 letters, digits and hyphens.
pub fn ending(beginning: &str) -> String {
    let mut end = [0; 8];
    // Without randomness the token is the same for each try, which CloudFormation allows too.
    let _ = getrandom::fill(&mut end);
    format!("{beginning}-{}", hex(&end))
}

/// The token of an update of a stack.
pub fn update(stack: &str) -> String {
    ending(&digest("update", &[stack]))
}

/// The name of a change set that an update of a stack goes by.
pub fn proposal(stack: &str) -> String {
    ending(&digest("proposal", &[stack]))
}

/// The name of a change set that is only looked at.
pub fn preview(stack: &str) -> String {
    ending(&digest("preview", &[stack]))
}

/// A change set of this name is one of ours.
pub fn is_ours(name: &str, stack: &str) -> bool {
    ["proposal", "preview"].iter().any(|what| name.starts_with(&digest(what, &[stack])))
}

/// The token of a deletion of a stack.
pub fn deletion(stack: &str) -> String {
    ending(&digest("delete", &[stack]))
}

/// The token of going on with the rollback of a stack.
pub fn rollback(stack: &str) -> String {
    ending(&digest("rollback", &[stack]))
}

fn digest(what: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    format!("quilt-{what}-{}", &hex(&hash.finalize())[..32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_and_what_make_the_beginning() {
        let prefix = creation("me", "1", "eu", "prod");
        assert_eq!(prefix, creation("me", "1", "eu", "prod"));
        for other in [
            creation("you", "1", "eu", "prod"),
            creation("me", "1e", "u", "prod"),
            creation("me", "1", "eu", "dev"),
        ] {
            assert_ne!(prefix, other);
        }
    }

    #[test]
    fn our_change_sets_are_known_by_their_names() {
        assert!(is_ours(&proposal("prod"), "prod") && is_ours(&preview("prod"), "prod"));
        assert!(!is_ours(&proposal("prod"), "dev") && !is_ours("somebody-else", "prod"));
    }

    #[test]
    fn tokens_are_each_their_own_and_fit() {
        let (a, b) = (
            ending(&creation("me", "1", "eu", "prod")),
            ending(&creation("me", "1", "eu", "prod")),
        );
        assert_ne!(a, b);
        assert!(
            a.len() <= 128
                && a.starts_with(char::is_alphabetic)
                && a.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        );
    }
}

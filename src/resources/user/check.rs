//! What is wrong with the configuration of a user alone.

use super::UserState;
use crate::tf::{AttributePath, Diagnostics, Report};

/// The longest name.
const MOST: usize = 64;

/// Checks a configuration, offline.
pub fn check(config: &UserState, d: &mut Diagnostics) {
    if let Some(why) = config.name.as_deref_option().and_then(wrong_name) {
        d.fail_at(AttributePath::new("name"), "Not the name of a user", why);
    }
    if config.email.as_deref_option().is_some_and(|email| !is_address(email)) {
        let detail = "Write it as `ann@example.com`, without a name and without spaces.";
        d.fail_at(AttributePath::new("email"), "Not an e-mail address", detail);
    }
    let role = config.role.as_deref_option();
    let extra = config.extra_roles.as_ref_option().into_iter().flatten();
    if extra.filter_map(|one| one.as_deref_option()).any(|one| Some(one) == role) {
        let detail = "It is `role` already. Leave it out of `extra_roles`.";
        d.fail_at(AttributePath::new("extra_roles"), "A role that the user has already", detail);
    }
}

/// Why nobody is called so. An address for a name is what sign-in through an identity provider makes.
fn wrong_name(name: &str) -> Option<String> {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(letters);
    match plain || by_sign_in(name) {
        _ if name.chars().count() > MOST => {
            Some(format!("`{name}` has more than {MOST} characters."))
        }
        true => None,
        false => Some(format!(
            "`{name}`: write a letter in lower case, then letters in lower case, digits and `_`."
        )),
    }
}

/// The name of somebody who came through an identity provider.
pub fn by_sign_in(name: &str) -> bool {
    name.contains('@') && !name.contains(char::is_whitespace)
}

fn is_address(email: &str) -> bool {
    let (name, host) = email.split_once('@').unwrap_or_default();
    !name.is_empty()
        && host.contains('.')
        && !host.contains('@')
        && !email.contains(|c: char| c.is_whitespace() || c == '<' || c == '>')
}

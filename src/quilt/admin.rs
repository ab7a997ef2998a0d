//! The password of a deployment's first administrator: when it is made for them, where it is kept, and what it looks like.

use crate::cloudformation::parameters::takes;
use crate::cloudformation::template::{Declared, Template};
use crate::quilt::secret::Secret;

/// The parameter that takes it.
pub const PASSWORD: &str = "AdminPassword";

/// The parameter that takes the administrator's e-mail address.
pub const EMAIL: &str = "AdminEmail";

/// The tag that says whose the secret is.
pub const OWNER: &str = "quilt-owner";

/// How many letters and digits: more than 140 bits.
const LENGTH: usize = 24;

/// The declaration, where the template wants a secret password and has none itself.
pub fn wanted(template: &Template) -> Option<&Declared> {
    template
        .parameters
        .get(PASSWORD)
        .filter(|declared| declared.no_echo && declared.default.is_none())
}

/// The name of the secret for a stack.
pub fn secret_name(stack: &str) -> String {
    format!("quilt/{stack}/admin-password")
}

/// A password from random bytes; `None`: there were too few, or the declaration does not take it.
pub fn password(declared: &Declared, random: &[u8]) -> Option<Secret> {
    Secret::drawn(random, LENGTH).filter(|text| takes(declared, text.reveal()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(declared: &str) -> Template {
        Template::parse(&format!(r#"{{"Parameters": {{"AdminPassword": {declared}}}, "Resources": {{"R": {{"Type": "A::B::C"}}}}}}"#))
            .unwrap()
    }

    #[test]
    fn it_is_made_where_a_secret_one_is_wanted() {
        assert!(
            wanted(&template(
                r#"{"Type": "String", "NoEcho": true, "AllowedPattern": ".{8,64}|"}"#
            ))
            .is_some()
        );
        for other in
            [r#"{"Type": "String", "NoEcho": true, "Default": ""}"#, r#"{"Type": "String"}"#]
        {
            assert!(wanted(&template(other)).is_none(), "{other}");
        }
    }

    #[test]
    fn a_password_is_fair_and_fits() {
        let declared = Declared { allowed_pattern: Some(".{8,64}|".into()), ..Declared::default() };
        let every: Vec<u8> = (0..=255).collect();
        assert_eq!(password(&declared, &every).unwrap().reveal(), "abcdefghijklmnopqrstuvwx");
        assert_eq!(password(&declared, &[248; 256]), None);
        assert_eq!(password(&declared, &every[..23]), None);
        let digits = Declared { allowed_pattern: Some("[0-9]+".into()), ..Declared::default() };
        assert_eq!(password(&digits, &every), None);
        assert_eq!(secret_name("prod"), "quilt/prod/admin-password");
    }
}

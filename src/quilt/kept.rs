//! Values that a stack keeps although the template or the configuration says less than before: CloudFormation carries previous values over.

use std::collections::{BTreeMap, BTreeSet};

use crate::cloudformation::parameters::{HIDDEN, has};
use crate::cloudformation::template::Template;
use crate::outcome::shortened;

/// Sign-in has resources of its own, which say what becomes of their parameters.
const SIGN_IN: [&str; 6] = ["Google", "Okta", "OneLogin", "Azure", "SingleSignOn", "PasswordAuth"];

/// A parameter whose value stays, where the template's default is another.
#[derive(Debug, PartialEq)]
pub struct Kept<'a> {
    /// Its name.
    pub parameter: &'a str,
    /// What the stack has.
    pub value: &'a str,
    /// What the template says.
    pub default: &'a str,
}

impl Kept<'_> {
    /// What stays, and what to write for the other.
    pub fn sentence(&self) -> String {
        let (parameter, value, default) =
            (self.parameter, shortened(self.value), shortened(self.default));
        format!(
            "`{parameter}` keeps `{value}`; the template's default is `{default}`. To have that, write `{parameter} = \"{default}\"`."
        )
    }
}

/// The parameters that nobody gives a value, and whose value in the stack is not the default. None that is secret.
pub fn kept<'a>(
    template: &'a Template,
    wanted: &BTreeSet<&str>,
    live: &'a BTreeMap<String, String>,
) -> Vec<Kept<'a>> {
    let open = template.parameters.iter().filter(|(name, declared)| {
        !wanted.contains(name.as_str())
            && !declared.no_echo
            && !SIGN_IN.iter().any(|beginning| name.starts_with(beginning))
    });
    let stays = open.filter_map(|(name, declared)| {
        let (default, value) =
            (declared.default.as_deref()?, live.get(name).filter(|value| *value != HIDDEN)?);
        (!has(Some(declared), value, default)).then_some(Kept { parameter: name, value, default })
    });
    stays.collect()
}

/// The default of this parameter is another than in the template before.
pub fn changes_default(before: &Template, kept: &Kept) -> bool {
    let default =
        before.parameters.get(kept.parameter).and_then(|declared| declared.default.as_deref());
    default.is_some_and(|default| default != kept.default)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(default: &str) -> Template {
        let declared = format!(
            "A: {{Type: String, Default: {default}}}, B: {{Type: String, Default: b, NoEcho: true}}, OktaClientId: {{Type: String, Default: c}}"
        );
        Template::parse(&format!(
            "Parameters: {{{declared}}}\nResources: {{R: {{Type: A::B::C}}}}\n"
        ))
        .unwrap()
    }

    #[test]
    fn what_stays_is_named_unless_it_is_wanted_secret_or_of_a_sign_in() {
        let live =
            ["A", "B", "OktaClientId"].map(|name| (name.to_string(), "old".to_string())).into();
        let new = template("new");
        let found = kept(&new, &BTreeSet::new(), &live);
        assert_eq!(found, [Kept { parameter: "A", value: "old", default: "new" }]);
        assert_eq!(
            found[0].sentence(),
            "`A` keeps `old`; the template's default is `new`. To have that, write `A = \"new\"`."
        );
        assert!(changes_default(&template("old"), &found[0]) && !changes_default(&new, &found[0]));
        assert!(
            kept(&new, &BTreeSet::from(["A"]), &live).is_empty()
                && kept(&template("old"), &BTreeSet::new(), &live).is_empty()
        );
    }
}

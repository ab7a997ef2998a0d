//! Which variant of Quilt's template a stack was made from: what was decided when the template was built, told by the parameters it declares.

use super::sso::Family;

/// What was decided when a template was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// How it takes sign-in.
    pub sso: Option<Family>,
    /// The database stands beside the stack.
    pub external_database: bool,
    /// The search domain stands beside the stack.
    pub external_search: bool,
    /// Users reach it from inside only; `None`: the parameters do not tell.
    pub internal: Option<bool>,
}

impl Variant {
    /// The variant of a template that declares these parameters.
    pub fn of(declares: impl Fn(&str) -> bool) -> Self {
        let internal = match (declares("PublicSubnets"), declares("UserSubnets")) {
            (true, false) => Some(false),
            (false, true) => Some(true),
            _ => None,
        };
        Self {
            sso: Family::of(&declares),
            external_database: declares("DBUrl") || declares("DBEndpoint"),
            external_search: declares("SearchDomainArn") || declares("SearchDomainEndpoint"),
            internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_tell_the_variant() {
        let of = |names: &'static [&str]| Variant::of(|p| names.contains(&p));
        let terraform =
            of(&["DBUrl", "SearchDomainArn", "VPC", "PublicSubnets", "OktaAuth", "OktaClientId"]);
        let expected = Variant {
            sso: Some(Family::Multi),
            external_database: true,
            external_search: true,
            internal: Some(false),
        };
        assert_eq!(terraform, expected);
        let own = of(&["VPC", "UserSubnets", "SingleSignOnProvider", "DBPassword"]);
        let expected = Variant {
            sso: Some(Family::Single),
            external_database: false,
            external_search: false,
            internal: Some(true),
        };
        assert_eq!(own, expected);
        assert_eq!((of(&[]).internal, of(&[]).sso), (None, None));
    }
}

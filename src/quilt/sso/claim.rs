//! Who sets which sign-in parameter of a stack: each has one owner.

use std::collections::BTreeSet;

use super::{DOMAINS, Family, IdentityProvider, Names, PASSWORD};

/// What one `quilt_sso` sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Whose parameters it sets.
    pub provider: IdentityProvider,
    /// It sets the domains.
    pub domains: bool,
    /// It sets sign-in with a password.
    pub password: bool,
}

/// What two `quilt_sso` of one stack cannot both have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clash {
    /// The one place that the stack's template has; the other one's provider is this.
    Place(IdentityProvider),
    /// Both set the domains whose people may sign in.
    Domains,
    /// Both say whether a password signs in.
    Password,
}

impl Claim {
    /// The parameters it owns in a template that declares these.
    pub fn parameters(&self, declares: impl Fn(&str) -> bool) -> BTreeSet<String> {
        let names = Family::of(&declares).map(|family| Names::of(family, self.provider, &declares));
        let own = names.iter().flat_map(|names| names.all().cloned());
        let more = [(self.domains, DOMAINS), (self.password, PASSWORD)]
            .into_iter()
            .filter(|(set, _)| *set);
        own.chain(more.map(|(_, name)| name.to_string())).filter(|name| declares(name)).collect()
    }

    /// What this one and another provider's of the same stack both set. `family`: the template's, where it is known.
    pub fn clash(&self, other: &Claim, family: Option<Family>) -> Option<Clash> {
        match () {
            () if self.provider == other.provider => None,
            () if family.is_some_and(|family| family != Family::Multi) => {
                Some(Clash::Place(other.provider))
            }
            () if self.domains && other.domains => Some(Clash::Domains),
            () if self.password && other.password => Some(Clash::Password),
            () => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use IdentityProvider::{Google, Okta};

    fn claim(provider: IdentityProvider) -> Claim {
        Claim { provider, domains: false, password: false }
    }

    #[test]
    fn each_family_calls_its_own_by_other_names() {
        let owned = |claim: &Claim, declared: &[&str]| {
            let own = claim.parameters(|name| declared.contains(&name));
            own.into_iter().collect::<Vec<_>>().join(" ")
        };
        let multi = [
            "OktaAuth",
            "OktaClientId",
            "OktaClientSecret",
            "OktaBaseUrl",
            "GoogleAuth",
            "GoogleClientId",
            "PasswordAuth",
            "DBUrl",
        ];
        assert_eq!(
            owned(&claim(Okta), &multi),
            "OktaAuth OktaBaseUrl OktaClientId OktaClientSecret"
        );
        assert_eq!(
            owned(&Claim { password: true, ..claim(Google) }, &multi),
            "GoogleAuth GoogleClientId PasswordAuth"
        );
        let single = [
            "SingleSignOnProvider",
            "SingleSignOnClientId",
            "SingleSignOnBaseUrl",
            "SingleSignOnDomains",
        ];
        assert_eq!(
            owned(&claim(Google), &single),
            "SingleSignOnBaseUrl SingleSignOnClientId SingleSignOnProvider"
        );
        assert_eq!(
            owned(
                &Claim { domains: true, ..claim(Google) },
                &["IdentityProvider", "GoogleClientId"]
            ),
            "GoogleClientId IdentityProvider"
        );
        assert_eq!(owned(&claim(Okta), &["DBUrl"]), "");
    }

    #[test]
    fn one_owner_for_each() {
        let (okta, google) = (claim(Okta), claim(Google));
        assert_eq!(okta.clash(&okta, Some(Family::Single)), None);
        assert_eq!(
            (okta.clash(&google, None), okta.clash(&google, Some(Family::Multi))),
            (None, None)
        );
        assert_eq!(okta.clash(&google, Some(Family::Single)), Some(Clash::Place(Google)));
        let both = |one: Claim, other: Claim| one.clash(&other, Some(Family::Multi));
        let domains = |claim: &Claim| Claim { domains: true, ..claim.clone() };
        let password = |claim: &Claim| Claim { password: true, ..claim.clone() };
        assert_eq!(both(domains(&okta), domains(&google)), Some(Clash::Domains));
        assert_eq!(both(password(&okta), password(&google)), Some(Clash::Password));
        assert_eq!(both(password(&okta), domains(&google)), None);
    }
}

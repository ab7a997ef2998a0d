//! Turning an identity provider on and off: the parameters to set, or why a stack cannot do it.

use std::collections::{BTreeMap, BTreeSet};

use super::{DOMAINS, ENABLED, Family, IdentityProvider, Names, PASSWORD, SignIn};
use crate::cloudformation::parameters::{problems, takes};

/// What sign-in through one identity provider is to be.
#[derive(Clone, Default)]
pub struct Wanted {
    /// The client's id; `None`: not known yet.
    pub client_id: Option<String>,
    /// The client's secret, where it is to be set.
    pub client_secret: Option<String>,
    /// A secret is given, whether it is to be set or not.
    pub has_secret: bool,
    /// The issuer, normalised.
    pub issuer: Option<String>,
    /// Google Workspace domains; `None` leaves them.
    pub domains: Option<BTreeSet<String>>,
    /// Sign-in with a password; `None` leaves it.
    pub password: Option<bool>,
    /// The identity provider that this one takes the place of.
    pub instead_of: Option<IdentityProvider>,
}

/// Parameters to set.
type Values = BTreeMap<String, String>;

/// What turning off needs.
#[derive(Debug, Default, PartialEq)]
pub struct Off {
    /// Parameters to set; empty: it is off already.
    pub values: Values,
    /// It was the last way to sign in, so sign-in with a password is turned on.
    pub password: bool,
}

impl SignIn<'_> {
    /// The parameters that differ from what is wanted of `provider`; secrets are not compared.
    ///
    /// # Errors
    /// Why the stack's template cannot do it, as a sentence.
    pub fn turned_on(&self, provider: IdentityProvider, wanted: &Wanted) -> Result<Values, String> {
        let names = self
            .names(provider)
            .ok_or("The stack's template takes no identity provider: it is not one of Quilt's")?;
        self.can(provider, &names, wanted)?;
        let mut values = match wanted.instead_of.filter(|old| *old != provider) {
            Some(old) => self.cleared(old),
            None => Values::new(),
        };
        values.insert(names.switch.clone(), names.on.into());
        values.extend(wanted.client_id.clone().map(|v| (names.client_id.clone(), v)));
        values.extend(names.base_url.clone().zip(wanted.issuer.clone()));
        values.extend(
            wanted
                .domains
                .as_ref()
                .filter(|d| **d != self.domains())
                .map(|d| (DOMAINS.into(), joined(d))),
        );
        values.extend(
            wanted
                .password
                .map(|on| (PASSWORD.into(), if on { ENABLED } else { "Disabled" }.into())),
        );
        values.extend(names.unused.iter().map(|name| (name.clone(), String::new())));
        let secret = names.client_secret.clone().zip(wanted.client_secret.clone());
        values.retain(|name, value| self.parameters.get(name).is_some_and(|live| live != value));
        values.extend(secret);
        self.fit(&values)?;
        Ok(values)
    }

    /// Whether the family can do what is asked.
    fn can(
        &self,
        provider: IdentityProvider,
        names: &Names,
        wanted: &Wanted,
    ) -> Result<(), String> {
        let (label, family) = (provider.label(), self.family());
        let declares = |name: &String| self.parameters.contains_key(name);
        if !declares(&names.switch)
            || !declares(&names.client_id)
            || !names.base_url.iter().all(declares)
            || !self.offers(names)
        {
            return Err(format!("The stack's template does not take {label}"));
        }
        let other = self.on().into_iter().find(|p| {
            *p != provider && Some(*p) != wanted.instead_of && !self.same_fields(*p, provider)
        });
        if let Some(other) = other.filter(|_| family != Some(Family::Multi)) {
            return Err(format!(
                "The stack's template takes one identity provider, and {} is on already",
                other.label()
            ));
        }
        if wanted.has_secret && !names.client_secret.iter().any(declares) {
            return Err(format!(
                "The stack's template takes no client secret for {label}; leave `client_secret` and `client_secret_wo` out"
            ));
        }
        if wanted.domains.as_ref().is_some_and(|d| !d.is_empty())
            && !self.parameters.contains_key(DOMAINS)
        {
            return Err("The stack's template takes no list of domains; leave `domains` out".into());
        }
        if wanted.password == Some(false) && !self.parameters.contains_key(PASSWORD) {
            return Err("With the stack's template people can always sign in with a password; leave `password_auth` out".into());
        }
        Ok(())
    }

    /// Two providers that a legacy stack does not tell apart, with an issuer whose host says nothing.
    fn same_fields(&self, one: IdentityProvider, other: IdentityProvider) -> bool {
        self.family() == Some(Family::Legacy)
            && self.legacy_provider().is_none()
            && ![one, other].contains(&IdentityProvider::Google)
    }

    /// The switch has this provider among its values.
    fn offers(&self, names: &Names) -> bool {
        let declared = self.template.and_then(|t| t.parameters.get(&names.switch));
        declared.is_none_or(|d| {
            d.allowed_values.is_empty() || d.allowed_values.iter().any(|v| v == names.on)
        })
    }

    /// The values fit what the template declares.
    fn fit(&self, values: &Values) -> Result<(), String> {
        let Some(template) = self.template else { return Ok(()) };
        let wanted = values.iter().map(|(k, v)| (k.clone(), Some(v.clone()))).collect();
        let problem = problems(template, &wanted, self.parameters)
            .into_iter()
            .find(|p| values.contains_key(&p.parameter));
        problem.map_or(Ok(()), |p| Err(p.what.trim_end_matches('.').into()))
    }

    /// The parameters that differ from what they are without `provider`. `domains`: they were its own.
    pub fn turned_off(&self, provider: IdentityProvider, domains: bool) -> Off {
        let mut off = Off { values: self.cleared(provider), password: false };
        if domains && provider == IdentityProvider::Google && self.empties(DOMAINS) {
            off.values.insert(DOMAINS.into(), String::new());
        }
        off.values
            .retain(|name, value| self.parameters.get(name).is_some_and(|live| live != value));
        let mut after = self.parameters.clone();
        after.extend(off.values.clone());
        if !off.values.is_empty() && SignIn::of(&after).locked_out() {
            off.values.insert(PASSWORD.into(), ENABLED.into());
            off.password = true;
        }
        off
    }

    /// `provider` off and its fields empty; nothing where another one has taken its place.
    fn cleared(&self, provider: IdentityProvider) -> Values {
        let Some(names) = self
            .names(provider)
            .filter(|n| self.value(&n.switch) == n.on && self.theirs(provider, n))
        else {
            return Values::new();
        };
        let fields = [&names.client_id]
            .into_iter()
            .chain(&names.client_secret)
            .chain(&names.base_url)
            .chain(&names.unused);
        let empty =
            fields.filter(|name| self.empties(name)).map(|name| (name.clone(), String::new()));
        empty.chain([(names.switch.clone(), self.off(&names))]).collect()
    }

    fn theirs(&self, provider: IdentityProvider, names: &Names) -> bool {
        !names.shared || self.legacy_provider().is_none_or(|p| p == provider)
    }

    /// The stack has it, and its template takes "" for it.
    fn empties(&self, name: &str) -> bool {
        let declared = self.template.and_then(|t| t.parameters.get(name));
        self.parameters.contains_key(name) && declared.is_none_or(|d| takes(d, ""))
    }

    /// The value that switches off: the usual one where it is taken, else one that names no identity provider.
    fn off(&self, names: &Names) -> String {
        let declared = self.template.and_then(|t| t.parameters.get(&names.switch));
        let other = |v: &&String| {
            !IdentityProvider::ALL.iter().any(|p| p.label() == v.as_str()) && v.as_str() != names.on
        };
        match declared {
            Some(d) if !takes(d, names.off) => {
                d.allowed_values.iter().find(other).cloned().unwrap_or_else(|| names.off.into())
            }
            _ => names.off.into(),
        }
    }
}

fn joined(domains: &BTreeSet<String>) -> String {
    domains.iter().cloned().collect::<Vec<_>>().join(",")
}

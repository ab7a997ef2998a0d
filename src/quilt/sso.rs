//! Sign-in through an identity provider: which parameters of a stack carry it, and what they say now.

use std::collections::{BTreeMap, BTreeSet};

use crate::cloudformation::template::Template;

mod change;
mod claim;
pub mod discovery;
mod family;
pub mod issuer;
pub mod setup;

pub use change::{Off, Wanted};
pub use claim::{Claim, Clash};
pub use family::{Family, Names};

/// Who says that people are who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdentityProvider {
    /// Google Workspace.
    Google,
    /// Microsoft Entra ID, once Azure Active Directory.
    Azure,
    /// Okta.
    Okta,
    /// OneLogin.
    OneLogin,
}

impl IdentityProvider {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Google, Self::Azure, Self::Okta, Self::OneLogin];

    /// The one of this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.word() == word)
    }

    /// As configurations call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Azure => "azure",
            Self::Okta => "okta",
            Self::OneLogin => "onelogin",
        }
    }

    /// As templates call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Azure => "Azure",
            Self::Okta => "Okta",
            Self::OneLogin => "OneLogin",
        }
    }
}

/// Templates' word for something that is on.
const ENABLED: &str = "Enabled";
/// The parameter that switches sign-in with a password.
pub const PASSWORD: &str = "PasswordAuth";
/// The parameter that lists Google Workspace domains.
pub const DOMAINS: &str = "SingleSignOnDomains";

/// The sign-in of one stack.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    /// Every parameter its template declares, with its value; secret ones are `****`.
    pub parameters: &'a BTreeMap<String, String>,
    /// The template, where it is at hand and understood.
    pub template: Option<&'a Template>,
}

/// The parameters of `template` that say whether people sign in through `provider`.
pub fn switches(template: &Template, provider: IdentityProvider) -> Vec<String> {
    let family = Family::of(|name| template.declares(name));
    let names = family.map(|family| Names::of(family, provider, |name| template.declares(name)));
    names.map(|n| vec![n.switch, n.client_id]).unwrap_or_default()
}

impl<'a> SignIn<'a> {
    /// Of a stack with these parameters.
    pub fn of(parameters: &'a BTreeMap<String, String>) -> Self {
        Self { parameters, template: None }
    }

    /// The way its template takes sign-in; `None`: it takes none.
    pub fn family(&self) -> Option<Family> {
        Family::of(|name| self.parameters.contains_key(name))
    }

    fn value(&self, name: &str) -> &'a str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// The names of `provider`'s parameters.
    fn names(&self, provider: IdentityProvider) -> Option<Names> {
        Some(Names::of(self.family()?, provider, |name| self.parameters.contains_key(name)))
    }

    /// People can sign in through `provider`: it is switched on and has a client.
    pub fn has(&self, provider: IdentityProvider) -> bool {
        let Some(names) = self.names(provider) else { return false };
        let client = !self.parameters.contains_key(&names.client_id)
            || !self.value(&names.client_id).is_empty();
        client
            && self.value(&names.switch) == names.on
            && self.legacy_provider().is_none_or(|p| p == provider || !names.shared)
    }

    /// Legacy templates call all but Google the same; the issuer's host tells them apart where it is a known one.
    fn legacy_provider(&self) -> Option<IdentityProvider> {
        if self.family() != Some(Family::Legacy) {
            return None;
        }
        let azure = self.value("AzureBaseUrl");
        if azure.is_empty() {
            issuer::whose(self.value("AuthBaseUrl"))
        } else {
            Some(IdentityProvider::Azure)
        }
    }

    /// The identity providers that are on. In a legacy stack whose issuer has a host of its own it may be any but Google.
    pub fn on(&self) -> Vec<IdentityProvider> {
        IdentityProvider::ALL.into_iter().filter(|p| self.has(*p)).collect()
    }

    /// Sign-in with a password is possible.
    pub fn password(&self) -> bool {
        self.parameters.get(PASSWORD).is_none_or(|v| v == ENABLED)
    }

    /// Nobody can sign in.
    pub fn locked_out(&self) -> bool {
        !self.password() && self.on().is_empty()
    }

    /// The client's id at `provider`.
    pub fn client_id(&self, provider: IdentityProvider) -> Option<&'a str> {
        let names = self.names(provider)?;
        self.parameters.get(&names.client_id).map(String::as_str)
    }

    /// The issuer that is set for `provider`.
    pub fn issuer(&self, provider: IdentityProvider) -> Option<&'a str> {
        let name = self.names(provider)?.base_url?;
        Some(self.value(&name)).filter(|v| !v.is_empty())
    }

    /// The Google Workspace domains whose people may sign in.
    pub fn domains(&self) -> BTreeSet<String> {
        self.value(DOMAINS)
            .split(',')
            .map(str::trim)
            .filter(|d| !d.is_empty())
            .map(str::to_string)
            .collect()
    }
}

#[cfg(test)]
mod tests;

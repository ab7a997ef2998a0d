//! The three ways in which Quilt's templates have taken sign-in, and what each calls its parameters.

use super::IdentityProvider;

/// How a template takes sign-in. It follows from how the template was built, and its version does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `IdentityProvider` for Google, `AuthType` for all others; no secret, no second one.
    Legacy,
    /// `SingleSignOnProvider`: exactly one.
    Single,
    /// `GoogleAuth`, `OktaAuth` …: any combination.
    Multi,
}

impl Family {
    /// The family of a template that declares these parameters.
    pub fn of(declares: impl Fn(&str) -> bool) -> Option<Self> {
        let multi = |p: &IdentityProvider| {
            declares(&format!("{}Auth", p.label())) && declares(&format!("{}ClientId", p.label()))
        };
        if IdentityProvider::ALL.iter().any(multi) {
            Some(Self::Multi)
        } else if declares("SingleSignOnProvider") {
            Some(Self::Single)
        } else {
            (declares("IdentityProvider") || declares("AuthType")).then_some(Self::Legacy)
        }
    }

    /// As states call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Single => "single",
            Self::Multi => "multi",
        }
    }
}

/// What the parameters of one identity provider are called.
#[derive(Clone, Debug, PartialEq)]
pub struct Names {
    /// Switches it.
    pub switch: String,
    /// The switch's value that turns it on.
    pub on: &'static str,
    /// The usual value that turns it off.
    pub off: &'static str,
    /// The client's id.
    pub client_id: String,
    /// The client's secret; `None`: the family has none.
    pub client_secret: Option<String>,
    /// The issuer; `None`: this provider needs none.
    pub base_url: Option<String>,
    /// Fields of other providers that must be empty beside this one.
    pub unused: Vec<String>,
    /// Other providers use the same switch and fields.
    pub shared: bool,
}

impl Names {
    /// The names in a template of `family` that declares these parameters.
    pub fn of(family: Family, provider: IdentityProvider, declares: impl Fn(&str) -> bool) -> Self {
        let google = provider == IdentityProvider::Google;
        match family {
            Family::Multi => Self::multi(provider.label(), google),
            Family::Single => Self::single(provider.label(), google),
            Family::Legacy if google => {
                Self::legacy("IdentityProvider", "Google", "Quilt", "GoogleClientId", None)
            }
            Family::Legacy => {
                let azure = declares("AzureBaseUrl");
                let (base, other) = match provider {
                    IdentityProvider::Azure if azure => ("AzureBaseUrl", "AuthBaseUrl"),
                    _ => ("AuthBaseUrl", "AzureBaseUrl"),
                };
                let unused = if azure { vec![other.into()] } else { vec![] };
                Self {
                    unused,
                    shared: true,
                    ..Self::legacy("AuthType", "Enabled", "Disabled", "AuthClientId", Some(base))
                }
            }
        }
    }

    fn multi(label: &str, google: bool) -> Self {
        Self {
            switch: format!("{label}Auth"),
            on: "Enabled",
            off: "Disabled",
            client_id: format!("{label}ClientId"),
            client_secret: Some(format!("{label}ClientSecret")),
            base_url: (!google).then(|| format!("{label}BaseUrl")),
            unused: vec![],
            shared: false,
        }
    }

    fn single(label: &'static str, google: bool) -> Self {
        let base = "SingleSignOnBaseUrl".to_string();
        Self {
            switch: "SingleSignOnProvider".into(),
            on: label,
            off: "(Disabled)",
            client_id: "SingleSignOnClientId".into(),
            client_secret: Some("SingleSignOnClientSecret".into()),
            base_url: (!google).then(|| base.clone()),
            unused: if google { vec![base] } else { vec![] },
            shared: true,
        }
    }

    fn legacy(
        switch: &str,
        on: &'static str,
        off: &'static str,
        client_id: &str,
        base_url: Option<&str>,
    ) -> Self {
        Self {
            switch: switch.into(),
            on,
            off,
            client_id: client_id.into(),
            client_secret: None,
            base_url: base_url.map(Into::into),
            unused: vec![],
            shared: false,
        }
    }

    /// Everything that one identity provider owns.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        [&self.switch, &self.client_id]
            .into_iter()
            .chain(&self.client_secret)
            .chain(&self.base_url)
            .chain(&self.unused)
    }
}

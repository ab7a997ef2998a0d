//! What a Quilt registry said no with, in our own words, and the way out of it.

use std::fmt;

use super::Error;

/// An answer of a catalog's registry that is an error, or none at all.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogError {
    /// What it means for the caller.
    pub kind: CatalogErrorKind,
    /// The catalog's host.
    pub host: String,
    /// What was asked, as "list the roles".
    pub doing: &'static str,
    /// The registry's own name of a refusal, as `RoleNameExists`; empty where it gives none.
    pub code: String,
    /// Why, as the end of a sentence.
    pub message: String,
}

/// What an error of a registry means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogErrorKind {
    /// Nothing answered, or not the registry itself: the same call may succeed later.
    Unreached,
    /// It does not know who asks.
    SignIn,
    /// Who asks is no administrator.
    Denied,
    /// It failed, and may have stored a change all the same.
    Fault,
    /// Its version has nothing of the kind.
    Old,
    /// It said no, and why.
    Refused,
    /// What it says is not understood.
    Odd,
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The catalog {} did not {}: {}", self.host, self.doing, self.message)
    }
}

impl Error {
    /// What the registry's answer means, if this is one.
    pub fn catalog(&self) -> Option<CatalogErrorKind> {
        match self {
            Error::Catalog(e) => Some(e.kind),
            _ => None,
        }
    }

    /// The registry's name of its refusal, if this is one.
    pub fn refusal(&self) -> Option<&str> {
        match self {
            Error::Catalog(e) if e.kind == CatalogErrorKind::Refused => Some(&e.code),
            _ => None,
        }
    }

    /// A change that was sent may have been stored all the same.
    pub fn is_in_doubt(&self) -> bool {
        use CatalogErrorKind::{Fault, Odd, Unreached};
        matches!(self.catalog(), Some(Fault | Odd | Unreached))
    }
}

/// What to do about it.
pub fn way_out(kind: CatalogErrorKind) -> &'static str {
    match kind {
        CatalogErrorKind::Unreached => {
            "See that the catalog's name and its registry's resolve (`cnames` of the quilt_stack has the records) and that this machine reaches them: \
             an internal catalog is reached from its network or a VPN alone. Then run Terraform again."
        }
        CatalogErrorKind::SignIn => {
            "Give an administrator's API key that is valid (`api_key` of the provider's `catalog`), or the secret with the password that holds now \
             (`password_secret_arn`). Where people sign in through an identity provider alone, only an API key will do: a `quilt_api_key` that was made before, or one that an administrator makes in the catalog."
        }
        CatalogErrorKind::Denied => {
            "Roles, policies and what else is set here belong to administrators: use the API key or the password of one."
        }
        CatalogErrorKind::Fault => {
            "The registry had a fault. Run Terraform again: it looks at what is there before it changes anything."
        }
        CatalogErrorKind::Old => {
            "Upgrade Quilt to a version that has it, or leave out what needs it."
        }
        CatalogErrorKind::Refused => "Correct the configuration and apply again.",
        CatalogErrorKind::Odd => {
            "Run Terraform again. If that does not help, this version of the provider does not know that version of Quilt: take a newer one."
        }
    }
}

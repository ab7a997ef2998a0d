//! Registries over HTTPS: found by their catalog's own word, signed in to once, asked by queries that the compiler has checked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::{Catalog, Catalogs, Who};
use crate::outcome::{CatalogError, CatalogErrorKind, Error, Veil};
use crate::web::Web;
use found::Found;
use signed_in::Token;

mod access;
mod asked;
mod buckets;
mod document;
mod found;
mod health;
mod keys;
mod mapping;
mod pace;
mod policies;
mod refused;
mod roles;
mod signed_in;
mod tables;
mod users;

/// Every registry that this process talks to.
pub struct Registries {
    web: Arc<dyn Web>,
    endpoint: Option<String>,
    veil: Veil,
    open: Mutex<HashMap<(String, String), Arc<Catalog>>>,
}

impl Registries {
    /// Nothing is called before it is needed. `endpoint` is where catalogs are asked for their registry, when that is not their own host.
    pub fn new(web: Arc<dyn Web>, endpoint: Option<String>, veil: Veil) -> Self {
        Self { web, endpoint, veil, open: Mutex::default() }
    }
}

impl Catalogs for Registries {
    fn at(&self, host: &str, who: Who) -> Arc<Catalog> {
        let key = (host.to_string(), key(&who));
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let registry = Registry {
                web: self.web.clone(),
                host: host.into(),
                front: self.endpoint.clone().unwrap_or_else(|| format!("https://{host}")),
                who,
                veil: self.veil.clone(),
                found: OnceCell::new(),
                token: tokio::sync::Mutex::default(),
            };
            Arc::new(Catalog::of(host, Arc::new(registry)))
        };
        open.entry(key).or_insert_with(new).clone()
    }
}

/// What tells one who asks from another, in memory alone.
fn key(who: &Who) -> String {
    match who {
        Who::Key(key) => format!("key {}", key.reveal()),
        Who::Password { username, secret_arn, .. } => format!("password {username} {secret_arn}"),
    }
}

/// One registry, for one who asks.
pub struct Registry {
    web: Arc<dyn Web>,
    /// The catalog's host.
    host: String,
    /// The address that the catalog's own settings are read from.
    front: String,
    who: Who,
    veil: Veil,
    found: OnceCell<Found>,
    token: tokio::sync::Mutex<Option<Token>>,
}

impl Registry {
    fn error(
        &self,
        kind: CatalogErrorKind,
        doing: &'static str,
        message: impl Into<String>,
    ) -> Error {
        let (host, message) = (self.host.clone(), self.veil.strike(&message.into()));
        Error::Catalog(CatalogError { kind, host, doing, code: String::new(), message })
    }

    /// It said no, by a name of its own.
    fn refusal(&self, doing: &'static str, code: &str, message: impl Into<String>) -> Error {
        let (host, message) = (self.host.clone(), self.veil.strike(&message.into()));
        let kind = CatalogErrorKind::Refused;
        Error::Catalog(CatalogError { kind, host, doing, code: code.into(), message })
    }
}

#[cfg(test)]
mod tests;

//! Every managed resource of the provider.

use crate::kinds::resource::AnyResource;

pub mod database;
#[cfg(test)]
mod interrupted;
pub mod network;
pub mod place;
pub mod protection;
pub mod search;
pub mod small_stack;
pub mod snapshot;
pub mod sso;
pub mod stack;
pub mod stack_policy;
#[cfg(test)]
pub mod stage;
pub mod standing;
pub mod tags;
pub mod timeouts;
pub mod usage;

/// All of them.
pub fn all() -> Vec<Box<dyn AnyResource>> {
    vec![
        Box::new(database::DatabaseResource::default()),
        Box::new(network::NetworkResource::default()),
        Box::new(search::SearchResource::default()),
        Box::new(snapshot::SnapshotResource),
        Box::new(stack::StackResource),
        Box::new(sso::SsoResource),
    ]
}

//! Every managed resource of the provider, and what some of them have together.

pub mod bucket;
pub mod catalog;
pub mod database;
pub mod default_role;
#[cfg(test)]
mod interrupted;
pub mod network;
pub mod place;
pub mod policy;
pub mod preview;
pub mod protection;
pub mod role;
pub mod search;
pub mod small_stack;
pub mod snapshot;
pub mod sso;
pub mod sso_mapping;
pub mod stack;
pub mod stack_policy;
#[cfg(test)]
pub mod stage;
pub mod standing;
pub mod tabulator_table;
pub mod tags;
pub mod timeouts;
pub mod usage;
pub mod user;
pub mod watching;

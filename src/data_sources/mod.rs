//! Every data source of the provider.

pub mod secret;
pub mod stack;

//! Every data source of the provider.

pub mod preflight;
pub mod secret;
pub mod stack;

//! Every data source of the provider.

pub mod health;
pub mod kms_key_policy;
pub mod network;
pub mod preflight;
pub mod secret;
pub mod snapshot;
pub mod stack;
pub mod template;

//! Every data source of the provider.

pub mod buckets;
pub mod catalog_status;
pub mod health;
pub mod kms_key_policy;
pub mod network;
pub mod preflight;
pub mod roles;
pub mod secret;
pub mod snapshot;
pub mod stack;
pub mod template;

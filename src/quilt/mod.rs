//! What Quilt is, and what it makes of CloudFormation's stacks. Pure: no AWS SDK, no clock, no Terraform.

pub mod admin;
pub mod beside;
pub mod certificate;
pub mod connect;
pub mod cost;
pub mod database;
pub mod hosts;
pub mod inherit;
pub mod kept;
pub mod known;
pub mod names;
pub mod network;
pub mod policy;
pub mod placeholder;
pub mod roles;
pub mod secret;
pub mod search;
pub mod snapshot;
pub mod sso;
pub mod templates;
pub mod token;
pub mod upgrade;
pub mod usage;
pub mod variant;
pub mod version;
pub mod wiring;

//! What Quilt is, and what CloudFormation's stacks are to it. Pure: no AWS SDK, no clock, no Terraform.

pub mod admin;
pub mod arn;
pub mod beside;
pub mod certificate;
pub mod changes;
pub mod cure;
pub mod database;
pub mod hosts;
pub mod inherit;
pub mod names;
pub mod network;
pub mod outputs;
pub mod parameters;
pub mod secret;
pub mod search;
pub mod snapshot;
pub mod sso;
pub mod stack;
pub mod stuck;
pub mod template;
pub mod templates;
pub mod token;
pub mod upgrade;
pub mod variant;
pub mod version;
pub mod wiring;

//! Every ephemeral resource of the provider.

pub mod admin_password;
pub mod secret;

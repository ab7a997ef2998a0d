//! Every ephemeral resource of the provider.

pub mod admin_password;
pub mod api_key;
pub mod secret;

//! What only Quilt's templates have: an administrator, a certificate, hosts, objects beside the stack, inheritance, upgrades.

pub mod admin;
pub mod beside;
pub mod certificate;
pub mod hosts;
pub mod inherit;
pub mod login;
pub mod network;
pub mod objects;
pub mod upgrade;
pub mod wiring;

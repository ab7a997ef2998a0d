//! The kinds of things that a provider serves: of each the typed trait, and the same with its types forgotten.

pub mod action;
pub mod data_source;
pub mod ephemeral;
pub mod function;
pub mod list_resource;
pub mod resource;
mod stored;

//! Every data source of the provider.

use crate::kinds::data_source::AnyDataSource;

pub mod secret;
pub mod stack;

/// All of them.
pub fn all() -> Vec<Box<dyn AnyDataSource>> {
    vec![Box::new(secret::SecretSource), Box::new(stack::StackSource)]
}

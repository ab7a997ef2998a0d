//! Every data source of the provider.

use crate::data_source::AnyDataSource;

pub mod stack;

/// All of them.
pub fn all() -> Vec<Box<dyn AnyDataSource>> {
    vec![Box::new(stack::StackSource)]
}

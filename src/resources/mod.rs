//! Every managed resource of the provider.

use crate::resource::AnyResource;

/// All of them.
pub fn all() -> Vec<Box<dyn AnyResource>> {
    vec![]
}

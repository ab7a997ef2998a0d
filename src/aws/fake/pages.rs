//! What there is, two to a page.

use std::collections::BTreeMap;

use super::World;
use crate::aws::Page;
use crate::cloudformation::stack::Stack;

impl World {
    /// Every stack, in the order of the alphabet.
    pub(super) fn by_name(&self) -> Vec<Stack> {
        let stacks = self.stacks.values().map(|held| (held.stack.name.clone(), held.stack.clone()));
        stacks.collect::<BTreeMap<_, _>>().into_values().collect()
    }
}

/// The page that begins at `next`.
pub(super) fn page<T: Clone>(all: Vec<T>, next: Option<&str>) -> Page<T> {
    let from: usize = next.and_then(|next| next.parse().ok()).unwrap_or_default();
    let to = all.len().min(from + 2);
    Page { items: all[from..to].to_vec(), next: (to < all.len()).then(|| to.to_string()) }
}

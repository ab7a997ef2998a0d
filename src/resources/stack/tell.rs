//! What is told of a stack as state: after an apply, at a refresh, at an import.

pub mod applied;
pub mod imported;
pub mod seen;

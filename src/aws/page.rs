//! A part of a longer list.

/// Some of what there is, and where the rest begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one begins; `None`: this is the last.
    pub next: Option<String>,
}

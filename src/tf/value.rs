//! Terraform values: the tree that travels, and what is made of it.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use tf_provider::AttributePath;
/// One typed attribute: a value, null, or not yet known. Its own methods say the rest: `is_null`, `as_deref_option`, `map`, `flatten` over
/// `iter` for the known elements of a list or a set.
pub use tf_provider::value::Value;

/// A Terraform value of any type, as it travels on the wire and in state files. Objects and maps are both `Map`.
#[derive(Clone, Debug, Default, Hash, PartialEq)]
pub enum Tree {
    /// No value.
    #[default]
    Null,
    /// A value Terraform will know later.
    Unknown,
    /// A boolean.
    Bool(bool),
    /// A number, exact.
    Number(Number),
    /// A string.
    String(String),
    /// A list, set or tuple.
    List(Vec<Tree>),
    /// A map or an object.
    Map(Object),
}

impl Tree {
    /// Shows `see` this value, and then every value inside it.
    pub fn walk<'a>(&'a self, see: &mut impl FnMut(&'a Tree)) {
        see(self);
        match self {
            Tree::List(items) => items.iter().for_each(|item| item.walk(see)),
            Tree::Map(entries) => entries.values().for_each(|value| value.walk(see)),
            _ => {}
        }
    }
}

/// The attributes of an object, or the entries of a map.
pub type Object = BTreeMap<String, Tree>;

/// A number without rounding: Terraform computes in decimals of any length.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// An integer of 64 bits.
    Int(i64),
    /// A binary fraction that is exact.
    Float(f64),
    /// Anything else, as decimal text.
    Decimal(String),
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, into: &mut H) {
        match self {
            Number::Int(n) => n.hash(into),
            // The two zeros are equal.
            Number::Float(n) => (n + 0.0).to_bits().hash(into),
            Number::Decimal(text) => text.hash(into),
        }
    }
}

/// A value that does not fit its attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// The attribute, the element or the key.
    pub at: AttributePath,
    /// What was expected there, for a sentence: "a string".
    pub expected: &'static str,
}

impl Misfit {
    /// `expected` was not found at `at`.
    pub fn new(at: &AttributePath, expected: &'static str) -> Self {
        Self { at: at.clone(), expected }
    }
}

/// A set: no order, no doubles. Kept as the list Terraform sent, because two unknown elements are two elements.
#[derive(Clone, Debug, Default)]
pub struct Set<T>(pub Vec<T>);

impl<T: PartialEq> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().all(|x| other.0.contains(x))
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// A value that is neither null nor unknown.
pub fn known(text: impl Into<String>) -> Value<String> {
    Value::Value(text.into())
}

impl Number {
    /// A sum of money, from its hundredth parts.
    pub fn of_cents(cents: i64) -> Self {
        match cents % 100 {
            0 => Number::Int(cents / 100),
            part => Number::Decimal(format!(
                "{}{}.{}",
                if cents < 0 { "-" } else { "" },
                (cents / 100).abs(),
                format!("{:02}", part.abs()).trim_end_matches('0')
            )),
        }
    }

    /// The nearest binary fraction.
    pub fn nearest(&self) -> f64 {
        match self {
            Number::Int(n) => *n as f64,
            Number::Float(n) => *n,
            Number::Decimal(text) => text.parse().unwrap_or(f64::NAN),
        }
    }
}

impl Tree {
    /// Neither null nor unknown.
    pub fn is_given(&self) -> bool {
        !matches!(self, Tree::Null | Tree::Unknown)
    }

    /// No unknown value anywhere inside.
    pub fn is_known(&self) -> bool {
        match self {
            Tree::Unknown => false,
            Tree::List(items) => items.iter().all(Tree::is_known),
            Tree::Map(entries) => entries.values().all(Tree::is_known),
            _ => true,
        }
    }

    /// The same with null for whatever is not known: what may be saved when an operation ends early.
    pub fn settled(self) -> Tree {
        match self {
            Tree::Unknown => Tree::Null,
            Tree::List(items) => Tree::List(items.into_iter().map(Tree::settled).collect()),
            Tree::Map(entries) => {
                Tree::Map(entries.into_iter().map(|(k, v)| (k, v.settled())).collect())
            }
            tree => tree,
        }
    }
}

impl From<&str> for Tree {
    fn from(s: &str) -> Self {
        Tree::String(s.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_have_no_order() {
        assert_eq!(Set(vec![1, 2]), Set(vec![2, 1]));
        assert_ne!(Set(vec![1]), Set(vec![2, 1]));
    }
}

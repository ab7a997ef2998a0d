//! Terraform values: the tree that travels, and the Rust types it is read into, with the path of whatever does not fit.

use std::collections::BTreeMap;

use tf_provider::AttributePath;
use tf_provider::schema::AttributeType;
/// One typed attribute: a value, null, or not yet known. Its own methods say the rest: `is_null`, `as_deref_option`, `map`, `flatten` over
/// `iter` for the known elements of a list or a set.
pub use tf_provider::value::Value;

use super::schema::Shape;

/// A Terraform value of any type, as it travels on the wire and in state files. Objects and maps are both `Map`.
#[derive(Clone, Debug, Default, PartialEq)]
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

/// A value that does not fit its attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// Where it is.
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

/// A Rust type that Terraform can store.
pub trait Kind: Sized {
    /// Its place in a schema.
    fn shape() -> Shape;
    /// Reads it from a tree found at `at`.
    fn read(tree: &Tree, at: &AttributePath) -> Result<Self, Misfit>;
    /// The tree of it.
    fn write(&self) -> Tree;
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

/// A text that is known.
pub fn known(text: impl Into<String>) -> Value<String> {
    Value::Value(text.into())
}

impl Kind for String {
    fn shape() -> Shape {
        Shape::Type(AttributeType::String)
    }
    fn read(tree: &Tree, at: &AttributePath) -> Result<Self, Misfit> {
        match tree {
            Tree::String(s) => Ok(s.clone()),
            _ => Err(Misfit::new(at, "a string")),
        }
    }
    fn write(&self) -> Tree {
        Tree::String(self.clone())
    }
}

impl Kind for bool {
    fn shape() -> Shape {
        Shape::Type(AttributeType::Bool)
    }
    fn read(tree: &Tree, at: &AttributePath) -> Result<Self, Misfit> {
        match tree {
            Tree::Bool(b) => Ok(*b),
            _ => Err(Misfit::new(at, "true or false")),
        }
    }
    fn write(&self) -> Tree {
        Tree::Bool(*self)
    }
}

impl Kind for i64 {
    fn shape() -> Shape {
        Shape::Type(AttributeType::Number)
    }
    fn read(tree: &Tree, at: &AttributePath) -> Result<Self, Misfit> {
        match tree {
            Tree::Number(Number::Int(n)) => Ok(*n),
            _ => Err(Misfit::new(at, "a whole number")),
        }
    }
    fn write(&self) -> Tree {
        Tree::Number(Number::Int(*self))
    }
}

impl Kind for Number {
    fn shape() -> Shape {
        Shape::Type(AttributeType::Number)
    }
    fn read(tree: &Tree, at: &AttributePath) -> Result<Self, Misfit> {
        match tree {
            Tree::Number(number) => Ok(number.clone()),
            // A decimal travels as text.
            Tree::String(text) if text.parse::<f64>().is_ok_and(f64::is_finite) => {
                Ok(Number::Decimal(text.clone()))
            }
            _ => Err(Misfit::new(at, "a number")),
        }
    }
    fn write(&self) -> Tree {
        Tree::Number(self.clone())
    }
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

impl<T: Kind> Kind for Value<T> {
    fn shape() -> Shape {
        T::shape()
    }
    fn read(tree: &Tree, at: &AttributePath) -> Result<Self, Misfit> {
        Ok(match tree {
            Tree::Null => Value::Null,
            Tree::Unknown => Value::Unknown,
            tree => Value::Value(T::read(tree, at)?),
        })
    }
    fn write(&self) -> Tree {
        match self {
            Value::Value(v) => v.write(),
            Value::Null => Tree::Null,
            Value::Unknown => Tree::Unknown,
        }
    }
}

fn read_elements<T: Kind>(
    tree: &Tree,
    at: &AttributePath,
    expected: &'static str,
) -> Result<Vec<T>, Misfit> {
    let Tree::List(items) = tree else { return Err(Misfit::new(at, expected)) };
    items.iter().enumerate().map(|(i, item)| T::read(item, &at.clone().index(i as i64))).collect()
}

impl<T: Kind> Kind for Vec<T> {
    fn shape() -> Shape {
        T::shape().in_list()
    }
    fn read(tree: &Tree, at: &AttributePath) -> Result<Self, Misfit> {
        read_elements(tree, at, "a list")
    }
    fn write(&self) -> Tree {
        Tree::List(self.iter().map(T::write).collect())
    }
}

impl<T: Kind> Kind for Set<T> {
    fn shape() -> Shape {
        T::shape().in_set()
    }
    fn read(tree: &Tree, at: &AttributePath) -> Result<Self, Misfit> {
        read_elements(tree, at, "a set").map(Set)
    }
    fn write(&self) -> Tree {
        self.0.write()
    }
}

impl<T: Kind> Kind for BTreeMap<String, T> {
    fn shape() -> Shape {
        T::shape().in_map()
    }
    fn read(tree: &Tree, at: &AttributePath) -> Result<Self, Misfit> {
        let Tree::Map(entries) = tree else { return Err(Misfit::new(at, "a map")) };
        entries
            .iter()
            .map(|(k, v)| Ok((k.clone(), T::read(v, &at.clone().key(k.clone()))?)))
            .collect()
    }
    fn write(&self) -> Tree {
        Tree::Map(self.iter().map(|(k, v)| (k.clone(), v.write())).collect())
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
    fn a_misfit_names_its_path() {
        let tree = Tree::Map([("a".into(), Tree::List(vec!["x".into(), Tree::Bool(true)]))].into());
        let e = <BTreeMap<String, Vec<String>>>::read(&tree, &AttributePath::new("parameters"))
            .unwrap_err();
        assert_eq!(e.at, AttributePath::new("parameters").key("a").index(1));
        assert_eq!(e.expected, "a string");
    }

    #[test]
    fn null_unknown_and_values_survive() {
        for tree in
            [Tree::Null, Tree::Unknown, Tree::List(vec![Tree::Unknown, "x".into(), Tree::Null])]
        {
            let read = <Value<Vec<Value<String>>>>::read(&tree, &AttributePath::root()).unwrap();
            assert_eq!(read.write(), tree);
        }
    }

    #[test]
    fn a_fraction_is_no_whole_number() {
        let e = i64::read(&Tree::Number(Number::Decimal("1.5".into())), &AttributePath::new("n"))
            .unwrap_err();
        assert_eq!(e.expected, "a whole number");
    }

    #[test]
    fn a_decimal_is_read_from_text_and_written_exactly() {
        let read = |tree: Tree| Number::read(&tree, &AttributePath::root());
        assert_eq!(read("1.1".into()), Ok(Number::Decimal("1.1".into())));
        assert_eq!(read("1.1".into()).unwrap().nearest(), 1.1);
        assert!(
            ["", "one", "inf", "NaN", "1e999"].iter().all(|text| read((*text).into()).is_err())
        );
        let cents = [51_683, 100, 5, 120, -250].map(Number::of_cents);
        assert_eq!(
            cents,
            [
                Number::Decimal("516.83".into()),
                Number::Int(1),
                Number::Decimal("0.05".into()),
                Number::Decimal("1.2".into()),
                Number::Decimal("-2.5".into())
            ]
        );
    }

    #[test]
    fn sets_have_no_order() {
        assert_eq!(Set(vec![1, 2]), Set(vec![2, 1]));
        assert_ne!(Set(vec![1]), Set(vec![2, 1]));
    }
}

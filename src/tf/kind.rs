//! The Rust types that values are read into, with the path of whatever does not fit.

use std::collections::BTreeMap;

use tf_provider::AttributePath;
use tf_provider::schema::AttributeType;

use super::schema::{Attribute, AttributeConstraint, Shape};
use super::value::{Misfit, Number, Set, Tree, Value};

/// A Rust type that Terraform can store.
pub trait Kind: Sized {
    /// Its place in a schema.
    fn shape() -> Shape;
    /// Reads it from a tree found at `at`.
    fn read(tree: &Tree, at: &AttributePath) -> Result<Self, Misfit>;
    /// The same value as Terraform stores it.
    fn write(&self) -> Tree;
}

/// A type without attributes of its own, which may stand in a set or a map: what is secret in objects is looked for in lists of them alone.
pub trait Plain: Kind {}

impl Plain for String {}
impl Plain for bool {}
impl Plain for i64 {}
impl Plain for Number {}
impl<T: Plain> Plain for Value<T> {}
impl<T: Plain> Plain for Vec<T> {}
impl<T: Plain> Plain for Set<T> {}
impl<T: Plain> Plain for BTreeMap<String, T> {}

impl Attribute {
    /// Holds when the configuration says nothing.
    pub fn default(self, value: impl Kind) -> Self {
        Self { default: Some(value.write()), given: AttributeConstraint::OptionalComputed, ..self }
    }
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

impl<T: Plain> Kind for Set<T> {
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

impl<T: Plain> Kind for BTreeMap<String, T> {
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
}

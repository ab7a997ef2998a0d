//! What a type looks like to Terraform: attributes, blocks, and how each behaves when it changes.

pub use tf_provider::schema::{AttributeConstraint, AttributeType};

use super::value::Tree;

/// The schema of a resource, a data source or the provider.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Version of the state's layout; raised when old states need `Resource::upgrade`.
    pub version: i64,
    /// What it is, for the documentation.
    pub doc: String,
    /// Attributes and blocks in the order people read them.
    pub attributes: Vec<Attribute>,
}

/// Where a value sits: a plain type, or an object with attributes of its own.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A plain type.
    Type(AttributeType),
    /// An object with attributes of its own.
    Single(Vec<Attribute>),
    /// A list of objects.
    List(Vec<Attribute>),
}

/// One attribute or block.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// As a person writes it.
    pub name: &'static str,
    /// Its documentation.
    pub doc: String,
    /// Its type.
    pub shape: Shape,
    /// Who gives the value: the configuration, the provider, or either.
    pub given: AttributeConstraint,
    /// Never shown.
    pub sensitive: bool,
    /// Never kept in state or plan.
    pub write_only: bool,
    /// Written as a block, not with `=`.
    pub block: bool,
    /// A change replaces the whole object.
    pub replaces: bool,
    /// A change is refused at plan, with the way out.
    pub refused: bool,
    /// A computed value that an update never changes.
    pub stable: bool,
    /// Another value of it alone is no change of the object that it stands in.
    pub aside: bool,
    /// What holds when the configuration says nothing.
    pub default: Option<Tree>,
}

impl Attribute {
    /// An attribute as `attributes!` starts it.
    pub fn new(name: &'static str, doc: &str, shape: Shape, given: AttributeConstraint) -> Self {
        let doc = doc.lines().map(str::trim).collect::<Vec<_>>().join("\n");
        Self {
            name,
            doc: doc.trim().into(),
            shape,
            given,
            sensitive: false,
            write_only: false,
            block: false,
            replaces: false,
            refused: false,
            stable: false,
            aside: false,
            default: None,
        }
    }

    /// Never shown.
    pub fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    /// Never kept; only Terraform 1.11 and OpenTofu 1.11 or later know such arguments.
    pub fn write_only(self) -> Self {
        Self { write_only: true, ..self }
    }

    /// Written as a block.
    pub fn block(self) -> Self {
        Self { block: true, ..self }
    }

    /// A change replaces the object.
    pub fn replaces(self) -> Self {
        Self { replaces: true, ..self }
    }

    /// A change is refused at plan.
    pub fn refused(self) -> Self {
        Self { refused: true, ..self }
    }

    /// Never changed by an update.
    pub fn stable(self) -> Self {
        Self { stable: true, ..self }
    }

    /// No change by itself.
    pub fn aside(self) -> Self {
        Self { aside: true, ..self }
    }

    /// Only the provider gives it.
    pub fn computed_only(&self) -> bool {
        self.given == AttributeConstraint::Computed
    }

    /// The configuration gives it.
    pub fn required(&self) -> bool {
        self.given == AttributeConstraint::Required
    }

    /// The provider may give it.
    pub fn computed(&self) -> bool {
        matches!(self.given, AttributeConstraint::Computed | AttributeConstraint::OptionalComputed)
    }

    /// The attributes of the object or objects it holds.
    pub fn nested(&self) -> Option<&[Attribute]> {
        match &self.shape {
            Shape::Type(_) => None,
            Shape::Single(a) | Shape::List(a) => Some(a),
        }
    }
}

impl Shape {
    /// A list of this.
    pub fn in_list(self) -> Shape {
        match self {
            Shape::Type(t) => Shape::Type(AttributeType::List(Box::new(t))),
            Shape::Single(a) => Shape::List(a),
            deeper => deeper,
        }
    }

    /// A set of this.
    pub fn in_set(self) -> Shape {
        match self {
            Shape::Type(t) => Shape::Type(AttributeType::Set(Box::new(t))),
            deeper => deeper,
        }
    }

    /// A map of this.
    pub fn in_map(self) -> Shape {
        match self {
            Shape::Type(t) => Shape::Type(AttributeType::Map(Box::new(t))),
            deeper => deeper,
        }
    }
}

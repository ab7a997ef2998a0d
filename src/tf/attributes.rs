//! `attributes!`: one list makes the struct, its schema and its documentation.

use tf_provider::AttributePath;

use super::schema::Schema;
use super::value::{Misfit, Object};

/// A struct made by [`attributes!`](crate::attributes): the state of a resource, or an object inside one.
pub trait State: Clone + Default + Send + Sync + 'static {
    /// Its schema, built once.
    fn schema() -> &'static Schema;
    /// Reads it from an object found at `at`. What the object has besides is dropped.
    fn read_object(object: &Object, at: &AttributePath) -> Result<Self, Misfit>;
    /// The object of it, every attribute present.
    fn write_object(&self) -> Object;
}

/// The name of an attribute whose field is written `r#type`, because `type` is a word of Rust's.
pub fn bare(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// Declares a struct whose fields are Terraform attributes.
///
/// ```text
/// attributes! {
///     /// One Quilt deployment.
///     pub struct StackState (version 0) {
///         /// Name of the stack.
///         name: String = Required.replaces();
///         /// Limits of time.
///         timeouts: Timeouts = Optional.block();
///     }
/// }
/// ```
/// Every field becomes a `Value<T>`. The words after `=` are an `AttributeConstraint` and methods of
/// [`Attribute`](crate::tf::schema::Attribute). `(version N)` may be left out.
#[macro_export]
macro_rules! attributes {
    ($(#[doc = $doc:literal])* pub struct $name:ident $((version $version:literal))? {
        $( $(#[doc = $adoc:literal])* $attr:ident : $ty:ty = $given:ident $(. $flag:ident ( $($arg:expr)? ))* ; )*
    }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name { $( $(#[doc = $adoc])* pub $attr: $crate::tf::Value<$ty>, )* }

        impl $crate::tf::State for $name {
            fn schema() -> &'static $crate::tf::schema::Schema {
                use $crate::tf::{Kind, schema::{Attribute, AttributeConstraint, Schema}};
                static SCHEMA: std::sync::LazyLock<Schema> = std::sync::LazyLock::new(|| Schema {
                    version: 0 $(+ $version)?,
                    doc: Attribute::new("", [$($doc),*].join("\n").as_str(), <String as Kind>::shape(), AttributeConstraint::Computed).doc,
                    attributes: vec![ $(
                        Attribute::new($crate::tf::attributes::bare(stringify!($attr)), [$($adoc),*].join("\n").as_str(), <$ty as Kind>::shape(), AttributeConstraint::$given)
                            $(.$flag($($arg)?))*
                    ),* ],
                });
                &SCHEMA
            }
            fn read_object(object: &$crate::tf::Object, at: &$crate::tf::AttributePath) -> Result<Self, $crate::tf::Misfit> {
                // What has no attributes reads none.
                let _ = (object, at);
                Ok(Self { $( $attr: $crate::tf::Kind::read(
                    object.get($crate::tf::attributes::bare(stringify!($attr))).unwrap_or(&$crate::tf::Tree::Null),
                    &at.clone().attribute($crate::tf::attributes::bare(stringify!($attr))),
                )?, )* })
            }
            fn write_object(&self) -> $crate::tf::Object {
                [ $( ($crate::tf::attributes::bare(stringify!($attr)).to_string(), $crate::tf::Kind::write(&self.$attr)) ),* ].into()
            }
        }

        impl $crate::tf::Kind for $name {
            fn shape() -> $crate::tf::schema::Shape {
                $crate::tf::schema::Shape::Single(<Self as $crate::tf::State>::schema().attributes.clone())
            }
            fn read(tree: &$crate::tf::Tree, at: &$crate::tf::AttributePath) -> Result<Self, $crate::tf::Misfit> {
                match tree {
                    $crate::tf::Tree::Map(object) => <Self as $crate::tf::State>::read_object(object, at),
                    _ => Err($crate::tf::Misfit::new(at, "an object")),
                }
            }
            fn write(&self) -> $crate::tf::Tree {
                $crate::tf::Tree::Map(<Self as $crate::tf::State>::write_object(self))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tf::schema::{AttributeConstraint, Shape};
    use crate::tf::{Tree, Value};

    attributes! {
        /// Limits.
        pub struct Limits {
            /// For creating.
            create: String = Optional;
        }
    }
    attributes! {
        /// A thing
        /// of two lines.
        pub struct Thing (version 2) {
            /// Its name.
            name: String = Required.replaces();
            /// How many.
            size: i64 = Optional.default(3);
            /// How long.
            limits: Limits = Optional.block();
        }
    }

    #[test]
    fn one_list_makes_schema_and_struct() {
        let schema = Thing::schema();
        assert_eq!((schema.version, schema.doc.as_str()), (2, "A thing\nof two lines."));
        assert!(schema.attributes[0].replaces);
        assert_eq!(schema.attributes[1].given, AttributeConstraint::OptionalComputed);
        assert!(matches!(&schema.attributes[2].shape, Shape::Single(a) if a[0].name == "create"));
    }

    #[test]
    fn objects_round_trip_and_surplus_is_dropped() {
        let limits = Limits { create: Value::Unknown };
        let thing =
            Thing { name: "a".to_string().into(), size: Value::Null, limits: limits.into() };
        let mut object = thing.write_object();
        object.insert("surplus".into(), Tree::Bool(true));
        assert_eq!(Thing::read_object(&object, &AttributePath::root()).unwrap(), thing);
    }

    #[test]
    fn a_misfit_inside_a_block_has_its_whole_path() {
        let object =
            [("limits".to_string(), Tree::Map([("create".to_string(), Tree::Bool(true))].into()))]
                .into();
        let e = Thing::read_object(&object, &AttributePath::root()).unwrap_err();
        assert_eq!(e.at.to_string(), "limits.create");
    }
}

//! Our schemas in Terraform's words.

use std::collections::HashMap;

use super::proto::schema::nested_block::NestingMode as BlockNesting;
use super::proto::schema::object::NestingMode;
use super::proto::schema::{self as wire, NestedBlock};
use super::proto::{self, StringKind};
use crate::kinds::function::{Parameter, Signature, Takes};
use crate::tf::schema::{Attribute, AttributeConstraint, Schema, Shape};

/// A whole schema.
pub fn schema(schema: &Schema) -> proto::Schema {
    whole(schema, attribute)
}

fn whole(schema: &Schema, each: fn(&Attribute) -> wire::Attribute) -> proto::Schema {
    let block = wire::Block { description: schema.doc.clone(), ..block(&schema.attributes, each) };
    proto::Schema {
        version: schema.version,
        block: Some(wire::Block { version: schema.version, ..block }),
    }
}

/// Schemas of resources by their names.
pub fn managed<'a>(
    of: impl Iterator<Item = (&'a str, &'a Schema)>,
) -> HashMap<String, proto::Schema> {
    of.map(|(name, of)| (name.to_string(), whole(of, managed_attribute))).collect()
}

/// Schemas by the names of what has them.
pub fn schemas<'a>(
    of: impl Iterator<Item = (&'a str, &'a Schema)>,
) -> HashMap<String, proto::Schema> {
    of.map(|(name, of)| (name.to_string(), schema(of))).collect()
}

fn block(attributes: &[Attribute], each: fn(&Attribute) -> wire::Attribute) -> wire::Block {
    let (blocks, plain): (Vec<_>, Vec<_>) = attributes.iter().partition(|a| a.block);
    wire::Block {
        attributes: plain.into_iter().map(each).collect(),
        block_types: blocks.into_iter().map(nested_block).collect(),
        description_kind: StringKind::Markdown.into(),
        ..Default::default()
    }
}

/// What only the provider gives has a plain type: Terraform before 1.7 and OpenTofu before 1.11 end in a panic when they write the configuration
/// for an import (`-generate-config-out`) and such an attribute has attributes of its own (`configschema.Block.Filter`).
fn managed_attribute(a: &Attribute) -> wire::Attribute {
    let attribute = attribute(a);
    match a.computed_only() {
        true => {
            let r#type = type_of(&a.shape).into_bytes();
            wire::Attribute { r#type, nested_type: None, ..attribute }
        }
        false => attribute,
    }
}

fn attribute(a: &Attribute) -> wire::Attribute {
    // Exactly one of the two may be set, or Terraform refuses the whole provider.
    let (plain, nested) = match &a.shape {
        Shape::Type(t) => (t.to_string().into_bytes(), None),
        Shape::Single(inner) => (vec![], Some(object(NestingMode::Single, inner))),
        Shape::List(inner) => (vec![], Some(object(NestingMode::List, inner))),
    };
    wire::Attribute {
        name: a.name.into(),
        r#type: plain,
        nested_type: nested,
        description: a.doc.clone(),
        description_kind: StringKind::Markdown.into(),
        required: a.given == AttributeConstraint::Required,
        optional: matches!(
            a.given,
            AttributeConstraint::Optional | AttributeConstraint::OptionalComputed
        ),
        computed: a.computed(),
        sensitive: a.sensitive,
        write_only: a.write_only,
        ..Default::default()
    }
}

fn object(nesting: NestingMode, attributes: &[Attribute]) -> wire::Object {
    wire::Object {
        nesting: nesting.into(),
        attributes: attributes.iter().map(attribute).collect(),
        ..Default::default()
    }
}

/// No limits of number: a single block with none may be left out, and a list without a largest number has none.
fn nested_block(a: &Attribute) -> NestedBlock {
    let nesting = match a.shape {
        Shape::List(_) => BlockNesting::List,
        Shape::Single(_) | Shape::Type(_) => BlockNesting::Single,
    };
    let block = wire::Block {
        description: a.doc.clone(),
        ..block(a.nested().unwrap_or_default(), attribute)
    };
    NestedBlock {
        type_name: a.name.into(),
        block: Some(block),
        nesting: nesting.into(),
        min_items: 0,
        max_items: 0,
    }
}

/// What a function takes and gives. A parameter that may be left out is a variadic one to Terraform.
pub fn function(signature: &Signature) -> proto::Function {
    let (extra, fixed): (Vec<_>, Vec<_>) =
        signature.parameters.iter().partition(|p| p.takes == Takes::Nothing);
    proto::Function {
        parameters: fixed.into_iter().map(parameter).collect(),
        variadic_parameter: extra.into_iter().next().map(parameter),
        r#return: Some(proto::function::Return { r#type: type_of(&signature.answer).into_bytes() }),
        summary: signature.summary(),
        description: signature.doc.clone(),
        description_kind: StringKind::Markdown.into(),
        deprecation_message: String::new(),
    }
}

fn parameter(p: &Parameter) -> proto::function::Parameter {
    proto::function::Parameter {
        name: p.name.into(),
        r#type: type_of(&p.shape).into_bytes(),
        allow_null_value: p.takes != Takes::Value,
        allow_unknown_values: false,
        description: p.doc.clone(),
        description_kind: StringKind::Markdown.into(),
    }
}

/// A type as Terraform writes types in JSON. Functions know no nested attributes: objects are plain ones.
fn type_of(shape: &Shape) -> String {
    match shape {
        Shape::Type(t) => t.to_string(),
        Shape::Single(attributes) => {
            let members: Vec<_> =
                attributes.iter().map(|a| format!("{:?}:{}", a.name, type_of(&a.shape))).collect();
            format!("[\"object\",{{{}}}]", members.join(","))
        }
        Shape::List(inner) => format!("[\"list\",{}]", type_of(&Shape::Single(inner.clone()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes;
    use crate::tf::{State, Value};

    attributes! {
        /// A rule.
        pub struct Rule {
            /// A port.
            port: i64 = Required;
        }
    }
    attributes! {
        /// A thing.
        pub struct Thing (version 2) {
            /// Its name.
            name: String = Required;
            /// Its words.
            words: Vec<String> = Optional.default(Vec::<String>::new());
            /// The first rule.
            first: Rule = Optional;
            /// All rules.
            rule: Vec<Rule> = Optional.block();
            /// The last rule.
            last: Rule = Optional.block();
            /// What became of each.
            made: Vec<Rule> = Computed;
            /// Secret.
            secret_wo: String = Optional.sensitive().write_only();
        }
    }

    #[test]
    fn attributes_have_a_type_or_attributes_of_their_own() {
        let wire = schema(Thing::schema());
        let block = wire.block.unwrap();
        assert_eq!((wire.version, block.description.as_str()), (2, "A thing."));
        let by_name = |name: &str| block.attributes.iter().find(|a| a.name == name).unwrap();
        assert_eq!(by_name("words").r#type, br#"["list","string"]"#);
        assert!(by_name("words").optional && by_name("words").computed);
        assert!(by_name("first").r#type.is_empty() && by_name("first").nested_type.is_some());
        assert!(by_name("secret_wo").write_only && by_name("secret_wo").sensitive);
    }

    #[test]
    fn what_a_resource_computes_has_a_plain_type() {
        let made = |wire: HashMap<String, proto::Schema>| {
            let attributes = wire["thing"].block.clone().unwrap().attributes;
            attributes.into_iter().find(|a| a.name == "made").unwrap()
        };
        let of = || [("thing", Thing::schema())].into_iter();
        let resource = made(managed(of()));
        assert_eq!(resource.r#type, br#"["list",["object",{"port":"number"}]]"#);
        assert!(resource.nested_type.is_none());
        assert!(made(schemas(of())).nested_type.is_some());
    }

    #[test]
    fn blocks_may_be_left_out() {
        let block = schema(Thing::schema()).block.unwrap();
        let nesting: Vec<_> = block
            .block_types
            .iter()
            .map(|b| (b.type_name.as_str(), b.nesting(), b.min_items, b.max_items))
            .collect();
        assert_eq!(
            nesting,
            [("rule", BlockNesting::List, 0, 0), ("last", BlockNesting::Single, 0, 0)]
        );
        assert_eq!(Thing::default().rule, Value::Null);
    }
}

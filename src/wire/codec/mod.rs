//! Terraform's values: MessagePack and JSON to our tree, and our tree to MessagePack.

mod json;
mod msgpack;
mod number;

use super::proto::{DynamicValue, RawState};
use crate::tf::schema::{Attribute, Shape};
use crate::tf::{Object, Tree};

/// How deep values may lie inside each other; Terraform's own types stay far above.
const DEPTH: usize = 100;

/// How many values one message may hold: a small message of many nulls must not fill the memory.
const VALUES: usize = 1 << 22;

/// Bytes that are no value of Terraform.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(&'static str);

/// What a message may still take of depth and number.
struct Limits {
    depth: usize,
    values: usize,
}

impl Limits {
    fn new() -> Self {
        Self { depth: DEPTH, values: VALUES }
    }

    /// One more value.
    fn count(&mut self) -> Result<(), Malformed> {
        self.values =
            self.values.checked_sub(1).ok_or(Malformed("too many values in one message"))?;
        Ok(())
    }

    /// One level down; `up` leaves it.
    fn down(&mut self) -> Result<(), Malformed> {
        self.depth = self.depth.checked_sub(1).ok_or(Malformed("values nested too deeply"))?;
        Ok(())
    }

    fn up(&mut self) {
        self.depth += 1;
    }
}

/// Reads an object; `None` for null, and for a message that is not there.
pub fn decode(value: Option<&DynamicValue>) -> Result<Option<Object>, Malformed> {
    value.map_or(Ok(None), |value| object(decode_value(value)?))
}

/// Reads a value of any type.
pub fn decode_value(value: &DynamicValue) -> Result<Tree, Malformed> {
    match (value.msgpack.as_slice(), value.json.as_slice()) {
        ([], []) => Ok(Tree::Null),
        ([], text) => json::read(text),
        (bytes, _) => msgpack::read(bytes),
    }
}

/// Reads a stored state.
pub fn decode_state(state: Option<&RawState>) -> Result<Option<Object>, Malformed> {
    match state {
        Some(state) if !state.json.is_empty() => object(json::read(&state.json)?),
        Some(state) if !state.flatmap.is_empty() => {
            Err(Malformed("it was stored by Terraform 0.11 or older"))
        }
        _ => Ok(None),
    }
}

fn object(tree: Tree) -> Result<Option<Object>, Malformed> {
    match tree {
        Tree::Null => Ok(None),
        Tree::Map(object) => Ok(Some(object)),
        _ => Err(Malformed("an object was expected")),
    }
}

/// Writes an object of these attributes, or null.
pub fn encode(attributes: &[Attribute], object: Option<Object>) -> Option<DynamicValue> {
    let tree = object.map_or(Tree::Null, |mut object| {
        no_null_lists(attributes, &mut object);
        Tree::Map(object)
    });
    Some(encode_value(&tree))
}

/// Writes a value of any type.
pub fn encode_value(tree: &Tree) -> DynamicValue {
    DynamicValue { msgpack: msgpack::write(tree), json: vec![] }
}

/// Repeated blocks that are absent are an empty list to Terraform, never null.
fn no_null_lists(attributes: &[Attribute], object: &mut Object) {
    for a in attributes.iter().filter(|a| a.block) {
        match (&a.shape, object.entry(a.name.into()).or_default()) {
            (Shape::List(_), value @ Tree::Null) => *value = Tree::List(vec![]),
            (Shape::List(nested), Tree::List(items)) => {
                items.iter_mut().for_each(|item| no_null_lists_inside(nested, item))
            }
            (Shape::Single(nested), value) => no_null_lists_inside(nested, value),
            _ => {}
        }
    }
}

fn no_null_lists_inside(attributes: &[Attribute], value: &mut Tree) {
    if let Tree::Map(object) = value {
        no_null_lists(attributes, object);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tf::schema::AttributeConstraint;

    fn msgpack_of(bytes: &[u8]) -> DynamicValue {
        DynamicValue { msgpack: bytes.to_vec(), json: vec![] }
    }

    #[test]
    fn nothing_and_null_are_none() {
        for value in [None, Some(DynamicValue::default()), Some(msgpack_of(&[0xc0]))] {
            assert_eq!(decode(value.as_ref()), Ok(None));
        }
        assert!(decode(Some(&msgpack_of(&[0xc3]))).is_err());
    }

    #[test]
    fn json_serves_where_there_is_no_messagepack() {
        let value = DynamicValue { msgpack: vec![], json: br#"{"a":1}"#.to_vec() };
        let object = decode(Some(&value)).unwrap().unwrap();
        assert_eq!(object["a"], Tree::Number(crate::tf::Number::Int(1)));
    }

    #[test]
    fn states_of_old_times_are_refused_in_words() {
        let state =
            RawState { json: vec![], flatmap: [("id".to_string(), "x".to_string())].into() };
        assert_eq!(
            decode_state(Some(&state)).unwrap_err().to_string(),
            "it was stored by Terraform 0.11 or older"
        );
    }

    #[test]
    fn absent_repeated_blocks_are_empty_lists() {
        let rule =
            Attribute::new("rule", "", Shape::List(vec![]), AttributeConstraint::Optional).block();
        let once = Attribute::new(
            "once",
            "",
            Shape::Single(vec![rule.clone()]),
            AttributeConstraint::Optional,
        )
        .block();
        let object = [("once".to_string(), Tree::Map(Object::new()))].into();
        let read = decode(encode(&[rule, once], Some(object)).as_ref()).unwrap().unwrap();
        let empty = Tree::List(vec![]);
        assert_eq!(
            read,
            [
                ("rule".into(), empty.clone()),
                ("once".into(), Tree::Map([("rule".into(), empty)].into()))
            ]
            .into()
        );
    }
}

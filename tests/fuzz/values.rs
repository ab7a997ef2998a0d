//! The codec of Terraform's values under damage.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use quilt_provider::tf::{Number, Object, Tree};
use quilt_provider::wire::codec::{decode, decode_state, encode};
use quilt_provider::wire::proto::{DynamicValue, RawState};

use super::damage::{blows, damaged};
use super::holds;

/// Any value, unknown ones too.
pub fn tree() -> impl Strategy<Value = Tree> {
    let number = prop_oneof![
        any::<i64>().prop_map(Number::Int),
        (any::<i32>(), 1..20u32)
            .prop_map(|(n, by)| Number::Float(f64::from(n | 1) / f64::from(1u32 << by))),
        "[1-9][0-9]{20,40}\\.[0-9]{0,9}[1-9]".prop_map(Number::Decimal),
    ];
    let leaf = prop_oneof![
        Just(Tree::Null),
        Just(Tree::Unknown),
        any::<bool>().prop_map(Tree::Bool),
        number.prop_map(Tree::Number),
        ".{0,40}".prop_map(Tree::String),
    ];
    leaf.prop_recursive(6, 60, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Tree::List),
            btree_map(".{0,12}", inner, 0..8).prop_map(Tree::Map)
        ]
    })
}

pub fn object() -> impl Strategy<Value = Object> {
    btree_map("[a-z_]{1,12}", tree(), 0..8)
}

pub fn msgpack(bytes: Vec<u8>) -> DynamicValue {
    DynamicValue { msgpack: bytes, json: vec![] }
}

fn sent(object: &Object) -> Vec<u8> {
    encode(&[], Some(object.clone())).unwrap().msgpack
}

/// Decimals travel as text, and nothing but the schema tells them from strings.
fn as_read(tree: Tree) -> Tree {
    match tree {
        Tree::Number(Number::Decimal(text)) => Tree::String(text),
        Tree::List(items) => Tree::List(items.into_iter().map(as_read).collect()),
        Tree::Map(object) => Tree::Map(object.into_iter().map(|(k, v)| (k, as_read(v))).collect()),
        tree => tree,
    }
}

#[test]
fn what_is_written_is_read_again() {
    holds(150, object(), |object| {
        let Tree::Map(expected) = as_read(Tree::Map(object.clone())) else { unreachable!() };
        prop_assert_eq!(decode(Some(&msgpack(sent(&object)))), Ok(Some(expected)));
        Ok(())
    });
}

#[test]
fn any_bytes_are_a_value_or_an_error() {
    holds(1000, vec(any::<u8>(), 0..200), |bytes| {
        let _ = decode(Some(&msgpack(bytes.clone())));
        let _ = decode(Some(&DynamicValue { msgpack: vec![], json: bytes.clone() }));
        let _ = decode_state(Some(&RawState { json: bytes, flatmap: Default::default() }));
        Ok(())
    });
}

#[test]
fn a_damaged_value_is_an_error_or_another_value() {
    holds(500, (object(), blows()), |(object, blows)| {
        let bytes = damaged(&sent(&object), &blows);
        if let Ok(Some(read)) = decode(Some(&msgpack(bytes))) {
            prop_assert_eq!(decode(Some(&msgpack(sent(&read)))), Ok(Some(read)));
        }
        Ok(())
    });
}

/// A state file as Terraform stores it, with every kind of value.
const STATE: &str = r#"{"name":"prod","region":null,"parameters":{"Size":"1024","Tenth":0.1,"Big":123456789012345678901234567890},
"capabilities":["CAPABILITY_IAM"],"timeouts":{"create":"3h"},"outputs":{"Url":"https:\/\/\u00e4.example.com"},"on":true,"n":-1.5e-3}"#;

#[test]
fn a_damaged_state_is_an_error_or_another_state() {
    holds(1500, blows(), |blows| {
        let _ = decode_state(Some(&RawState {
            json: damaged(STATE.as_bytes(), &blows),
            flatmap: Default::default(),
        }));
        Ok(())
    });
}

#[test]
fn announced_lengths_are_not_believed() {
    let markers: [&[u8]; 12] = [
        &[0xdd],
        &[0xdc],
        &[0xdf],
        &[0xde],
        &[0xdb],
        &[0xda],
        &[0xd9],
        &[0xc9],
        &[0xc8],
        &[0xc7],
        &[0xc6],
        &[0x92, 0xc6],
    ];
    let start = Instant::now();
    for marker in markers {
        for depth in [0, 1, 50, 99, 100, 5000] {
            let bytes = [vec![0x91; depth], marker.to_vec(), vec![0xff; 8]].concat();
            assert!(decode(Some(&msgpack(bytes))).is_err(), "{marker:x?} at {depth}");
        }
    }
    // A list of lists, each of which announces as much as follows it.
    let nested: Vec<u8> = (0..90u32)
        .flat_map(|i| [&[0xdd][..], &(100_000 - 10 * i).to_be_bytes()].concat())
        .chain(vec![0xc0; 100_000])
        .collect();
    assert!(decode(Some(&msgpack(nested))).is_err());
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn many_small_values_are_counted() {
    let nulls = (4 << 20) + 1;
    let bytes =
        [&[0x81, 0xa1, b'a', 0xdd][..], &(nulls as u32).to_be_bytes(), &vec![0xc0; nulls]].concat();
    assert!(decode(Some(&msgpack(bytes))).unwrap_err().to_string().contains("too many values"));
}

#[test]
fn every_extension_is_an_unknown_value() {
    holds(300, (any::<i8>(), vec(any::<u8>(), 0..60)), |(kind, payload)| {
        let head = [0x81, 0xa1, b'a', 0xc7, payload.len() as u8, kind as u8];
        let read = decode(Some(&msgpack([&head[..], &payload].concat())));
        prop_assert_eq!(read, Ok(Some(BTreeMap::from([("a".to_string(), Tree::Unknown)]))));
        Ok(())
    });
}

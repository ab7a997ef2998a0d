//! The template reader against an oracle: what means the same is read as the same in every layout, and nothing else is.

use std::collections::BTreeMap;

use json::json;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use quilt_provider::cloudformation::template::Template;
use yaml::yaml;

use super::holds;

mod json;
mod pen;
mod worth;
mod yaml;

/// A value of a template, as the oracle sees it.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Null,
    Truth(bool),
    Number(i64),
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    /// A function, by its long name, and what it is given.
    Call(&'static str, Box<Value>),
}

/// Texts that a careless reader takes for something else.
const TRAPS: [&str; 44] = [
    "",
    "~",
    "null",
    "yes",
    "No",
    "on",
    "OFF",
    "true",
    "False",
    "y",
    "0",
    "31",
    "-7",
    "+1",
    "010",
    "0x1F",
    "0b11",
    "1_000",
    "22:30",
    "1.5",
    ".inf",
    "2012-10-17",
    "012345678901",
    "<<",
    "=",
    "-",
    "?",
    "a: b",
    "a #b",
    "# c",
    "*a",
    "&a",
    "!Ref A",
    "{a}",
    "[a]",
    "'",
    "\"",
    "\\n",
    " a ",
    "a\n",
    "a\n  b\nc",
    "\ta",
    "café – ✓",
    "{{resolve:ssm:a}}",
];
const KEYS: [&str; 12] =
    ["A", "B", "Name", "Type", "Properties", "a-b", "x.y", "yes", "1", "<<", "", "a: b"];
const FUNCTIONS: [&str; 6] = ["Ref", "Condition", "Fn::Sub", "Fn::Join", "Fn::GetAtt", "Fn::If"];

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        select(&TRAPS[..]).prop_map(str::to_string),
        "[a-zA-Z][a-z0-9/.]{0,8}",
        "[ -~]{0,12}",
        "[a-z]{1,3}( [a-z]{1,4}){1,4}"
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Truth),
        2 => (-5_000_i64..5_000).prop_map(Value::Number),
        6 => texts().prop_map(Value::Text),
        1 => select(vec!["A.Arn", "A.Outputs.B", "A"]).prop_map(|to| Value::Call("Fn::GetAtt", text(to).into())),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let keys = select(&KEYS[..]).prop_map(str::to_string);
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::List),
            btree_map(keys, inner.clone(), 0..4).prop_map(Value::Map),
            (select(&FUNCTIONS[..]), inner)
                .prop_map(|(function, given)| Value::Call(function, given.into())),
        ]
    })
}

impl Value {
    /// The meaning alone: functions as the mappings that they are.
    fn meaning(&self) -> Value {
        match self {
            Value::List(items) => Value::List(items.iter().map(Value::meaning).collect()),
            Value::Map(entries) => Value::Map(
                entries.iter().map(|(key, value)| (key.clone(), given(key, value))).collect(),
            ),
            Value::Call(function, value) => {
                Value::Map(BTreeMap::from([(function.to_string(), given(function, value))]))
            }
            plain => plain.clone(),
        }
    }

    /// How many values it is made of.
    fn count(&self) -> usize {
        1 + match self {
            Value::List(items) => items.iter().map(Value::count).sum(),
            Value::Map(entries) => entries.values().map(Value::count).sum(),
            Value::Call(_, given) => given.count(),
            _ => 0,
        }
    }

    /// Changes the value that stands at this place, counted from the outside.
    fn alter(&mut self, place: &mut usize, how: u8) {
        if *place == 0 {
            *self = self.other(how);
        }
        *place = place.wrapping_sub(1);
        match self {
            Value::List(items) => items.iter_mut().for_each(|item| item.alter(place, how)),
            Value::Map(entries) => entries.values_mut().for_each(|value| value.alter(place, how)),
            Value::Call(_, given) => given.alter(place, how),
            _ => {}
        }
    }

    /// Something that is near to it; now and then the same.
    fn other(&self, how: u8) -> Value {
        match (self, how % 3) {
            (Value::Null, n) => text(["", "~", "null"][usize::from(n)]),
            (Value::Truth(truth), 0) => Value::Truth(!truth),
            (Value::Truth(truth), 1) => text(if *truth { "yes" } else { "no" }),
            (Value::Truth(truth), _) => text(&truth.to_string()),
            (Value::Number(number), 0) => Value::Number(number + 1),
            (Value::Number(number), _) => text(&number.to_string()),
            (Value::Text(is), 0) => typed(is),
            (Value::Text(is), 1) => text(&format!("{is}\n")),
            (Value::Text(_), _) => Value::List(vec![self.clone()]),
            (Value::List(items), 0) => Value::List(items.iter().rev().cloned().collect()),
            (Value::List(items), 1) => {
                Value::List(items.iter().cloned().chain([Value::Null]).collect())
            }
            (Value::List(items), _) => {
                items.first().cloned().unwrap_or(Value::Map(BTreeMap::new()))
            }
            (Value::Map(entries), 0) => {
                Value::Map(entries.iter().skip(1).map(|(k, v)| (k.clone(), v.clone())).collect())
            }
            (Value::Map(entries), 1) => Value::Map(
                entries.iter().map(|(key, value)| (format!("{key}x"), value.clone())).collect(),
            ),
            (Value::Map(entries), _) => Value::List(entries.values().cloned().collect()),
            (Value::Call(function, given), 0) => {
                Value::Map(BTreeMap::from([(function.to_string(), (**given).clone())]))
            }
            (Value::Call(_, given), 1) => Value::Call("Fn::Base64", given.clone()),
            (Value::Call(_, given), _) => (**given).clone(),
        }
    }
}

/// What stands under a key, by its meaning.
fn given(key: &str, value: &Value) -> Value {
    parts(key, value).unwrap_or_else(|| value.meaning())
}

/// `A.B` given to `Fn::GetAtt` as the list that it stands for.
fn parts(function: &str, given: &Value) -> Option<Value> {
    match given {
        Value::Text(path) if function == "Fn::GetAtt" => {
            path.split_once('.').map(|(id, name)| Value::List(vec![text(id), text(name)]))
        }
        _ => None,
    }
}

/// What YAML makes of a text that lost its quotes, where that is something else; else another text.
fn typed(is: &str) -> Value {
    match is {
        "" | "~" | "null" => Value::Null,
        "yes" | "on" | "true" => Value::Truth(true),
        "No" | "OFF" | "False" => Value::Truth(false),
        "+1" => Value::Number(1),
        "010" => Value::Number(8),
        "0x1F" => Value::Number(31),
        "0b11" => Value::Number(3),
        "1_000" => Value::Number(1000),
        "22:30" => Value::Number(1350),
        other => other.parse().map_or_else(|_| text(&format!("{other}x")), Value::Number),
    }
}

/// A template around a value.
fn around(value: &Value) -> Value {
    let map = |entries: Vec<(&str, Value)>| {
        Value::Map(entries.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
    };
    let resource = map(vec![("Type", text("A::B::C")), ("Properties", value.clone())]);
    map(vec![
        ("AWSTemplateFormatVersion", text("2010-09-09")),
        ("Resources", map(vec![("R", resource)])),
    ])
}

/// A template's digest, of a text that must be understood whole.
fn digest(written: &str) -> Result<String, TestCaseError> {
    let template = Template::parse(written)
        .map_err(|misread| TestCaseError::fail(format!("{misread:?} in\n{written}")))?;
    prop_assert!(template.doubled.is_empty(), "{:?} in\n{}", template.doubled, written);
    Ok(template.digest())
}

/// What a hand that writes a template decides on its way.
fn choices() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 1..48)
}

#[test]
fn every_layout_of_a_template_is_read_as_the_same() {
    holds(800, (values(), choices(), choices(), choices()), |(value, one, two, three)| {
        let whole = around(&value);
        let (first, second, third) = (json(&whole, &one), yaml(&whole, &two), yaml(&whole, &three));
        let means = digest(&first)?;
        prop_assert_eq!(&means, &digest(&second)?, "\n{}\nand\n{}", first, second);
        prop_assert_eq!(&means, &digest(&third)?, "\n{}\nand\n{}", first, third);
        Ok(())
    });
}

#[test]
fn every_change_of_meaning_is_a_difference() {
    holds(
        800,
        (values(), any::<usize>(), any::<u8>(), choices(), choices()),
        |(value, place, how, one, two)| {
            let mut changed = value.clone();
            changed.alter(&mut (place % value.count()), how);
            let (before, after) = (
                yaml(&around(&value), &one),
                if how < 64 {
                    json(&around(&changed), &two)
                } else {
                    yaml(&around(&changed), &two)
                },
            );
            let same = value.meaning() == changed.meaning();
            prop_assert_eq!(
                same,
                digest(&before)? == digest(&after)?,
                "\n{}\nand\n{}",
                before,
                after
            );
            Ok(())
        },
    );
}

//! What conditions and expressions come to, against an evaluator that knows nothing of the one in the reader.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use quilt_provider::cloudformation::template::{Scope, Template};

use super::json::json;
use super::yaml::yaml;
use super::{Value, choices, holds, text};

/// Whether something holds.
#[derive(Clone, Debug)]
enum Truth {
    Same(Term, Term),
    Not(Box<Truth>),
    All(Vec<Truth>),
    One(Vec<Truth>),
    /// A condition before this one, counted back.
    Named(usize),
}

/// An expression of text.
#[derive(Clone, Debug)]
enum Term {
    Word(&'static str),
    Parameter(&'static str),
    Joined(&'static str, Vec<Term>),
    /// A part of a text that is split.
    Part(usize, &'static str, Box<Term>),
    /// Two expressions within a pattern.
    Filled(Box<Term>, &'static str),
    Either(usize, Box<Term>, Box<Term>),
    Looked(Box<Term>),
}

const WORDS: [&str; 5] = ["a", "b", "a-b", "x-y-z", "prod"];
/// Parameters and their values; that of the last is not known.
const PARAMETERS: [(&str, Option<&str>); 4] =
    [("P", Some("a")), ("Q", Some("x-y-z")), ("S", Some("prod")), ("U", None)];
/// The one mapping: keys and values.
const MAPPING: [(&str, &str); 2] = [("a", "first"), ("prod", "last")];

fn terms() -> impl Strategy<Value = Term> {
    let names = PARAMETERS.map(|(name, _)| name).to_vec();
    let leaf = prop_oneof![
        select(&WORDS[..]).prop_map(Term::Word),
        select(names).prop_map(Term::Parameter)
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        let names = PARAMETERS.map(|(name, _)| name).to_vec();
        prop_oneof![
            (select(vec!["", "-", ", "]), vec(inner, 1..4))
                .prop_map(|(at, terms)| Term::Joined(at, terms)),
            (0..3_usize, select(vec!["-", "x", "--"]), boxed.clone())
                .prop_map(|(n, at, term)| Term::Part(n, at, term)),
            (boxed.clone(), select(names)).prop_map(|(term, name)| Term::Filled(term, name)),
            (0..4_usize, boxed.clone(), boxed.clone())
                .prop_map(|(back, yes, no)| Term::Either(back, yes, no)),
            boxed.prop_map(Term::Looked),
        ]
    })
}

fn truths() -> impl Strategy<Value = Truth> {
    let leaf = prop_oneof![
        (terms(), terms()).prop_map(|(a, b)| Truth::Same(a, b)),
        (0..4_usize).prop_map(Truth::Named)
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|truth| Truth::Not(truth.into())),
            vec(inner.clone(), 2..4).prop_map(Truth::All),
            vec(inner, 2..4).prop_map(Truth::One),
        ]
    })
}

/// The name of a condition. They are read in an order that is not theirs.
fn name(number: usize) -> String {
    format!("C{}{number}", ["m", "a", "z", "k"][number % 4])
}

/// The name of a condition so far back; before the first there is one that nobody declares.
fn back(before: usize, steps: usize) -> String {
    before.checked_sub(steps + 1).map_or_else(|| "Nowhere".into(), name)
}

fn call(function: &'static str, given: Vec<Value>) -> Value {
    Value::Call(function, Value::List(given).into())
}

impl Term {
    fn written(&self, before: usize) -> Value {
        match self {
            Term::Word(word) => text(word),
            Term::Parameter(name) => Value::Call("Ref", text(name).into()),
            Term::Joined(at, terms) => call(
                "Fn::Join",
                vec![
                    text(at),
                    Value::List(terms.iter().map(|term| term.written(before)).collect()),
                ],
            ),
            Term::Part(number, at, term) => {
                let split = call("Fn::Split", vec![text(at), term.written(before)]);
                call("Fn::Select", vec![text(&number.to_string()), split])
            }
            Term::Filled(term, name) => {
                let own = Value::Map(BTreeMap::from([("Own".to_string(), term.written(before))]));
                call("Fn::Sub", vec![text(&format!("<${{Own}}|${{{name}}}|${{!Own}}>")), own])
            }
            Term::Either(steps, yes, no) => call(
                "Fn::If",
                vec![text(&back(before, *steps)), yes.written(before), no.written(before)],
            ),
            Term::Looked(key) => {
                call("Fn::FindInMap", vec![text("M"), key.written(before), text("V")])
            }
        }
    }

    fn worth(&self, known: &[Option<bool>]) -> Option<String> {
        match self {
            Term::Word(word) => Some(word.to_string()),
            Term::Parameter(name) => parameter(name),
            Term::Joined(at, terms) => {
                let mut joined = String::new();
                for (number, term) in terms.iter().enumerate() {
                    joined += if number == 0 { "" } else { at };
                    joined += &term.worth(known)?;
                }
                Some(joined)
            }
            Term::Part(number, at, term) => {
                let mut rest = term.worth(known)?;
                for _ in 0..*number {
                    let from = rest.find(at)? + at.len();
                    rest = rest[from..].to_string();
                }
                let end = rest.find(at).unwrap_or(rest.len());
                Some(rest[..end].to_string()).filter(|part| !part.is_empty())
            }
            Term::Filled(term, name) => {
                Some(format!("<{}|{}|${{Own}}>", term.worth(known)?, parameter(name)?))
            }
            Term::Either(steps, yes, no) => {
                if recalled(known, *steps)? { yes } else { no }.worth(known)
            }
            Term::Looked(key) => {
                let key = key.worth(known)?;
                MAPPING.iter().find(|(of, _)| *of == key).map(|(_, value)| value.to_string())
            }
        }
    }
}

impl Truth {
    fn written(&self, before: usize) -> Value {
        let all = |parts: &[Truth]| parts.iter().map(|part| part.written(before)).collect();
        match self {
            Truth::Same(a, b) => call("Fn::Equals", vec![a.written(before), b.written(before)]),
            Truth::Not(truth) => call("Fn::Not", vec![truth.written(before)]),
            Truth::All(parts) => call("Fn::And", all(parts)),
            Truth::One(parts) => call("Fn::Or", all(parts)),
            Truth::Named(steps) => Value::Call("Condition", text(&back(before, *steps)).into()),
        }
    }

    /// Least of all parts for "and", most for "or", with what is not known between false and true.
    fn worth(&self, known: &[Option<bool>]) -> Option<bool> {
        let ranks =
            |parts: &[Truth]| parts.iter().map(|part| rank(part.worth(known))).collect::<Vec<_>>();
        match self {
            Truth::Same(a, b) => a.worth(known).zip(b.worth(known)).map(|(a, b)| a == b),
            Truth::Not(truth) => truth.worth(known).map(|truth| !truth),
            Truth::All(parts) => unranked(ranks(parts).into_iter().min()),
            Truth::One(parts) => unranked(ranks(parts).into_iter().max()),
            Truth::Named(steps) => recalled(known, *steps),
        }
    }
}

fn rank(truth: Option<bool>) -> u8 {
    truth.map_or(1, |truth| if truth { 2 } else { 0 })
}

fn unranked(rank: Option<u8>) -> Option<bool> {
    rank.filter(|rank| *rank != 1).map(|rank| rank == 2)
}

fn recalled(known: &[Option<bool>], steps: usize) -> Option<bool> {
    known.iter().rev().nth(steps).copied().flatten()
}

fn parameter(name: &str) -> Option<String> {
    PARAMETERS.iter().find(|(of, _)| *of == name).and_then(|(_, value)| value.map(str::to_string))
}

/// A template with these conditions and outputs.
fn template(conditions: &[Truth], outputs: &[Term]) -> Value {
    let one = |key: &str, value: Value| Value::Map(BTreeMap::from([(key.to_string(), value)]));
    let map = |entries: Vec<(String, Value)>| Value::Map(entries.into_iter().collect());
    let declared = PARAMETERS
        .iter()
        .map(|(name, _)| (name.to_string(), one("Type", text("String"))))
        .collect();
    let mapping =
        MAPPING.iter().map(|(key, value)| (key.to_string(), one("V", text(value)))).collect();
    let written = conditions
        .iter()
        .enumerate()
        .map(|(number, truth)| (name(number), truth.written(number)))
        .collect();
    let given_out = outputs
        .iter()
        .enumerate()
        .map(|(number, term)| (format!("O{number}"), one("Value", term.written(conditions.len()))));
    map(vec![
        ("Parameters".into(), map(declared)),
        ("Mappings".into(), one("M", map(mapping))),
        ("Conditions".into(), map(written)),
        ("Resources".into(), one("R", one("Type", text("A::B::C")))),
        ("Outputs".into(), map(given_out.collect())),
    ])
}

#[test]
fn conditions_and_outputs_come_to_what_they_say() {
    holds(
        500,
        (vec(truths(), 1..6), vec(terms(), 1..4), choices(), any::<bool>()),
        |(conditions, outputs, choices, in_json)| {
            let whole = template(&conditions, &outputs);
            let written = if in_json { json(&whole, &choices) } else { yaml(&whole, &choices) };
            let read = Template::parse(&written)
                .map_err(|misread| TestCaseError::fail(format!("{misread:?} in\n{written}")))?;
            let values = PARAMETERS
                .iter()
                .filter_map(|(name, value)| Some((name.to_string(), value.as_ref()?.to_string())))
                .collect();
            let (scope, mut known) = (Scope::new(&read, &values), vec![]);
            for (number, truth) in conditions.iter().enumerate() {
                known.push(truth.worth(&known));
                prop_assert_eq!(
                    scope.holds(&name(number)),
                    known[number],
                    "{} in\n{}",
                    name(number),
                    written
                );
            }
            for (number, term) in outputs.iter().enumerate() {
                let output = read
                    .section("Outputs")
                    .and_then(|all| all.get(&format!("O{number}"))?.get("Value"));
                prop_assert_eq!(
                    output.and_then(|value| scope.resolve(value)),
                    term.worth(&known),
                    "O{} in\n{}",
                    number,
                    written
                );
            }
            Ok(())
        },
    );
}

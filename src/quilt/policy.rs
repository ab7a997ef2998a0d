//! The policies around a deployment, as JSON in the order people write it.

pub mod bucket;
pub mod kms;
pub mod named;
pub mod perimeter;
pub mod trust;
pub mod trusted;

use serde::ser::{Serialize, SerializeMap, Serializer};

use named::arn;

/// The version of IAM's policy language.
const VERSION: &str = "2012-10-17";

/// A policy. `S` is one statement, or a list of them.
#[derive(serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct Policy<S> {
    version: &'static str,
    statement: S,
}

#[derive(Default, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'static str>,
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<Entries<Words>>,
    action: Words,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Entries<Entries<Words>>>,
}

/// Strings; a single one stands by itself.
#[derive(Default)]
struct Words(Vec<String>);

/// Members of an object, in this order.
struct Entries<V>(Vec<(String, V)>);

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            all => all.serialize(serializer),
        }
    }
}

impl<V: Serialize> Serialize for Entries<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.end()
    }
}

impl Words {
    fn of<T: ToString>(words: impl IntoIterator<Item = T>) -> Self {
        Self(words.into_iter().map(|word| word.to_string()).collect())
    }
}

/// `{"AWS": …}`.
fn aws(principals: Words) -> Option<Entries<Words>> {
    Some(Entries(vec![("AWS".into(), principals)]))
}

fn policy<S: Serialize>(statement: S) -> String {
    json(&Policy { version: VERSION, statement })
}

/// The JSON of it. Strings in objects and lists always have one.
fn json(json: &impl Serialize) -> String {
    serde_json::to_string(json).unwrap_or_default()
}

/// The same without doubles, in the order they came.
fn distinct(all: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = vec![];
    for one in all {
        if !kept.contains(one) {
            kept.push(one.clone());
        }
    }
    kept
}

/// Checks a list of ARNs that go into one policy: each for itself, and that all are of one partition.
fn check_all(
    arns: &[String],
    what: &str,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<(), String> {
    let Some(first) = arns.first() else {
        return Err(format!("It is empty. Name one {what} or more."));
    };
    arns.iter().try_for_each(|arn| check(arn))?;
    let partition = |text: &str| arn(text).map(|arn| arn.partition.to_string());
    match arns.iter().find(|arn| partition(arn) != partition(first)) {
        Some(other) => Err(format!(
            "`{first}` and `{other}` are of two partitions, and no policy is for both. Make one policy for each."
        )),
        None => Ok(()),
    }
}

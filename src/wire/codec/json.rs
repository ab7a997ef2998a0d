//! JSON of state files, with every number as exact as it is written.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{Limits, Malformed, number};
use crate::tf::Tree;

/// Reads one value.
pub fn read(text: &[u8]) -> Result<Tree, Malformed> {
    let raw: &RawValue = serde_json::from_slice(text).map_err(|_| MALFORMED)?;
    value(raw, &mut Limits::new())
}

const MALFORMED: Malformed = Malformed("it is not JSON");

/// One level at a time: the parts stay text until their own turn, so that a number is never a float in between.
fn value(raw: &RawValue, limits: &mut Limits) -> Result<Tree, Malformed> {
    limits.count()?;
    let text = raw.get();
    match text.as_bytes() {
        [b'n', ..] => Ok(Tree::Null),
        [b't', ..] => Ok(Tree::Bool(true)),
        [b'f', ..] => Ok(Tree::Bool(false)),
        [b'"', ..] => serde_json::from_str(text).map(Tree::String).map_err(|_| MALFORMED),
        [b'[', ..] => {
            limits.down()?;
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| MALFORMED)?;
            let items =
                items.into_iter().map(|raw| value(raw, limits)).collect::<Result<_, _>>()?;
            limits.up();
            Ok(Tree::List(items))
        }
        [b'{', ..] => {
            limits.down()?;
            let entries: BTreeMap<String, &RawValue> =
                serde_json::from_str(text).map_err(|_| MALFORMED)?;
            let entries = entries
                .into_iter()
                .map(|(key, raw)| Ok((key, value(raw, limits)?)))
                .collect::<Result<_, Malformed>>()?;
            limits.up();
            Ok(Tree::Map(entries))
        }
        _ => number::from_text(text).map(Tree::Number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tf::Number;

    #[test]
    fn every_type_is_read() {
        let tree =
            read(br#" {"a":[null,true,false,"\u00e4\n"],"n":{"whole":3,"half":0.5,"tenth":0.10,"big":123456789012345678901234567890}} "#);
        let list = Tree::List(vec![Tree::Null, Tree::Bool(true), Tree::Bool(false), "ä\n".into()]);
        let numbers = [
            ("whole", Number::Int(3)),
            ("half", Number::Float(0.5)),
            ("tenth", Number::Decimal("0.1".into())),
            ("big", Number::Decimal("123456789012345678901234567890".into())),
        ];
        let numbers = numbers.map(|(k, n)| (k.to_string(), Tree::Number(n)));
        assert_eq!(
            tree,
            Ok(Tree::Map([("a".into(), list), ("n".into(), Tree::Map(numbers.into()))].into()))
        );
    }

    #[test]
    fn nonsense_is_an_error() {
        for text in ["", "{", "nul", "[1,]", "{\"a\":1}x", "\"\\ud800\"", "01", "{1:2}"] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
        assert!(read(b"\"\xff\"").is_err());
        assert_eq!(read("[".repeat(100_000).as_bytes()), Err(MALFORMED));
        let deep = ["[".repeat(5000), "]".repeat(5000)].concat();
        assert_eq!(read(deep.as_bytes()), Err(Malformed("values nested too deeply")));
    }
}

//! Text in YAML as the value that it means, for what a registry keeps as text: two texts that mean the same are the same.

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Number, Value};

/// Deepest nesting that is followed.
const MAX_DEPTH: usize = 64;

/// Reads a text of one document. What begins with `{` is YAML too, as JSON.
///
/// # Errors
/// Why it is none, as the end of a sentence.
pub fn read(text: &str) -> Result<Value, String> {
    let mut events = Parser::new_from_str(text);
    let mut next = || match events.next() {
        Some(Ok((event, span))) => Ok((event, span.start.line())),
        Some(Err(e)) => Err(format!("it is not valid YAML: {e}")),
        None => Err("it ends early".to_string()),
    };
    loop {
        match next()? {
            (Event::StreamStart | Event::DocumentStart(..), _) => {}
            (Event::StreamEnd | Event::DocumentEnd, _) => return Err("it is empty".into()),
            (first, line) => return value(first, line, 0, &mut next),
        }
    }
}

type Next<'a, 'e> = &'a mut dyn FnMut() -> Result<(Event<'e>, usize), String>;

fn value<'e>(
    event: Event<'e>,
    line: usize,
    depth: usize,
    next: Next<'_, 'e>,
) -> Result<Value, String> {
    if depth > MAX_DEPTH {
        return Err("it is nested too deeply".into());
    }
    match event {
        Event::Scalar(text, ScalarStyle::Plain, _, None) => Ok(plain(&text)),
        Event::Scalar(text, ..) => Ok(Value::String(text.into_owned())),
        Event::SequenceStart(..) => list(depth, next),
        Event::MappingStart(..) => map(depth, next),
        _ => Err(format!("it uses an alias, which is not followed here (line {line})")),
    }
}

fn list(depth: usize, next: Next<'_, '_>) -> Result<Value, String> {
    let mut items = vec![];
    loop {
        match next()? {
            (Event::SequenceEnd, _) => return Ok(Value::Array(items)),
            (event, line) => items.push(value(event, line, depth + 1, next)?),
        }
    }
}

fn map(depth: usize, next: Next<'_, '_>) -> Result<Value, String> {
    let mut entries = Map::new();
    loop {
        let key = match next()? {
            (Event::MappingEnd, _) => return Ok(Value::Object(entries)),
            (Event::Scalar(text, ..), line) => (text.into_owned(), line),
            (_, line) => return Err(format!("a key is no text (line {line})")),
        };
        let (event, line) = next()?;
        let value = value(event, line, depth + 1, next)?;
        if entries.insert(key.0.clone(), value).is_some() {
            return Err(format!("the key `{}` stands twice (line {})", key.0, key.1));
        }
    }
}

/// What YAML makes of characters without quotes.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return true.into();
        }
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return false.into();
        }
        _ => {}
    }
    let digits = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let float = || text.parse().ok().filter(|_| digits).and_then(Number::from_f64);
    match text.parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) => float().map_or_else(|| text.into(), Value::Number),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_that_mean_the_same_are_the_same() {
        let wanted =
            json!({ "version": "1.0", "n": [1, 2.5, true, null, "yes"], "m": { "a": "b c" } });
        for text in [
            "version: \"1.0\"\nn: [1, 2.5, yes, ~, 'yes']\nm:\n  a: b c\n",
            "# A comment\nm: {a: b c}\nversion: '1.0'\nn:\n- 1\n- 2.5\n- true\n- null\n- \"yes\"\n",
            &wanted.to_string(),
        ] {
            assert_eq!(read(text), Ok(wanted.clone()), "{text}");
        }
    }

    #[test]
    fn what_is_no_such_text_is_said() {
        for (text, words) in [
            ("", "it is empty"),
            ("a: [", "it is not valid YAML"),
            ("a: 1\na: 2", "the key `a` stands twice (line 2)"),
            ("a: &x 1\nb: *x", "it uses an alias"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.starts_with(words), "{text}: {said}");
        }
        assert!(read(&"[".repeat(200)).is_err());
    }
}

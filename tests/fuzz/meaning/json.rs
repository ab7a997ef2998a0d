//! Templates in JSON, with any spaces, order of keys and escapes.

use super::pen::Pen;
use super::{Value, parts};

/// Writes a template.
pub fn json(value: &Value, choices: &[u8]) -> String {
    let mut pen = Pen::new(choices);
    let text = written(value, &mut pen);
    text + pen.pick(&["", "\n", " \r\n"])
}

fn written(value: &Value, pen: &mut Pen<'_>) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Truth(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => quoted(text, pen),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| written(item, pen)).collect();
            enclosed('[', items, ']', pen)
        }
        Value::Map(entries) => {
            let entries = pen.shuffled(entries.iter());
            let entries: Vec<_> =
                entries.into_iter().map(|(key, value)| entry(key, value, pen)).collect();
            enclosed('{', entries, '}', pen)
        }
        Value::Call(function, given) => {
            let apart = parts(function, given).filter(|_| pen.sometimes(2));
            let entry = entry(function, apart.as_ref().unwrap_or(given), pen);
            enclosed('{', vec![entry], '}', pen)
        }
    }
}

fn entry(key: &str, value: &Value, pen: &mut Pen<'_>) -> String {
    let between = pen.pick(&[":", ": ", " :\t", ":\n  "]);
    format!("{}{between}{}", quoted(key, pen), written(value, pen))
}

fn enclosed(open: char, items: Vec<String>, close: char, pen: &mut Pen<'_>) -> String {
    let space = pen.pick(&["", " ", "\n  ", "\r\n\t"]);
    format!("{open}{space}{}{space}{close}", items.join(&format!(",{space}")))
}

/// A text between quotes; JSON and YAML agree on these escapes.
pub fn quoted(text: &str, pen: &mut Pen<'_>) -> String {
    let spelled = pen.sometimes(4);
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        '\n' => "\\n".into(),
        '\t' => "\\t".into(),
        c if spelled && u32::from(c) < 0x1_0000 => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

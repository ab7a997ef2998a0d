//! A template in JSON: `serde_json` judges the text, and what it found well-formed is walked once, with numbers as they are written.

use serde::de::IgnoredAny;

use super::Node;
use super::parse::{MAX_DEPTH, Noticed, expanded};
use super::scalar::{Scalar, read_json};
use crate::outcome::not_json;

/// Reads a text in JSON, or says why it cannot.
pub(super) fn read(text: &str, noticed: &mut Noticed) -> Result<Node, String> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|e| not_json(&e))?;
    Walk { text, at: 0, line: (0, 1), noticed }
        .value(0)
        .ok_or_else(|| "it is nested too deeply".into())
}

/// A way through a text that is well-formed.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    /// A place, and the number of its line.
    line: (usize, usize),
    noticed: &'a mut Noticed,
}

impl<'a> Walk<'a> {
    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let spaces = rest.iter().take_while(|b| b" \t\r\n".contains(b)).count();
        self.at += spaces;
        rest.get(spaces).copied()
    }

    /// Passes over one byte if it is this one.
    fn pass(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        match self.peek()? {
            _ if depth > MAX_DEPTH => None,
            b'{' => self.map(depth),
            b'[' => self.list(depth),
            b'"' => Some(Node::Scalar(Scalar::quoted(self.string()?))),
            _ => Some(read_json(self.word()).into()),
        }
    }

    fn map(&mut self, depth: usize) -> Option<Node> {
        let mut entries = vec![];
        self.pass(b'{');
        while !self.pass(b'}') {
            self.peek();
            let line = self.line();
            let key = self.string()?;
            self.pass(b':');
            let value = expanded(&key, self.value(depth + 1)?);
            entries.push((key, value, line));
            self.pass(b',');
        }
        Some(Node::Map(self.noticed.entries(entries)))
    }

    fn list(&mut self, depth: usize) -> Option<Node> {
        let mut items = vec![];
        self.pass(b'[');
        while !self.pass(b']') {
            items.push(self.value(depth + 1)?);
            self.pass(b',');
        }
        Some(Node::List(items))
    }

    fn string(&mut self) -> Option<String> {
        let from = self.at;
        let bytes = self.text.as_bytes();
        let mut end = from + 1;
        while *bytes.get(end)? != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        self.at = end + 1;
        let inner = &self.text[from + 1..end];
        if inner.contains('\\') {
            serde_json::from_str(&self.text[from..=end]).ok()
        } else {
            Some(inner.into())
        }
    }

    /// What stands without quotes.
    fn word(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest.find([',', ']', '}', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn line(&mut self) -> usize {
        let (from, line) = self.line;
        let more = self.text.as_bytes()[from..self.at].iter().filter(|b| **b == b'\n').count();
        self.line = (self.at, line + more);
        line + more
    }
}

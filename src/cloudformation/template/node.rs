//! A template's value: mappings, lists and scalars, with CloudFormation's short forms already spelled out.

use sha2::{Digest, Sha256};

use super::scalar::{Read, Scalar};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Nothing.
    Null,
    /// Text, a boolean or a number.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// A mapping.
    Map(Entries),
}

/// The entries of a mapping, in the order of their keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entries(Vec<(String, Node)>);

impl Entries {
    /// Entries that stand in the order of their keys. Of a key that stands twice the last counts.
    pub(super) fn sorted(mut entries: Vec<(String, Node)>) -> Self {
        entries.dedup_by(|later, kept| {
            let again = later.0 == kept.0;
            if again {
                std::mem::swap(later, kept);
            }
            again
        });
        Self(entries)
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let at = self.0.binary_search_by(|(k, _)| k.as_str().cmp(key)).ok()?;
        Some(&self.0[at].1)
    }

    /// There is such a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(key, _)| key)
    }

    /// The values.
    pub fn values(&self) -> impl Iterator<Item = &Node> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Keys and values.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Node)> {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

impl From<Read> for Node {
    fn from(read: Read) -> Self {
        match read {
            Read::Null => Node::Null,
            Read::Scalar(scalar) => Node::Scalar(scalar),
        }
    }
}

impl Node {
    /// Text, as if it were quoted.
    pub(super) fn quoted(text: &str) -> Self {
        Node::Scalar(Scalar::quoted(text.into()))
    }

    /// The value under `key` of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.get(key)
    }

    /// The keys of the mapping under `key`.
    pub fn keys(&self, key: &str) -> Vec<String> {
        self.get(key)
            .and_then(Node::entries)
            .map(|m| m.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// The entries of a mapping.
    pub fn entries(&self) -> Option<&Entries> {
        match self {
            Node::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<&[Node]> {
        match self {
            Node::List(items) => Some(items),
            _ => None,
        }
    }

    /// A mapping with one entry, as functions are written: the function and what it is given.
    pub fn call(&self) -> Option<(&str, &Node)> {
        match self.entries()?.0.as_slice() {
            [(name, given)] => Some((name, given)),
            _ => None,
        }
    }

    /// It, or anything in it, is such.
    pub fn any(&self, such: &impl Fn(&Node) -> bool) -> bool {
        such(self)
            || match self {
                Node::List(items) => items.iter().any(|item| item.any(such)),
                Node::Map(entries) => entries.values().any(|value| value.any(such)),
                _ => false,
            }
    }

    /// Shows every scalar in it.
    pub fn each_text<'n>(&'n self, see: &mut impl FnMut(&'n str)) {
        match self {
            Node::Null => {}
            Node::Scalar(scalar) => see(&scalar.text),
            Node::List(items) => items.iter().for_each(|item| item.each_text(see)),
            Node::Map(entries) => entries.values().for_each(|value| value.each_text(see)),
        }
    }

    /// A scalar.
    pub fn scalar(&self) -> Option<&Scalar> {
        match self {
            Node::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// A scalar's text.
    pub fn str(&self) -> Option<&str> {
        self.scalar().map(|scalar| scalar.text.as_str())
    }

    /// A scalar as text.
    pub fn text(&self) -> Option<String> {
        self.str().map(str::to_string)
    }

    /// The scalars of a list as text.
    pub fn texts(&self) -> Vec<String> {
        self.items().unwrap_or_default().iter().filter_map(Node::text).collect()
    }

    /// Feeds a hash so that equal values, and only those, feed the same.
    pub(super) fn feed(&self, into: &mut Feed) {
        match self {
            Node::Null => into.take(b"n"),
            Node::Scalar(scalar) if scalar.typed => into.text(b'p', &scalar.text),
            Node::Scalar(scalar) => into.text(b't', &scalar.text),
            Node::List(items) => {
                into.count(b'l', items.len());
                items.iter().for_each(|item| item.feed(into));
            }
            Node::Map(entries) => {
                into.count(b'm', entries.len());
                for (key, value) in entries.iter() {
                    into.text(b'k', key);
                    value.feed(into);
                }
            }
        }
    }
}

/// A hash that is fed in large pieces: a template is a million small ones.
#[derive(Default)]
pub(super) struct Feed {
    hash: Sha256,
    pieces: Vec<u8>,
}

impl Feed {
    const FULL: usize = 16_384;

    fn take(&mut self, piece: &[u8]) {
        self.pieces.extend_from_slice(piece);
        if self.pieces.len() >= Self::FULL {
            self.hash.update(&self.pieces);
            self.pieces.clear();
        }
    }

    /// Seven bits in a byte, the lowest first; the last byte has no eighth bit.
    fn count(&mut self, tag: u8, mut n: usize) {
        self.pieces.push(tag);
        while n > 0x7f {
            self.pieces.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.take(&[n as u8]);
    }

    fn text(&mut self, tag: u8, text: &str) {
        self.count(tag, text.len());
        self.take(text.as_bytes());
    }

    /// What it comes to.
    pub(super) fn digest(mut self) -> [u8; 32] {
        self.hash.update(&self.pieces);
        self.hash.finalize().into()
    }
}

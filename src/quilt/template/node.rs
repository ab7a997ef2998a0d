//! A template's value: mappings, lists and scalars, with CloudFormation's short forms already spelled out.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

/// A value. Aliases share what they point to.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Nothing.
    Null,
    /// A boolean or number, as written.
    Plain(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping.
    Map(BTreeMap<String, Node>),
    /// What an anchor named.
    Shared(SharedNode),
}

/// A value that stands in several places.
pub type SharedNode = Arc<Node>;

impl Node {
    fn inner(&self) -> &Node {
        match self {
            Node::Shared(node) => node.inner(),
            node => node,
        }
    }

    /// The value under `key` of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match self.inner() {
            Node::Map(m) => m.get(key).map(Node::inner),
            _ => None,
        }
    }

    /// The keys of the mapping under `key`.
    pub fn keys(&self, key: &str) -> Vec<String> {
        match self.get(key) {
            Some(Node::Map(m)) => m.keys().cloned().collect(),
            _ => vec![],
        }
    }

    /// The entries of a mapping.
    pub fn entries(&self) -> Option<&BTreeMap<String, Node>> {
        match self.inner() {
            Node::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<&[Node]> {
        match self.inner() {
            Node::List(items) => Some(items),
            _ => None,
        }
    }

    /// A mapping with one entry, as functions are written: the function and what it is given.
    pub fn call(&self) -> Option<(&str, &Node)> {
        match self.entries()? {
            entries if entries.len() == 1 => entries.iter().next().map(|(name, given)| (name.as_str(), given)),
            _ => None,
        }
    }

    /// It is text, not a boolean or a number.
    pub fn is_text(&self) -> bool {
        matches!(self.inner(), Node::Text(_))
    }

    /// It, or anything in it, is such.
    pub fn any(&self, such: &impl Fn(&Node) -> bool) -> bool {
        such(self)
            || match self.inner() {
                Node::List(items) => items.iter().any(|item| item.any(such)),
                Node::Map(entries) => entries.values().any(|value| value.any(such)),
                _ => false,
            }
    }

    /// A scalar as text.
    pub fn text(&self) -> Option<String> {
        match self.inner() {
            Node::Plain(s) | Node::Text(s) => Some(s.clone()),
            _ => None,
        }
    }

    /// The scalars of a list as text.
    pub fn texts(&self) -> Vec<String> {
        match self.inner() {
            Node::List(items) => items.iter().filter_map(Node::text).collect(),
            _ => vec![],
        }
    }

    /// Feeds a hash so that equal values, and only those, feed the same.
    pub fn feed(&self, hash: &mut Sha256) {
        match self.inner() {
            Node::Null => hash.update(b"n"),
            Node::Plain(s) => feed_text(b"p", s, hash),
            Node::Text(s) => feed_text(b"t", s, hash),
            Node::List(items) => {
                feed_count(b"l", items.len(), hash);
                items.iter().for_each(|item| item.feed(hash));
            }
            Node::Map(entries) => {
                feed_count(b"m", entries.len(), hash);
                for (key, value) in entries {
                    feed_text(b"k", key, hash);
                    value.feed(hash);
                }
            }
            Node::Shared(_) => {}
        }
    }
}

fn feed_count(tag: &[u8], n: usize, hash: &mut Sha256) {
    hash.update(tag);
    hash.update((n as u64).to_be_bytes());
}

fn feed_text(tag: &[u8], text: &str, hash: &mut Sha256) {
    feed_count(tag, text.len(), hash);
    hash.update(text.as_bytes());
}

//! Text to `Node`: YAML with CloudFormation's short tags, and JSON. Bounded in depth and size, whatever the text.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::Value as Json;

use super::Node;

/// Deepest nesting that is followed; CloudFormation's own templates stay under 30.
const MAX_DEPTH: usize = 100;
/// Most values a template may hold once its aliases are followed; the largest template of 1 MB stays far below.
const MAX_NODES: usize = 600_000;

pub(super) fn parse(text: &str) -> Result<Node, String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        // A flow mapping of YAML may begin like JSON.
        return match serde_json::from_str::<Json>(text) {
            Ok(json) => Ok(from_json(json)),
            Err(e) if e.is_syntax() || e.is_eof() => Reader::new(text).read().map_err(|_| format!("it is not valid JSON: {e}")),
            Err(e) => Err(format!("it is not valid JSON: {e}")),
        };
    }
    Reader::new(text).read()
}

fn from_json(json: Json) -> Node {
    match json {
        Json::Null => Node::Null,
        Json::Bool(b) => Node::Plain(b.to_string()),
        Json::Number(n) => Node::Plain(n.to_string()),
        Json::String(s) => Node::Text(s),
        Json::Array(items) => Node::List(items.into_iter().map(from_json).collect()),
        Json::Object(entries) => Node::Map(entries.into_iter().map(|(k, v)| (k.clone(), expanded(&k, from_json(v)))).collect()),
    }
}

/// Spells `Fn::GetAtt: A.B` out as the list it stands for.
fn expanded(key: &str, value: Node) -> Node {
    match value {
        Node::Text(s) if key == "Fn::GetAtt" => match s.split_once('.') {
            Some((id, attribute)) => Node::List(vec![Node::Text(id.into()), Node::Text(attribute.into())]),
            None => Node::Text(s),
        },
        value => value,
    }
}

struct Reader<'a> {
    events: Parser<'a, saphyr_parser::StrInput<'a>>,
    anchors: HashMap<usize, (Arc<Node>, usize)>,
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { events: Parser::new_from_str(text), anchors: HashMap::new(), nodes: 0 }
    }

    fn read(mut self) -> Result<Node, String> {
        loop {
            match self.next()? {
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
                Event::StreamEnd | Event::DocumentEnd => return Err("it is empty".into()),
                first => return self.value(first, 0),
            }
        }
    }

    fn next(&mut self) -> Result<Event<'a>, String> {
        match self.events.next() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(e)) => Err(format!("it is not valid YAML: {e}")),
            None => Err("it ends early".into()),
        }
    }

    fn count(&mut self, n: usize) -> Result<(), String> {
        self.nodes += n;
        if self.nodes > MAX_NODES { Err("it is too large once its aliases are followed".into()) } else { Ok(()) }
    }

    fn value(&mut self, event: Event<'a>, depth: usize) -> Result<Node, String> {
        if depth > MAX_DEPTH {
            return Err("it is nested too deeply".into());
        }
        let before = self.nodes;
        self.count(1)?;
        let (node, anchor, tag) = match event {
            Event::Alias(id) => return self.alias(id),
            Event::Scalar(text, style, anchor, tag) => (scalar(&text, style, tag.as_deref()), anchor, tag),
            Event::SequenceStart(anchor, tag) => (self.list(depth)?, anchor, tag),
            Event::MappingStart(anchor, tag) => (self.map(depth)?, anchor, tag),
            _ => return Err("it is not valid YAML".into()),
        };
        let node = tagged(tag.as_deref(), node);
        if anchor == 0 {
            return Ok(node);
        }
        let shared = Arc::new(node);
        self.anchors.insert(anchor, (shared.clone(), self.nodes - before));
        Ok(Node::Shared(shared))
    }

    fn alias(&mut self, id: usize) -> Result<Node, String> {
        let (node, size) = self.anchors.get(&id).cloned().ok_or("an alias points to nothing")?;
        self.count(size)?;
        Ok(Node::Shared(node))
    }

    fn list(&mut self, depth: usize) -> Result<Node, String> {
        let mut items = vec![];
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Node::List(items)),
                event => items.push(self.value(event, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Node, String> {
        let mut entries = BTreeMap::new();
        loop {
            let key = match self.next()? {
                Event::MappingEnd => return Ok(Node::Map(entries)),
                event => self.value(event, depth + 1)?.text().ok_or("a key is not text")?,
            };
            let event = self.next()?;
            let value = self.value(event, depth + 1)?;
            // Of a key that stands twice the last counts, as for CloudFormation.
            let value = expanded(&key, value);
            entries.insert(key, value);
        }
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Node {
    let tagged_text = tag.is_some_and(|t| !t.is_yaml_core_schema() || t.suffix == "str");
    if style != ScalarStyle::Plain || tagged_text {
        return Node::Text(text.into());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Node::Null,
        "true" | "True" | "TRUE" => Node::Plain("true".into()),
        "false" | "False" | "FALSE" => Node::Plain("false".into()),
        text if is_number(text) => Node::Plain(text.into()),
        text => Node::Text(text.into()),
    }
}

pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.')
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text.parse::<f64>().is_ok()
}

/// `!Sub x` as `{"Fn::Sub": x}`.
fn tagged(tag: Option<&Tag>, node: Node) -> Node {
    let Some(tag) = tag.filter(|t| !t.is_yaml_core_schema()) else { return node };
    let key = match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        name => format!("Fn::{name}"),
    };
    let value = expanded(&key, node);
    Node::Map([(key, value)].into())
}

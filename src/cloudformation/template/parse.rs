//! Text to `Node`: YAML with CloudFormation's short tags, and what it shares with JSON. Bounded in depth and time, whatever the text.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

use super::scalar::{Scalar, read};
use super::{Entries, MACRO, Misread, Node};
use crate::outcome::shortened;

/// Deepest nesting that is followed; CloudFormation's own templates stay under 30.
pub(super) const MAX_DEPTH: usize = 100;

/// What all tags of YAML itself begin with.
const OWN: &str = "tag:yaml.org,2002:";

/// What is noticed while a text is read, so that nobody has to walk through the whole of it again.
#[derive(Default)]
pub(super) struct Noticed {
    /// Keys that stand twice in a mapping: "`Type` (line 12)".
    pub doubled: Vec<String>,
    /// Something is handed to a macro.
    pub macros: bool,
}

impl Noticed {
    /// The entries of a mapping, each with its line. Of a key that stands twice the last counts.
    pub(super) fn entries(&mut self, mut entries: Vec<(String, Node, usize)>) -> Entries {
        entries.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        for pair in entries.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            self.doubled.push(format!("`{}` (line {})", shortened(&pair[1].0), pair[1].2));
        }
        self.macros |= entries.iter().any(|(key, ..)| key == MACRO);
        Entries::sorted(entries.into_iter().map(|(key, value, _)| (key, value)).collect())
    }
}

/// Reads a text in YAML.
pub(super) fn yaml(text: &str, noticed: &mut Noticed) -> Result<Node, Misread> {
    control(text).map_or_else(|| Reader::new(text, noticed).read(), Err)
}

/// Spells `Fn::GetAtt: A.B` out as the list it stands for.
pub(super) fn expanded(key: &str, value: Node) -> Node {
    let text = value.scalar().filter(|scalar| key == "Fn::GetAtt" && !scalar.typed);
    match text.and_then(|scalar| scalar.text.split_once('.')) {
        Some((id, attribute)) => Node::List(vec![Node::quoted(id), Node::quoted(attribute)]),
        None => value,
    }
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    /// Where what was read last begins.
    line: usize,
    noticed: &'a mut Noticed,
}

type Mark<'a> = Option<Cow<'a, Tag>>;

impl<'a> Reader<'a> {
    fn new(text: &'a str, noticed: &'a mut Noticed) -> Self {
        let options = granit_parser::options! {
            block_scalar_eof_without_line_feed: true,
            bom_inside_document_as_content: true,
            emit_unresolved_aliases: true,
        };
        Self { events: Parser::new_from_str_with_options(text, options), line: 1, noticed }
    }

    fn read(mut self) -> Result<Node, Misread> {
        let root = loop {
            match self.next()? {
                Event::StreamStart | Event::DocumentStart(..) => {}
                Event::StreamEnd | Event::DocumentEnd => {
                    return Err(Misread::certain("it is empty"));
                }
                first => break self.value(first, 0)?,
            }
        };
        loop {
            match self.events.next() {
                None | Some(Ok((Event::StreamEnd, _))) => return Ok(root),
                Some(Ok((Event::DocumentEnd, _))) => {}
                Some(Ok((_, span))) => {
                    return Err(Misread::certain(format!(
                        "it holds a second document, from line {}",
                        span.start.line()
                    )));
                }
                Some(Err(e)) => {
                    return Err(Misread::certain(format!(
                        "there is text after its end, in line {}",
                        e.marker().line()
                    )));
                }
            }
        }
    }

    fn next(&mut self) -> Result<Event<'a>, Misread> {
        match self.events.next() {
            Some(Ok((event, span))) => {
                self.line = span.start.line();
                Ok(event)
            }
            Some(Err(e)) => Err(Misread::perhaps(format!(
                "it is not valid YAML: {}",
                shortened(&e.to_string())
            ))),
            None => Err(Misread::perhaps("it ends early")),
        }
    }

    fn refused(&self, what: &str) -> Misread {
        Misread::certain(format!("{what} (line {})", self.line))
    }

    fn value(&mut self, event: Event<'a>, depth: usize) -> Result<Node, Misread> {
        if depth > MAX_DEPTH {
            return Err(Misread::perhaps("it is nested too deeply"));
        }
        let (node, mark) = match event {
            Event::Scalar(text, style, _, mark) => (scalar(text, style, mark.as_deref()), mark),
            Event::SequenceStart(_, _, mark) => (self.list(depth)?, mark),
            Event::MappingStart(_, _, mark) => (self.map(depth)?, mark),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                return Err(self.refused("it uses an alias (`*…`), which CloudFormation does not take: write out what the anchor names"));
            }
            _ => return Err(Misread::perhaps("it is not valid YAML")),
        };
        self.tagged(mark, node)
    }

    fn list(&mut self, depth: usize) -> Result<Node, Misread> {
        let mut items = vec![];
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Node::List(items)),
                event => {
                    // Lists of one item are many: room for more is made when more comes.
                    items.reserve_exact(usize::from(items.is_empty()));
                    items.push(self.value(event, depth + 1)?);
                }
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Node, Misread> {
        let mut entries = vec![];
        loop {
            let key = match self.next()? {
                Event::MappingEnd => return Ok(Node::Map(self.noticed.entries(entries))),
                event => self.key(event)?,
            };
            let line = self.line;
            let event = self.next()?;
            let value = expanded(&key, self.value(event, depth + 1)?);
            entries.push((key, value, line));
        }
    }

    /// CloudFormation takes text alone for a key: "map keys must be strings" was seen of numbers and mappings, "malformed key" of `null`.
    fn key(&mut self, event: Event<'a>) -> Result<String, Misread> {
        let (text, style, mark) = match event {
            Event::Scalar(text, style, _, mark) => (text, style, mark),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                return self.value(event, 0).map(|_| String::new());
            }
            _ => {
                return Err(self.refused("a key is a list or a mapping; CloudFormation takes text"));
            }
        };
        if text == "<<" && style == ScalarStyle::Plain && mark.is_none() {
            return Err(self.refused(
                "it merges mappings (`<<`), which CloudFormation does not: write the entries out",
            ));
        }
        let what = match scalar(text, style, mark.as_deref()) {
            Node::Scalar(key) if !key.typed => return Ok(key.text),
            Node::Scalar(key) if matches!(key.text.as_str(), "true" | "false") => {
                format!("the truth value `{}`", key.text)
            }
            Node::Scalar(key) => format!("the number `{}`", shortened(&key.text)),
            _ => "nothing (`null`)".into(),
        };
        Err(self.refused(&format!("a key is {what}; CloudFormation takes text: quote it")))
    }

    /// `!Sub x` as `{"Fn::Sub": x}`.
    fn tagged(&mut self, mark: Mark<'_>, node: Node) -> Result<Node, Misread> {
        let Some(mark) =
            mark.filter(|mark| !mark.is_yaml_core_schema() && !mark.suffix().is_empty())
        else {
            return Ok(node);
        };
        if mark.handle() == OWN {
            return Err(self.refused(&format!(
                "it uses the tag `!!{}`, which CloudFormation does not take",
                shortened(mark.suffix())
            )));
        }
        let key = match mark.suffix() {
            name @ ("Ref" | "Condition") => name.to_string(),
            name => format!("Fn::{name}"),
        };
        self.noticed.macros |= key == MACRO;
        let value = expanded(&key, node);
        Ok(Node::Map(Entries::sorted(vec![(key, value)])))
    }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, mark: Option<&Tag>) -> Node {
    let text_by_tag =
        mark.is_some_and(|mark| !mark.is_yaml_core_schema() || mark.is_yaml_core_schema_tag("str"));
    match style == ScalarStyle::Plain && !text_by_tag {
        true => read(&text).into(),
        false => Node::Scalar(Scalar::quoted(text.into_owned())),
    }
}

/// Where a character stands that no YAML may hold.
fn control(text: &str) -> Option<Misread> {
    let refused = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    let (at, found) = text.char_indices().find(|(_, c)| refused(*c))?;
    let line = text[..at].matches('\n').count() + 1;
    Some(Misread::certain(format!(
        "it holds a control character (U+{:04X}, line {line})",
        u32::from(found)
    )))
}

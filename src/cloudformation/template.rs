//! What a CloudFormation template says: its parameters, outputs and resources, and whether two of them mean the same.

use std::collections::BTreeMap;

use parse::Noticed;
use sha2::{Digest, Sha256};

mod capabilities;
mod declared;
mod expression;
mod json;
mod node;
mod parse;
mod rules;
mod scalar;
mod volatile;

pub use declared::Declared;
pub use expression::Scope;
pub(crate) use expression::marked;
use node::Feed;
pub use node::{Entries, Node};
pub use rules::Broken;
pub(crate) use volatile::mentioned;

/// A template that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// What it declares under `Parameters`.
    pub parameters: BTreeMap<String, Declared>,
    /// Types of its resources by logical id.
    pub resources: BTreeMap<String, String>,
    /// Names of its outputs.
    pub outputs: Vec<String>,
    /// Keys that stand twice in a mapping, with their lines: the last counts.
    pub doubled: Vec<String>,
    /// A macro rewrites it.
    transformed: bool,
    /// The whole of it.
    root: Node,
}

/// Why a template was not understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Misread {
    /// What is wrong, for a sentence.
    pub why: String,
    /// It is no template; otherwise CloudFormation may read what we cannot.
    pub certain: bool,
}

impl Misread {
    fn certain(why: impl Into<String>) -> Self {
        Self { why: why.into(), certain: true }
    }

    fn perhaps(why: impl Into<String>) -> Self {
        Self { why: why.into(), certain: false }
    }
}

/// Largest body that CloudFormation takes inside a call, in bytes.
pub const MAX_BODY: usize = 51_200;
/// Largest template that CloudFormation takes from S3, in bytes.
pub const MAX_OBJECT: usize = 1_048_576;

/// The function that hands what stands beside it to a macro, wherever it stands.
const MACRO: &str = "Fn::Transform";

/// The most entries that CloudFormation takes in a section.
const MOST: [(&str, usize); 4] =
    [("Resources", 500), ("Parameters", 200), ("Outputs", 200), ("Mappings", 200)];

impl Template {
    /// Understands a template, YAML or JSON.
    ///
    /// # Errors
    /// What is wrong with it. Where it is no template for certain, CloudFormation will not understand it either.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        if text.trim().is_empty() {
            return Err(Misread::certain("it is empty"));
        }
        if text.trim_start().starts_with('<') {
            return Err(Misread::certain(
                "it is a web page (HTML or XML), such as a sign-in page; download the template itself",
            ));
        }
        let mut noticed = Noticed::default();
        let root = parse(text, &mut noticed)?;
        let Some(top) = root.entries() else {
            let path = !text.trim().contains('\n') && text.len() < 300;
            return Err(Misread::certain(match path {
                true => {
                    "it is one line of text. If this is the path of a file, write it in `template_file`, or write `template_body = file(\"…\")`"
                }
                false => "it is not an object with `Resources` in it",
            }));
        };
        if top.get("Resources").and_then(Node::entries).is_none_or(Entries::is_empty) {
            return Err(Misread::certain("it has no `Resources`"));
        }
        let (parameters, resources) = (declared::all(&root), kinds(&root));
        let outputs = root.keys("Outputs").into_iter().filter(|name| name != MACRO).collect();
        let transformed = noticed.macros || root.get("Transform").is_some();
        Ok(Self { parameters, resources, outputs, doubled: noticed.doubled, transformed, root })
    }

    /// The same for templates that mean the same: key order, comments, layout and YAML or JSON make no difference.
    pub fn digest(&self) -> String {
        let mut feed = Feed::default();
        self.root.feed(&mut feed);
        hex(&feed.digest())
    }

    /// A text that stands at its top, as `Description`.
    pub fn text(&self, name: &str) -> Option<String> {
        self.root.get(name)?.text()
    }

    /// The entries of a section, as `Outputs`; `None`: it has none.
    pub fn section(&self, name: &str) -> Option<&Entries> {
        self.root.get(name)?.entries()
    }

    /// What there is more of than CloudFormation takes. A template with transforms is counted after them, which only CloudFormation can.
    pub fn excess(&self) -> Vec<String> {
        let counted = MOST
            .into_iter()
            .filter(|_| !self.transformed())
            .map(|(section, most)| (section, most, self.root.keys(section).len()));
        let over = counted.filter(|(_, most, count)| count > most);
        over.map(|(section, most, count)| {
            format!("It has {count} {}; CloudFormation takes {most}.", section.to_lowercase())
        })
        .collect()
    }

    /// The default of a parameter, where CloudFormation is sure to read it as we do.
    pub fn sure_default(&self, parameter: &str) -> Option<String> {
        Declared::sure_default(self.section("Parameters")?.get(parameter)?)
    }

    /// What the template says becomes of a resource that is deleted, as `Retain`.
    pub fn deletion_policy(&self, resource: &str) -> Option<String> {
        self.root.get("Resources")?.get(resource)?.get("DeletionPolicy")?.text()
    }

    /// A value for this parameter may be sent.
    pub fn declares(&self, parameter: &str) -> bool {
        self.parameters.contains_key(parameter)
    }
}

/// A text as CloudFormation gives it back, in `GetTemplate` and `DescribeStacks`: it keeps what is not ASCII for the resources, and shows `?` for it.
pub fn given_back(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
}

/// The digest of a template: by meaning where it is understood, else by its text.
pub fn digest(text: &str) -> String {
    match Template::parse(text) {
        Ok(template) => template.digest(),
        Err(_) => hex(&Sha256::digest(text.replace("\r\n", "\n").trim_end().as_bytes())),
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn kinds(root: &Node) -> BTreeMap<String, String> {
    let resources =
        root.get("Resources").and_then(Node::entries).into_iter().flat_map(Entries::iter);
    resources.filter_map(|(id, r)| Some((id.clone(), r.get("Type")?.text()?))).collect()
}

/// Reads a text. Keys that stand twice are told.
fn parse(text: &str, noticed: &mut Noticed) -> Result<Node, Misread> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.trim_start().starts_with('{') {
        return parse::yaml(text, noticed);
    }
    let why = match json::read(text, noticed) {
        Ok(node) => return Ok(node),
        Err(why) => why,
    };
    // A flow mapping of YAML may begin like JSON.
    *noticed = Noticed::default();
    parse::yaml(text, noticed)
        .map_err(|yaml| if yaml.certain { yaml } else { Misread::perhaps(why) })
}

#[cfg(test)]
mod tests;

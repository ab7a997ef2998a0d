//! A parameter as the template declares it.

use std::collections::BTreeMap;

use super::{Entries, Node};

/// A parameter as the template declares it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declared {
    /// `String`, `Number`, `CommaDelimitedList`, `List<…>` or an AWS type.
    pub kind: String,
    /// What holds when none is given.
    pub default: Option<String>,
    /// Never shown by CloudFormation.
    pub no_echo: bool,
    /// The only values it takes, or each item of a list; empty: any.
    pub allowed_values: Vec<String>,
    /// A regular expression of the whole value, or of each item of a list.
    pub allowed_pattern: Option<String>,
    /// Shortest and longest text.
    pub length: (Option<u64>, Option<u64>),
    /// Least and greatest number.
    pub range: (Option<f64>, Option<f64>),
    /// What it is, in the template's own words.
    pub description: Option<String>,
    /// The template's own words when a value does not fit.
    pub constraint_description: Option<String>,
    /// What CloudFormation does not take in the declaration itself.
    pub wrong: Option<&'static str>,
}

/// Every parameter that a template declares.
pub(super) fn all(root: &Node) -> BTreeMap<String, Declared> {
    let parameters =
        root.get("Parameters").and_then(Node::entries).into_iter().flat_map(Entries::iter);
    parameters
        .filter(|(name, _)| *name != super::MACRO)
        .map(|(name, p)| (name.clone(), Declared::read(p)))
        .collect()
}

/// What a parameter's `NoEcho` asks for. CloudFormation takes a truth value in any of YAML's words, quoted or not; what is not sure to be a "no" hides,
/// because a secret that was shown cannot be taken back.
fn hides(no_echo: &Node) -> bool {
    const NO: [&str; 5] = ["", "false", "no", "off", "0"];
    match no_echo {
        Node::Null => false,
        Node::Scalar(scalar) => !NO.iter().any(|no| scalar.text.trim().eq_ignore_ascii_case(no)),
        Node::List(_) | Node::Map(_) => true,
    }
}

impl Declared {
    fn read(p: &Node) -> Self {
        let text = |key: &str| p.get(key).and_then(Node::text);
        let number = |key: &str| text(key).and_then(|t| t.parse::<f64>().ok());
        let count = |key: &str| text(key).and_then(|t| t.parse::<u64>().ok());
        let listed = p.get("Default").is_some_and(|d| d.items().is_some() || d.entries().is_some());
        Self {
            kind: text("Type").unwrap_or_default(),
            default: text("Default"),
            no_echo: p.get("NoEcho").is_some_and(hides),
            allowed_values: p.get("AllowedValues").map(Node::texts).unwrap_or_default(),
            allowed_pattern: text("AllowedPattern"),
            length: (count("MinLength"), count("MaxLength")),
            range: (number("MinValue"), number("MaxValue")),
            description: text("Description"),
            constraint_description: text("ConstraintDescription"),
            wrong: listed.then_some("its `Default` is a list or a mapping; CloudFormation takes text, of a list with commas between"),
        }
    }

    /// It is a list: its constraints hold for each item.
    pub fn is_list(&self) -> bool {
        self.kind == "CommaDelimitedList" || self.kind.starts_with("List<")
    }

    /// Its value is the name of a parameter in Systems Manager, which CloudFormation looks up in every operation.
    pub fn resolved_anew(&self) -> bool {
        self.kind.starts_with("AWS::SSM::Parameter::Value")
    }

    /// What it is given is what a reference to it comes to, and no secret.
    pub(super) fn is_plain(&self) -> bool {
        !self.no_echo && !self.resolved_anew()
    }
}

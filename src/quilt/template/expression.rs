//! What an expression of a template comes to, as far as known names decide it. What cannot be told for certain is `None`.

use std::collections::BTreeMap;

use super::parse::is_number;
use super::{Declared, Node, Template};

/// The beginning of a dynamic reference, which CloudFormation resolves anew in every operation.
pub(super) const DYNAMIC: &str = "{{resolve:";

/// The names whose values are known, and the conditions that follow from them.
pub struct Scope<'a> {
    template: &'a Template,
    known: &'a BTreeMap<String, String>,
    conditions: BTreeMap<String, bool>,
}

impl<'a> Scope<'a> {
    /// `known` holds values of parameters and pseudo parameters (`AWS::Region`) by name.
    pub fn new(template: &'a Template, known: &'a BTreeMap<String, String>) -> Self {
        let mut scope = Self { template, known, conditions: BTreeMap::new() };
        // Each round decides the conditions whose parts are decided. Circles are never decided.
        loop {
            let all = template.section("Conditions").into_iter().flatten();
            let open = all.filter(|(name, _)| !scope.conditions.contains_key(*name));
            let decided: Vec<_> = open.filter_map(|(name, node)| Some((name.clone(), scope.truth(node)?))).collect();
            if decided.is_empty() {
                return scope;
            }
            scope.conditions.extend(decided);
        }
    }

    /// Whether a condition holds.
    pub fn holds(&self, condition: &str) -> Option<bool> {
        self.conditions.get(condition).copied()
    }

    fn truth(&self, node: &Node) -> Option<bool> {
        let (function, given) = node.call()?;
        match function {
            "Condition" => self.holds(&given.text()?),
            "Fn::Equals" => match given.items()? {
                [a, b] => Some(self.text(a)? == self.text(b)?),
                _ => None,
            },
            "Fn::Not" => match given.items()? {
                [one] => self.truth(one).map(|t| !t),
                _ => None,
            },
            "Fn::And" => self.decisive(given.items()?, false),
            "Fn::Or" => self.decisive(given.items()?, true),
            _ => None,
        }
    }

    /// One `decisive` part decides; without one all parts must be known.
    fn decisive(&self, parts: &[Node], decisive: bool) -> Option<bool> {
        let parts: Vec<_> = parts.iter().map(|part| self.truth(part)).collect();
        match parts.contains(&Some(decisive)) {
            true => Some(decisive),
            false => parts.iter().all(Option::is_some).then_some(!decisive),
        }
    }

    /// The text of an expression.
    pub fn text(&self, node: &Node) -> Option<String> {
        let Some((function, given)) = node.call() else { return literal(node) };
        match function {
            "Ref" => self.named(&given.text()?),
            "Fn::Sub" => self.substituted(given),
            "Fn::Join" => match given.items()? {
                [between, list] => Some(self.list(list)?.join(&between.text()?)),
                _ => None,
            },
            "Fn::Select" => match given.items()? {
                [index, list] => self.list(list)?.get(self.text(index)?.parse::<usize>().ok()?).filter(|s| !s.is_empty()).cloned(),
                _ => None,
            },
            "Fn::If" => self.text(self.chosen(given)?),
            "Fn::FindInMap" => literal(self.mapped(given)?),
            _ => None,
        }
    }

    fn list(&self, node: &Node) -> Option<Vec<String>> {
        if let Some(items) = node.items() {
            return items.iter().map(|item| self.text(item)).collect();
        }
        let (function, given) = node.call()?;
        match function {
            "Ref" => self.elements(&given.text()?),
            "Fn::Split" => match given.items()? {
                [at, text] => Some(self.text(text)?.split(&at.text().filter(|at| !at.is_empty())?).map(str::to_string).collect()),
                _ => None,
            },
            "Fn::If" => self.list(self.chosen(given)?),
            "Fn::FindInMap" => self.mapped(given)?.items()?.iter().map(literal).collect(),
            _ => None,
        }
    }

    fn chosen<'n>(&self, given: &'n Node) -> Option<&'n Node> {
        match given.items()? {
            [condition, yes, no] => Some(if self.holds(&condition.text()?)? { yes } else { no }),
            _ => None,
        }
    }

    fn mapped(&self, given: &Node) -> Option<&'a Node> {
        match given.items()? {
            [map, first, second] => {
                let maps = self.template.section("Mappings")?;
                maps.get(&self.text(map)?)?.get(&self.text(first)?)?.get(&self.text(second)?)
            }
            _ => None,
        }
    }

    /// `Fn::Sub`: a pattern, or a pattern and names of its own.
    fn substituted(&self, given: &Node) -> Option<String> {
        let (pattern, own) = match given.items() {
            Some([pattern, own]) => (pattern.text()?, Some(own)),
            Some(_) => return None,
            None => (given.text()?, None),
        };
        let (mut made, mut rest) = (String::new(), pattern.as_str());
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}')?;
            made += before;
            match (name.strip_prefix('!'), own.and_then(|own| own.get(name))) {
                (Some(literally), _) => made += &format!("${{{literally}}}"),
                (None, Some(value)) => made += &self.text(value)?,
                (None, None) => made += &self.named(name)?,
            }
            rest = after;
        }
        Some(made + rest)
    }

    /// The value behind a name, unless it is a list.
    fn named(&self, name: &str) -> Option<String> {
        let value = self.known.get(name).filter(|value| !value.contains(DYNAMIC))?;
        let fits = match self.template.parameters.get(name) {
            None => name.starts_with("AWS::"),
            Some(declared) if declared.kind == "Number" => declared.told() && is_integer(value),
            Some(declared) => !is_list(declared) && declared.told(),
        };
        fits.then(|| value.clone())
    }

    /// The elements behind the name of a list, which CloudFormation trims.
    fn elements(&self, name: &str) -> Option<Vec<String>> {
        let declared = self.template.parameters.get(name)?;
        let value = self.known.get(name).filter(|value| is_list(declared) && declared.told() && !value.contains(DYNAMIC))?;
        Some(value.split(',').map(|element| element.trim().to_string()).collect())
    }
}

fn is_list(declared: &Declared) -> bool {
    declared.kind == "CommaDelimitedList" || declared.kind.starts_with("List<")
}

impl Declared {
    /// Its value is the name of a parameter in Systems Manager, which CloudFormation looks up in every operation.
    pub fn resolved_anew(&self) -> bool {
        self.kind.starts_with("AWS::SSM::Parameter::Value")
    }

    /// What it is given is what a reference to it comes to, and no secret.
    fn told(&self) -> bool {
        !self.no_echo && !self.resolved_anew()
    }

    /// The text of its default, where CloudFormation is sure to read it as we do.
    pub(super) fn sure_default(node: &Node) -> Option<String> {
        literal(node.get("Default")?)
    }
}

/// A scalar as CloudFormation prints it. It reads YAML 1.1, where `yes`, `0x1f` or `2012-10-17` are no text unless they are quoted.
fn literal(node: &Node) -> Option<String> {
    let text = node.text().filter(|text| !text.contains(DYNAMIC))?;
    let sure =
        if node.is_text() { is_number(&text) || !is_ambiguous(&text) } else { text == "true" || text == "false" || is_integer(&text) };
    sure.then_some(text)
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'))
}

fn is_ambiguous(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let word = ["y", "n", "yes", "no", "on", "off", "=", "<<", ".inf", "-.inf", "+.inf", ".nan"].contains(&lower.as_str());
    let number = lower.trim_start_matches(['+', '-', '.']).starts_with(|c: char| c.is_ascii_digit());
    word || (number && lower.chars().all(|c| c.is_ascii_hexdigit() || "+-_:.xotz ".contains(c)))
}

//! What an expression of a template comes to, as far as known names decide it. What cannot be told for certain is `None`.

use std::collections::{BTreeMap, BTreeSet};

use super::scalar::is_plain_integer;
use super::{Declared, Entries, Node, Template};
use crate::cloudformation::fixed::is_fixed;

/// The beginning of a dynamic reference, which CloudFormation resolves anew in every operation.
pub(super) const DYNAMIC: &str = "{{resolve:";

/// Stands around a resource and its attribute in the place of a value that is not known, but fixed. No template may hold it.
const MARK: char = '\u{1}';

/// The resources that marks in a text name.
pub(crate) fn marked(text: &str) -> BTreeSet<String> {
    let marks = text.split(MARK).skip(1).step_by(2);
    marks.filter_map(|mark| mark.split('.').next()).map(str::to_string).collect()
}

/// The names whose values are known, and the conditions that follow from them.
pub struct Scope<'a> {
    pub(super) template: &'a Template,
    known: &'a BTreeMap<String, String>,
    conditions: BTreeMap<&'a str, bool>,
    marks: Option<&'a BTreeMap<String, String>>,
    /// What is secret is known as well: nothing of it may be shown.
    secrets: bool,
}

impl<'a> Scope<'a> {
    /// The same with a mark for each attribute that one of these resources, types by logical id, keeps for its life.
    pub fn marking(
        template: &'a Template,
        known: &'a BTreeMap<String, String>,
        resources: &'a BTreeMap<String, String>,
    ) -> Self {
        Self { marks: Some(resources), ..Self::new(template, known) }
    }

    /// `known` holds values of parameters and pseudo parameters (`AWS::Region`) by name.
    pub fn new(template: &'a Template, known: &'a BTreeMap<String, String>) -> Self {
        Self::of(template, known, false)
    }

    /// The same with the values of secret parameters, for what only comes to yes or no.
    pub(super) fn with_secrets(
        template: &'a Template,
        known: &'a BTreeMap<String, String>,
    ) -> Self {
        Self::of(template, known, true)
    }

    fn of(template: &'a Template, known: &'a BTreeMap<String, String>, secrets: bool) -> Self {
        let mut scope = Self { template, known, conditions: BTreeMap::new(), secrets, marks: None };
        for (name, node) in in_order(template.section("Conditions")) {
            if let Some(truth) = scope.truth(node) {
                scope.conditions.insert(name, truth);
            }
        }
        scope
    }

    /// Whether a condition holds.
    pub fn holds(&self, condition: &str) -> Option<bool> {
        self.conditions.get(condition).copied()
    }

    /// Whether an expression is true.
    pub(super) fn truth(&self, node: &Node) -> Option<bool> {
        let (function, given) = node.call()?;
        match function {
            "Condition" => self.holds(&given.text()?),
            "Fn::Equals" => match given.items()? {
                [a, b] => Some(self.resolve(a)? == self.resolve(b)?),
                _ => None,
            },
            "Fn::Not" => match given.items()? {
                [one] => self.truth(one).map(|t| !t),
                _ => None,
            },
            "Fn::And" => self.decisive(given.items()?, false),
            "Fn::Or" => self.decisive(given.items()?, true),
            _ => self.compared(function, given),
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
    pub fn resolve(&self, node: &Node) -> Option<String> {
        let Some((function, given)) = node.call() else { return literal(node) };
        match function {
            "Ref" => self.named_or_fixed(&given.text()?),
            "Fn::GetAtt" => self.fixed(&attribute(given)?),
            "Fn::Sub" => self.substituted(given),
            "Fn::Join" => match given.items()? {
                [between, list] => Some(self.list(list)?.join(&between.text()?)),
                _ => None,
            },
            "Fn::Select" => match given.items()? {
                [index, list] => self
                    .list(list)?
                    .get(self.resolve(index)?.parse::<usize>().ok()?)
                    .filter(|s| !s.is_empty())
                    .cloned(),
                _ => None,
            },
            "Fn::If" => self.resolve(self.chosen(given)?),
            "Fn::FindInMap" => literal(self.mapped(given)?),
            _ => None,
        }
    }

    /// The members of a list.
    pub(super) fn list(&self, node: &Node) -> Option<Vec<String>> {
        if let Some(items) = node.items() {
            return items.iter().map(|item| self.resolve(item)).collect();
        }
        let (function, given) = node.call()?;
        match function {
            "Ref" => self.elements(&given.text()?),
            "Fn::RefAll" => self.all_of(&given.text()?),
            "Fn::Split" => match given.items()? {
                [at, text] => Some(
                    self.resolve(text)
                        .filter(|text| !text.contains(MARK))?
                        .split(&at.text().filter(|at| !at.is_empty())?)
                        .map(str::to_string)
                        .collect(),
                ),
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
                maps.get(&self.resolve(map)?)?
                    .get(&self.resolve(first)?)?
                    .get(&self.resolve(second)?)
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
                (None, Some(value)) => made += &self.resolve(value)?,
                (None, None) => made += &self.named_or_fixed(name)?,
            }
            rest = after;
        }
        Some(made + rest)
    }

    fn named_or_fixed(&self, name: &str) -> Option<String> {
        self.named(name).or_else(|| self.fixed(name))
    }

    /// The mark of a resource, or with a dot of an attribute of one, that does not change while the resource lives.
    fn fixed(&self, name: &str) -> Option<String> {
        let (id, attribute) = match name.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (name, None),
        };
        let kind = self.marks?.get(id)?;
        is_fixed(kind, attribute).then(|| format!("{MARK}{name}{MARK}"))
    }

    /// The values of all parameters of a type that CloudFormation looks up in the account.
    fn all_of(&self, kind: &str) -> Option<Vec<String>> {
        let (all, list) = (&self.template.parameters, format!("List<{kind}>"));
        // Whether the members of lists are among them is not said.
        if !kind.starts_with("AWS::") || all.values().any(|declared| declared.kind == list) {
            return None;
        }
        let such = all.iter().filter(|(_, declared)| declared.kind == kind);
        such.map(|(name, _)| self.named(name)).collect()
    }

    /// What the parameter is given is what a reference to it comes to.
    fn reads(&self, declared: &Declared) -> bool {
        declared.is_plain() || (self.secrets && !declared.resolved_anew())
    }

    /// The value behind a name, unless it is a list.
    fn named(&self, name: &str) -> Option<String> {
        let value = self.known.get(name).filter(|value| !value.contains(DYNAMIC))?;
        let fits = match self.template.parameters.get(name) {
            None => name.starts_with("AWS::"),
            Some(declared) if declared.kind == "Number" => {
                self.reads(declared) && is_plain_integer(value)
            }
            Some(declared) => !declared.is_list() && self.reads(declared),
        };
        fits.then(|| value.clone())
    }

    /// The elements behind the name of a list, which CloudFormation trims.
    fn elements(&self, name: &str) -> Option<Vec<String>> {
        let declared = self.template.parameters.get(name)?;
        let value = self.known.get(name).filter(|value| {
            declared.is_list() && self.reads(declared) && !value.contains(DYNAMIC)
        })?;
        Some(value.split(',').map(|element| element.trim().to_string()).collect())
    }
}

/// Conditions, each after those that it names. Circles, which are never decided, are left out with all that hangs on them.
fn in_order(conditions: Option<&Entries>) -> Vec<(&str, &Node)> {
    let Some(conditions) = conditions else { return vec![] };
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    let mut named_by: BTreeMap<&str, Vec<(&str, &Node)>> = BTreeMap::new();
    for (name, node) in conditions.iter() {
        let mut named = vec![];
        references(node, &mut named);
        named.retain(|other| conditions.contains_key(other));
        open.insert(name, named.len());
        for other in named {
            named_by.entry(other).or_default().push((name, node));
        }
    }
    let mut order: Vec<_> = conditions
        .iter()
        .map(|(name, node)| (name.as_str(), node))
        .filter(|(name, _)| open[name] == 0)
        .collect();
    let mut at = 0;
    while let Some((name, _)) = order.get(at).copied() {
        at += 1;
        for (follower, node) in named_by.remove(name).unwrap_or_default() {
            let left = open.entry(follower).or_default();
            *left -= 1;
            if *left == 0 {
                order.push((follower, node));
            }
        }
    }
    order
}

/// The conditions that an expression names.
fn references<'n>(node: &'n Node, named: &mut Vec<&'n str>) {
    match node.call() {
        Some(("Condition", given)) => named.extend(given.str()),
        Some(("Fn::If", given)) => {
            let items = given.items().unwrap_or_default();
            named.extend(items.first().and_then(Node::str));
            items.iter().skip(1).for_each(|item| references(item, named));
        }
        _ => {
            node.items().unwrap_or_default().iter().for_each(|item| references(item, named));
            node.entries()
                .into_iter()
                .flat_map(Entries::values)
                .for_each(|value| references(value, named));
        }
    }
}

impl Declared {
    /// The text of its default, where CloudFormation is sure to read it as we do.
    pub(super) fn sure_default(node: &Node) -> Option<String> {
        literal(node.get("Default")?)
    }
}

/// What `Fn::GetAtt` names, with a dot between resource and attribute.
fn attribute(given: &Node) -> Option<String> {
    match given.items() {
        Some([resource, attribute]) => Some(format!("{}.{}", resource.text()?, attribute.text()?)),
        Some(_) => None,
        None => given.text().filter(|text| text.contains('.')),
    }
}

/// A scalar as CloudFormation prints it.
fn literal(node: &Node) -> Option<String> {
    let scalar = node.scalar().filter(|scalar| scalar.sure && !scalar.text.contains(DYNAMIC))?;
    Some(scalar.text.clone())
}

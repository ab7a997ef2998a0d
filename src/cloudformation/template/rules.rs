//! The rules of a template: what it asserts of its parameters, which CloudFormation asks before it changes anything.

use std::collections::BTreeMap;

use super::{Entries, Node, Scope, Template};
use crate::outcome::{ended, worded};

/// An assertion that does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// The rule's name.
    pub rule: String,
    /// The template's own words for it.
    pub description: Option<String>,
    /// The parameters it speaks of: those of the assertion, then those of the rule's condition.
    pub parameters: Vec<String>,
}

impl Broken {
    /// What is wrong and what to do, as sentences.
    pub fn detail(&self) -> String {
        let rule = &self.rule;
        let names: Vec<_> = self.parameters.iter().map(|name| format!("`{name}`")).collect();
        let about = match names.len() {
            0 => String::new(),
            1 => format!(" for the parameter {}", names[0]),
            _ => format!(" for the parameters {}", names.join(", ")),
        };
        let why = match &self.description {
            Some(words) => format!(
                "{} The template demands this in its rule `{rule}`, which does not hold{about}.",
                ended(&worded(words))
            ),
            None => format!(
                "The rule `{rule}` of the template does not hold{about}, and the template does not say why: see `Rules` in it."
            ),
        };
        format!("{why} CloudFormation would refuse the whole operation. Correct the values.")
    }
}

impl Template {
    /// The assertions that do not hold where `known` names have these values, secret ones among them. One that cannot be told for certain, or
    /// for which AWS would have to be asked, is not among them.
    pub fn broken_rules(&self, known: &BTreeMap<String, String>) -> Vec<Broken> {
        // A macro may write other rules.
        let rules = self.section("Rules").filter(|_| !self.transformed());
        let scope = Scope::with_secrets(self, known);
        let rules = rules.into_iter().flat_map(Entries::iter);
        rules.flat_map(|(name, rule)| self.broken(&scope, name, rule)).collect()
    }

    fn broken(&self, scope: &Scope<'_>, name: &str, rule: &Node) -> Vec<Broken> {
        let condition = rule.get("RuleCondition");
        if condition.is_some_and(|condition| scope.truth(condition) != Some(true)) {
            return vec![];
        }
        let assertions = rule.get("Assertions").and_then(Node::items).unwrap_or_default();
        let broken = assertions.iter().filter_map(|assertion| {
            let assert = assertion.get("Assert")?;
            (scope.truth(assert) == Some(false)).then(|| Broken {
                rule: name.into(),
                description: assertion.get("AssertDescription").and_then(Node::text),
                parameters: self.spoken_of([Some(assert), condition]),
            })
        });
        broken.collect()
    }

    /// The parameters that expressions name, each once.
    fn spoken_of(&self, expressions: [Option<&Node>; 2]) -> Vec<String> {
        let mut all: Vec<String> = vec![];
        for expression in expressions.into_iter().flatten() {
            self.each_parameter(expression, &mut |name| {
                if !all.iter().any(|known| known == name) {
                    all.push(name.into());
                }
            });
        }
        all
    }

    fn each_parameter(&self, node: &Node, see: &mut impl FnMut(&str)) {
        match (node.call(), node) {
            (Some(("Ref", given)), _) => {
                given.str().filter(|name| self.declares(name)).into_iter().for_each(see);
            }
            (Some(("Fn::RefAll", given)), _) => {
                let such = self.parameters.iter().filter(|(_, p)| given.str() == Some(&p.kind));
                such.for_each(|(name, _)| see(name));
            }
            (_, Node::List(items)) => items.iter().for_each(|item| self.each_parameter(item, see)),
            (_, Node::Map(entries)) => {
                entries.values().for_each(|value| self.each_parameter(value, see));
            }
            _ => {}
        }
    }
}

impl Scope<'_> {
    /// What a function of rules alone comes to.
    pub(super) fn compared(&self, function: &str, given: &Node) -> Option<bool> {
        let [one, other] = given.items()? else { return None };
        match function {
            "Fn::Contains" => Some(self.members(one)?.contains(&self.resolve(other)?)),
            "Fn::EachMemberEquals" => {
                let value = self.resolve(other)?;
                Some(self.members(one)?.iter().all(|member| *member == value))
            }
            "Fn::EachMemberIn" => {
                let all = self.members(other)?;
                Some(self.members(one)?.iter().all(|member| all.contains(member)))
            }
            _ => None,
        }
    }

    /// The members of a list. Whether an empty parameter has none or an empty one is not said.
    fn members(&self, node: &Node) -> Option<Vec<String>> {
        let sure = |members: &Vec<String>| {
            !members.is_empty() && (node.items().is_some() || *members != [""])
        };
        self.list(node).filter(sure)
    }
}

#[cfg(test)]
mod tests;

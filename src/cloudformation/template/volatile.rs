//! What may change in an operation that touches neither template nor parameters: what CloudFormation looks up anew each time.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::DYNAMIC;
use super::{Entries, Node, Template};

impl Template {
    /// A macro rewrites it, so that it does not say what CloudFormation makes of it.
    pub fn transformed(&self) -> bool {
        self.transformed
    }

    /// The outputs that may change although only tags do: they hang on parameters in Systems Manager, dynamic references, nested stacks or
    /// custom resources.
    pub fn volatile_outputs(&self) -> BTreeSet<String> {
        let volatile = self.volatile();
        let outputs = self.section("Outputs").into_iter().flat_map(Entries::iter);
        let hangs = |node: &Node| {
            foreign(node) || mentioned(node).iter().any(|name| volatile.contains(name))
        };
        outputs.filter(|(_, node)| hangs(node)).map(|(name, _)| name.clone()).collect()
    }

    /// The parameters, conditions and resources that may change. Each is looked at once.
    fn volatile(&self) -> BTreeSet<&str> {
        let parts = || {
            ["Conditions", "Resources"]
                .into_iter()
                .filter_map(|section| self.section(section))
                .flat_map(Entries::iter)
        };
        let mut followers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, node) in parts() {
            for other in mentioned(node) {
                followers.entry(other).or_default().push(name);
            }
        }
        let anew = self
            .parameters
            .iter()
            .filter(|(_, p)| p.resolved_anew())
            .map(|(name, _)| name.as_str());
        let mut next: Vec<&str> = anew
            .chain(parts().filter(|(_, node)| foreign(node)).map(|(name, _)| name.as_str()))
            .collect();
        let mut volatile = BTreeSet::new();
        while let Some(name) = next.pop() {
            if volatile.insert(name) {
                next.extend(followers.remove(name).unwrap_or_default());
            }
        }
        volatile
    }
}

/// What it comes to is decided elsewhere, whatever it names.
fn foreign(node: &Node) -> bool {
    let kind = node.get("Type").and_then(Node::str).unwrap_or_default();
    kind.starts_with("Custom::")
        || ["AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack"].contains(&kind)
        || node.any(&|node| node.str().is_some_and(|text| text.contains(DYNAMIC)))
}

/// Any text may be a name, or a pattern that holds some.
pub(crate) fn mentioned(node: &Node) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    node.each_text(&mut |text| {
        names.insert(text);
        names.extend(text.split("${").skip(1).filter_map(|rest| rest.split(['}', '.']).next()));
    });
    names
}

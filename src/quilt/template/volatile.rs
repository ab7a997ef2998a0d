//! What may change in an operation that touches neither template nor parameters: what CloudFormation looks up anew each time.

use std::collections::BTreeSet;

use super::expression::DYNAMIC;
use super::{Node, Template};

impl Template {
    /// A macro rewrites it, so that it does not say what CloudFormation makes of it.
    pub fn transformed(&self) -> bool {
        self.root.get("Transform").is_some() || self.root.any(&|node| node.call().is_some_and(|(name, _)| name == "Fn::Transform"))
    }

    /// The outputs that may change although only tags do: they hang on parameters in Systems Manager, dynamic references, nested stacks or
    /// custom resources.
    pub fn volatile_outputs(&self) -> BTreeSet<String> {
        let mut volatile: BTreeSet<String> =
            self.parameters.iter().filter(|(_, p)| p.resolved_anew()).map(|(name, _)| name.clone()).collect();
        let parts = || ["Conditions", "Resources"].into_iter().filter_map(|section| self.section(section)).flatten();
        loop {
            let found: Vec<_> = parts().filter(|(name, node)| !volatile.contains(*name) && hangs_on(node, &volatile)).collect();
            if found.is_empty() {
                break;
            }
            volatile.extend(found.into_iter().map(|(name, _)| name.clone()));
        }
        let outputs = self.section("Outputs").into_iter().flatten();
        outputs.filter(|(_, node)| hangs_on(node, &volatile)).map(|(name, _)| name.clone()).collect()
    }
}

fn hangs_on(node: &Node, volatile: &BTreeSet<String>) -> bool {
    let kind = node.get("Type").and_then(Node::text).unwrap_or_default();
    let foreign =
        kind.starts_with("Custom::") || ["AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack"].contains(&kind.as_str());
    foreign || node.any(&|node| node.text().is_some_and(|text| names(&text, volatile)))
}

/// Any text may be a name, or a pattern that holds some.
fn names(text: &str, volatile: &BTreeSet<String>) -> bool {
    let mut held = text.split("${").skip(1).filter_map(|rest| rest.split(['}', '.']).next());
    text.contains(DYNAMIC) || volatile.contains(text) || held.any(|name| volatile.contains(name))
}

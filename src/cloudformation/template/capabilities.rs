//! What a template may do only with leave: capabilities that CloudFormation asks for.

use super::{Entries, Node, Template};

/// Types that take leave, and the property by which one gets a name of its own.
const IAM: [(&str, &str); 8] = [
    ("AWS::IAM::AccessKey", ""),
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Policy", ""),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::User", "UserName"),
    ("AWS::IAM::UserToGroupAddition", ""),
];

/// What a template does that needs leave.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// Any of these is leave.
    pub capabilities: &'static [&'static str],
    /// What it is, as "it makes IAM resources (Role)".
    pub why: String,
}

impl Template {
    /// What it does for certain that needs leave: a resource under a condition may never be made. `creation`: an update goes by change set,
    /// which expands macros without asking.
    pub fn needs(&self, creation: bool) -> Vec<Need> {
        let mut needs = vec![];
        let (mut plain, mut named) = (vec![], vec![]);
        for (id, resource) in self
            .section("Resources")
            .into_iter()
            .flat_map(Entries::iter)
            .filter(|(_, r)| r.get("Condition").is_none())
        {
            let kind = resource.get("Type").and_then(Node::text).unwrap_or_default();
            let Some((_, name)) = IAM.iter().find(|(of, _)| *of == kind) else { continue };
            let own = !name.is_empty()
                && resource.get("Properties").is_some_and(|p| p.get(name).is_some());
            if own { &mut named } else { &mut plain }.push(id.as_str());
        }
        if !named.is_empty() {
            let why =
                format!("it makes IAM resources with names of their own ({})", named.join(", "));
            needs.push(Need { capabilities: &["CAPABILITY_NAMED_IAM"], why });
        }
        if !plain.is_empty() {
            let why = format!("it makes IAM resources ({})", plain.join(", "));
            needs.push(Need { capabilities: &["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"], why });
        }
        if creation && self.transformed() {
            needs.push(Need {
                capabilities: &["CAPABILITY_AUTO_EXPAND"],
                why: "macros rewrite it (`Transform` or `Fn::Transform`)".into(),
            });
        }
        needs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(resources: &str) -> Vec<(String, String)> {
        let template = Template::parse(&format!(
            "Resources:\n  Topic: {{Type: AWS::SNS::Topic}}\n{resources}"
        ))
        .unwrap();
        template.needs(true).into_iter().map(|n| (n.capabilities.join("|"), n.why)).collect()
    }

    #[test]
    fn leave_is_needed_for_iam_and_macros() {
        let one = |capability: &str, why: &str| vec![(capability.to_string(), why.to_string())];
        assert_eq!(needs(""), []);
        let role = "  R: {Type: AWS::IAM::Role, Properties: {Path: /}}\n";
        assert_eq!(
            needs(role),
            one("CAPABILITY_IAM|CAPABILITY_NAMED_IAM", "it makes IAM resources (R)")
        );
        assert_eq!(
            needs(&role.replace("Path: /", "RoleName: r")),
            one("CAPABILITY_NAMED_IAM", "it makes IAM resources with names of their own (R)")
        );
        assert_eq!(needs(&role.replace("Type", "Condition: C, Type")), []);
        let policy = "  P: {Type: AWS::IAM::Policy, Properties: {PolicyName: p}}\n";
        assert_eq!(
            needs(policy),
            one("CAPABILITY_IAM|CAPABILITY_NAMED_IAM", "it makes IAM resources (P)"),
            "every policy has a name"
        );
        assert_eq!(
            needs("Transform: AWS::LanguageExtensions\n"),
            one("CAPABILITY_AUTO_EXPAND", "macros rewrite it (`Transform` or `Fn::Transform`)")
        );
    }
}

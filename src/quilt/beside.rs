//! Two deployments in one account for a while: what a new one meets of the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::cloudformation::parameters::HIDDEN;
use crate::cloudformation::template::{Entries, Node, Scope, Template};

/// A parameter that says where people find a deployment.
const HOST: &str = "QuiltWebHost";
const TRAIL: &str = "AWS::CloudTrail::Trail";

/// Types whose name is there once in a region, the property that is the name, and a word for them.
const NAMED: [(&str, &str, &str); 12] = [
    ("AWS::Athena::WorkGroup", "Name", "workgroup"),
    (TRAIL, "TrailName", "trail"),
    ("AWS::Elasticsearch::Domain", "DomainName", "search domain"),
    ("AWS::Events::EventBus", "Name", "event bus"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName", "policy"),
    ("AWS::IAM::Role", "RoleName", "role"),
    ("AWS::Lambda::Function", "FunctionName", "function"),
    ("AWS::Logs::LogGroup", "LogGroupName", "log group"),
    ("AWS::RDS::DBInstance", "DBInstanceIdentifier", "database"),
    ("AWS::S3::Bucket", "BucketName", "bucket"),
    ("AWS::SQS::Queue", "QueueName", "queue"),
    ("AWS::Synthetics::Canary", "Name", "canary"),
];

/// A deployment: its stack's name, its template, and the parameters whose values are known.
pub struct Deployment<'a> {
    name: &'a str,
    template: &'a Template,
    known: BTreeMap<String, String>,
}

impl<'a> Deployment<'a> {
    /// One with these parameters: `None` as a value is not known yet, a parameter that is not there has its default.
    pub fn of(
        name: &'a str,
        template: &'a Template,
        parameters: &BTreeMap<String, Option<String>>,
    ) -> Self {
        let value = |parameter: &String| match parameters.get(parameter) {
            Some(value) => value.clone().filter(|value| value != HIDDEN),
            None => template.sure_default(parameter),
        };
        let mut known: BTreeMap<_, _> =
            template.parameters.keys().filter_map(|p| Some((p.clone(), value(p)?))).collect();
        known.insert("AWS::StackName".into(), name.into());
        Self { name, template, known }
    }

    /// Its resources, without those that its conditions leave out.
    fn resources<'d>(&'d self, scope: &'d Scope<'d>) -> impl Iterator<Item = (&'d str, &'d Node)> {
        let all = self.template.section("Resources").into_iter().flat_map(Entries::iter);
        all.filter_map(|(id, node)| {
            let condition = node.get("Condition").and_then(Node::str);
            let made = condition.is_none_or(|condition| scope.holds(condition) != Some(false));
            let kind = self.template.resources.get(id).filter(|_| made)?;
            Some((kind.as_str(), node))
        })
    }

    /// What it calls by names that can be told: "canary search".
    fn names(&self) -> BTreeSet<String> {
        let scope = Scope::new(self.template, &self.known);
        let named = |(kind, node): (&str, &Node)| {
            let (_, property, word) = NAMED.iter().find(|(known, ..)| *known == kind)?;
            let name = scope.resolve(node.get("Properties")?.get(property)?)?;
            Some(format!("{word} {name}"))
        };
        self.resources(&scope).filter_map(named).collect()
    }

    fn has(&self, kind: &str) -> bool {
        let scope = Scope::new(self.template, &self.known);
        self.resources(&scope).any(|(known, _)| known == kind)
    }
}

/// What a new deployment meets of another that is there already.
#[derive(Debug, Default, PartialEq)]
pub struct Beside {
    /// Names that both use, of which there can be one each.
    pub taken: BTreeSet<String>,
    /// The host name that both serve.
    pub host: Option<String>,
    /// Each makes a trail.
    pub trails: bool,
}

impl Beside {
    /// What `new` meets of `old`.
    pub fn of(new: &Deployment, old: &Deployment) -> Self {
        if new.name == old.name {
            return Self::default(); // refused elsewhere
        }
        let host = new
            .known
            .get(HOST)
            .filter(|host| !host.is_empty() && old.known.get(HOST) == Some(*host));
        Self {
            taken: new.names().intersection(&old.names()).cloned().collect(),
            host: host.cloned(),
            trails: new.has(TRAIL) && old.has(TRAIL),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "
Parameters:
  QuiltWebHost: {Type: String}
  Canaries: {Type: String, Default: Enabled}
Conditions:
  Canaries: !Equals [!Ref Canaries, Enabled]
Resources:
  Search: {Type: AWS::Synthetics::Canary, Condition: Canaries, Properties: {Name: build-search}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub 'Read-${AWS::StackName}'}}
  Layer: {Type: AWS::Lambda::LayerVersion, Properties: {LayerName: ffmpeg}}
  Trail: {Type: AWS::CloudTrail::Trail, Properties: {TrailName: !Sub '${AWS::StackName}-trail'}}
";

    fn met(new: &[(&str, Option<&str>)], old: &[(&str, Option<&str>)]) -> Beside {
        let template = Template::parse(TEMPLATE).unwrap();
        let map = |pairs: &[(&str, Option<&str>)]| {
            pairs.iter().map(|(k, v)| (k.to_string(), v.map(str::to_string))).collect()
        };
        Beside::of(
            &Deployment::of("next", &template, &map(new)),
            &Deployment::of("old", &template, &map(old)),
        )
    }

    #[test]
    fn names_that_do_not_follow_the_stack_are_taken() {
        let host = ("QuiltWebHost", Some("quilt.example.com"));
        let both = met(&[host], &[host]);
        assert_eq!(
            (both.taken, both.host.as_deref(), both.trails),
            (["canary build-search".to_string()].into(), Some("quilt.example.com"), true)
        );
        for (new, old) in [(Some("Disabled"), Some("Enabled")), (Some("Enabled"), Some("Disabled"))]
        {
            assert!(
                met(&[host, ("Canaries", new)], &[host, ("Canaries", old)]).taken.is_empty(),
                "{new:?} {old:?}"
            );
        }
        assert_eq!(met(&[("Canaries", None)], &[]).taken.len(), 1, "what is not known may be");
    }

    #[test]
    fn other_hosts_are_no_matter() {
        let host = |name| [("QuiltWebHost", Some(name))];
        assert_eq!(met(&host("a.example.com"), &host("b.example.com")).host, None);
        assert_eq!(met(&host(HIDDEN), &host(HIDDEN)).host, None);
        assert_eq!(met(&[("QuiltWebHost", None)], &host("a.example.com")).host, None);
    }
}

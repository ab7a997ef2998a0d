//! The templates inside the provider: released versions stay, and a stack keeps the one that made it until another is asked for.

use std::collections::{BTreeMap, BTreeSet};

use crate::cloudformation::stack::Parameter;
use crate::cloudformation::template::Template;

/// The output that tells which version a stack was made from.
pub const OUTPUT: &str = "TemplateVersion";

/// The versions of one template, oldest first: the first is version 1.
#[derive(Clone, Copy, Debug)]
pub struct Templates(pub &'static [&'static str]);

impl Templates {
    /// The newest version, which new stacks are made from.
    pub fn newest(self) -> String {
        self.0.len().to_string()
    }

    /// The text of a version.
    pub fn of(self, version: &str) -> Option<&'static str> {
        self.0
            .iter()
            .zip(1..)
            .find(|(_, n): &(_, usize)| n.to_string() == version)
            .map(|(text, _)| *text)
    }

    /// Checks that there is such a version.
    pub fn check(self, version: &str) -> Result<(), String> {
        let missing = || {
            format!(
                "It is `{version}`, and the newest version here is {}. Write that or an older one, or use a newer release of the provider.",
                self.newest()
            )
        };
        self.of(version).map(drop).ok_or_else(missing)
    }
}

/// Checks the way from the version a stack was made from to another: an older one may lack what the newer one made.
pub fn check_path(from: &str, to: &str) -> Result<(), String> {
    let number = |version: &str| version.parse::<u32>().unwrap_or_default();
    match number(to) < number(from) {
        true => Err(format!(
            "It was made from version {from}, and a template's version only goes up. Write `template_version = \"{from}\"`."
        )),
        false => Ok(()),
    }
}

/// The parameters that a template declares.
pub fn declared(text: &str) -> BTreeSet<String> {
    Template::parse(text).map(|t| t.parameters.into_keys().collect()).unwrap_or_default()
}

/// What an update sends so that a stack with the parameters `live` has `wanted`; `None`: it has. Those named in `kept` stay as they are,
/// whatever is wanted. `template` is the text of another version, when it changes: what that declares is sent, and nothing else.
pub fn changes(
    wanted: &BTreeMap<String, String>,
    live: &BTreeMap<String, String>,
    kept: &[&str],
    template: Option<&str>,
) -> Option<BTreeMap<String, Parameter>> {
    let names = template
        .map(declared)
        .unwrap_or_else(|| live.keys().chain(wanted.keys()).cloned().collect());
    let send = |name: String| {
        let (value, has) = (wanted.get(&name), live.get(&name));
        let stays =
            has.is_some() && (kept.contains(&name.as_str()) || value.is_none() || value == has);
        let parameter = if stays { Parameter::Previous } else { Parameter::Value(value?.clone()) };
        Some((name, parameter))
    };
    let sent: BTreeMap<_, _> = names.into_iter().filter_map(send).collect();
    let same =
        template.is_none() && sent.values().all(|parameter| *parameter == Parameter::Previous);
    (!same).then_some(sent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudformation::template::{Entries, Node};

    const TWO: Templates = Templates(&[
        "Resources: {A: {Type: T}}",
        "Parameters: {A: {Type: String}, New: {Type: String}}\nResources: {A: {Type: T}}",
    ]);

    fn pairs(list: &[(&str, &str)]) -> BTreeMap<String, String> {
        list.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
    }

    /// The rules of security groups in a value, wherever they stand.
    fn rules<'a>(node: &'a Node, found: &mut Vec<&'a Entries>) {
        match node {
            Node::Map(map) if map.contains_key("IpProtocol") => found.push(map),
            Node::Map(map) => map.values().for_each(|value| rules(value, found)),
            Node::List(list) => list.iter().for_each(|value| rules(value, found)),
            Node::Null | Node::Scalar(_) => {}
        }
    }

    #[test]
    fn every_rule_of_a_security_group_says_what_it_is_for() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/quilt/templates");
        let files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(files.len() >= 4, "{files:?}");
        for file in files {
            let template = Template::parse(&std::fs::read_to_string(&file).unwrap()).unwrap();
            let mut found = vec![];
            let resources = template.section("Resources").unwrap();
            resources.values().for_each(|node| rules(node, &mut found));
            assert!(found.len() >= 3, "{}: {found:?}", file.display());
            let silent: Vec<_> =
                found.iter().filter(|rule| !rule.contains_key("Description")).collect();
            assert!(silent.is_empty(), "{}: {silent:?}", file.display());
        }
    }

    #[test]
    fn versions_are_counted_from_one() {
        assert_eq!(
            (TWO.newest().as_str(), TWO.of("1"), TWO.of("2")),
            ("2", Some(TWO.0[0]), Some(TWO.0[1]))
        );
        for none in ["0", "3", "01", "", "two"] {
            assert!(
                TWO.check(none).is_err_and(|why| why.contains("newest version here is 2")),
                "{none}"
            );
        }
    }

    #[test]
    fn a_version_only_goes_up() {
        assert_eq!(
            (check_path("1", "2"), check_path("9", "10"), check_path("2", "2")),
            (Ok(()), Ok(()), Ok(()))
        );
        assert!(check_path("10", "9").is_err_and(|why| why.contains("template_version = \"10\"")));
    }

    #[test]
    fn an_update_sends_what_differs_and_keeps_what_must_stay() {
        let live = pairs(&[("SnapshotIdentifier", "a"), ("Vpc", "v"), ("InstanceClass", "small")]);
        let kept = ["SnapshotIdentifier", "Vpc"];
        assert_eq!(
            changes(
                &pairs(&[("SnapshotIdentifier", "b"), ("Vpc", "w"), ("InstanceClass", "small")]),
                &live,
                &kept,
                None
            ),
            None
        );
        let sent = changes(
            &pairs(&[("SnapshotIdentifier", ""), ("InstanceClass", "large")]),
            &live,
            &kept,
            None,
        )
        .unwrap();
        assert_eq!(
            (&sent["SnapshotIdentifier"], &sent["Vpc"]),
            (&Parameter::Previous, &Parameter::Previous)
        );
        assert_eq!(sent["InstanceClass"], Parameter::Value("large".into()));
    }

    #[test]
    fn another_template_is_sent_what_it_declares() {
        let (live, wanted) = (
            pairs(&[("A", "1"), ("Gone", "x")]),
            pairs(&[("A", "1"), ("New", "n"), ("Gone", "x")]),
        );
        let sent = changes(&wanted, &live, &["New"], TWO.of("2")).unwrap();
        assert_eq!(
            sent,
            [
                ("A".to_string(), Parameter::Previous),
                ("New".to_string(), Parameter::Value("n".into()))
            ]
            .into()
        );
    }
}

//! What a search domain is, the stack it is made by, and which way its engine may go.

use std::collections::BTreeMap;

use super::templates::Templates;

mod cluster;
mod limits;
pub mod storage;

pub use cluster::{Cluster, SIZES, size};
pub use limits::{Limits, Volume};

/// The template's versions.
pub const TEMPLATES: Templates = Templates(&[include_str!("templates/search.yaml")]);
/// The size of a domain about which nothing is said.
pub const SIZE: &str = "medium";
/// The version of Elasticsearch that new domains get.
pub const ENGINE_VERSION: &str = "7.10";

/// The versions of Elasticsearch that a domain of Quilt may have, oldest first.
const VERSIONS: [&str; 13] =
    ["6.0", "6.2", "6.3", "6.4", "6.5", "6.7", "6.8", "7.1", "7.4", "7.7", "7.8", "7.9", "7.10"];
/// The last version before 7: the only one that can become a 7.
const LAST_SIX: &str = "6.8";

/// Parameters that an update never sends: another value would replace the domain, or move it.
pub const KEPT: [&str; 3] = ["DomainName", "Subnets", "Vpc"];

/// A search domain as AWS describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Domain {
    /// Name.
    pub name: String,
    /// The version of Elasticsearch that runs.
    pub engine_version: String,
    /// A change of its configuration is going on.
    pub processing: bool,
    /// A new version is being brought in.
    pub upgrading: bool,
    /// How many nodes hold data.
    pub nodes: i64,
    /// GiB of each of these; `None`: not on volumes.
    pub volume: Option<i64>,
}

impl Domain {
    /// Nothing is going on that a change would have to wait for.
    pub fn idle(&self) -> bool {
        !self.processing && !self.upgrading
    }

    /// What is going on, after "while".
    pub fn doing(&self) -> String {
        let what = if self.upgrading { "upgraded" } else { "changed" };
        format!("the search domain {} is being {what}, which comes first", self.name)
    }
}

/// What AWS made of the settings: the outputs of a complete stack.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchOutputs {
    /// Name of the domain.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its host.
    pub endpoint: String,
    /// Id of the security group of those who may reach it.
    pub accessor_group: String,
}

impl SearchOutputs {
    /// What the outputs say; `None` as long as one is missing.
    pub fn of(outputs: &BTreeMap<String, String>) -> Option<Self> {
        let text = |name: &str| outputs.get(name).cloned();
        let endpoint = text("Endpoint")?;
        Some(SearchOutputs {
            name: text("DomainName")?,
            arn: text("DomainArn")?,
            endpoint: endpoint
                .strip_prefix("https://")
                .map_or(endpoint.clone(), |host| host.trim_end_matches('/').to_string()),
            accessor_group: text("AccessorSecurityGroupId")?,
        })
    }
}

/// Where a version stands in the order; `None`: not a version.
fn place(version: &str) -> Option<usize> {
    VERSIONS.iter().position(|known| *known == version)
}

/// Checks a version of the engine.
pub fn check_engine(version: &str) -> Result<(), String> {
    let unknown = || {
        format!(
            "`{version}` is not a version of Elasticsearch that Quilt works with. Write 7.10; templates before 1.67 take 6.8."
        )
    };
    place(version).map(drop).ok_or_else(unknown)
}

/// Checks the way from one version of the engine to another.
pub fn check_engine_path(from: &str, to: &str) -> Result<(), String> {
    let (Some(before), Some(after), Some(six)) = (place(from), place(to), place(LAST_SIX)) else {
        return Ok(());
    };
    if after < before {
        return Err(format!(
            "It is Elasticsearch {from}, which never becomes {to}: an engine only goes up. Write `engine_version = \"{from}\"`."
        ));
    }
    if before < six && after > six {
        return Err(format!(
            "Elasticsearch {from} cannot become {to} in one step. Write `engine_version = \"{LAST_SIX}\"` and apply; then go on."
        ));
    }
    Ok(())
}

/// An instance type with a processor of AWS's own, which older engines do not run on.
fn graviton(instance_type: &str) -> bool {
    let family = instance_type.split('.').next().unwrap_or_default();
    family
        .trim_start_matches(|c: char| c.is_ascii_lowercase())
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .starts_with('g')
}

/// Checks that the engine runs on an instance type. `before` is the version that runs now: a change of type waits for the upgrade.
pub fn check_instance(
    instance_type: &str,
    engine: &str,
    before: Option<&str>,
) -> Result<(), String> {
    let too_old = |version: &str| place(version) < place("7.9");
    if !graviton(instance_type) {
        return Ok(());
    }
    if too_old(engine) {
        return Err(format!(
            "`{instance_type}` runs Elasticsearch 7.9 or later, not {engine}. Write an m5 type, or raise `engine_version` first."
        ));
    }
    match before.filter(|version| too_old(version)) {
        Some(before) => Err(format!(
            "`{instance_type}` runs Elasticsearch 7.9 or later, and {before} runs now. Raise `engine_version` alone, apply, and change the type then."
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudformation::template::Template;

    #[test]
    fn engines_go_up_by_way_of_6_8() {
        for (from, to) in
            [("6.2", "6.8"), ("6.8", "7.10"), ("7.4", "7.10"), ("7.10", "7.10"), ("6.8", "6.8")]
        {
            assert_eq!(check_engine_path(from, to), Ok(()), "{from} {to}");
        }
        assert!(
            check_engine_path("6.7", "7.10").is_err_and(|e| e.contains("engine_version = \"6.8\""))
        );
        assert!(check_engine_path("7.10", "6.8").is_err_and(|e| e.contains("only goes up")));
        assert!(check_engine_path("7.10", "7.4").is_err());
        assert!(check_engine("8.1").is_err() && check_engine("7.10").is_ok());
    }

    #[test]
    fn newer_processors_need_a_newer_engine() {
        for (kind, engine, before, fits) in [
            ("m6g.xlarge.elasticsearch", "7.10", None, true),
            ("m6g.xlarge.elasticsearch", "7.10", Some("7.9"), true),
            ("m6g.xlarge.elasticsearch", "7.10", Some("7.1"), false),
            ("m6g.xlarge.elasticsearch", "6.8", None, false),
            ("r6gd.large.elasticsearch", "6.8", None, false),
            ("m6g.xlarge.elasticsearch", "7.10", Some("6.8"), false),
            ("m5.xlarge.elasticsearch", "6.8", Some("6.8"), true),
            ("i3.large.elasticsearch", "6.0", None, true),
        ] {
            assert_eq!(
                check_instance(kind, engine, before).is_ok(),
                fits,
                "{kind} {engine} {before:?}"
            );
        }
    }

    #[test]
    fn what_goes_on_in_a_domain() {
        let of = |processing, upgrading| Domain {
            name: "a".into(),
            processing,
            upgrading,
            ..Domain::default()
        };
        assert!(of(false, false).idle() && !of(true, false).idle() && !of(true, true).idle());
        assert_eq!(
            of(true, true).doing(),
            "the search domain a is being upgraded, which comes first"
        );
    }

    #[test]
    fn the_template_declares_what_is_sent() {
        let template = Template::parse(TEMPLATES.of("1").unwrap()).unwrap();
        let mut sent: Vec<_> = size("medium").unwrap().parameters().into_keys().collect();
        sent.extend(KEPT.map(str::to_string));
        sent.push("EngineVersion".into());
        sent.sort();
        assert_eq!(template.parameters.into_keys().collect::<Vec<_>>(), sent);
    }
}

//! The order of upgrades: where the way from one template to another leaves out a stop that has to be made.

use super::search;
use super::version::{self, numbers};
use crate::cloudformation::template::{Node, Template};

/// What a template brings: its version of Quilt, and the engines of the database and the search domain that it makes itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brings {
    /// Version of Quilt, as `1.64.2`.
    pub version: Option<String>,
    /// Version of PostgreSQL.
    pub database: Option<String>,
    /// Version of Elasticsearch.
    pub search: Option<String>,
    /// Type of the search domain's data nodes.
    pub instance: Option<String>,
}

impl Brings {
    /// What a template says; what it does not say in plain words stays open.
    pub fn of(template: &Template) -> Self {
        let metadata = template
            .section("Outputs")
            .and_then(|outputs| outputs.get("TemplateBuildMetadata")?.get("Value")?.text());
        let database = properties(template, &["AWS::RDS::DBInstance"]);
        let search =
            properties(template, &["AWS::Elasticsearch::Domain", "AWS::OpenSearchService::Domain"]);
        let engine =
            search.and_then(|p| p.get("ElasticsearchVersion").or(p.get("EngineVersion"))?.text());
        let cluster =
            search.and_then(|p| p.get("ElasticsearchClusterConfig").or(p.get("ClusterConfig")));
        Self {
            version: metadata.and_then(|metadata| version::of(&metadata)),
            database: database.and_then(|p| p.get("EngineVersion")?.text()),
            search: engine.map(|engine| engine.trim_start_matches("Elasticsearch_").to_string()),
            instance: cluster.and_then(|cluster| cluster.get("InstanceType")?.text()),
        }
    }
}

/// The properties of the only resource of these types.
fn properties<'a>(template: &'a Template, kinds: &[&str]) -> Option<&'a Node> {
    let mut ids = template
        .resources
        .iter()
        .filter(|(_, kind)| kinds.contains(&kind.as_str()))
        .map(|(id, _)| id);
    match (ids.next(), ids.next()) {
        (Some(id), None) => template.section("Resources")?.get(id)?.get("Properties"),
        _ => None,
    }
}

/// A version that has to be installed on the way.
struct Stop {
    /// The stop itself.
    at: &'static str,
    /// It is needed on the way to this version or a later one.
    before: &'static str,
    /// What happens without it.
    why: &'static str,
}

/// Every stop that Quilt asks for.
const STOPS: [Stop; 1] = [Stop {
    at: "1.66",
    before: "1.67",
    why: "1.67 brings Elasticsearch 7.10, and 1.66 is the first version whose registry speaks with it. Without the stop, search and package lists are away, possibly for days",
}];

/// Why the way from `live` to `wanted` cannot be taken in one step, and what to do first; empty: it can.
pub fn stops(live: &Brings, wanted: &Brings) -> Vec<String> {
    let mut stops = vec![];
    if let Some((from, to)) = versions(live, wanted) {
        let left_out =
            |stop: &&Stop| numbers(from) < numbers(stop.at) && numbers(to) >= numbers(stop.before);
        stops.extend(STOPS.iter().filter(left_out).map(|Stop { at, why, .. }| {
            format!("The stack has Quilt {from}, and the template is {to}: {why}. Install a template of {at} first, then this one.")
        }));
    }
    stops.extend(database(live, wanted));
    stops.extend(engine(live, wanted));
    stops
}

/// PostgreSQL 11 becomes a later one from 11.22 on.
fn database(live: &Brings, wanted: &Brings) -> Option<String> {
    let (from, to) = (live.database.as_ref()?, wanted.database.as_ref()?);
    let old = numbers(from).first() == Some(&11)
        && numbers(from) < numbers("11.22")
        && numbers(to) > numbers("12");
    old.then(|| {
        format!(
            "The database is PostgreSQL {from}, and the template brings {to}: PostgreSQL 11 goes on from 11.22 alone. Upgrade the instance to 11.22 first."
        )
    })
}

/// Elasticsearch 6 becomes 7 from 6.8 on and never goes back; newer instances wait for it.
fn engine(live: &Brings, wanted: &Brings) -> Option<String> {
    let (from, to) = (live.search.as_ref()?, wanted.search.as_ref()?);
    let both = format!("The search domain is Elasticsearch {from}, and the template brings {to}");
    if search::check_engine_path(from, to).is_err() {
        return Some(format!(
            "{both}: 6.x becomes 6.8 first, then 7.10, and nothing goes back. Install a template in between first."
        ));
    }
    let instance = wanted.instance.as_ref().filter(|_| live.instance != wanted.instance)?;
    search::check_instance(instance, to, Some(from)).is_err().then(|| {
        format!(
            "{both} together with {instance}, which runs 7.9 or later alone. Install a template first that brings {to} on other instances."
        )
    })
}

/// The template is of an older version than the stack.
pub fn goes_back(live: &Brings, wanted: &Brings) -> bool {
    versions(live, wanted).is_some_and(|(from, to)| numbers(to) < numbers(from))
}

/// Both versions, where both are ones that can be compared.
fn versions<'a>(live: &'a Brings, wanted: &'a Brings) -> Option<(&'a str, &'a str)> {
    let both = (live.version.as_deref()?, wanted.version.as_deref()?);
    [both.0, both.1].iter().all(|version| !numbers(version).is_empty()).then_some(both)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quilt(version: &str) -> Brings {
        Brings { version: Some(version.into()), ..Brings::default() }
    }

    fn engines(database: &str, search: &str, instance: &str) -> Brings {
        let some = |text: &str| Some(text.to_string()).filter(|t| !t.is_empty());
        Brings {
            version: None,
            database: some(database),
            search: some(search),
            instance: some(instance),
        }
    }

    #[test]
    fn a_stop_is_not_left_out() {
        for (from, to, stopped) in [
            ("1.64.2", "1.67.0", true),
            ("1.65", "26.7", true),
            ("1.66.3", "1.67.0", false),
            ("1.64.2", "1.66.0", false),
            ("1.67.1", "1.71.0", false),
            ("1.71", "26.8", false),
            ("26.7", "1.71", false),
            ("nightly", "1.67", false),
        ] {
            let told = stops(&quilt(from), &quilt(to));
            assert_eq!(!told.is_empty(), stopped, "{from} {to} {told:?}");
        }
        assert!(
            stops(&quilt("1.64.2"), &quilt("1.67.0"))[0]
                .ends_with("Install a template of 1.66 first, then this one.")
        );
        assert!(stops(&Brings::default(), &quilt("1.67")).is_empty());
    }

    #[test]
    fn engines_take_their_steps() {
        for (from, to, stopped) in [
            (("11.19", "", ""), ("15.18", "", ""), true),
            (("11.22", "", ""), ("15.18", "", ""), false),
            (("15.12", "", ""), ("15.18", "", ""), false),
            (
                ("", "6.8", "m5.xlarge.elasticsearch"),
                ("", "7.10", "m5.xlarge.elasticsearch"),
                false,
            ),
            (
                ("", "6.8", "m5.xlarge.elasticsearch"),
                ("", "7.10", "m6g.xlarge.elasticsearch"),
                true,
            ),
            (
                ("", "7.10", "m5.xlarge.elasticsearch"),
                ("", "7.10", "m6g.xlarge.elasticsearch"),
                false,
            ),
            (("", "6.4", ""), ("", "7.10", ""), true),
            (("", "7.10", ""), ("", "6.8", ""), true),
        ] {
            let told = stops(&engines(from.0, from.1, from.2), &engines(to.0, to.1, to.2));
            assert_eq!(told.len(), usize::from(stopped), "{from:?} {to:?} {told:?}");
        }
    }

    #[test]
    fn back_is_back() {
        assert!(
            goes_back(&quilt("1.64.2"), &quilt("1.62.1"))
                && goes_back(&quilt("26.7"), &quilt("1.71"))
        );
        assert!(
            !goes_back(&quilt("1.64.2"), &quilt("nightly"))
                && !goes_back(&quilt("1.64.2"), &quilt("1.64.2"))
        );
        assert!(!goes_back(&Brings::default(), &quilt("1.2")));
    }

    #[test]
    fn a_template_says_what_it_brings() {
        let text = r#"
Resources:
  DB: {Type: AWS::RDS::DBInstance, Properties: {EngineVersion: '15.12'}}
  Search:
    Type: AWS::Elasticsearch::Domain
    Properties: {ElasticsearchVersion: '6.8', ElasticsearchClusterConfig: {InstanceType: m5.xlarge.elasticsearch}}
Outputs:
  TemplateBuildMetadata: {Value: '{"git_tag": "v1.62.1"}'}
"#;
        let brings = Brings::of(&Template::parse(text).unwrap());
        assert_eq!(
            brings,
            Brings {
                version: Some("1.62.1".into()),
                ..engines("15.12", "6.8", "m5.xlarge.elasticsearch")
            }
        );
        let open = Template::parse(
            "Resources: {DB: {Type: AWS::RDS::DBInstance, Properties: {EngineVersion: !Ref V}}}",
        )
        .unwrap();
        assert_eq!(Brings::of(&open), Brings::default());
    }
}

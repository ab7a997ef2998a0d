//! Interface endpoints by name: which there are, which a network without a way out needs, and the template's parameters for them.

use std::collections::{BTreeMap, BTreeSet};

/// The services, as AWS's names of endpoints end, each with the template's name for it.
const SERVICES: [(&str, &str); 17] = [
    ("athena", "Athena"),
    ("cloudformation", "Cloudformation"),
    ("ecr.api", "EcrApi"),
    ("ecr.dkr", "EcrDkr"),
    ("ecs", "Ecs"),
    ("events", "Events"),
    ("glue", "Glue"),
    ("kinesis-firehose", "KinesisFirehose"),
    ("kms", "Kms"),
    ("lambda", "Lambda"),
    ("logs", "Logs"),
    ("monitoring", "Monitoring"),
    ("secretsmanager", "Secretsmanager"),
    ("sns", "Sns"),
    ("sqs", "Sqs"),
    ("ssm", "Ssm"),
    ("sts", "Sts"),
];

/// Without these no service of Quilt starts: images, logs, queues and topics.
const LEAST: [&str; 5] = ["logs", "ecr.api", "ecr.dkr", "sqs", "sns"];
/// Without these parts of Quilt do not work.
const MORE: [&str; 4] = ["lambda", "ecs", "events", "kms"];

/// What people write for a service, and what is meant.
const MEANT: [(&str, &str); 9] = [
    ("cloudwatch", "write `monitoring`"),
    ("ecr", "write `ecr.api` and `ecr.dkr`"),
    ("eventbridge", "write `events`"),
    ("execute-api", "write `api_gateway_endpoint = true` instead"),
    ("firehose", "write `kinesis-firehose`"),
    ("s3", "write `s3_gateway_endpoint = true` instead, which costs nothing"),
    ("secrets-manager", "write `secretsmanager`"),
    ("cloudwatch-logs", "write `logs`"),
    ("dynamodb", "leave it out: Quilt does not use it"),
];

/// Checks one name of `interface_endpoints`.
pub fn check_service(name: &str) -> Result<(), String> {
    if SERVICES.iter().any(|(known, _)| *known == name) {
        return Ok(());
    }
    let short = name.rsplit_once("amazonaws.").and_then(|(_, rest)| rest.split_once('.'));
    let meant = match short {
        Some((_, short)) => Some(format!("write the service alone: `{short}`")),
        None => MEANT.iter().find(|(word, _)| *word == name).map(|(_, what)| what.to_string()),
    };
    Err(match meant {
        Some(meant) => format!("`{name}`: {meant}."),
        None => {
            let all: Vec<_> = SERVICES.iter().map(|(name, _)| *name).collect();
            format!("`{name}` is not one of {}.", all.join(", "))
        }
    })
}

/// What a network whose private subnets have no way out lacks; `None`: nothing that Quilt needs.
pub fn lacks(endpoints: &BTreeSet<String>, s3: bool, api: bool) -> Option<String> {
    let missing = |of: &[&str]| -> Vec<String> {
        of.iter().filter(|name| !endpoints.contains(**name)).map(|n| format!("`{n}`")).collect()
    };
    let (least, more) = (missing(&LEAST), missing(&MORE));
    let mut said = vec![];
    if !least.is_empty() {
        said.push(format!(
            "Without endpoints for these no service of Quilt starts: {}.",
            least.join(", ")
        ));
    }
    if !s3 {
        said.push("Images come from S3: write `s3_gateway_endpoint = true`.".into());
    }
    if !more.is_empty() {
        said.push(format!("Without these parts of it do not work: {}.", more.join(", ")));
    }
    if !api {
        said.push("Calls of its API need `api_gateway_endpoint = true`.".into());
    }
    (!said.is_empty()).then(|| said.join(" "))
}

/// The template's parameters for the endpoints: `true` for those that are wanted.
pub(super) fn parameters(wanted: &BTreeSet<String>) -> BTreeMap<String, String> {
    let each = SERVICES.iter();
    each.map(|(name, title)| (parameter(title), wanted.contains(*name).to_string())).collect()
}

/// The endpoints a stack was made with.
pub(super) fn of(parameters: &BTreeMap<String, String>) -> BTreeSet<String> {
    let made = SERVICES.iter().filter(|(_, title)| {
        parameters.get(&parameter(title)).is_some_and(|value| value == super::TRUE)
    });
    made.map(|(name, _)| name.to_string()).collect()
}

fn parameter(title: &str) -> String {
    format!("{title}InterfaceEndpoint")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: &[&str]) -> BTreeSet<String> {
        of.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn what_is_meant_is_told() {
        for (name, _) in SERVICES {
            assert_eq!(check_service(name), Ok(()));
        }
        for (name, words) in [
            ("s3", "write `s3_gateway_endpoint = true` instead"),
            ("execute-api", "write `api_gateway_endpoint = true` instead"),
            ("firehose", "write `kinesis-firehose`"),
            ("com.amazonaws.eu-west-1.ecr.api", "write the service alone: `ecr.api`"),
            ("everything", "`everything` is not one of athena, cloudformation, ecr.api"),
        ] {
            let why = check_service(name).unwrap_err();
            assert!(why.contains(words), "{name}: {why}");
        }
    }

    #[test]
    fn the_least_that_is_needed_and_then_the_rest() {
        let none = lacks(&names(&[]), false, false).unwrap();
        assert_eq!(
            none,
            "Without endpoints for these no service of Quilt starts: `logs`, `ecr.api`, `ecr.dkr`, `sqs`, `sns`. Images come from S3: \
             write `s3_gateway_endpoint = true`. Without these parts of it do not work: `lambda`, `ecs`, `events`, `kms`. Calls of its \
             API need `api_gateway_endpoint = true`."
        );
        let least = lacks(&names(&LEAST), true, true).unwrap();
        assert_eq!(
            least,
            "Without these parts of it do not work: `lambda`, `ecs`, `events`, `kms`."
        );
        assert_eq!(lacks(&names(&[&LEAST[..], &MORE].concat()), true, true), None);
    }

    #[test]
    fn names_become_parameters_and_come_back() {
        let wanted = names(&["ecr.api", "kinesis-firehose"]);
        let sent = parameters(&wanted);
        assert_eq!((sent.len(), sent["EcrApiInterfaceEndpoint"].as_str()), (17, "true"));
        assert_eq!(of(&sent), wanted);
        assert_eq!(of(&BTreeMap::new()), names(&[]), "the first version of the template has none");
    }
}

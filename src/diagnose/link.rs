//! Pages of the AWS console, each in the part of AWS that it is about.

use crate::cloudformation::arn::Arn;
use crate::cloudformation::partition;

/// The page of a stack's events; where its address is not known, the stack.
pub fn events(id: &str) -> String {
    let stack = id.replace(':', "%3A").replace('/', "%2F");
    let page = |region: &str| {
        format!("cloudformation/home?region={region}#/stacks/events?stackId={stack}")
    };
    of(id, page).unwrap_or_else(|| id.into())
}

/// The page of a stopped task.
pub(super) fn task(stack: &str, cluster: &str, task: &str) -> Option<String> {
    of(stack, |region| format!("ecs/v2/clusters/{cluster}/tasks/{task}/logs?region={region}"))
}

/// The page of a log, or of one stream of it. The console writes these names in a form of its own.
pub(super) fn log(stack: &str, group: &str, stream: Option<&str>) -> Option<String> {
    let stream = stream.map(|name| format!("/log-events/{}", twice(name))).unwrap_or_default();
    let group = twice(group);
    of(stack, |region| {
        format!("cloudwatch/home?region={region}#logsV2:log-groups/log-group/{group}{stream}")
    })
}

/// `$` stands there for a percent sign, of what is escaped twice.
fn twice(name: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || "-_.~".contains(*c);
    let one = |c: char| match plain(&c) {
        true => c.to_string(),
        false => c.to_string().bytes().map(|byte| format!("$25{byte:02X}")).collect(),
    };
    name.chars().map(one).collect()
}

/// A page of the console in the stack's region.
fn of(stack: &str, page: impl Fn(&str) -> String) -> Option<String> {
    let arn = Arn::of(stack)?;
    let (region, host) = (arn.region()?, partition::named(arn.partition)?.console?);
    Some(format!("https://{region}.{host}/{}", page(region)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_aws_has_its_own_console() {
        let page = |partition: &str, region: &str| {
            events(&format!("arn:{partition}:cloudformation:{region}:1:stack/prod/1"))
        };
        for (partition, region, host) in [
            ("aws", "eu-west-1", "https://eu-west-1.console.aws.amazon.com/"),
            ("aws-cn", "cn-north-1", "https://cn-north-1.console.amazonaws.cn/"),
            ("aws-us-gov", "us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/"),
            ("aws-eusc", "eusc-de-east-1", "https://eusc-de-east-1.console.amazonaws-eusc.eu/"),
            ("aws-iso", "us-iso-east-1", "arn:aws-iso:"),
        ] {
            assert!(page(partition, region).starts_with(host), "{}", page(partition, region));
        }
    }

    #[test]
    fn a_log_is_named_as_the_console_does() {
        let stack = "arn:aws:cloudformation:eu-west-1:1:stack/prod/1";
        assert_eq!(
            log(stack, "/aws/lambda/f", Some("2026/11/29/[$LATEST]a")).unwrap(),
            "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Ff\
             /log-events/2026$252F11$252F29$252F$255B$2524LATEST$255Da"
        );
    }
}

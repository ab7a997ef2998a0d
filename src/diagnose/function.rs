//! What the function behind a custom resource wrote to its log.

use std::collections::BTreeMap;

use regex_lite::Regex;

use super::excerpt::MOST;
use super::{About, Excerpt, Finding, First, Look, link};
use crate::aws::logs::Window;
use crate::cloudformation::arn::Arn;
use crate::cloudformation::outputs::pseudo;
use crate::cloudformation::stack::Event;
use crate::cloudformation::template::{Node, Scope, Template};

/// How long before its answer a function may have begun, in milliseconds: as long as a function may run.
const BEFORE: i64 = 15 * 60 * 1000;
/// How long after it the log may be written to.
const AFTER: i64 = 2 * 60 * 1000;
/// What a line says that tells of an error.
const ERRORS: &str =
    "?ERROR ?Error ?error ?Exception ?Traceback ?FAILED ?Failed ?failed ?\"timed out\"";

/// The type is a custom resource's.
pub(super) fn is_custom(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource"
}

/// The log of the function around the failure.
pub(super) async fn look(look: &Look<'_>, first: &First) -> Option<Finding> {
    let event = first.event.as_ref().filter(|event| is_custom(&event.kind))?;
    let group = group(look, first, event).await?;
    let stream = event.reason.as_deref().and_then(stream);
    let log = match &stream {
        Some(stream) => tail(look, &group, stream).await,
        None => search(look, &group, event.at).await,
    }?;
    let name = group.rsplit('/').next().unwrap_or_default();
    Some(Finding {
        about: About::Function,
        what: format!("The function {name} answers for {}.", event.logical_id),
        details: vec![],
        link: link::log(&first.root, &log.group, log.stream.as_deref()),
        log: Some(log),
    })
}

/// The stream that a reason names: "See the details in CloudWatch Log Stream: …".
fn stream(reason: &str) -> Option<String> {
    let named =
        Regex::new(r"[0-9]{4}/[0-9]{2}/[0-9]{2}/(?:[A-Za-z0-9_-]+)?\[[^\]]+\][0-9a-f]{32}").ok()?;
    named.find(reason).map(|found| found.as_str().to_string())
}

async fn tail(look: &Look<'_>, group: &str, stream: &str) -> Option<Excerpt> {
    let lines = look.aws.logs.tail(group, stream, 2 * MOST).await.ok()?;
    let told: Vec<_> = lines.into_iter().filter(|line| !is_frame(&line.message)).collect();
    Excerpt::of(look.veil, group, Some(stream), &told)
}

/// Lines that tell of errors around the failure, or else the end of the newest stream.
async fn search(look: &Look<'_>, group: &str, at: i64) -> Option<Excerpt> {
    let window = Window { from: at - BEFORE, to: at + AFTER };
    let lines = look.aws.logs.search(group, window, ERRORS).await.unwrap_or_default();
    if let Some(found) = Excerpt::of(look.veil, group, None, &lines) {
        return Some(found);
    }
    let stream = look.aws.logs.streams(group, 1).await.ok()?.into_iter().next()?;
    tail(look, group, &stream).await
}

/// Lambda's own lines around what a function writes.
fn is_frame(line: &str) -> bool {
    ["START RequestId:", "END RequestId:", "REPORT RequestId:", "INIT_START "]
        .iter()
        .any(|begin| line.starts_with(begin))
}

/// The log group of the function that a custom resource's `ServiceToken` names.
async fn group(look: &Look<'_>, first: &First, event: &Event) -> Option<String> {
    let text = look.aws.stacks.template(&first.stack).await.ok()?;
    let template = Template::parse(&text).ok()?;
    let known = known(look, first).await;
    let scope = Scope::new(&template, &known);
    let resources = template.section("Resources")?;
    let token = resources.get(&event.logical_id)?.get("Properties")?.get("ServiceToken")?;
    let function = match named(token) {
        Some(logical) => {
            let own =
                resources.get(logical).and_then(|f| f.get("Properties")?.get("LoggingConfig"));
            if let Some(group) = own.and_then(|own| scope.resolve(own.get("LogGroup")?)) {
                return Some(group);
            }
            known.get(logical)?.clone()
        }
        None => scope.resolve(token)?,
    };
    let name = Arn::of(&function).and_then(|arn| arn.named("lambda", "function:"));
    let name = name.map_or(Some(function.as_str()), |name| name.split(':').next())?;
    Some(format!("/aws/lambda/{name}"))
}

/// The resource whose attribute is meant, of `!GetAtt Function.Arn`.
fn named(token: &Node) -> Option<&str> {
    let (function, given) = token.call()?;
    let whole = match given.items() {
        Some(items) => items.first()?.str()?,
        None => given.str()?,
    };
    (function == "Fn::GetAtt").then(|| whole.split('.').next())?
}

/// Parameters, pseudo parameters and resources by name, each with what it is in AWS.
async fn known(look: &Look<'_>, first: &First) -> BTreeMap<String, String> {
    let mut known = pseudo(&first.stack);
    if let Ok(Some(stack)) = look.aws.stacks.find(&first.stack).await {
        known.extend(stack.parameters);
    }
    let parts = look.aws.stacks.parts(&first.stack).await.unwrap_or_default();
    known.extend(parts.into_iter().map(|part| (part.logical_id, part.physical_id)));
    let made = first.events.iter().filter(|event| !event.physical_id.is_empty());
    known.extend(made.map(|event| (event.logical_id.clone(), event.physical_id.clone())));
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_stands_in_the_reason() {
        let reason = "Received response status [FAILED] from custom resource. Message returned: See the details in CloudWatch Log Stream: \
                      2026/11/29/[$LATEST]0123456789abcdef0123456789abcdef (RequestId: 7)";
        assert_eq!(
            stream(reason).as_deref(),
            Some("2026/11/29/[$LATEST]0123456789abcdef0123456789abcdef")
        );
        assert_eq!(stream("it failed on 2026/11/29"), None);
    }

    #[test]
    fn functions_are_named_in_both_ways() {
        for text in ["{\"Fn::GetAtt\": [\"Fn\", \"Arn\"]}", "!GetAtt Fn.Arn"] {
            let template = format!(
                "Resources:\n  C:\n    Type: Custom::C\n    Properties:\n      ServiceToken: {text}\n"
            );
            let template = Template::parse(&template).unwrap();
            let custom = template.section("Resources").unwrap().get("C").unwrap();
            let token = custom.get("Properties").unwrap().get("ServiceToken").unwrap();
            assert_eq!(named(token), Some("Fn"), "{text}");
        }
    }
}

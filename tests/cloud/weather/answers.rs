//! AWS's refusals to the byte, in the protocol of each service.

use super::Fault;
use super::message::Message;
use super::sky::Call;

/// How a service speaks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Protocol {
    /// A form in, XML out: CloudFormation, RDS, IAM, STS, load balancers.
    Query,
    /// The same with other words: EC2.
    Ec2,
    /// JSON, the operation in a header: ECS, ACM, Secrets Manager, SSM.
    Json,
    /// JSON, the operation in method and path: OpenSearch, Lambda.
    RestJson,
    /// XML, the operation in method and path: S3, Route 53.
    RestXml,
    /// CBOR, the operation in the path: CloudWatch.
    Cbor,
    /// JSON with a list of errors: the registry of a Quilt stack.
    GraphQl,
}

impl Protocol {
    /// The one a request speaks.
    pub fn of(request: &Message, call: &Call) -> Self {
        let form =
            request.header("content-type").is_some_and(|kind| kind.contains("form-urlencoded"));
        match call.service.as_str() {
            _ if request.header("smithy-protocol").is_some() => Self::Cbor,
            _ if request.header("x-amz-target").is_some() => Self::Json,
            "registry" => Self::GraphQl,
            "ec2" => Self::Ec2,
            _ if form => Self::Query,
            "s3" | "route53" => Self::RestXml,
            _ => Self::RestJson,
        }
    }
}

/// An answer the engine did not give.
#[derive(Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    /// Header lines.
    pub headers: String,
    pub body: Vec<u8>,
    /// The error code, for the record.
    pub code: String,
}

/// What is answered instead, where a fault is an answer at all.
pub fn to(fault: &Fault, protocol: Protocol, call: &Call) -> Option<Answer> {
    match fault {
        Fault::Html { status } => {
            let body = format!(
                "<!doctype html>\n<html lang=en>\n<title>{status}</title>\n<h1>{status}</h1>\n"
            );
            Some(Answer {
                status: *status,
                headers: "Content-Type: text/html\r\n".into(),
                body: body.into(),
                code: String::new(),
            })
        }
        Fault::Empty => Some(Answer {
            status: 503,
            headers: String::new(),
            body: Vec::new(),
            code: String::new(),
        }),
        Fault::Bare { status } => Some(Answer {
            status: *status,
            headers: String::new(),
            body: Vec::new(),
            code: String::new(),
        }),
        Fault::Refused { status, code, message } => {
            Some(refusal(protocol, call, *status, code, message))
        }
        _ => {
            let (status, code, message) = words(fault, protocol, call)?;
            Some(refusal(protocol, call, status, code, &message))
        }
    }
}

/// Status, code and message of a fault that AWS has words for.
fn words(fault: &Fault, protocol: Protocol, call: &Call) -> Option<(u16, &'static str, String)> {
    use Protocol::{Ec2, GraphQl, Json, Query, RestJson, RestXml};
    let (status, code, message) = match (fault, protocol) {
        (Fault::InternalError, GraphQl) => (200, "", "Internal Server Error"),
        (Fault::Throttled, GraphQl) => (429, "", "Too Many Requests"),
        (Fault::Expired | Fault::Unknown, GraphQl) => (401, "", "Unauthorized"),
        (Fault::Denied, GraphQl) => (403, "", "Forbidden"),
        (Fault::Throttled, Ec2) => (503, "RequestLimitExceeded", "Request limit exceeded."),
        (Fault::Throttled, RestXml) => (503, "SlowDown", "Please reduce your request rate."),
        (Fault::Throttled, Json) => (400, "ThrottlingException", "Rate exceeded"),
        (Fault::Throttled, RestJson) => (429, "ThrottlingException", "Rate exceeded"),
        (Fault::Throttled, _) => (400, "Throttling", "Rate exceeded"),
        (Fault::InternalError, Ec2) => (500, "InternalError", "An internal error has occurred"),
        (Fault::InternalError, RestXml) => {
            (500, "InternalError", "We encountered an internal error. Please try again.")
        }
        (Fault::InternalError, _) => (500, "InternalFailure", "Service failure"),
        (Fault::Unavailable, Ec2) => {
            (503, "Unavailable", "The service is unavailable. Please try again shortly.")
        }
        (Fault::Unavailable, _) => (503, "ServiceUnavailable", "Service is unavailable"),
        (Fault::Expired, Ec2) => (400, "RequestExpired", "Request has expired."),
        (Fault::Expired, RestXml) => (400, "ExpiredToken", "The provided token has expired."),
        (Fault::Expired, Json) => (400, "ExpiredTokenException", EXPIRED),
        (Fault::Expired, RestJson) => (403, "ExpiredTokenException", EXPIRED),
        (Fault::Expired, _) => (403, "ExpiredToken", EXPIRED),
        (Fault::Unknown, Ec2) => {
            (401, "AuthFailure", "AWS was not able to validate the provided access credentials")
        }
        (Fault::Unknown, RestXml) => (
            403,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        ),
        (Fault::Unknown, Json) => (400, "UnrecognizedClientException", UNKNOWN),
        (Fault::Unknown, RestJson) => (403, "UnrecognizedClientException", UNKNOWN),
        (Fault::Unknown, _) => (403, "InvalidClientTokenId", UNKNOWN),
        (Fault::Late | Fault::Skewed, RestXml) => (
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        ),
        (Fault::Late, _) => (400, "RequestExpired", "Request has expired."),
        (Fault::Skewed, Json | RestJson) => {
            (if protocol == Json { 400 } else { 403 }, "InvalidSignatureException", SKEWED)
        }
        (Fault::Skewed, _) => (403, "SignatureDoesNotMatch", SKEWED),
        (Fault::Denied, Query | RestXml | Protocol::Cbor) => {
            return Some((403, "AccessDenied", denied(call)));
        }
        (Fault::Denied, Ec2) => {
            return Some((
                403,
                "UnauthorizedOperation",
                format!("You are not authorized to perform this operation. {}", denied(call)),
            ));
        }
        (Fault::Denied, _) => {
            return Some((
                if protocol == Json { 400 } else { 403 },
                "AccessDeniedException",
                denied(call),
            ));
        }
        _ => return None,
    };
    Some((status, code, message.into()))
}

const EXPIRED: &str = "The security token included in the request is expired";
const UNKNOWN: &str = "The security token included in the request is invalid.";
const SKEWED: &str = "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)";

/// IAM's sentence about a permission that nobody gave.
fn denied(call: &Call) -> String {
    let Call { service, action, account, region, names } = call;
    let action = match action.as_str() {
        "HeadBucket" | "ListObjectsV2" => "ListBucket",
        "HeadObject" => "GetObject",
        other => other,
    };
    let stack = || names.iter().find(|name| name.starts_with("arn:aws:cloudformation:")).cloned();
    let resource = match service.as_str() {
        "cloudformation" => {
            let named = || {
                format!(
                    "arn:aws:cloudformation:{region}:{account}:stack/{}/*",
                    names.first().map_or("", String::as_str)
                )
            };
            format!(" on resource: {}", stack().unwrap_or_else(named))
        }
        "s3" => format!(" on resource: \"arn:aws:s3:::{}\"", names[..names.len().min(2)].join("/")),
        "sts" | "ec2" => String::new(),
        _ => format!(" on resource: arn:aws:{service}:{region}:{account}:*"),
    };
    format!(
        "User: arn:aws:iam::{account}:user/somebody is not authorized to perform: {service}:{action}{resource} \
         because no identity-based policy allows the {service}:{action} action"
    )
}

const REQUEST_ID: &str = "0c9e1c22-1111-2222-3333-444455556666";

/// A refusal as a service writes it down.
fn refusal(protocol: Protocol, call: &Call, status: u16, code: &str, message: &str) -> Answer {
    let (kind, body) = match protocol {
        Protocol::Query => ("text/xml", query(&call.service, status, code, message).into()),
        Protocol::Ec2 => ("text/xml;charset=UTF-8", ec2(code, message).into()),
        Protocol::Json => ("application/x-amz-json-1.1", json("__type", code, "message", message)),
        Protocol::RestJson => {
            ("application/json", serde_json::json!({"message": message}).to_string().into())
        }
        Protocol::RestXml if call.action.starts_with("Head") => ("application/xml", Vec::new()),
        Protocol::RestXml => ("application/xml", rest_xml(code, message).into()),
        Protocol::Cbor => ("application/cbor", cbor(code, message)),
        Protocol::GraphQl => ("application/json", graphql(message)),
    };
    let more = match protocol {
        Protocol::RestJson => format!("x-amzn-errortype: {code}\r\n"),
        Protocol::Cbor => "smithy-protocol: rpc-v2-cbor\r\n".to_owned(),
        Protocol::RestXml => format!("x-amz-request-id: {REQUEST_ID}\r\n"),
        _ => String::new(),
    };
    let headers = format!("Content-Type: {kind}\r\nx-amzn-RequestId: {REQUEST_ID}\r\n{more}");
    Answer { status, headers, body, code: code.into() }
}

fn query(service: &str, status: u16, code: &str, message: &str) -> String {
    let space = match service {
        "rds" => "http://rds.amazonaws.com/doc/2014-10-31/",
        "iam" => "https://iam.amazonaws.com/doc/2010-05-08/",
        "sts" => "https://sts.amazonaws.com/doc/2011-06-15/",
        "elasticloadbalancing" => "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
        "sns" => "http://sns.amazonaws.com/doc/2010-03-31/",
        _ => "http://cloudformation.amazonaws.com/doc/2010-05-15/",
    };
    let fault = if status < 500 { "Sender" } else { "Receiver" };
    format!(
        "<ErrorResponse xmlns=\"{space}\">\n  <Error>\n    <Type>{fault}</Type>\n    <Code>{code}</Code>\n    <Message>{}</Message>\n  </Error>\n  \
         <RequestId>{REQUEST_ID}</RequestId>\n</ErrorResponse>\n",
        escape(message)
    )
}

fn ec2(code: &str, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code><Message>{}</Message></Error></Errors>\
         <RequestID>{REQUEST_ID}</RequestID></Response>",
        escape(message)
    )
}

fn rest_xml(code: &str, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{}</Message><RequestId>{REQUEST_ID}</RequestId></Error>",
        escape(message)
    )
}

fn json(code_name: &str, code: &str, message_name: &str, message: &str) -> Vec<u8> {
    serde_json::json!({code_name: code, message_name: message}).to_string().into()
}

fn graphql(message: &str) -> Vec<u8> {
    serde_json::json!({"data": null, "errors": [{"message": message}]}).to_string().into()
}

/// A map of two texts.
fn cbor(code: &str, message: &str) -> Vec<u8> {
    let text = |text: &str| {
        let length = u16::try_from(text.len()).unwrap_or_default().to_be_bytes();
        [&[0x79, length[0], length[1]], text.as_bytes()].concat()
    };
    [vec![0xa2], text("__type"), text(code), text("message"), text(message)].concat()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An answer of RDS in which every instance or snapshot has this status, and a snapshot this progress.
pub fn shown(xml: &str, status: &str, percent: u32) -> String {
    let snapshot = xml.contains("<DBSnapshotIdentifier>");
    let xml = exchange(xml, if snapshot { "Status" } else { "DBInstanceStatus" }, status);
    if snapshot { exchange(&xml, "PercentProgress", &percent.to_string()) } else { xml }
}

/// The text of every element of this name, exchanged.
fn exchange(xml: &str, name: &str, text: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut parts = xml.split(&open);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |whole, part| {
        let rest = part.split_once(&close).map_or("", |(_, rest)| rest);
        format!("{whole}{open}{text}{close}{rest}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_exchanged() {
        let instances = "<DBInstances><DBInstance><DBInstanceStatus>available</DBInstanceStatus><Status>in-sync</Status></DBInstance></DBInstances>";
        assert_eq!(shown(instances, "backing-up", 5), instances.replace("available", "backing-up"));
        let snapshot = "<DBSnapshotIdentifier>s</DBSnapshotIdentifier><Status>available</Status><PercentProgress>100</PercentProgress>";
        assert_eq!(
            shown(snapshot, "creating", 5),
            snapshot.replace("available", "creating").replace("100", "5")
        );
    }

    #[test]
    fn nobody_has_a_permission_nobody_gave() {
        let call = Call {
            service: "cloudformation".into(),
            action: "CreateStack".into(),
            account: "123456789012".into(),
            region: "us-east-1".into(),
            names: vec!["prod".into()],
        };
        let answer = to(&Fault::Denied, Protocol::Query, &call).unwrap();
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!((answer.status, answer.code.as_str()), (403, "AccessDenied"));
        assert!(
            said.contains(
                "User: arn:aws:iam::123456789012:user/somebody is not authorized to perform: cloudformation:CreateStack on resource: \
                 arn:aws:cloudformation:us-east-1:123456789012:stack/prod/* because no identity-based policy allows the cloudformation:CreateStack action"
            ),
            "{said}"
        );
    }
}

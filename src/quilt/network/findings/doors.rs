//! The ways in: the security group of users, and the endpoint through which an internal Quilt's API is called.

use super::{Finding, Weight};
use crate::quilt::network::existing::{Group, Parts, Survey};

const GROUP: (&str, Option<usize>) = ("user_security_group_id", None);
const ENDPOINT: (&str, Option<usize>) = ("api_gateway_endpoint_id", None);

/// What is found.
pub fn judge(parts: &Parts, there: &Survey) -> Vec<Finding> {
    let mut found = group(parts, there);
    found.extend(parts.endpoint.iter().flat_map(|id| endpoint(parts, there, id)));
    found
}

/// The command that lets users in.
fn let_in(there: &Survey, group: &str, port: i64) -> String {
    format!(
        "`aws ec2 authorize-security-group-ingress --region {} --group-id {group} --protocol tcp --port {port} --cidr RANGE`",
        there.region
    )
}

fn group(parts: &Parts, there: &Survey) -> Vec<Finding> {
    let (id, region, vpc) = (&parts.security_group, &there.region, &parts.vpc_id);
    let fix = format!(
        "Take an id from `aws ec2 describe-security-groups --region {region} --filters Name=vpc-id,Values={vpc}`."
    );
    let wrong = |what: String, found: String| {
        vec![Finding {
            name: "security_group",
            at: GROUP,
            weight: Weight::Wrong,
            what,
            found,
            fix: fix.clone(),
        }]
    };
    match there.group(id) {
        None => wrong(
            format!("There is no security group {id} in {region}"),
            "These credentials see no group of that id in this region.".into(),
        ),
        Some(group) if group.vpc_id != *vpc => wrong(
            format!("The security group {id} is in another VPC"),
            format!("It is in {}, and the network is {vpc}.", group.vpc_id),
        ),
        Some(group) => ports(group, there),
    }
}

/// 443 for all, and 80, from which people are sent on.
fn ports(group: &Group, there: &Survey) -> Vec<Finding> {
    let closed = |port, name, weight, then: &str| {
        group.lets_in(port).is_empty().then(|| Finding {
            name,
            at: GROUP,
            weight,
            what: format!("The security group {} lets nobody in on {port}", group.id),
            found: format!("None of its rules is for TCP {port}. {then}"),
            fix: format!("Let users in: {}.", let_in(there, &group.id, port)),
        })
    };
    let https = "Nobody would reach the catalog.";
    let http =
        "Whoever types the address without https:// gets no answer instead of being sent on.";
    [
        closed(443, "security_group_https", Weight::Wrong, https),
        closed(80, "security_group_http", Weight::Doubt, http),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn endpoint(parts: &Parts, there: &Survey, id: &str) -> Vec<Finding> {
    let (region, vpc) = (&there.region, &parts.vpc_id);
    let make = format!(
        "`aws ec2 create-vpc-endpoint --region {region} --vpc-id {vpc} --vpc-endpoint-type Interface --service-name com.amazonaws.{region}.execute-api --subnet-ids {} --security-group-ids {} --private-dns-enabled`",
        parts.user.join(" "),
        parts.security_group
    );
    let wrong = |what: String, found: String, fix: String| Finding {
        name: "api_gateway_endpoint",
        at: ENDPOINT,
        weight: Weight::Wrong,
        what,
        found,
        fix,
    };
    let Some(endpoint) = there.endpoints.iter().find(|e| e.id == id) else {
        return vec![wrong(
            format!("There is no endpoint {id} in the VPC"),
            format!("These credentials see no endpoint of that id in {vpc}."),
            format!("Make one: {make}."),
        )];
    };
    if endpoint.kind != "Interface" || !endpoint.is_for(&format!("{region}.execute-api")) {
        return vec![wrong(
            format!("The endpoint {id} is not for API Gateway"),
            format!(
                "It is of the type {} and for {}. An internal Quilt's API needs one of the type Interface for execute-api.",
                endpoint.kind, endpoint.service
            ),
            format!("Make one: {make}."),
        )];
    }
    let mut found = vec![];
    if !endpoint.works() {
        found.push(wrong(
            format!("The endpoint {id} does not work yet"),
            format!("Its state is {}.", endpoint.state),
            format!("Wait until it is available: `aws ec2 describe-vpc-endpoints --region {region} --vpc-endpoint-ids {id}`. If it waits for acceptance or has failed, make another."),
        ));
    }
    if !endpoint.private_dns {
        found.push(wrong(
            format!("The endpoint {id} has no private DNS"),
            "The API's own name leads past it, so the catalog's calls are refused.".into(),
            format!("`aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id {id} --private-dns-enabled`."),
        ));
    }
    found.extend(closed(there, &endpoint.groups, id));
    found
}

/// One of the endpoint's groups lets somebody in on 443.
fn closed(there: &Survey, groups: &[String], id: &str) -> Option<Finding> {
    let known: Vec<&Group> = groups.iter().filter_map(|group| there.group(group)).collect();
    let first = known.first()?;
    known.iter().all(|group| group.lets_in(443).is_empty()).then(|| Finding {
        name: "api_gateway_endpoint_https",
        at: ENDPOINT,
        weight: Weight::Wrong,
        what: format!("The endpoint {id} lets nobody in"),
        found: format!(
            "None of its security groups ({}) lets anybody in on 443.",
            groups.join(", ")
        ),
        fix: format!("Let users and services in: {}.", let_in(there, &first.id, 443)),
    })
}

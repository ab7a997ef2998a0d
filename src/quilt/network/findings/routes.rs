//! The ways out of a network: private subnets have one, public ones lead to the internet, intra ones have none.

use super::{Finding, Weight};
use crate::quilt::network::existing::{Parts, Role, Route, RouteTable, Survey};

/// What a private subnet's default route may lead to, by the beginning of its id: NAT gateways, transit gateways, firewalls (endpoints of
/// gateway load balancers, network interfaces, instances), networks of the company's own, Cloud WAN.
const WAYS: [&str; 9] = ["nat-", "tgw-", "vpce-", "eni-", "i-", "vgw-", "lgw-", "cagw-", "arn:"];
/// Services that Quilt calls and that have an endpoint with an interface; without a way out each must.
const SERVICES: [&str; 5] = ["logs", "ecr.api", "ecr.dkr", "sqs", "sns"];

/// What is found.
pub fn judge(parts: &Parts, there: &Survey) -> Vec<Finding> {
    let each = |role: Role, judge: fn(&Parts, &Survey, &Seen) -> Option<Finding>| {
        let seen = parts.ids(role).iter().enumerate().filter_map(move |(index, id)| {
            there.subnet(id)?;
            Some(Seen { id, at: (role.argument(), Some(index)), table: there.table(id)? })
        });
        seen.filter_map(|seen| judge(parts, there, &seen)).collect::<Vec<_>>()
    };
    let mut found = each(Role::Private, private);
    found.extend(each(Role::Public, public));
    found.extend(each(Role::Intra, intra));
    found.extend(s3(parts, there));
    found
}

/// A subnet with the routes that hold for it.
struct Seen<'a> {
    id: &'a str,
    at: (&'static str, Option<usize>),
    table: &'a RouteTable,
}

/// The command that adds a default route.
fn add(there: &Survey, table: &str, target: &str) -> String {
    format!(
        "`aws ec2 create-route --region {} --route-table-id {table} --destination-cidr-block 0.0.0.0/0 {target}`",
        there.region
    )
}

fn replace(there: &Survey, table: &str, target: &str) -> String {
    add(there, table, target).replace("create-route", "replace-route")
}

fn leads(route: &Route) -> String {
    let state = if route.active { "" } else { ", which is gone" };
    format!("0.0.0.0/0 goes to {}{state}", route.through)
}

fn private(parts: &Parts, there: &Survey, seen: &Seen) -> Option<Finding> {
    let (id, table) = (seen.id, &seen.table.id);
    let nat = "--nat-gateway-id NAT";
    let (weight, found, fix) = match seen.table.default_route() {
        Some(route) if route.active && WAYS.iter().any(|way| route.through.starts_with(way)) => {
            return None;
        }
        Some(route) => {
            let why = if route.active && route.through.starts_with("igw-") {
                " Quilt's services have no public addresses, so an internet gateway is no way out for them."
            } else {
                " Images, queues and sign-in are out of reach."
            };
            let fix = format!(
                "Lead it to a NAT gateway, a transit gateway or a firewall: {}.",
                replace(there, table, nat)
            );
            (Weight::Wrong, format!("In {table} {}.{why}", leads(route)), fix)
        }
        None => unled(parts, there, seen)?,
    };
    let what = format!("The private subnet {id} has no way out");
    Some(Finding { name: "private_route", at: seen.at, weight, what, found, fix })
}

/// Without a default route everything depends on endpoints.
fn unled(parts: &Parts, there: &Survey, seen: &Seen) -> Option<(Weight, String, String)> {
    let table = &seen.table.id;
    let has = |service: &&str| {
        let full = format!("{}.{service}", there.region);
        there.endpoints.iter().any(|e| e.is_for(&full) && e.works() && e.private_dns)
    };
    let lack: Vec<_> = SERVICES.iter().copied().filter(|service| !has(service)).collect();
    let add = add(there, table, "--nat-gateway-id NAT");
    if lack.is_empty() {
        let found = format!(
            "{table} has no default route. The endpoints do for AWS's services that Quilt needs first; identity providers, password mails and telemetry stay out of reach."
        );
        return Some((
            Weight::Doubt,
            found,
            format!("If people sign in through an identity provider: {add}."),
        ));
    }
    let found = format!(
        "{table} has no default route, and the VPC has no working endpoint with private DNS for {}. Quilt's services would not start.",
        lack.join(", ")
    );
    let fix = format!(
        "Lead it to a NAT gateway, a transit gateway or a firewall: {add}. Or make the endpoints, each as `aws ec2 create-vpc-endpoint --region {region} --vpc-id {vpc} --vpc-endpoint-type Interface --service-name com.amazonaws.{region}.{first} --subnet-ids {subnets} --security-group-ids GROUP --private-dns-enabled`.",
        region = there.region,
        vpc = parts.vpc_id,
        first = lack[0],
        subnets = parts.private.join(" ")
    );
    Some((Weight::Wrong, found, fix))
}

fn public(_: &Parts, there: &Survey, seen: &Seen) -> Option<Finding> {
    let (id, table, gateway) = (seen.id, &seen.table.id, "--gateway-id IGW");
    let (found, fix) = match seen.table.default_route() {
        Some(route) if route.active && route.through.starts_with("igw-") => return None,
        Some(route) => (format!("In {table} {}.", leads(route)), replace(there, table, gateway)),
        None => (format!("{table} has no default route."), add(there, table, gateway)),
    };
    Some(Finding {
        name: "public_route",
        at: seen.at,
        weight: Weight::Wrong,
        what: format!("The public subnet {id} does not lead to the internet"),
        found: format!(
            "{found} An internet-facing load balancer needs a route to an internet gateway."
        ),
        fix: format!("{fix}, with the VPC's internet gateway. Or give subnets that have it."),
    })
}

fn intra(parts: &Parts, there: &Survey, seen: &Seen) -> Option<Finding> {
    let out = seen
        .table
        .routes
        .iter()
        .find(|r| r.active && ["0.0.0.0/0", "::/0"].contains(&r.to.as_str()))?;
    let (id, table) = (seen.id, &seen.table.id);
    Some(Finding {
        name: "intra_route",
        at: seen.at,
        weight: Weight::Doubt,
        what: format!("The intra subnet {id} has a way out"),
        found: format!(
            "In {table} {} goes to {}. Database and search work so, but nothing keeps them inside.",
            out.to, out.through
        ),
        fix: format!(
            "Give it a table with local routes alone: `aws ec2 create-route-table --region {region} --vpc-id {}`, then `aws ec2 associate-route-table --region {region} --subnet-id {id} --route-table-id TABLE`.",
            parts.vpc_id,
            region = there.region
        ),
    })
}

/// What services read from S3 goes through a gateway endpoint, where there is one.
fn s3(parts: &Parts, there: &Survey) -> Option<Finding> {
    let service = format!("{}.s3", there.region);
    let gateways: Vec<_> = there
        .endpoints
        .iter()
        .filter(|e| e.kind == "Gateway" && e.is_for(&service) && e.works())
        .collect();
    let mut tables: Vec<_> = parts.private.iter().filter_map(|id| there.table(id)).collect();
    tables.dedup_by(|one, other| one.id == other.id);
    let lack: Vec<_> = tables
        .iter()
        .filter(|table| !gateways.iter().any(|e| e.tables.contains(&table.id)))
        .map(|table| table.id.as_str())
        .collect();
    if lack.is_empty() {
        return None;
    }
    let open = tables.iter().all(|table| table.default_route().is_some_and(|r| r.active));
    let (region, vpc, joined) = (&there.region, &parts.vpc_id, lack.join(" "));
    let (found, fix) = match gateways.first() {
        Some(gateway) => (
            format!("{} is not in {}.", gateway.id, lack.join(", ")),
            format!(
                "`aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id {} --add-route-table-ids {joined}`",
                gateway.id
            ),
        ),
        None => (
            "The VPC has no gateway endpoint for S3 that works.".to_string(),
            format!(
                "`aws ec2 create-vpc-endpoint --region {region} --vpc-id {vpc} --service-name com.amazonaws.{region}.s3 --route-table-ids {joined}`"
            ),
        ),
    };
    let then = match open {
        true => {
            " All data goes the private subnets' other way out, which costs, and a data perimeter by VPC does not hold."
        }
        false => " Nor is there another way: not even images of services can be read.",
    };
    Some(Finding {
        name: "s3_endpoint",
        at: ("private_subnet_ids", None),
        weight: if open { Weight::Doubt } else { Weight::Wrong },
        what: "The private subnets do not reach S3 through an endpoint".into(),
        found: format!("{found}{then}"),
        fix: format!("It costs nothing: {fix}."),
    })
}

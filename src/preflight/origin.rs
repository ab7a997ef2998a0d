//! Where things come from: zones and keys of this region, a role of this account, ranges that are nobody's. Nothing is asked.

use ipnetwork::Ipv4Network;

use super::{Scene, Verdict};
use crate::cloudformation::arn::Arn;
use crate::outcome::Result;

/// Zones by name are of this region.
pub fn zones(scene: &Scene<'_>) -> Option<Verdict> {
    let (region, zones) = (&scene.aws.region, &scene.intent.availability_zones);
    if zones.is_empty() {
        return None;
    }
    let foreign: Vec<_> = zones
        .iter()
        .filter(|zone| !zone.starts_with(region.as_str()))
        .map(String::as_str)
        .collect();
    if foreign.is_empty() {
        return Some(Verdict::pass(format!("The zones are of {region}.")));
    }
    let found = format!("Not of {region}: {}.", foreign.join(", "));
    let fix =
        format!("Write two zones of {region}, such as {region}a and {region}b, or leave them out.");
    Some(Verdict::fail("availability_zones", "A zone of another region", found, fix))
}

/// A key is of this region.
pub fn key(scene: &Scene<'_>) -> Option<Verdict> {
    let (region, key) = (&scene.aws.region, scene.intent.kms_key_id.as_ref()?);
    let own = Arn::of(key)?.region()?;
    if own == region {
        return Some(Verdict::pass(format!("The key is of {region}.")));
    }
    let found = format!("The key is of {own}, and what it encrypts will be in {region}.");
    let fix = format!(
        "Give the ARN of a key of {region}; of a multi-Region key, that of its replica there."
    );
    Some(Verdict::fail("kms_key_id", "The key is of another region", found, fix))
}

/// A role is of this account.
pub async fn role(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let Some(role) = scene.intent.iam_role_arn.as_deref().and_then(Arn::of) else {
        return Ok(None);
    };
    let account = scene.aws.identity.account().await?;
    Ok((!account.is_empty()).then(|| judge_role(role.account, &account)))
}

fn judge_role(owner: &str, account: &str) -> Verdict {
    if owner == account {
        return Verdict::pass("The role is of this account.");
    }
    let found = format!("The role is of the account {owner}, and the stack will be in {account}.");
    let fix = format!(
        "CloudFormation takes roles of its own account alone: give one of {account}, or leave it out."
    );
    Verdict::fail("iam_role_arn", "The role is of another account", found, fix)
}

/// Ranges that nobody has in the internet: private, and shared between providers and their customers.
const FREE: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/// A range is nobody's in the internet.
pub fn range(scene: &Scene<'_>) -> Option<Verdict> {
    let cidr = scene.intent.cidr.as_ref()?;
    let range: Ipv4Network = cidr.parse().ok()?;
    let free = FREE.iter().filter_map(|free| free.parse().ok());
    if free
        .into_iter()
        .any(|free: Ipv4Network| free.contains(range.ip()) && free.prefix() <= range.prefix())
    {
        return Some(Verdict::pass(format!("{cidr} is nobody's in the internet.")));
    }
    let found = format!(
        "{cidr} are addresses of the internet. Whatever has them there cannot be reached from this network."
    );
    let fix = format!(
        "Take a range inside {}, unless these addresses are your own.",
        FREE[..3].join(", ")
    );
    Some(Verdict::fail("cidr", "A range of the internet", found, fix).may_pass())
}

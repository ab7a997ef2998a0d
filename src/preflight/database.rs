//! The instance of a database: its class and storage can be ordered here, and what is there already is not larger than what is written.

use super::engine::named;
use super::intent::Instance;
use super::{Scene, Verdict};
use crate::outcome::Result;
use crate::quilt::database::Offer;

/// Looks at what can be ordered. A version that is offered no more tells nothing of what runs with it.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let Some(wanted) = &scene.intent.instance else { return Ok(None) };
    let Some(version) = named(&wanted.version, scene.versions().await?) else { return Ok(None) };
    let offers = scene.aws.databases.offers(&wanted.class, version).await?;
    Ok(Some(judge(wanted, &scene.aws.region, &offers)))
}

fn judge(wanted: &Instance, region: &str, offers: &[Offer]) -> Verdict {
    let Instance { class, version, storage_type, storage, multi_az } = wanted;
    if offers.is_empty() {
        let found = format!("RDS has no {class} with PostgreSQL {version} in {region}.");
        let fix = "Write another class, such as db.t3.small or db.t4g.small.";
        return Verdict::fail("instance_class", "This class cannot be ordered", found, fix);
    }
    let typed: Vec<_> = offers.iter().filter(|offer| offer.storage_type == *storage_type).collect();
    if typed.is_empty() {
        let mut others: Vec<_> = offers.iter().map(|offer| offer.storage_type.as_str()).collect();
        others.sort_unstable();
        others.dedup();
        let found = format!("{class} takes no {storage_type} storage in {region}.");
        let fix = format!("Write one of: {}.", others.join(", "));
        return Verdict::fail("storage_type", "This storage cannot be ordered", found, fix);
    }
    if *multi_az && !typed.iter().any(|offer| offer.multi_az) {
        let found =
            format!("{class} with {storage_type} has no standby in another zone in {region}.");
        let fix = "Write another class, or `multi_az = false`.";
        return Verdict::fail("multi_az", "A standby cannot be ordered", found, fix);
    }
    let (least, most) = (
        typed.iter().map(|offer| offer.least).min().unwrap_or_default(),
        typed.iter().map(|offer| offer.most).max().unwrap_or(i64::MAX),
    );
    if !(least..=most).contains(storage) {
        let found = format!(
            "{class} takes {least} to {most} GiB of {storage_type}, and {storage} are asked for."
        );
        let fix = format!("Write {least} to {most}.");
        return Verdict::fail("allocated_storage", "This storage cannot be ordered", found, fix);
    }
    Verdict::pass(format!(
        "{class} with {storage} GiB of {storage_type} can be ordered in {region}."
    ))
}

/// Looks at an instance whose storage is to change.
pub async fn look_grown(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let (Some(id), Some(wanted)) = (&scene.intent.grown, &scene.intent.instance) else {
        return Ok(None);
    };
    let instance = scene.aws.databases.instance(id).await?;
    Ok(instance.map(|there| judge_grown(id, there.facts.allocated_storage, wanted.storage)))
}

fn judge_grown(id: &str, there: i64, written: i64) -> Verdict {
    if there <= written {
        return Verdict::pass(format!("The instance {id} has {there} GiB."));
    }
    let found = format!(
        "The instance {id} has {there} GiB by now: it has grown outside of Terraform, and {written} are written. Storage never shrinks."
    );
    let fix = format!("Write `allocated_storage = {there}` or more.");
    Verdict::fail("allocated_storage", "The database has more storage already", found, fix)
}

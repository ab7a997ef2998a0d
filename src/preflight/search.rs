//! The nodes of a search domain: their type is offered here, and takes the volumes that are asked for.

use super::{Scene, Verdict};
use crate::outcome::Result;
use crate::quilt::search::{Cluster, Limits};

/// Looks at what nodes of this type take.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let (Some(cluster), Some(version)) = (&scene.intent.cluster, &scene.intent.search_version)
    else {
        return Ok(None);
    };
    let limits = scene.aws.domains.limits(&cluster.instance_type, version).await?;
    Ok(Some(judge(cluster, version, &scene.aws.region, limits.as_ref())))
}

fn judge(cluster: &Cluster, version: &str, region: &str, limits: Option<&Limits>) -> Verdict {
    let kind = &cluster.instance_type;
    let Some(volume) = limits.map(|limits| limits.volume(&cluster.volume_type)) else {
        let found = format!("AWS has no {kind} with Elasticsearch {version} in {region}.");
        let fix = "Write another type, such as m6g.large.elasticsearch or m5.large.elasticsearch.";
        return Verdict::fail("instance_type", "This type of node is not offered", found, fix);
    };
    let Some(volume) = volume else {
        let found = format!("{kind} takes no {} volumes in {region}.", cluster.volume_type);
        let fix = "Write another `volume_type`.";
        return Verdict::fail("volume_type", "This type of volume is not offered", found, fix);
    };
    let asked = [
        ("volume_size", Some(cluster.volume_size), volume.size, "GiB"),
        ("volume_iops", cluster.volume_iops, volume.iops, "operations a second"),
        ("volume_throughput", cluster.volume_throughput, volume.throughput, "MiB a second"),
    ];
    for (input, asked, (least, most), unit) in asked {
        let Some(asked) = asked.filter(|asked| !(least..=most).contains(asked)) else { continue };
        let found = format!(
            "Volumes of {kind} ({}) have {least} to {most} {unit}, and {asked} are asked for.",
            cluster.volume_type
        );
        let fix = match asked > most && input == "volume_size" {
            true => format!("Write {most} or less, or take a larger type or more nodes."),
            false => format!("Write {least} to {most}."),
        };
        return Verdict::fail(input, "A volume cannot be so", found, fix);
    }
    Verdict::pass(format!("{kind} takes {} GiB of {}.", cluster.volume_size, cluster.volume_type))
}

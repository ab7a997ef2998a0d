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
        return Verdict::fail(input, "The nodes take no such volume", found, fix);
    }
    Verdict::pass(format!("{kind} takes {} GiB of {}.", cluster.volume_size, cluster.volume_type))
}

/// What gp3 volumes have of each for every 3 TiB: operations and MiB a second.
const EACH: (i64, i64) = (16_000, 1000);
const TIB3: i64 = 3072;

/// The speed of a gp3 volume against its size. Nothing is asked.
pub fn speed(scene: &Scene<'_>) -> Option<Verdict> {
    let cluster = scene.intent.cluster.as_ref()?;
    (cluster.volume_type == "gp3").then(|| judge_speed(cluster))
}

fn judge_speed(cluster: &Cluster) -> Verdict {
    let size = cluster.volume_size;
    let parts = (size + TIB3 - 1) / TIB3;
    let base = if size < 1024 { 3000 } else { 3 * size };
    let operations = cluster.volume_iops.unwrap_or(base.max(3000));
    let most = (EACH.0 * parts).min(500 * size);
    if operations > most {
        let found = format!(
            "A volume of {size} GiB has {most} operations a second at most, and {operations} are asked for."
        );
        let fix = format!("Write `volume_iops = {most}` or less, or a larger `volume_size`.");
        return Verdict::fail("volume_iops", "A volume of this size is not so fast", found, fix);
    }
    let most = (EACH.1 * parts).min(operations / 4);
    match cluster.volume_throughput.filter(|asked| *asked > most) {
        Some(asked) => {
            let found = format!(
                "A volume of {size} GiB with {operations} operations a second has {most} MiB a second at most, and {asked} are asked for."
            );
            let fix =
                format!("Write `volume_throughput = {most}` or less, or a larger `volume_iops`.");
            let title = "A volume of this size is not so fast";
            Verdict::fail("volume_throughput", title, found, fix)
        }
        None => Verdict::pass(format!("A volume of {size} GiB can be as fast as that.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quilt::search::{SIZES, size};

    #[test]
    fn every_size_by_name_is_as_fast_as_its_volumes() {
        for kind in &SIZES {
            assert_eq!(judge_speed(&size(kind.name).unwrap()).title, "", "{}", kind.name);
        }
    }

    #[test]
    fn speed_is_bounded_by_size() {
        let of = |volume_size, volume_iops, volume_throughput| {
            let large = size("large").unwrap();
            judge_speed(&Cluster { volume_size, volume_iops, volume_throughput, ..large }).fix
        };
        assert_eq!(of(100, Some(16_000), Some(1000)), "");
        assert!(of(20, Some(12_000), None).starts_with("Write `volume_iops = 10000`"));
        assert!(of(3072, Some(16_001), None).starts_with("Write `volume_iops = 16000`"));
        assert!(of(100, None, Some(800)).starts_with("Write `volume_throughput = 750`"));
        assert!(of(100, Some(16_000), Some(1001)).starts_with("Write `volume_throughput = 1000`"));
    }
}

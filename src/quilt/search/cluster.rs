//! What a search domain runs on: its nodes and their volumes, the sizes by name, and what AWS does not let be combined.

use std::collections::BTreeMap;

/// The end of every instance type here.
const END: &str = ".elasticsearch";
const GP2: &str = "gp2";
const GP3: &str = "gp3";

/// What a domain runs on.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// Type of a data node, as `m6g.xlarge.elasticsearch`.
    pub instance_type: String,
    /// How many data nodes.
    pub instance_count: i64,
    /// Type of a dedicated master, where there are some.
    pub dedicated_master_type: Option<String>,
    /// How many dedicated masters; 0: none.
    pub dedicated_master_count: i64,
    /// The nodes are in two zones.
    pub zone_awareness: bool,
    /// GiB of each data node.
    pub volume_size: i64,
    /// `gp2` or `gp3`.
    pub volume_type: String,
    /// I/O operations a second, where said.
    pub volume_iops: Option<i64>,
    /// MiB a second, where said.
    pub volume_throughput: Option<i64>,
}

/// A size by name.
pub struct Size {
    /// What `size` calls it.
    pub name: &'static str,
    nodes: (i64, &'static str),
    shared: bool,
    volume: (i64, &'static str),
    speed: (Option<i64>, Option<i64>),
}

/// Nodes, whether masters and zones are on, GiB and type of each volume, IOPS and MiB/s.
const fn of(
    name: &'static str,
    nodes: (i64, &'static str),
    shared: bool,
    volume: (i64, &'static str),
    speed: (Option<i64>, Option<i64>),
) -> Size {
    Size { name, nodes, shared, volume, speed }
}

/// All sizes, smallest first.
pub const SIZES: [Size; 7] = [
    of("small", (1, "m6g.large"), false, (512, GP2), (None, None)),
    of("medium", (2, "m6g.xlarge"), true, (1024, GP2), (None, None)),
    of("large", (2, "m6g.xlarge"), true, (2048, GP3), (None, None)),
    of("x-large", (2, "m6g.2xlarge"), true, (3072, GP3), (Some(16_000), None)),
    of("xx-large", (2, "m6g.4xlarge"), true, (6144, GP3), (Some(18_750), None)),
    of("xxx-large", (2, "m6g.12xlarge"), true, (18_432, GP3), (Some(40_000), Some(1187))),
    of("xxxx-large", (4, "m6g.12xlarge"), true, (18_432, GP3), (Some(40_000), Some(1187))),
];

/// What a size by name is.
///
/// # Errors
/// There is no such size.
pub fn size(name: &str) -> Result<Cluster, String> {
    let found = SIZES.iter().find(|size| size.name == name).map(Size::cluster);
    found.ok_or_else(|| {
        format!("It is `{name}`. Write one of: {}.", SIZES.map(|size| size.name).join(", "))
    })
}

impl Size {
    fn cluster(&self) -> Cluster {
        Cluster {
            instance_type: format!("{}{END}", self.nodes.1),
            instance_count: self.nodes.0,
            dedicated_master_type: self.shared.then(|| format!("m6g.large{END}")),
            dedicated_master_count: if self.shared { 3 } else { 0 },
            zone_awareness: self.shared,
            volume_size: self.volume.0,
            volume_type: self.volume.1.into(),
            volume_iops: self.speed.0,
            volume_throughput: self.speed.1,
        }
    }
}

impl Cluster {
    /// The size that it is, if it is one.
    pub fn name(&self) -> Option<&'static str> {
        SIZES.iter().find(|size| size.cluster() == *self).map(|size| size.name)
    }

    /// The parameters of its stack.
    pub fn parameters(&self) -> BTreeMap<String, String> {
        let bare = |kind: &str| kind.trim_end_matches(END).to_string();
        let number = |n: Option<i64>| n.unwrap_or_default().to_string();
        [
            ("InstanceType", bare(&self.instance_type)),
            ("InstanceCount", self.instance_count.to_string()),
            (
                "DedicatedMasterType",
                self.dedicated_master_type.as_deref().map(bare).unwrap_or_default(),
            ),
            ("DedicatedMasterCount", self.dedicated_master_count.to_string()),
            ("ZoneAwareness", self.zone_awareness.to_string()),
            ("VolumeSize", self.volume_size.to_string()),
            ("VolumeType", self.volume_type.clone()),
            ("VolumeIops", number(self.volume_iops)),
            ("VolumeThroughput", number(self.volume_throughput)),
        ]
        .map(|(name, value)| (name.to_string(), value))
        .into()
    }

    /// What a stack was made with; `None` where it is not a search domain's.
    pub fn of(parameters: &BTreeMap<String, String>) -> Option<Self> {
        let text = |name: &str| parameters.get(name).cloned();
        let number = |name: &str| text(name)?.parse::<i64>().ok();
        let whole = |kind: String| format!("{kind}{END}");
        Some(Cluster {
            instance_type: whole(text("InstanceType")?),
            instance_count: number("InstanceCount")?,
            dedicated_master_type: text("DedicatedMasterType")
                .filter(|kind| !kind.is_empty())
                .map(whole),
            dedicated_master_count: number("DedicatedMasterCount")?,
            zone_awareness: text("ZoneAwareness")? == "true",
            volume_size: number("VolumeSize")?,
            volume_type: text("VolumeType")?,
            volume_iops: number("VolumeIops").filter(|n| *n != 0),
            volume_throughput: number("VolumeThroughput").filter(|n| *n != 0),
        })
    }

    /// What AWS does not let be: attribute and reason. `subnets`: how many the network has, as far as that is known.
    pub fn problems(&self, subnets: Option<usize>) -> Vec<(&'static str, String)> {
        let found = [
            ("instance_type", check_type(&self.instance_type)),
            ("instance_type", small_volume(&self.instance_type, self.volume_size)),
            ("dedicated_master_type", self.masters_type()),
            ("dedicated_master_count", self.masters()),
            ("instance_count", self.nodes()),
            ("zone_awareness", zones(self.zone_awareness, subnets)),
            ("volume_size", least(Some(self.volume_size), 10, "GiB")),
            ("volume_type", self.volume()),
            ("volume_iops", self.only_gp3(self.volume_iops, 3000, "operations a second")),
            ("volume_throughput", self.only_gp3(self.volume_throughput, 125, "MiB a second")),
        ];
        found.into_iter().filter_map(|(attribute, found)| Some((attribute, found.err()?))).collect()
    }

    fn masters(&self) -> Result<(), String> {
        match self.dedicated_master_count {
            0 | 3 | 5 => Ok(()),
            n => Err(format!(
                "{n} masters can be split in two halves that know nothing of each other, or are too many. Write 0, 3 or 5."
            )),
        }
    }

    fn masters_type(&self) -> Result<(), String> {
        match &self.dedicated_master_type {
            Some(_) if self.dedicated_master_count == 0 => {
                Err("There are no dedicated masters (`dedicated_master_count` is 0). Leave it out."
                    .into())
            }
            Some(kind) => check_type(kind),
            None => Ok(()),
        }
    }

    fn nodes(&self) -> Result<(), String> {
        match self.instance_count {
            n if n < 1 => Err("There is at least one data node.".into()),
            n if self.zone_awareness && n % 2 != 0 => Err(format!(
                "{n} data nodes do not divide into two zones. Write an even number, or `zone_awareness = false`."
            )),
            _ => Ok(()),
        }
    }

    fn volume(&self) -> Result<(), String> {
        let known = [GP2, GP3].contains(&self.volume_type.as_str());
        if known {
            Ok(())
        } else {
            Err(format!("It is `{}`. Write `gp2` or `gp3`.", self.volume_type))
        }
    }

    fn only_gp3(&self, value: Option<i64>, least: i64, unit: &str) -> Result<(), String> {
        match value {
            Some(_) if self.volume_type == GP2 => {
                Err("A gp2 volume has what its size brings. Write `volume_type = \"gp3\"`, or leave this out.".into())
            }
            value => self::least(value, least, unit),
        }
    }
}

fn least(value: Option<i64>, least: i64, unit: &str) -> Result<(), String> {
    match value {
        Some(n) if n < least => {
            Err(format!("{n} is too little: a volume has {least} {unit} or more."))
        }
        _ => Ok(()),
    }
}

fn zones(on: bool, subnets: Option<usize>) -> Result<(), String> {
    match subnets {
        Some(n) if on && n < 2 => Err(format!(
            "Two zones need two subnets, and the network has {n}. Name another, or write `zone_awareness = false`."
        )),
        _ => Ok(()),
    }
}

/// Checks an instance type by its form, and against what every domain here has.
fn check_type(kind: &str) -> Result<(), String> {
    let bare = kind.strip_suffix(END).unwrap_or_default();
    if bare.split('.').filter(|part| !part.is_empty()).count() != 2 {
        let meant = kind.trim_end_matches(".search");
        let hint = match meant.split('.').filter(|part| !part.is_empty()).count() {
            2 => format!("Did you mean `{meant}{END}`?"),
            _ => format!("Write one such as `m6g.xlarge{END}`."),
        };
        return Err(format!("`{kind}` is not a type of a search domain. {hint}"));
    }
    if bare.starts_with("t2.") {
        return Err(format!("`{kind}` cannot encrypt what is stored. Write a t3 or m type."));
    }
    Ok(())
}

/// The smallest types take small volumes only.
fn small_volume(kind: &str, size: i64) -> Result<(), String> {
    let most = [("t3.small.", 100), ("t3.medium.", 200)]
        .into_iter()
        .find(|(start, _)| kind.starts_with(start));
    match most {
        Some((_, most)) if size > most => Err(format!(
            "`{kind}` takes volumes of {most} GiB at most, and `volume_size` is {size}."
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn medium() -> Cluster {
        size("medium").unwrap()
    }

    fn wrong(cluster: &Cluster, subnets: usize) -> Vec<&'static str> {
        cluster.problems(Some(subnets)).into_iter().map(|(attribute, _)| attribute).collect()
    }

    #[test]
    fn every_size_is_what_the_table_says() {
        let table: Vec<String> = SIZES
            .iter()
            .map(|s| {
                let c = s.cluster();
                let on = |on: bool| if on { "on" } else { "off" };
                let n = |n: Option<i64>| n.map_or("-".into(), |n| n.to_string());
                let (masters, zones) = (c.dedicated_master_count, on(c.zone_awareness));
                let speed = format!("{} {}", n(c.volume_iops), n(c.volume_throughput));
                format!(
                    "{} {}x{} {masters} {zones} {} {} {speed}",
                    s.name, c.instance_count, c.instance_type, c.volume_size, c.volume_type
                )
            })
            .collect();
        assert_eq!(
            table,
            [
                "small 1xm6g.large.elasticsearch 0 off 512 gp2 - -",
                "medium 2xm6g.xlarge.elasticsearch 3 on 1024 gp2 - -",
                "large 2xm6g.xlarge.elasticsearch 3 on 2048 gp3 - -",
                "x-large 2xm6g.2xlarge.elasticsearch 3 on 3072 gp3 16000 -",
                "xx-large 2xm6g.4xlarge.elasticsearch 3 on 6144 gp3 18750 -",
                "xxx-large 2xm6g.12xlarge.elasticsearch 3 on 18432 gp3 40000 1187",
                "xxxx-large 4xm6g.12xlarge.elasticsearch 3 on 18432 gp3 40000 1187",
            ]
        );
        assert!(size("tiny").is_err_and(|e| e.contains("small, medium, large")));
    }

    #[test]
    fn every_size_comes_back_from_its_stack_and_has_nothing_wrong() {
        for s in &SIZES {
            let cluster = s.cluster();
            assert_eq!(Cluster::of(&cluster.parameters()), Some(cluster.clone()));
            assert_eq!((cluster.name(), wrong(&cluster, 2)), (Some(s.name), vec![]));
        }
        assert_eq!(Cluster { volume_size: 1025, ..medium() }.name(), None);
    }

    #[test]
    fn what_aws_does_not_let_be_is_told_at_its_attribute() {
        let kind = |kind: &str| kind.to_string();
        for (cluster, subnets, at) in [
            (Cluster { instance_type: kind("m6g.xlarge"), ..medium() }, 2, "instance_type"),
            (Cluster { instance_type: kind("m6g.xlarge.search"), ..medium() }, 2, "instance_type"),
            (
                Cluster { instance_type: kind("t2.medium.elasticsearch"), ..medium() },
                2,
                "instance_type",
            ),
            (
                Cluster { instance_type: kind("t3.small.elasticsearch"), ..medium() },
                2,
                "instance_type",
            ),
            (Cluster { dedicated_master_count: 2, ..medium() }, 2, "dedicated_master_count"),
            (Cluster { dedicated_master_count: 0, ..medium() }, 2, "dedicated_master_type"),
            (Cluster { instance_count: 3, ..medium() }, 2, "instance_count"),
            (Cluster { instance_count: 0, ..medium() }, 2, "instance_count"),
            (medium(), 1, "zone_awareness"),
            (Cluster { volume_size: 5, ..medium() }, 2, "volume_size"),
            (Cluster { volume_type: kind("io1"), ..medium() }, 2, "volume_type"),
            (Cluster { volume_iops: Some(3000), ..medium() }, 2, "volume_iops"),
            (Cluster { volume_throughput: Some(250), ..medium() }, 2, "volume_throughput"),
            (
                Cluster { volume_type: kind(GP3), volume_iops: Some(100), ..medium() },
                2,
                "volume_iops",
            ),
        ] {
            assert_eq!(wrong(&cluster, subnets), [at], "{cluster:?}");
        }
        assert_eq!(
            wrong(&Cluster { zone_awareness: false, instance_count: 3, ..medium() }, 1),
            [""; 0]
        );
    }
}

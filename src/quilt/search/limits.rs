//! What a data node takes: the volumes of its type.

use std::collections::BTreeMap;

/// The volumes that a type of node takes, by their type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits(pub BTreeMap<String, Volume>);

/// The least and the most that volumes of one type have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Volume {
    /// GiB.
    pub size: (i64, i64),
    /// I/O operations a second.
    pub iops: (i64, i64),
    /// MiB a second.
    pub throughput: (i64, i64),
}

impl Default for Volume {
    /// Without a limit.
    fn default() -> Self {
        let any = (0, i64::MAX);
        Self { size: any, iops: any, throughput: any }
    }
}

impl Volume {
    /// Takes over what AWS calls so, as `MaximumVolumeSize`.
    pub fn limit(&mut self, name: &str, value: i64) {
        let slot = match name {
            "MinimumVolumeSize" => &mut self.size.0,
            "MaximumVolumeSize" => &mut self.size.1,
            "MinimumIops" => &mut self.iops.0,
            "MaximumIops" => &mut self.iops.1,
            "MinimumThroughput" => &mut self.throughput.0,
            "MaximumThroughput" => &mut self.throughput.1,
            _ => return,
        };
        *slot = value;
    }
}

impl Limits {
    /// Volumes of this type; `None`: it takes none.
    pub fn volume(&self, kind: &str) -> Option<Volume> {
        self.0.get(kind).copied()
    }
}

//! Function `search_size`: what a size of a search domain by name stands for.

use crate::arguments;
use crate::attributes;
use crate::kinds::function::{Function, Refused, at};
use crate::quilt::search::size;

arguments! {
    /// What a size of a search domain stands for, by the arguments of `quilt_search`.
    ///
    /// To show it, or to begin from it: `quilt_search` takes `size` and single arguments beside it.
    pub struct SearchSizeArguments {
        /// `small`, `medium`, `large`, `x-large`, `xx-large`, `xxx-large` or `xxxx-large`.
        name: String;
    }
}

attributes! {
    /// The settings of a search domain.
    pub struct SizeSettings {
        /// Type of a data node.
        instance_type: String = Computed;
        /// How many data nodes.
        instance_count: i64 = Computed;
        /// Type of a dedicated master; null where there is none.
        dedicated_master_type: String = Computed;
        /// How many dedicated masters.
        dedicated_master_count: i64 = Computed;
        /// Whether the nodes are in two zones.
        zone_awareness: bool = Computed;
        /// GiB of each data node.
        volume_size: i64 = Computed;
        /// `gp2` or `gp3`.
        volume_type: String = Computed;
        /// I/O operations a second; null where the volume's size decides.
        volume_iops: i64 = Computed;
        /// MiB a second; null where the volume's type decides.
        volume_throughput: i64 = Computed;
    }
}

/// Function `search_size`.
pub struct SearchSizeFunction;

impl Function for SearchSizeFunction {
    const NAME: &'static str = "search_size";
    const RETURNS: &'static str = "The settings, named as the arguments of `quilt_search`.";
    type Arguments = SearchSizeArguments;
    type Answer = SizeSettings;

    fn answer(SearchSizeArguments { name }: SearchSizeArguments) -> Result<SizeSettings, Refused> {
        let cluster = size(&name).map_err(at("name"))?;
        Ok(SizeSettings {
            instance_type: cluster.instance_type.into(),
            instance_count: cluster.instance_count.into(),
            dedicated_master_type: cluster.dedicated_master_type.into(),
            dedicated_master_count: cluster.dedicated_master_count.into(),
            zone_awareness: cluster.zone_awareness.into(),
            volume_size: cluster.volume_size.into(),
            volume_type: cluster.volume_type.into(),
            volume_iops: cluster.volume_iops.into(),
            volume_throughput: cluster.volume_throughput.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::functions::tests::{answered, refused};
    use crate::quilt::search::SIZES;
    use crate::resources::search::SearchState;
    use crate::tf::State;

    #[test]
    fn a_size_is_told_by_the_resources_own_arguments() {
        let medium = answered(&SearchSizeFunction, &["medium".into()]);
        assert_eq!((&medium["instance_count"], &medium["volume_size"]), (&json!(2), &json!(1024)));
        assert_eq!(
            (&medium["dedicated_master_count"], &medium["volume_iops"]),
            (&json!(3), &Value::Null)
        );
        for attribute in &SizeSettings::schema().attributes {
            assert!(
                SearchState::schema().attributes.iter().any(|a| a.name == attribute.name),
                "{}",
                attribute.name
            );
        }
        assert!(
            SIZES.iter().all(|size| answered(&SearchSizeFunction, &[size.name.into()]).is_object())
        );
    }

    #[test]
    fn an_unknown_size_is_refused_with_the_known_ones() {
        let (at, why) = refused(&SearchSizeFunction, &["Medium".into()]);
        assert!(at == Some(0) && why.contains("small, medium, large"), "{why}");
    }
}

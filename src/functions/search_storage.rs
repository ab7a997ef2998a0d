//! Function `search_storage`: the storage that a search domain needs.

use crate::arguments;
use crate::kinds::function::{Function, Refused, at};
use crate::quilt::search::storage::{check_replicas, check_source, storage};
use crate::tf::Number;

arguments! {
    /// The storage that a search domain needs for what it indexes, over all its data nodes: source × (1 + replicas) × 1.45.
    ///
    /// Divide it by `instance_count` for `volume_size` of a `quilt_search`. The source is what is indexed, not what is in the buckets: a document
    /// without contents has about 1 kB.
    pub struct SearchStorageArguments {
        /// GiB of what is indexed.
        source_gib: Number;
        /// How many copies of each index there are beside the first. Quilt's have 1.
        replicas: i64;
    }
}

/// Function `search_storage`.
pub struct SearchStorageFunction;

impl Function for SearchStorageFunction {
    const NAME: &'static str = "search_storage";
    const RETURNS: &'static str = "GiB, rounded up.";
    type Arguments = SearchStorageArguments;
    type Answer = i64;

    fn answer(
        SearchStorageArguments { source_gib, replicas }: SearchStorageArguments,
    ) -> Result<i64, Refused> {
        let source = source_gib.nearest();
        check_source(source).map_err(at("source_gib"))?;
        check_replicas(replicas).map_err(at("replicas"))?;
        Ok(storage(source, replicas))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tests::{answered, refused};
    use crate::tf::Tree;

    fn number(n: i64) -> Tree {
        Tree::Number(Number::Int(n))
    }

    #[test]
    fn one_replica_makes_nearly_three_of_one() {
        assert_eq!(answered(&SearchStorageFunction, &[number(500), number(1)]), 1450);
        assert_eq!(
            answered(&SearchStorageFunction, &["0.1".into(), number(0)]),
            1,
            "a decimal travels as text"
        );
    }

    #[test]
    fn each_argument_is_refused_for_itself() {
        for (given, argument) in [
            ([number(0), number(1)], 0),
            ([number(1), number(-1)], 1),
            (["many".into(), number(1)], 0),
            ([number(1), "1.5".into()], 1),
        ] {
            assert_eq!(refused(&SearchStorageFunction, &given).0, Some(argument), "{given:?}");
        }
    }
}

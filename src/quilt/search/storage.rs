//! How much storage a search domain needs for what it indexes.

/// The most replicas of an index that make sense.
const MOST_REPLICAS: i64 = 10;
/// The most GiB of source: more than any domain holds.
const MOST_SOURCE: f64 = 10_000_000.0;

/// GiB over all data nodes: source × (1 + replicas) × 1.45, rounded up. The 45 % are what indexing, the operating system and the service
/// keep for themselves.
pub fn storage(source: f64, replicas: i64) -> i64 {
    // A product of whole numbers is exact, where 1.45 is not.
    (source * (1 + replicas) as f64 * 145.0 / 100.0).ceil() as i64
}

/// Checks the size of the source.
///
/// # Errors
/// It is none.
pub fn check_source(gib: f64) -> Result<(), String> {
    let sound = gib > 0.0 && gib <= MOST_SOURCE;
    if sound {
        Ok(())
    } else {
        Err(format!("It is {gib}. Write a number of GiB: more than 0, and {MOST_SOURCE} at most."))
    }
}

/// Checks the number of replicas.
///
/// # Errors
/// It is none.
pub fn check_replicas(count: i64) -> Result<(), String> {
    let sound = (0..=MOST_REPLICAS).contains(&count);
    if sound {
        Ok(())
    } else {
        Err(format!("{count} is not a number of replicas from 0 to {MOST_REPLICAS}. One is usual."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_is_a_multiple_of_the_source() {
        assert_eq!(
            [storage(100.0, 1), storage(100.0, 0), storage(0.1, 1), storage(1.0, 0)],
            [290, 145, 1, 2]
        );
        assert_eq!(storage(MOST_SOURCE, MOST_REPLICAS), 159_500_000);
        assert!(
            (1..3000)
                .all(|whole| storage(f64::from(whole), 1) == i64::from((whole * 290 + 99) / 100))
        );
    }

    #[test]
    fn what_is_no_size_is_refused() {
        assert!(
            [0.0, -1.0, f64::NAN, f64::INFINITY, 1e300]
                .iter()
                .all(|gib| check_source(*gib).is_err())
        );
        assert!([-1, 11, i64::MAX].iter().all(|count| check_replicas(*count).is_err()));
    }
}

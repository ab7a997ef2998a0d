//! Lots that follow from a seed alone.

/// A row of lots (splitmix64).
pub struct Lots(u64);

impl Lots {
    /// The row of one round of one storm.
    pub fn of(seed: u64, round: u32) -> Self {
        let mut lots = Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ u64::from(round));
        lots.next();
        lots
    }

    /// Any number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to 1.
    pub fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of these.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[(self.next() % of.len() as u64) as usize]
    }
}

#[test]
fn a_seed_repeats_itself() {
    let row = |seed, round| (0..4).map(|_| Lots::of(seed, round).next()).collect::<Vec<_>>();
    assert_eq!(row(1, 2), row(1, 2));
    assert_ne!(row(1, 2), row(1, 3));
    assert_ne!(row(1, 2), row(2, 2));
    assert!((0..100).all(|round| (0.0..1.0).contains(&Lots::of(7, round).part())));
}

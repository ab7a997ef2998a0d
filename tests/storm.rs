//! The storm: Terraform, the provider or both killed at random moments of real applies; afterwards applying again must be all that anyone needs to know.
//!
//! `cargo xtask storm --seed N --rounds M` runs as many rounds as it is told; the tests run a few. A round follows from its seed and number alone.

mod draw;
mod judge;
mod portrait;
mod round;
mod scene;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use round::{Report, Round};

/// Which rounds to play, as `cargo xtask storm` says it.
struct Storm {
    seed: u64,
    rounds: std::ops::Range<u32>,
    parallel: u32,
}

impl Storm {
    fn asked() -> Self {
        let number = |name: &str| {
            std::env::var(name)
                .ok()
                .map(|text| text.parse::<u32>().unwrap_or_else(|e| panic!("{name}: {e}")))
        };
        let rounds = match number("QUILT_STORM_ROUND") {
            Some(one) => one..one + 1,
            None => 0..number("QUILT_STORM_ROUNDS").unwrap_or(6),
        };
        Self {
            seed: number("QUILT_STORM_SEED").unwrap_or(1).into(),
            rounds,
            parallel: number("QUILT_STORM_PARALLEL").unwrap_or(2),
        }
    }

    /// Plays the rounds, several side by side; each in an account and a folder of its own.
    fn blow(&self) -> Vec<Report> {
        let (next, reports) = (AtomicU32::new(self.rounds.start), Mutex::new(Vec::new()));
        std::thread::scope(|scope| {
            for _ in 0..self.parallel {
                scope.spawn(|| {
                    while let Some(number) = Some(next.fetch_add(1, Ordering::Relaxed))
                        .filter(|n| self.rounds.contains(n))
                    {
                        let report = self.play(number);
                        eprintln!("{report}");
                        reports.lock().unwrap().push(report);
                    }
                });
            }
        });
        reports.into_inner().unwrap()
    }

    fn play(&self, number: u32) -> Report {
        let round = Round::drawn(self.seed, number);
        let start = Instant::now();
        let (seconds, wrong) = match catch_unwind(AssertUnwindSafe(|| round.play())) {
            Ok(wrong) => (start.elapsed(), wrong),
            Err(panic) => {
                let said = panic
                    .downcast_ref::<String>()
                    .cloned()
                    .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
                (start.elapsed(), vec![said.unwrap_or_default()])
            }
        };
        Report { round, time: seconds, wrong }
    }
}

#[test]
fn every_round_converges() {
    let storm = Storm::asked();
    let start = Instant::now();
    let reports = storm.blow();
    let held = reports.iter().filter(|report| report.wrong.is_empty()).count();
    eprintln!(
        "{held} of {} rounds hold (seed {}) in {:.0} s",
        reports.len(),
        storm.seed,
        start.elapsed().as_secs_f64()
    );
    let fallen: Vec<_> =
        reports.iter().filter(|report| !report.wrong.is_empty()).map(ToString::to_string).collect();
    let again = format!("cargo xtask storm --seed {} --round <number> plays one again", storm.seed);
    assert!(fallen.is_empty(), "\n{}\n{again}", fallen.join("\n"));
}

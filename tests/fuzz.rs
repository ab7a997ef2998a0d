//! Hostile input: whatever comes, nothing panics, nothing hangs, and what is understood is understood the same way twice.
//!
//! Cases are drawn from a fixed seed, so a failure repeats itself; `QUILT_FUZZ_CASES` draws more of them.

mod calls;
mod damage;
mod lines;
mod meaning;
mod service;
mod templates;
mod texts;
mod values;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};

fn runner(cases: u32) -> TestRunner {
    let factor = std::env::var("QUILT_FUZZ_CASES")
        .ok()
        .and_then(|text| text.parse::<u32>().ok())
        .unwrap_or(1);
    let config = Config {
        cases: cases * factor,
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Tries a property on so many cases; a case that breaks it is made small before it is shown.
#[track_caller]
fn holds<S: Strategy>(cases: u32, of: S, property: impl Fn(S::Value) -> TestCaseResult) {
    if let Err(broken) = runner(cases).run(&of, property) {
        panic!("{broken}");
    }
}

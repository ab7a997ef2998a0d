//! When the next call may be made: a few at once after a rest, and a steady pace under load.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// Between two calls in the long run. CloudFormation throttles DescribeStacks at about five a second for a whole account and region.
const STEP: Duration = Duration::from_millis(250);
/// Calls that may be made at once after a rest.
const BURST: u32 = 12;

/// A pace that is kept.
#[derive(Default)]
pub struct Pace {
    /// When all calls so far are paid for, one a step.
    paid: Option<Instant>,
}

impl Pace {
    /// Waits until the next call may be made.
    pub async fn next(&mut self) {
        let paid = self.paid.unwrap_or_else(Instant::now);
        let ahead = BURST * STEP;
        if paid > Instant::now() + ahead {
            let _ = timeout_at(paid - ahead, std::future::pending::<()>()).await;
        }
        self.paid = Some(paid.max(Instant::now()) + STEP);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_few_at_once_and_then_four_a_second() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        for _ in 0..=BURST {
            pace.next().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        for _ in 0..40 {
            pace.next().await;
        }
        assert_eq!(start.elapsed().as_secs(), 10);
        let _ = timeout_at(Instant::now() + Duration::from_secs(60), std::future::pending::<()>())
            .await;
        let rested = Instant::now();
        pace.next().await;
        pace.next().await;
        assert_eq!(rested.elapsed(), Duration::ZERO);
    }
}

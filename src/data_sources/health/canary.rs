//! Canaries: Quilt's own tests of the whole, every hour.

use super::rows::CanaryRow;
use super::scene::Scene;
use super::seen::{Run, once};
use crate::aws::metrics::Metric;
use crate::outcome::Result;
use crate::preflight::Verdict;
use crate::tf::{Value, known};

/// Minutes back that a run may lie: they run every hour, and may be late.
const MINUTES: i64 = 180;

/// Looks at every canary, where that is asked.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    if scene.config.canaries != Value::Value(true) {
        return Ok(None);
    }
    let runs = once(&scene.canaries, gather(scene)).await?;
    Ok((!runs.is_empty()).then(|| judge(runs)))
}

async fn gather(scene: &Scene<'_>) -> Result<Vec<Run>> {
    let parts = scene.parts(&["AWS::Synthetics::Canary"]).await?;
    let names: Vec<_> = parts.iter().map(|part| part.physical_id.clone()).collect();
    if names.is_empty() {
        return Ok(vec![]);
    }
    let of = |name: &String| Metric {
        namespace: "CloudWatchSynthetics",
        name: "SuccessPercent",
        dimensions: vec![("CanaryName", name.clone())],
        statistic: "Minimum",
    };
    let metrics: Vec<_> = names.iter().map(of).collect();
    let values = scene.deploy.aws.metrics.newest(&metrics, MINUTES).await?;
    let run = |(name, success)| Run { name, success };
    Ok(names.into_iter().zip(values).map(run).collect())
}

impl Run {
    /// As state.
    pub fn row(&self) -> CanaryRow {
        CanaryRow {
            name: known(self.name.as_str()),
            success_percent: self.success.map(|success| success.floor() as i64).into(),
        }
    }
}

fn judge(runs: &[Run]) -> Verdict {
    let named = |fits: fn(&Run) -> bool| {
        let names: Vec<_> =
            runs.iter().filter(|run| fits(run)).map(|run| run.name.as_str()).collect();
        names.join(", ")
    };
    let failed = named(|run| run.success.is_some_and(|success| success < 100.0));
    let silent = named(|run| run.success.is_none());
    if !failed.is_empty() {
        let found = format!("The last run failed: {failed}.");
        let fix = "See the run's log and pictures on its page in the CloudWatch console, under \"Synthetics Canaries\".";
        return Verdict::fail("canaries", "A canary fails", found, fix);
    }
    if !silent.is_empty() {
        let found = format!("No run ended within {} hours: {silent}.", MINUTES / 60);
        let fix = "See whether the canary is started: a new one begins within the hour.";
        return Verdict::not_known(found, fix);
    }
    Verdict::pass(format!("The last run of every canary went well: {}.", named(|_| true)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::Status;

    #[test]
    fn a_failed_run_counts_before_a_missing_one() {
        let of = |all: &[Option<f64>]| {
            let run = |(n, success): (usize, &Option<f64>)| Run {
                name: format!("c{n}"),
                success: *success,
            };
            judge(&all.iter().enumerate().map(run).collect::<Vec<_>>()).status
        };
        assert_eq!(of(&[Some(100.0), Some(100.0)]), Status::Pass);
        assert_eq!(of(&[Some(100.0), None]), Status::Unknown);
        assert_eq!(of(&[Some(0.0), None]), Status::Fail);
    }
}

//! `watch` beside Terraform: what a look at a stack at rest takes, and how long after an update has ended it is told.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::recording::Recording;
use super::stage::{Cost, Stage};
use super::table::{Row, Table};
use super::{PLANS, median};

/// A stack that every measurement before this one leaves.
const STACK: &str = "bench-0";
/// The most seconds that a look may take.
const LOOK: f64 = 0.5;
/// The most seconds until an update is told, by whoever looks every second.
const TOLD: f64 = 2.0;
/// How long the program may take to begin.
const PATIENCE: Duration = Duration::from_secs(20);

/// Measures both.
pub fn measure(stage: &Stage, table: &mut Table) -> anyhow::Result<()> {
    eprintln!("Watching a stack …");
    let looks: Vec<_> =
        (0..PLANS).map(|_| stage.run_by_hand(&["watch", STACK])).collect::<anyhow::Result<_>>()?;
    let look = Cost::median(&looks);
    let name = "`watch` of a stack at rest";
    table.add(Row::new(name, "s").quilt(look.wall).limit(LOOK));
    table.add(Row::new(&format!("{name}: CPU"), "s").quilt(look.cpu));
    table.add(Row::new(&format!("{name}: peak"), "MiB").quilt(look.peak));
    table.add(Row::new(&format!("{name}: AWS calls"), "").quilt(look.calls));
    let told = (0..PLANS).map(|round| told(stage, round)).collect::<anyhow::Result<_>>()?;
    let row = Row::new("`watch --every 1`: an update is told after", "s");
    table.add(row.quilt(median(told)).limit(TOLD));
    Ok(())
}

/// Seconds from an update, which this cloud makes at once, to the line that says how it ended.
fn told(stage: &Stage, round: usize) -> anyhow::Result<f64> {
    stage.cloud.ask("DELETE", "/_cloud/calls", b"")?;
    let words = ["watch", STACK, "--wait", "--json", "--every", "1"];
    let mut watch = stage.by_hand(&words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let taken = begun(stage).and_then(|()| update(stage, round, &mut watch));
    if taken.is_err() {
        watch.kill()?;
    }
    let ended = watch.wait()?;
    let taken = taken?;
    ensure!(ended.success(), "`watch` ended with {ended}");
    Ok(taken)
}

/// Waits until the program has read the stack's events once.
fn begun(stage: &Stage) -> anyhow::Result<()> {
    let end = Instant::now() + PATIENCE;
    while Recording::of(stage.cloud)?.of_service("cloudformation") < 3 {
        ensure!(Instant::now() < end, "`watch` does not look at {STACK}");
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn update(stage: &Stage, round: usize, watch: &mut Child) -> anyhow::Result<f64> {
    let greeting = format!("hello {round}");
    let call = Recording::one(
        "UpdateStack",
        &[
            ("StackName", STACK),
            ("UsePreviousTemplate", "true"),
            ("Parameters.member.1.ParameterKey", "Greeting"),
            ("Parameters.member.1.ParameterValue", &greeting),
        ],
    );
    let start = Instant::now();
    call.play(stage.cloud)?;
    let lines = BufReader::new(watch.stdout.take().context("standard output is piped")?).lines();
    for line in lines {
        if line?.contains("\"ended\"") {
            return Ok(start.elapsed().as_secs_f64());
        }
    }
    anyhow::bail!("`watch` ended without a word of the update of {STACK}")
}

//! What the provider costs: size, start, plans and applies, measured beside `terraform_data` and judged by limits.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{env, fs};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::cloud::Cloud;
use crate::{mirror, programs, setup};

mod handshake;
mod process;
mod recording;
mod stage;
mod table;

use recording::Recording;
use stage::{Cost, Kind, Stage};
use table::{Row, Table};

const APPLIES: usize = 3;
const PLANS: usize = 7;
/// The most that an unchanged plan may take, as a multiple of what it takes with a provider that does nothing.
const MOST_OF_NOTHING: f64 = 1.15;

/// What a person may ask for.
pub struct Options {
    stacks: usize,
    terraform: Option<PathBuf>,
    binary: Option<PathBuf>,
}

impl Options {
    /// Reads the words after `bench`.
    pub fn parse(words: &[&str]) -> anyhow::Result<Self> {
        let mut options = Self { stacks: 100, terraform: None, binary: None };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} needs a value"));
            match *word {
                "--n" => {
                    options.stacks = value()?
                        .parse()
                        .ok()
                        .filter(|n| *n > 0)
                        .context("--n needs a number of stacks, at least 1")?
                }
                "--terraform" => options.terraform = Some(value()?.into()),
                "--binary" => options.binary = Some(value()?.into()),
                other => bail!("bench has no option {other}; `cargo xtask` lists them"),
            }
        }
        Ok(options)
    }
}

/// Measures everything, prints the table, and fails where a limit is broken.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let folder = env::temp_dir().join(format!("quilt-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let table = measure(options, &folder);
    fs::remove_dir_all(&folder)?;
    let table = table?;
    println!("{table}");
    if !process::MEASURED {
        println!(
            "Not measured: CPU and memory, which are read from Linux's /proc. Their limits were not judged."
        );
    }
    table.judge()
}

fn measure(options: &Options, folder: &Path) -> anyhow::Result<Table> {
    let caller = handshake::Caller::new(folder)?;
    let terraform = options.terraform.clone().map_or_else(programs::terraform, Ok)?;
    setup::run()?;
    let binary = own_copy(&provider(options)?, folder, "plugin")?;
    let mut table = Table::default();
    table
        .add(Row::new("binary", "MB").quilt(fs::metadata(&binary)?.len() as f64 / 1e6).limit(25.0));
    start(&caller, &binary, &mut table)?;
    let (still, cloud) = (still(folder)?, Cloud::start()?);
    let stage = Stage::new(&terraform, folder, &binary, &still, &cloud);
    for stacks in [1, options.stacks].into_iter().take(if options.stacks == 1 { 1 } else { 2 }) {
        measure_stacks(&stage, stacks, stacks == options.stacks, &mut table)?;
    }
    readers(&mut table)?;
    Ok(table)
}

/// The provider to measure; where none is named, an optimised one is built.
fn provider(options: &Options) -> anyhow::Result<PathBuf> {
    if let Some(binary) = &options.binary {
        return Ok(binary.clone());
    }
    eprintln!("Building the optimised provider …");
    mirror::build(true)
}

/// A copy that nobody else runs, so that every process of it is ours.
fn own_copy(binary: &Path, folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let place = folder.canonicalize()?.join(name);
    fs::create_dir_all(&place)?;
    let copy = place.join(stage::PLUGIN);
    fs::copy(binary, &copy).with_context(|| format!("{} cannot be copied", binary.display()))?;
    Ok(copy)
}

/// The provider that does nothing, built as benchmarks are.
fn still(folder: &Path) -> anyhow::Result<PathBuf> {
    eprintln!("Building the provider that does nothing …");
    let words = ["bench", "--quiet", "--bench", "still", "--no-run", "--message-format=json"];
    let built = programs::cargo_with(words).stderr(Stdio::inherit()).output()?;
    let told = String::from_utf8(built.stdout)?;
    let lines = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let found = lines
        .filter(|line| line["target"]["name"] == "still")
        .find_map(|line| line["executable"].as_str().map(PathBuf::from));
    own_copy(&found.context("cargo built no provider that does nothing")?, folder, "still")
}

fn start(caller: &handshake::Caller, binary: &Path, table: &mut Table) -> anyhow::Result<()> {
    eprintln!("Starting the provider as Terraform does …");
    let (taken, resident) = caller.measure(binary)?;
    table.add(Row::new("exec → handshake", "ms").quilt(taken).limit(5.0));
    table.add(Row::new("resident at the handshake", "MiB").quilt(resident).limit(12.0));
    Ok(())
}

/// Applies, validates and plans so many stacks and so many `terraform_data`. The runs take turns, so that a busy machine is busy for both.
fn measure_stacks(
    stage: &Stage,
    stacks: usize,
    limited: bool,
    table: &mut Table,
) -> anyhow::Result<()> {
    eprintln!("Applying and planning {stacks} …");
    let mut applies = Pair::default();
    for round in 0..APPLIES {
        stage.forget()?;
        stage.run(&stage.folder(Kind::Still, stacks, round)?, &["apply", "-auto-approve"])?;
        applies.floor.push(
            stage.run(&stage.folder(Kind::Floor, stacks, round)?, &["apply", "-auto-approve"])?,
        );
        applies.quilt.push(
            stage.run(&stage.folder(Kind::Quilt, stacks, round)?, &["apply", "-auto-approve"])?,
        );
    }
    let (floor, quilt) = (
        stage.folder(Kind::Floor, stacks, APPLIES - 1)?,
        stage.folder(Kind::Quilt, stacks, APPLIES - 1)?,
    );
    let still = stage.folder(Kind::Still, stacks, APPLIES - 1)?;
    let (mut validations, mut plans, mut engine) = (Pair::default(), Pair::default(), Vec::new());
    let mut nothing = Vec::new();
    for _ in 0..PLANS {
        validations.floor.push(stage.run(&floor, &["validate"])?);
        validations.quilt.push(stage.run(&quilt, &["validate"])?);
        plans.floor.push(stage.run(&floor, &["plan", "-detailed-exitcode"])?);
        nothing.push(stage.run(&still, &["plan", "-detailed-exitcode"])?);
        plans.quilt.push(stage.run(&quilt, &["plan", "-detailed-exitcode"])?);
        engine.push(Recording::of(stage.cloud)?.play(stage.cloud)?);
    }
    let engine = median(engine);
    let most = 2.0 * plans.floor().wall + engine;
    applies.tell(&format!("apply of {stacks}"), None, None, table);
    validations.tell_wall(&format!("`terraform validate` of {stacks}"), None, table);
    plans.tell(
        &format!("no-op plan of {stacks}"),
        limited.then_some(most),
        limited.then_some(40.0),
        table,
    );
    table.add(
        Row::new(
            &format!("no-op plan of {stacks}: the test cloud's own time for these calls"),
            "s",
        )
        .quilt(engine),
    );
    let share = Cost::median(&plans.quilt).wall / Cost::median(&nothing).wall;
    let row = Row::new(
        &format!("no-op plan of {stacks}: times what a provider takes that does nothing"),
        "×",
    );
    table.add(row.quilt(share).limit(limited.then_some(MOST_OF_NOTHING)));
    Ok(())
}

/// The same run again and again, with `terraform_data` and with the provider.
#[derive(Default)]
struct Pair {
    floor: Vec<Cost>,
    quilt: Vec<Cost>,
}

impl Pair {
    fn floor(&self) -> Cost {
        Cost::median(&self.floor)
    }

    fn tell_wall(&self, what: &str, limit: Option<f64>, table: &mut Table) {
        table.add(
            Row::new(what, "s")
                .quilt(Cost::median(&self.quilt).wall)
                .limit(limit)
                .floor(self.floor().wall),
        );
    }

    fn tell(&self, what: &str, wall: Option<f64>, peak: Option<f64>, table: &mut Table) {
        let quilt = Cost::median(&self.quilt);
        self.tell_wall(what, wall, table);
        table.add(Row::new(&format!("{what}: provider's CPU"), "s").quilt(quilt.cpu));
        table.add(
            Row::new(&format!("{what}: provider's peak"), "MiB").quilt(quilt.peak).limit(peak),
        );
        table.add(Row::new(&format!("{what}: AWS calls"), "").quilt(quilt.calls));
    }
}

/// The micro-benchmark of the template reader prints rows of its own, and fails where a limit is broken.
fn readers(table: &mut Table) -> anyhow::Result<()> {
    eprintln!("Reading templates …");
    let bench = programs::cargo_with(["bench", "--quiet", "--bench", "template"])
        .stderr(Stdio::inherit())
        .output()?;
    let rows = String::from_utf8(bench.stdout)?;
    if rows.is_empty() {
        bail!("the template reader was not measured: cargo bench ended with {}", bench.status);
    }
    table.take(&rows, !bench.status.success());
    Ok(())
}

/// The middle one.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

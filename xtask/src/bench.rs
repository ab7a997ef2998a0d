//! What the provider costs: size, start, plans and applies, measured beside `terraform_data` and judged by limits.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{env, fs};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::cloud::Cloud;
use crate::{mirror, programs, setup};

mod handshake;
mod many;
mod process;
mod recording;
mod stacks;
mod stage;
mod table;
mod watched;

use stage::{Plugins, Stage};
use table::{Row, Table};

const PLANS: usize = 7;
/// Names another provider of the same schema, to be measured beside ours.
const PEER: &str = "BENCH_PEER";

/// What a person may ask for.
pub struct Options {
    stacks: usize,
    many: usize,
    terraform: Option<PathBuf>,
    binary: Option<PathBuf>,
}

impl Options {
    /// Reads the words after `bench`.
    pub fn parse(words: &[&str]) -> anyhow::Result<Self> {
        let mut options = Self { stacks: 100, many: 1000, terraform: None, binary: None };
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
                "--many" => {
                    options.many =
                        value()?.parse().context("--many needs a number of stacks, 0 for none")?
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
    let peer = env::var_os(PEER).map(|file| own_copy(Path::new(&file), folder, "peer"));
    let plugins = Plugins { quilt: binary, still: still(folder)?, peer: peer.transpose()? };
    let mut table = Table::new(plugins.peer.is_some());
    start(&caller, &plugins, &mut table)?;
    let cloud = Cloud::start()?;
    let stage = Stage::new(&terraform, folder, &plugins, &cloud);
    for stacks in [1, options.stacks].into_iter().take(if options.stacks == 1 { 1 } else { 2 }) {
        stacks::measure(&stage, stacks, stacks == options.stacks, &mut table)?;
    }
    if options.many > 0 {
        many::measure(&stage, options.many, &mut table)?;
    }
    watched::measure(&stage, &mut table)?;
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

fn start(caller: &handshake::Caller, plugins: &Plugins, table: &mut Table) -> anyhow::Result<()> {
    eprintln!("Starting the provider as Terraform does …");
    let size = |file: &PathBuf| Ok::<_, std::io::Error>(fs::metadata(file)?.len() as f64 / 1e6);
    let sizes = (size(&plugins.quilt)?, plugins.peer.as_ref().map(size).transpose()?);
    let (taken, resident) = caller.measure(&plugins.quilt)?;
    let peer = plugins.peer.as_ref().map(|peer| caller.measure(peer)).transpose()?;
    table.add(Row::new("binary", "MB").quilt(sizes.0).limit(32.0).peer(sizes.1));
    let row = Row::new("exec → handshake", "ms").quilt(taken).limit(5.0);
    table.add(row.peer(peer.map(|(taken, _)| taken)));
    let row = Row::new("resident at the handshake", "MiB").quilt(resident).limit(12.0);
    table.add(row.peer(peer.and_then(|(_, resident)| resident)));
    Ok(())
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

//! How long the template reader takes for templates of the sizes that Quilt has and CloudFormation allows: `cargo bench --bench template`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement talks to a person, and has nobody to hand an error to")]

use std::fmt::Write;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use quilt_provider::quilt::template::Template;

const FIXTURE: &str = include_str!("../tests/fixtures/templates/gen_c_terraform.yaml");
/// Bytes, how they are called, and the most milliseconds that parsing and digesting them may take.
const SIZES: [(usize, &str, u64); 2] = [(240_000, "240 kB", 20), (1_000_000, "1 MB", 80)];
const RUNS: usize = 31;

fn main() -> ExitCode {
    let kept: Vec<bool> = SIZES.iter().map(|(bytes, size, most)| judge(&grown(*bytes), size, *most)).collect();
    if kept.contains(&false) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Prints a row of a Markdown table and says whether the limit holds.
fn judge(text: &str, size: &str, most: u64) -> bool {
    let taken = median(text);
    let holds = taken <= Duration::from_millis(most);
    let verdict = if holds { "" } else { ", **broken**" };
    println!("| template of {size}: parse and digest | {:.1} ms | ≤ {most} ms{verdict} |", taken.as_secs_f64() * 1e3);
    holds
}

fn median(text: &str) -> Duration {
    let mut taken: Vec<_> = (0..RUNS).map(|_| once(text)).collect();
    taken.sort();
    taken[RUNS / 2]
}

fn once(text: &str) -> Duration {
    let start = Instant::now();
    black_box(Template::parse(black_box(text)).unwrap().digest());
    start.elapsed()
}

/// The fixture with its resources repeated under new names until it has so many bytes.
fn grown(bytes: usize) -> String {
    let (head, rest) = FIXTURE.split_once("\nResources:\n").unwrap();
    let (resources, outputs) = rest.split_once("\nOutputs:\n").unwrap();
    let mut text = format!("{head}\nResources:\n{resources}\n");
    let copies = (2..).flat_map(|copy| blocks(resources).into_iter().map(move |block| (copy, block)));
    for (copy, block) in copies {
        if text.len() + outputs.len() >= bytes {
            break;
        }
        let (name, body) = block.split_once(':').unwrap();
        writeln!(text, "{name}{copy}:{body}").unwrap();
    }
    text + "Outputs:\n" + outputs
}

/// The resources one by one; each begins with a line that is indented by two.
fn blocks(resources: &str) -> Vec<&str> {
    let starts = resources.match_indices("\n  ").filter(|(at, _)| resources.as_bytes()[at + 3] != b' ').map(|(at, _)| at + 1);
    let mut edges: Vec<usize> = std::iter::once(0).chain(starts).collect();
    edges.push(resources.len() + 1);
    edges.windows(2).map(|edge| &resources[edge[0]..edge[1] - 1]).collect()
}

//! How long the template reader takes for templates of the sizes that Quilt has and CloudFormation allows: `cargo bench --bench template`.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement talks to a person, and has nobody to hand an error to"
)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use quilt_provider::cloudformation::outputs::foreseen;
use quilt_provider::cloudformation::template::Template;

const FIXTURE: &str = include_str!("../tests/fixtures/templates/gen_c_terraform.yaml");
/// Bytes, how they are called, and the most milliseconds that parsing and digesting them may take.
const SIZES: [(usize, &str, u64); 2] = [(240_000, "240 kB", 20), (1_000_000, "1 MB", 100)];
const RUNS: usize = 31;

fn main() -> ExitCode {
    let mut kept: Vec<bool> = SIZES
        .iter()
        .map(|(bytes, size, most)| judge(&grown(*bytes), &format!("template of {size}"), *most))
        .collect();
    kept.extend(worst().iter().map(|(name, text)| judge(text, name, 100)));
    if kept.contains(&false) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Prints a row of a Markdown table and says whether the limit holds.
fn judge(text: &str, size: &str, most: u64) -> bool {
    let taken = median(text);
    let holds = taken <= Duration::from_millis(most);
    let verdict = if holds { "" } else { ", **broken**" };
    println!("| {size}: read | {:.1} ms | ≤ {most} ms{verdict} |", taken.as_secs_f64() * 1e3);
    holds
}

fn median(text: &str) -> Duration {
    let mut taken: Vec<_> = (0..RUNS).map(|_| once(text)).collect();
    taken.sort();
    taken[RUNS / 2]
}

fn once(text: &str) -> Duration {
    let start = Instant::now();
    let template = Template::parse(black_box(text)).unwrap();
    black_box(template.digest());
    black_box(foreseen(&template, &BTreeMap::new()));
    black_box(template.volatile_outputs());
    start.elapsed()
}

/// Shapes that a reader may be slow at, of about 1 MB unless they say less.
fn worst() -> Vec<(&'static str, String)> {
    let head = "Resources:\n  R:\n    Type: A::B::C\n    Properties:\n      P:\n";
    let rows = |n: usize, row: &dyn Fn(usize) -> String| (0..n).map(row).collect::<String>();
    let chain = |n: usize| {
        let link = |i: usize| {
            if i == 0 { "!Equals [a, a]".into() } else { format!("!Not [!Condition C{}]", i - 1) }
        };
        format!(
            "{head}Conditions:\n{}Outputs: {{O: {{Value: a}}}}\n",
            rows(n, &|i| format!("  C{i}: {}\n", link(i)))
        )
    };
    let hanging = rows(8_000, &|i| {
        format!("  R{i}: {{Type: A::B::C, Properties: {{P: !Ref R{}}}}}\n", i + 1)
    });
    let json = rows(40_000, &|i| format!("{{\"Ref\": \"R{i}\"}},"));
    vec![
        ("8,000 chained conditions", chain(8_000)),
        ("30,000 chained conditions", chain(30_000)),
        (
            "8,000 resources, each hanging on the next",
            format!("Resources:\n{hanging}  R8000: {{Type: Custom::A}}\n"),
        ),
        ("1 MB of `!Ref`", format!("{head}{}", rows(66_000, &|_| "        - !Ref R\n".into()))),
        (
            "1 MB of `!Ref` between brackets",
            format!("{head}        [{}]\n", rows(120_000, &|_| "!Ref R, ".into())),
        ),
        ("1 MB of keys", format!("{head}{}", rows(50_000, &|i| format!("        K{i}: {i}\n")))),
        ("1 MB of one key", format!("{head}{}", rows(80_000, &|_| "        K: 1\n".into()))),
        ("1 MB of one text", format!("{head}        {}\n", "x".repeat(1_000_000))),
        (
            "1 MB of one text in lines",
            format!("{head}        |\n{}", rows(50_000, &|_| "          some more text\n".into())),
        ),
        (
            "1 MB of comments",
            format!("{head}        x\n{}", rows(100_000, &|_| "# comment\n".into())),
        ),
        (
            "1 MB of deep nesting",
            format!(
                "{head}{}",
                rows(5_000, &|_| format!("        - {}{}\n", "[".repeat(90), "]".repeat(90)))
            ),
        ),
        (
            "1 MB of JSON",
            format!(
                "{{\"Resources\": {{\"R\": {{\"Type\": \"A::B::C\", \"Properties\": [{json} 1]}}}}}}"
            ),
        ),
    ]
}

/// The fixture with its resources repeated under new names until it has so many bytes.
fn grown(bytes: usize) -> String {
    let (head, rest) = FIXTURE.split_once("\nResources:\n").unwrap();
    let (resources, outputs) = rest.split_once("\nOutputs:\n").unwrap();
    let mut text = format!("{head}\nResources:\n{resources}\n");
    let copies =
        (2..).flat_map(|copy| blocks(resources).into_iter().map(move |block| (copy, block)));
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
    let starts = resources
        .match_indices("\n  ")
        .filter(|(at, _)| resources.as_bytes()[at + 3] != b' ')
        .map(|(at, _)| at + 1);
    let mut edges: Vec<usize> = std::iter::once(0).chain(starts).collect();
    edges.push(resources.len() + 1);
    edges.windows(2).map(|edge| &resources[edge[0]..edge[1] - 1]).collect()
}

//! What many stacks in one configuration hold in memory: one apply, and one plan of it that is empty.

use super::stage::{Kind, Stage};
use super::table::{Row, Table};

/// The most MiB that the provider may hold in an unchanged plan of a thousand.
const MOST: f64 = 96.0;

/// Measures so many, once.
pub fn measure(stage: &Stage, stacks: usize, table: &mut Table) -> anyhow::Result<()> {
    eprintln!("Applying {stacks} for what they hold in memory; this takes some minutes …");
    stage.forget()?;
    let folder = stage.folder(Kind::Quilt, stacks, 0)?;
    let apply = stage.run(&folder, &["apply", "-auto-approve"])?;
    let plan = stage.run(&folder, &["plan", "-detailed-exitcode"])?;
    let limit = (stacks <= 1000).then_some(MOST);
    for (what, cost, limit) in [("apply", apply, None), ("no-op plan", plan, limit)] {
        let name = format!("{what} of {stacks}");
        table.add(Row::new(&name, "s").quilt(cost.wall));
        table.add(Row::new(&format!("{name}: provider's CPU"), "s").quilt(cost.cpu));
        let peak = Row::new(&format!("{name}: provider's peak"), "MiB");
        table.add(peak.quilt(cost.peak).limit(limit));
        table.add(Row::new(&format!("{name}: AWS calls"), "").quilt(cost.calls));
    }
    Ok(())
}

//! Applies, validations and plans of so many stacks, beside `terraform_data`, a provider that does nothing, and another one where it is named.

use super::recording::Recording;
use super::stage::{Cost, Kind, Stage};
use super::table::{Row, Table};
use super::{PLANS, median};

const APPLIES: usize = 3;
/// The most that an unchanged plan may take, as a multiple of what it takes with a provider that does nothing.
const MOST_OF_NOTHING: f64 = 1.15;
/// The most of an unchanged plan: MiB held, CPU seconds, calls of CloudFormation.
const LIMITS: Limits = Limits { peak: Some(40.0), cpu: Some(0.1), stacks: Some(2.0) };

/// The most that a run may take.
#[derive(Clone, Copy, Default)]
struct Limits {
    peak: Option<f64>,
    cpu: Option<f64>,
    stacks: Option<f64>,
}

/// Applies, validates and plans. The runs take turns, so that a busy machine is busy for all.
pub fn measure(
    stage: &Stage,
    stacks: usize,
    limited: bool,
    table: &mut Table,
) -> anyhow::Result<()> {
    eprintln!("Applying and planning {stacks} …");
    let mut applies = Runs::default();
    for round in 0..APPLIES {
        stage.forget()?;
        applies.take(stage, (stacks, round), &["apply", "-auto-approve"])?;
    }
    let last = (stacks, APPLIES - 1);
    let (mut validations, mut plans, mut engine) = (Runs::default(), Runs::default(), Vec::new());
    for _ in 0..PLANS {
        validations.take(stage, last, &["validate"])?;
        plans.take(stage, last, &["plan", "-detailed-exitcode"])?;
        engine.push(Recording::of(stage.cloud)?.play(stage.cloud)?);
    }
    let engine = median(engine);
    let most = if limited { LIMITS } else { Limits::default() };
    applies.tell(&format!("apply of {stacks}"), Limits::default(), table);
    validations.tell_wall(&format!("`terraform validate` of {stacks}"), table);
    let name = format!("no-op plan of {stacks}");
    plans.tell(&name, most, table);
    let own = Row::new(&format!("{name}: the test cloud's own time for these calls"), "s");
    table.add(own.quilt(engine));
    let share = Row::new(&format!("{name}: times what a provider takes that does nothing"), "×");
    let of_nothing = |costs: &[Cost]| Cost::median(costs).wall / Cost::median(&plans.still).wall;
    let share = share.quilt(of_nothing(&plans.quilt)).limit(limited.then_some(MOST_OF_NOTHING));
    table.add(share.peer(plans.peer().map(|_| of_nothing(&plans.peer))));
    Ok(())
}

/// The same run again and again, by each of those that are compared.
#[derive(Default)]
struct Runs {
    floor: Vec<Cost>,
    still: Vec<Cost>,
    peer: Vec<Cost>,
    quilt: Vec<Cost>,
}

impl Runs {
    /// One run by each; ours is the last, and its calls are what the cloud remembers.
    fn take(
        &mut self,
        stage: &Stage,
        (stacks, round): (usize, usize),
        arguments: &[&str],
    ) -> anyhow::Result<()> {
        let all = [
            (Kind::Floor, &mut self.floor),
            (Kind::Still, &mut self.still),
            (Kind::Peer, &mut self.peer),
            (Kind::Quilt, &mut self.quilt),
        ];
        for (kind, costs) in all.into_iter().filter(|(kind, _)| stage.has(*kind)) {
            costs.push(stage.run(&stage.folder(kind, stacks, round)?, arguments)?);
        }
        Ok(())
    }

    fn peer(&self) -> Option<Cost> {
        (!self.peer.is_empty()).then(|| Cost::median(&self.peer))
    }

    fn tell_wall(&self, what: &str, table: &mut Table) {
        let row = Row::new(what, "s").quilt(Cost::median(&self.quilt).wall);
        table
            .add(row.floor(Cost::median(&self.floor).wall).peer(self.peer().map(|peer| peer.wall)));
    }

    fn tell(&self, what: &str, most: Limits, table: &mut Table) {
        type Figure = fn(&Cost) -> Option<f64>;
        self.tell_wall(what, table);
        let rows: [(&str, &str, Figure, Option<f64>); 4] = [
            ("provider's CPU", "s", |c| c.cpu, most.cpu),
            ("provider's peak", "MiB", |c| c.peak, most.peak),
            ("AWS calls", "", |c| Some(c.calls), None),
            ("calls of CloudFormation", "", |c| Some(c.stacks), most.stacks),
        ];
        let (quilt, peer) = (Cost::median(&self.quilt), self.peer());
        for (name, unit, figure, limit) in rows {
            let row = Row::new(&format!("{what}: {name}"), unit).quilt(figure(&quilt));
            table.add(row.limit(limit).peer(peer.as_ref().and_then(figure)));
        }
    }
}

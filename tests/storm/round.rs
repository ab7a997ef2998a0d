//! One round: a scene, an operation, a moment, a victim, some weather; then applying until it is done.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use super::draw::Lots;
use super::judge;
use super::portrait::{self, Portrait};
use super::scene::{SCENES, Scene};
use crate::acceptance::command::Running;
use crate::acceptance::terraform::{APPLY, DESTROY, Project};
use crate::cloud::{Cloud, Fault, Rule};

/// How often it may take another apply.
const TRIES: usize = 4;

/// What is disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Create,
    Update,
    Delete,
}

/// Who is struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Terraform,
    Provider,
    Both,
    CtrlC,
}

/// One round, wholly drawn.
#[derive(Debug)]
pub struct Round {
    number: u32,
    scene: Scene,
    operation: Operation,
    victim: Victim,
    /// When, as a part of the time that the operation takes undisturbed.
    moment: f64,
    /// How long each resource takes, in seconds.
    hold: f64,
    /// The share of calls that the weather spoils; none in most rounds.
    weather: Option<f64>,
    seed: u64,
}

/// How a round went.
pub struct Report {
    pub round: Round,
    pub time: Duration,
    pub wrong: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Round { number, scene, operation, victim, moment, weather, .. } = &self.round;
        let verdict = if self.wrong.is_empty() { "holds" } else { "FALLS" };
        let sky = if weather.is_some() { " in bad weather" } else { "" };
        let words =
            format!("{operation:?} of {scene:?}, {victim:?} at {:.0} %{sky}", moment * 100.0);
        write!(f, "round {number} {verdict}: {words}, {:.1} s", self.time.as_secs_f64())?;
        self.wrong.iter().try_for_each(|what| write!(f, "\n    {what}"))
    }
}

/// An undisturbed run: what there was after each operation, and how long that took.
struct Calm {
    portraits: [Portrait; 3],
    times: [Duration; 3],
}

impl Round {
    /// The round of this number in a storm.
    pub fn drawn(seed: u64, number: u32) -> Self {
        let mut lots = Lots::of(seed, number);
        Self {
            number,
            scene: lots.one(&SCENES),
            operation: lots.one(&[Operation::Create, Operation::Update, Operation::Delete]),
            victim: lots.one(&[Victim::Terraform, Victim::Provider, Victim::Both, Victim::CtrlC]),
            moment: lots.part(),
            hold: 0.05 + 0.2 * lots.part(),
            weather: (lots.part() < 0.3).then(|| 0.02 + 0.06 * lots.part()),
            seed: lots.next(),
        }
    }

    /// Plays it; returns what is wrong afterwards.
    pub fn play(&self) -> Vec<String> {
        let calm = calm(self.scene);
        let (cloud, project) = lay(self.scene, self.hold);
        if self.operation != Operation::Create {
            project.apply().ok();
        }
        let (before, theirs) = (judge::guarded(&cloud), self.scene.untouched(&cloud));
        self.scene.configure(&project, self.operation == Operation::Update);
        self.spoil(&cloud);
        self.strike(&project, calm.times[self.operation as usize]);
        let wrong = self.until_done(&project);
        cloud.clear_up();
        if !wrong.is_empty() {
            return wrong;
        }
        let mut wrong = judge::wrong(
            &cloud,
            &project,
            self.operation,
            &calm.portraits[self.operation as usize],
            &before,
        );
        if self.scene.untouched(&cloud) != theirs {
            wrong.push("somebody else's stack is not as it was".into());
        }
        wrong
    }

    fn arguments(&self) -> &'static [&'static str] {
        if self.operation == Operation::Delete { &DESTROY } else { &APPLY }
    }

    fn spoil(&self, cloud: &Cloud) {
        let Some(odds) = self.weather else { return };
        cloud.seed(self.seed);
        let faults = [
            (Fault::Throttled, false),
            (Fault::InternalError, false),
            (Fault::Reset, true),
            (Fault::Truncated, true),
        ];
        for (fault, after) in faults {
            let weather = fault.on(".*").odds(odds);
            cloud.weather(if after { weather.after() } else { weather });
        }
    }

    /// Starts the operation and strikes at its moment.
    fn strike(&self, project: &Project, usual: Duration) {
        let running = project.start(self.arguments());
        std::thread::sleep(usual.mul_f64(self.moment));
        match self.victim {
            Victim::CtrlC => running.send("INT", true),
            Victim::Terraform => running.send("KILL", false),
            Victim::Provider => running.kill(&project.processes()),
            Victim::Both => both(&running, project),
        }
        running.wait();
        project.nothing_is_left_running();
        whole(project);
    }

    /// Applies again until it is done.
    fn until_done(&self, project: &Project) -> Vec<String> {
        let mut said = String::new();
        for _ in 0..TRIES {
            let outcome = project.run(self.arguments());
            if outcome.code == 0 {
                return vec![];
            }
            said = outcome.text;
        }
        vec![format!("it is not done after {TRIES} more tries:\n{said}")]
    }
}

/// Terraform empties a local state file before it writes it anew: killed in between, it has lost it. A person puts the backup in its place.
fn whole(project: &Project) {
    let (state, backup) =
        (project.path("terraform.tfstate"), project.path("terraform.tfstate.backup"));
    let whole = |text: String| serde_json::from_str::<serde_json::Value>(&text).is_ok();
    if state.exists() && !fs::read_to_string(&state).is_ok_and(whole) && backup.exists() {
        fs::copy(backup, state).expect("the folder is writable");
    }
}

fn both(running: &Running, project: &Project) {
    running.send("KILL", false);
    running.kill(&project.processes());
}

/// An account and a project before anything is applied.
fn lay(scene: Scene, hold: f64) -> (Cloud, Project) {
    let cloud = Cloud::start();
    let mut project = Project::new(&cloud);
    scene.lay(&cloud, &mut project);
    scene.configure(&project, false);
    cloud.hold(Rule::stack(".*").hold(hold * scene.pace()));
    (cloud, project)
}

/// The undisturbed run of a scene, played once.
fn calm(scene: Scene) -> Arc<Calm> {
    type Once = Arc<OnceLock<Arc<Calm>>>;
    static KNOWN: Mutex<Option<HashMap<Scene, Once>>> = Mutex::new(None);
    let once = KNOWN.lock().unwrap().get_or_insert_default().entry(scene).or_default().clone();
    once.get_or_init(|| Arc::new(undisturbed(scene))).clone()
}

fn undisturbed(scene: Scene) -> Calm {
    let (cloud, project) = lay(scene, 0.15);
    let step = |changed: bool, arguments: &[&str]| {
        scene.configure(&project, changed);
        let start = Instant::now();
        project.run(arguments).ok();
        (portrait::take(&cloud), start.elapsed())
    };
    let [create, update, delete] = [step(false, &APPLY), step(true, &APPLY), step(true, &DESTROY)];
    Calm { portraits: [create.0, update.0, delete.0], times: [create.1, update.1, delete.1] }
}

//! Killed between what AWS accepted and the state that was to hold it.

use std::time::{Duration, Instant};

use super::super::terraform::APPLY;
use super::cases::Of;
use super::{Scene, living};
use crate::cloud::Fault;

/// The one command of a saved plan.
const SAVED: [&str; 4] = ["apply", "-no-color", "-input=false", "plan.bin"];

impl Scene {
    /// Kills an apply with all that belongs to it once its first write is accepted and not yet answered; AWS ends it alone. What is there then.
    fn killed(&self, arguments: &[&str]) -> Vec<String> {
        let accepted = || {
            self.cloud
                .calls_of(self.kind.write)
                .iter()
                .filter(|call| call.status == Some(200))
                .count()
        };
        let before = accepted();
        self.cloud.weather(Fault::Slow { seconds: 60.0 }.on(self.kind.write).after().times(1));
        let running = self.project.start(arguments);
        let end = Instant::now() + Duration::from_secs(60);
        while accepted() == before {
            assert!(Instant::now() < end, "nothing was begun: {}", running.interrupt().0.text);
            std::thread::sleep(Duration::from_millis(20));
        }
        running.send("KILL", true);
        running.wait();
        self.project.nothing_is_left_running();
        self.cloud.clear_up();
        self.settled(end)
    }

    /// Waits until nothing is under way any more.
    fn settled(&self, end: Instant) -> Vec<String> {
        loop {
            let now = self.portrait();
            if !now.iter().any(|row| row.contains("_IN_PROGRESS") || row.contains("creating")) {
                return now;
            }
            assert!(Instant::now() < end, "it does not end: {now:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What was there is there, whatever came beside it.
    fn keeps(&self, before: &[String]) {
        let now = self.portrait();
        // A second sign-in of a stack changes that stack.
        let kept = |row: &String| self.kind.is_sign_in() || now.contains(row);
        assert!(before.iter().all(kept), "{before:?}\n{now:?}");
    }

    /// Whether the state says that it was taken over; a sign-in takes nothing over, it is part of its stack.
    fn was_adopted(&self, label: &str) {
        if !self.kind.is_sign_in() {
            assert_eq!(self.project.attribute(&self.address(label), "adopted"), true);
        }
    }
}

/// Killed after the write: nothing holds what is there. Two blocks that want it get nothing; one gets it, whatever it is called by then.
pub fn killed_and_renamed(kind: Of) {
    let scene = Scene::of(kind);
    scene.write(&[("one", "a", "")]);
    let left = scene.killed(&APPLY);
    assert!(
        scene.project.state()["resources"].as_array().is_none_or(Vec::is_empty),
        "the state holds nothing"
    );
    scene.write(&[("one", "a", ""), ("two", "a", "")]);
    scene.unchanged(|| drop(scene.project.apply().failed().says("Two blocks make")));
    scene.write(&[("two", "a", "")]);
    scene.project.apply().ok();
    scene.project.plan_is_empty();
    assert_eq!(scene.portrait(), left);
    scene.was_adopted("two");
}

/// Killed between the writes of two blocks: the next apply goes on with the one and makes the other.
pub fn killed_between_two(kind: Of) {
    let scene = Scene::of(kind);
    scene.write(&[("one", "a", ""), ("two", "b", "")]);
    let left = scene.killed(&[&APPLY[..], &["-parallelism=1"]].concat());
    scene.project.apply().ok().says("Resources: 2 added, 0 changed, 0 destroyed");
    scene.project.plan_is_empty();
    scene.keeps(&left);
    assert_ne!(scene.portrait(), left, "the other one is there too");
}

/// Killed while a saved plan is carried out, and that plan again: what it says is not so any more. The next plain apply goes on.
pub fn killed_saved_plan_again(kind: Of) {
    let scene = Scene::of(kind);
    scene.write(&[("one", "a", "")]);
    scene.project.run(&["plan", "-no-color", "-input=false", "-out=plan.bin"]).ok();
    let left = scene.killed(&SAVED);
    let again = scene.project.run(&SAVED);
    assert_eq!(scene.portrait(), left);
    match scene.kind.is_sign_in() {
        true => drop(again.ok()),
        false => drop(
            again.failed().says(".adopted: was cty.False, but now cty.True").says("Plan again"),
        ),
    }
    scene.project.apply().ok();
    scene.project.plan_is_empty();
    assert_eq!(scene.portrait(), left);
}

/// Killed in the middle of a replacement: the old one is gone, or turned off, and the next apply ends it with one object.
pub fn killed_replacement(kind: Of) {
    let scene = Scene::made(kind, "");
    let before = scene.portrait();
    let replace = format!("-replace={}", scene.address("one"));
    let left = scene.killed(&[&APPLY[..], &[&replace]].concat());
    if scene.kind.block != "quilt_user" {
        assert_ne!(left, before, "it was killed in the middle");
    }
    scene.project.apply().ok();
    scene.project.plan_is_empty();
    scene.keeps(&left);
    assert_eq!(living(&scene.portrait()), living(&before));
}

//! The same with `-refresh=false`: AWS is not asked what became of what the state holds.

use super::super::command::Outcome;
use super::super::terraform::APPLY;
use super::Scene;
use super::cases::Of;

impl Scene {
    fn apply_unrefreshed(&self) -> Outcome {
        self.project.run(&[&APPLY[..], &["-refresh=false"]].concat())
    }
}

/// A second block of its name, and another label.
pub fn unrefreshed(kind: Of) {
    let scene = Scene::of(kind);
    scene.write(&[("one", "a", "")]);
    scene.apply_unrefreshed().ok();
    scene.write(&[("one", "a", ""), ("two", "a", "")]);
    scene.unchanged(|| drop(scene.apply_unrefreshed().failed().says("has another block already")));
    scene.write(&[("two", "a", "")]);
    scene.unchanged(|| drop(scene.apply_unrefreshed().failed().says("moved {")));
    scene.write(&[("one", "a", "")]);
    scene.project.plan_is_empty();
}

/// A tainted object: with a second block of its name, or with another label, nothing is done; else it is made anew.
pub fn tainted_unrefreshed(kind: Of) {
    let scene = Scene::made(kind, "");
    scene.project.run(&["taint", &scene.address("one")]).ok();
    scene.write(&[("one", "a", ""), ("two", "a", "")]);
    scene.unchanged(|| drop(scene.apply_unrefreshed().failed().says("Two blocks make")));
    scene.write(&[("two", "a", "")]);
    scene.unchanged(|| drop(scene.apply_unrefreshed().failed().says("moved {")));
    scene.write(&[("one", "a", "")]);
    let before = scene.portrait();
    scene.apply_unrefreshed().ok();
    scene.project.plan_is_empty();
    if scene.kind.is_made_anew() {
        assert_ne!(scene.portrait(), before, "it was made anew");
    }
}

//! The ways to two blocks and one object.

use super::super::terraform::APPLY;
use super::{Cloud, Kind, Scene, kinds};
use crate::cloud::Fault;

const REFRESHED: [&str; 4] = ["plan", "-no-color", "-input=false", "-detailed-exitcode"];

type Of = fn(&Cloud) -> Kind;

/// Two new blocks of one name.
fn same_name(kind: Of) {
    let scene = Scene::of(kind);
    scene.write(&[("one", "a", ""), ("two", "a", "")]);
    scene.unchanged(|| drop(scene.project.apply().failed()));
}

/// A second block beside the one that has it.
fn a_second_block(kind: Of) {
    let scene = Scene::made(kind, "");
    scene.write(&[("one", "a", ""), ("two", "a", "")]);
    scene.unchanged(|| drop(scene.project.apply().failed()));
    scene.write(&[("one", "a", "")]);
    scene.project.plan_is_empty();
}

/// Another label, without a word.
fn renamed(kind: Of) {
    let scene = Scene::made(kind, "");
    scene.write(&[("two", "a", "")]);
    let block = format!("from = {}.<name before>", scene.kind.block);
    scene.unchanged(|| drop(scene.project.apply().failed().says("moved {").says(&block)));
    scene.unchanged(|| drop(scene.project.run(&[&REFRESHED[..], &["-refresh=false"]].concat()).failed().says("moved {")));
    let moved = format!("moved {{\n  from = {}\n  to = {}\n}}\n", scene.address("one"), scene.address("two"));
    scene.project.write("moved.tf", &moved);
    scene.unchanged(|| drop(scene.project.apply().ok()));
    scene.project.plan_is_empty();
}

/// From `count` to `for_each`.
fn counted_then_keyed(kind: Of) {
    let scene = Scene::made(kind, "  count = 1\n");
    scene.write(&[("one", "a", "  for_each = toset([\"x\"])\n")]);
    scene.unchanged(|| drop(scene.project.apply().failed().says("moved {")));
}

/// Two names change places.
fn swapped(kind: Of) {
    let scene = Scene::of(kind);
    scene.write(&[("one", "a", ""), ("two", "b", "")]);
    scene.project.apply().ok();
    scene.write(&[("one", "b", ""), ("two", "a", "")]);
    scene.unchanged(|| drop(scene.project.apply().failed()));
}

/// A replacement frees its name first.
fn replaced(kind: Of) {
    let scene = Scene::made(kind, "");
    let before = scene.portrait();
    let replace = format!("-replace={}", scene.address("one"));
    scene.project.run(&[&APPLY[..], &[&replace]].concat()).ok();
    scene.project.plan_is_empty();
    if scene.kind.block != "quilt_sso" {
        assert_ne!(scene.portrait(), before, "it was made anew");
    }
}

const BEFORE: &str = "  lifecycle {\n    create_before_destroy = true\n  }\n";

/// A replacement that wants both at once: two objects of one name cannot be.
fn replaced_before_it_goes(kind: Of) {
    let scene = Scene::made(kind, BEFORE);
    let replace = format!("-replace={}", scene.address("one"));
    let run = || scene.project.run(&[&APPLY[..], &[&replace]].concat());
    match scene.kind.block {
        "quilt_sso" => scene.unchanged(|| drop(run().ok().says("was not turned off"))),
        _ => scene.unchanged(|| drop(run().failed().says("create_before_destroy"))),
    }
    scene.project.plan_is_empty();
}

/// The same by a saved plan, which another Terraform carries out: what the plan said is not known then.
fn replaced_before_it_goes_by_a_saved_plan(kind: Of) {
    let scene = Scene::made(kind, BEFORE);
    let replace = format!("-replace={}", scene.address("one"));
    scene.project.run(&["plan", "-no-color", "-input=false", "-out=plan.bin", &replace]).ok();
    let run = || scene.project.run(&["apply", "-no-color", "-input=false", "plan.bin"]);
    if scene.kind.block == "quilt_sso" {
        scene.unchanged(|| drop(run().ok()));
        return scene.project.plan_is_empty();
    }
    scene.unchanged(|| drop(run().failed()));
    // The state holds a deposed object only, or the object again.
    let plan = scene.project.plan();
    if plan.code != 0 {
        scene.unchanged(|| drop(scene.project.apply().failed().says("terraform state rm").says("import {")));
        scene.project.run(&["state", "rm", &scene.address("one")]).ok();
        scene.project.import(&scene.address("one"), scene.kind.import).ok();
        scene.unchanged(|| drop(scene.project.apply().ok()));
    }
    scene.project.plan_is_empty();
}

/// With `-target` the other block is not heard of; the next plan hears of both, and harms neither.
fn targeted(kind: Of) {
    let scene = Scene::made(kind, "");
    scene.write(&[("one", "a", ""), ("two", "a", "")]);
    let target = format!("-target={}", scene.address("two"));
    scene.unchanged(|| drop(scene.project.run(&[&APPLY[..], &[&target]].concat())));
    scene.unchanged(|| drop(scene.project.apply().failed()));
    scene.write(&[("one", "a", "")]);
    if scene.project.run(&["state", "list"]).ok().text.contains(".two") {
        scene.unchanged(|| drop(scene.project.apply().failed().says("Two blocks hold").says("terraform state rm")));
        scene.project.run(&["state", "rm", &scene.address("two")]).ok();
    }
    scene.project.plan_is_empty();
}

/// A plan that is applied a second time.
fn applied_twice(kind: Of) {
    let scene = Scene::of(kind);
    scene.write(&[("one", "a", "")]);
    scene.project.run(&["plan", "-no-color", "-input=false", "-out=plan.bin"]).ok();
    let apply = || scene.project.run(&["apply", "-no-color", "-input=false", "plan.bin"]);
    apply().ok();
    scene.unchanged(|| drop(apply().failed()));
    scene.project.plan_is_empty();
}

/// Two states that hold one object, after an import into a second block.
fn held_by_two(kind: Of) {
    let scene = Scene::made(kind, "");
    scene.write(&[("one", "a", ""), ("two", "a", "")]);
    scene.project.import(&scene.address("two"), scene.kind.import);
    scene.unchanged(|| drop(scene.project.apply().failed()));
    scene.write(&[("one", "a", "")]);
    scene.unchanged(|| drop(scene.project.apply().failed().says("Two blocks hold")));
    scene.project.run(&["state", "rm", &scene.address("two")]).ok();
    scene.project.plan_is_empty();
}

/// Killed in the middle, and the block is called otherwise by then: nothing holds what is there, and it is taken over.
fn killed_and_renamed(kind: Of) {
    let scene = Scene::of(kind);
    if !scene.kind.is_stack() {
        return;
    }
    scene.write(&[("one", "a", "")]);
    // The plan looks once; who waits is not told of the end.
    scene.cloud.weather(Fault::Throttled.on("DescribeStacks").skip(1));
    let running = scene.project.start(&APPLY);
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let made = || scene.cloud.stacks().into_iter().find(|stack| stack.status != "DELETE_COMPLETE");
    while made().is_none() && std::time::Instant::now() < end {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    running.send("KILL", true);
    running.wait();
    scene.cloud.clear_up();
    let id = made().expect("it was begun").id;
    scene.write(&[("two", "a", "")]);
    scene.project.apply().ok();
    scene.project.plan_is_empty();
    let stacks = scene.cloud.stacks();
    assert!(stacks.iter().any(|stack| stack.id == id && stack.status.ends_with("_COMPLETE")), "{stacks:?}");
    assert_eq!(scene.project.attribute(&scene.address("two"), "adopted"), true);
}

macro_rules! table {
    ($($kind:ident => $of:path),* ; $cases:tt) => { $( table! { @kind $kind $of ; $cases } )* };
    (@kind $kind:ident $of:path ; [$($case:ident)*]) => {
        mod $kind {
            $(
                #[test]
                fn $case() {
                    super::$case($of);
                }
            )*
        }
    };
}

table! {
    a_stack => super::kinds::stack, a_network => super::kinds::network, a_database => super::kinds::database, a_search_domain => super::kinds::search,
    a_snapshot => super::kinds::snapshot, a_sign_in => super::kinds::sign_in;
    [
        same_name a_second_block renamed counted_then_keyed swapped replaced replaced_before_it_goes replaced_before_it_goes_by_a_saved_plan
        targeted applied_twice held_by_two killed_and_renamed
    ]
}

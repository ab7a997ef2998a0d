//! The ways to two blocks and one object.

use super::super::terraform::APPLY;
use super::kills::*;
use super::unrefreshed::*;
use super::{Cloud, Kind, Scene, catalogs, kinds, living};

const REFRESHED: [&str; 4] = ["plan", "-no-color", "-input=false", "-detailed-exitcode"];

pub type Of = fn(&Cloud) -> Kind;

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
    scene.unchanged(|| {
        drop(
            scene
                .project
                .run(&[&REFRESHED[..], &["-refresh=false"]].concat())
                .failed()
                .says("moved {"),
        )
    });
    let moved = format!(
        "moved {{\n  from = {}\n  to = {}\n}}\n",
        scene.address("one"),
        scene.address("two")
    );
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
    if scene.kind.is_made_anew() {
        assert_ne!(scene.portrait(), before, "it was made anew");
    }
}

pub const BEFORE: &str = "  lifecycle {\n    create_before_destroy = true\n  }\n";

/// A replacement that wants both at once: two objects of one name cannot be.
fn replaced_before_it_goes(kind: Of) {
    let scene = Scene::made(kind, BEFORE);
    let replace = format!("-replace={}", scene.address("one"));
    for more in [&[][..], &["-refresh=false"]] {
        let run = || scene.project.run(&[&APPLY[..], &[&replace], more].concat());
        match scene.kind.is_sign_in() {
            true => scene.unchanged(|| drop(run().ok().says("was not turned off"))),
            false => scene.unchanged(|| drop(run().failed().says("create_before_destroy"))),
        }
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
        scene.unchanged(|| {
            drop(scene.project.apply().failed().says("terraform state rm").says("import {"))
        });
        scene.project.run(&["state", "rm", &scene.address("one")]).ok();
        scene.project.import(&scene.address("one"), &scene.kind.import).ok();
        scene.unchanged(|| drop(scene.project.apply().ok()));
    }
    scene.project.plan_is_empty();
}

/// Another name is free: the new one comes, and then the old one goes.
fn another_name_before_it_goes(kind: Of) {
    let scene = Scene::made(kind, BEFORE);
    let before = scene.portrait();
    scene.write(&[("one", "b", BEFORE)]);
    scene.project.apply().ok();
    scene.project.plan_is_empty();
    let now = scene.portrait();
    assert!(now != before && living(&now) == living(&before), "{before:?}\n{now:?}");
}

/// Two provider blocks of one account and region, a block of one name in each.
fn two_provider_blocks(kind: Of) {
    const OTHER: &str = "  provider = quilt.other\n";
    let scene = Scene::of(kind);
    let blocks = ["", "  alias = \"other\"\n"].map(|more| scene.kind.provider_block(more));
    scene.project.provider(&blocks.concat());
    scene.write(&[("one", "a", ""), ("two", "a", OTHER)]);
    scene.unchanged(|| drop(scene.project.apply().failed().says("Two blocks make")));
    scene.write(&[("one", "a", "")]);
    scene.project.apply().ok();
    scene.write(&[("one", "a", ""), ("two", "a", OTHER)]);
    scene.unchanged(|| drop(scene.project.apply().failed().says("has another block already")));
    scene.write(&[("two", "a", OTHER)]);
    scene.unchanged(|| drop(scene.project.apply().failed().says("moved {")));
    scene.write(&[("one", "a", "")]);
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
        scene.unchanged(|| {
            drop(scene.project.apply().failed().says("Two blocks hold").says("terraform state rm"))
        });
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
    scene.project.import(&scene.address("two"), &scene.kind.import);
    scene.unchanged(|| drop(scene.project.apply().failed()));
    scene.write(&[("one", "a", "")]);
    scene.unchanged(|| drop(scene.project.apply().failed().says("Two blocks hold")));
    scene.project.run(&["state", "rm", &scene.address("two")]).ok();
    scene.project.plan_is_empty();
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
    a_snapshot => super::kinds::snapshot, a_sign_in => super::kinds::sign_in, a_role => super::catalogs::role, a_policy => super::catalogs::policy,
    a_bucket => super::catalogs::bucket, a_table => super::catalogs::table, a_user => super::catalogs::user;
    [
        same_name a_second_block renamed counted_then_keyed swapped replaced replaced_before_it_goes replaced_before_it_goes_by_a_saved_plan
        another_name_before_it_goes targeted applied_twice held_by_two two_provider_blocks
        unrefreshed tainted_unrefreshed killed_and_renamed killed_between_two killed_saved_plan_again killed_replacement
    ]
}

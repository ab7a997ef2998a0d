//! What one process says, another one of the same run hears; nobody else does.

use std::fs;
use std::time::Duration;

use super::*;
use crate::cx::claims::{Object, Title};

fn held(name: &str) -> Said {
    Said::Held(object(name))
}

fn object(name: &str) -> Object {
    Object {
        title: Title { name: name.into(), ..Title::default() },
        id: name.into(),
        block: "quilt_stack".into(),
    }
}

fn owned(said: Vec<Arc<Said>>) -> Vec<Said> {
    said.iter().map(|said| Said::clone(said)).collect()
}

/// Another process of the run would have another id; here it is told apart by hand.
fn another(folder: &std::path::Path, walk: u32, said: &[Said]) {
    let lines: String =
        said.iter().map(|said| serde_json::to_string(said).unwrap() + "\n").collect();
    fs::write(folder.join(format!("{walk}-7.said")), lines + "{\"Held\":{\"ti").unwrap();
    fs::write(folder.join(format!("{walk}-7.alive")), "").unwrap();
}

/// A run in whose third walk another process has said something, and its folder.
fn beside_another(temp: &Path) -> (Run, PathBuf) {
    let run = Run::within(temp, "1-2-ab");
    Folder::open(temp, "1-2-ab").unwrap();
    let folder = fs::read_dir(temp).unwrap().next().unwrap().unwrap().path().join("1-2-ab");
    another(&folder, 3, &[held("a")]);
    (run, folder)
}

#[test]
fn a_process_alone_knows_the_walk_before() {
    let run = Run::default();
    run.begin();
    assert!(run.say(held("a")).is_empty());
    assert_eq!(owned(run.say(held("b"))), [held("a")]);
    run.begin();
    assert_eq!((owned(run.heard()), owned(run.planned())), (vec![], vec![held("a"), held("b")]));
    run.say(Said::Made(object("a")));
    run.begin();
    assert_eq!(owned(run.planned()), [], "an apply binds no plan");
}

#[test]
fn an_apply_knows_what_the_plan_said_and_kept() {
    let temp = tempfile::tempdir().unwrap();
    let open = || Run::within(temp.path(), "1-2-ab");
    let plan = open();
    plan.begin();
    plan.say(held("a"));
    plan.keep("key", b"found");
    drop(plan);
    let apply = open();
    apply.begin();
    assert_eq!((owned(apply.planned()), owned(apply.heard())), (vec![held("a")], vec![]));
    assert_eq!((apply.find("key").as_deref(), apply.find("other")), (Some(&b"found"[..]), None));
    let stranger = Run::within(temp.path(), "2-2-ab");
    stranger.begin();
    assert_eq!(
        (owned(stranger.planned()), stranger.find("key")),
        (vec![], None),
        "another Terraform"
    );
}

#[test]
fn two_blocks_of_one_walk_hear_each_other() {
    let temp = tempfile::tempdir().unwrap();
    let (run, folder) = beside_another(temp.path());
    let alive = fs::File::open(folder.join("3-7.alive")).unwrap();
    alive.lock().unwrap();
    run.begin();
    assert_eq!(
        (owned(run.heard()), owned(run.planned())),
        (vec![held("a")], vec![]),
        "it lives, so its walk goes on; a half line is none yet"
    );
    drop(alive);
    run.begin();
    assert_eq!(
        (owned(run.heard()), owned(run.planned())),
        (vec![], vec![held("a")]),
        "it is dead, so this is another walk"
    );
}

#[test]
fn a_block_that_was_through_before_another_one_began_is_heard() {
    let temp = tempfile::tempdir().unwrap();
    let (run, folder) = beside_another(temp.path());
    let said = fs::File::options().append(true).open(folder.join("3-7.said")).unwrap();
    let at = |seconds: i64| {
        let (now, by) = (SystemTime::now(), Duration::from_secs(seconds.unsigned_abs()));
        said.set_modified(if seconds < 0 { now - by } else { now + by }).unwrap();
    };
    at(1);
    run.begin();
    assert_eq!(
        (owned(run.heard()), owned(run.planned())),
        (vec![held("a")], vec![]),
        "it is dead, and has spoken since this one started"
    );
    at(-1);
    let later = Run::within(temp.path(), "1-2-ab");
    drop(run);
    fs::remove_file(folder.join(format!("3-{}.said", std::process::id()))).unwrap();
    later.begin();
    assert_eq!((owned(later.heard()), owned(later.planned())), (vec![], vec![held("a")]));
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_or_plant_anything() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let temp = tempfile::tempdir().unwrap();
    let run = Run::within(temp.path(), "1-2-ab");
    run.begin();
    run.say(held("a"));
    run.keep("key", b"found");
    let root = fs::read_dir(temp.path()).unwrap().next().unwrap().unwrap().path();
    assert_eq!(root.metadata().unwrap().mode() & 0o777, 0o700);
    let folder = root.join("1-2-ab");
    let files: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().mode() & 0o777)
        .collect();
    assert_eq!(files, [0o600; 3]);
    drop(run);
    fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
    let open = Run::within(temp.path(), "1-2-ab");
    open.begin();
    assert_eq!(
        (open.find("key"), owned(open.planned())),
        (None, vec![]),
        "others could have written there"
    );
    let (elsewhere, linked) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    symlink(elsewhere.path(), linked.path().join(root.file_name().unwrap())).unwrap();
    Run::within(linked.path(), "1-2-ab").keep("key", b"found");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

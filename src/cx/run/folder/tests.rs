//! What is cleared away: folders of parents that are dead, and nothing that somebody else put there.

use super::*;

#[cfg(target_os = "linux")]
#[test]
fn folders_of_the_dead_go_and_all_else_stays() {
    let temp = tempfile::tempdir().unwrap();
    let mine = parent::name();
    let mut folder = Folder::open(temp.path(), &mine).unwrap();
    folder.begin(None);
    let root = folder.path.parent().unwrap();
    let realm = mine.rsplit_once('-').unwrap().1;
    let (dead, foreign) = (format!("4294967294-7-{realm}"), "4294967294-7-00000000".to_string());
    for name in [dead.as_str(), foreign.as_str(), "somebody-elses", "1-2"] {
        fs::create_dir(root.join(name)).unwrap();
        fs::write(root.join(name).join("1-1.said"), "").unwrap();
    }
    let full = format!("4294967293-7-{realm}");
    fs::create_dir(root.join(&full)).unwrap();
    fs::write(root.join(&full).join("other"), "").unwrap();
    let _again = Folder::open(temp.path(), &mine).unwrap();
    assert!(!root.join(dead).exists());
    for name in [foreign.as_str(), "somebody-elses", "1-2", full.as_str(), mine.as_str()] {
        assert!(root.join(name).exists(), "{name}");
    }
    assert!(
        root.join(full).join("other").exists() && root.join("somebody-elses/1-1.said").exists()
    );
}

//! Releases of the provider just built, made once for all tests by the command that makes them for people.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::Duration;

use super::key::{Key, Public};
use super::{FIRST, SECOND};

/// Two releases of one binary, both signed, and the key that signed them.
pub struct Releases {
    pub key: Public,
    pub folder: PathBuf,
}

impl Releases {
    /// The folder of a release.
    pub fn of(&self, version: &str) -> PathBuf {
        self.folder.join(version)
    }

    /// A file of a release.
    pub fn file(&self, version: &str, end: &str) -> PathBuf {
        self.of(version).join(format!("terraform-provider-quilt_{version}_{end}"))
    }

    /// The archive for this machine.
    pub fn archive(&self, version: &str) -> PathBuf {
        self.file(version, &format!("{}.zip", platform()))
    }

    /// The sum of that archive, as the release tells it.
    pub fn sum(&self, version: &str) -> String {
        let (sums, archive) = (self.file(version, "SHA256SUMS"), self.archive(version));
        let name = archive.file_name().unwrap().to_string_lossy().into_owned();
        let sums = fs::read_to_string(sums).unwrap();
        let line = sums.lines().find_map(|line| line.strip_suffix(&format!("  {name}")));
        line.expect("the archive is in the sums").into()
    }
}

/// Makes them, or waits until another test has.
pub fn releases() -> &'static Releases {
    static RELEASES: OnceLock<Releases> = OnceLock::new();
    RELEASES.get_or_init(|| {
        let folder = workplace("releases");
        let key = Key::new("rsa2048");
        let made = [FIRST, SECOND].map(|version| {
            let (key, folder) = (key.clone(), folder.clone());
            std::thread::spawn(move || {
                make(
                    version,
                    stripped(),
                    &changelog(&folder, version),
                    &folder.join(version),
                    Some(&key),
                )
            })
        });
        for thread in made {
            thread.join().expect("the release is made");
        }
        Releases { key: key.public(), folder }
    })
}

/// Makes a release of a file, by a changelog, in a folder.
fn make(version: &str, binary: &Path, changelog: &Path, out: &Path, key: Option<&Key>) {
    let mut command = release(&["--version", version]);
    command.arg("--binary").arg(binary).arg("--changelog").arg(changelog).arg("--out").arg(out);
    if let Some(key) = key {
        command.args(["--gpg-key", key.name()]).env("GNUPGHOME", key.home());
    }
    done(command.output().expect("it starts"));
}

/// A changelog in which a version has its day.
pub fn changelog(folder: &Path, version: &str) -> PathBuf {
    let file = folder.join(format!("{version}.md"));
    fs::write(&file, format!("# Changelog\n\n## [{version}] - 2026-01-31\n")).unwrap();
    file
}

/// `cargo xtask release` with these words, in the folder of the tests.
pub fn release(words: &[&str]) -> Command {
    let mut command = Command::new(xtask());
    command.arg("release").args(words).env_remove("SOURCE_DATE_EPOCH").env_remove("GPG_PASSPHRASE");
    command
}

/// What a command said that succeeded.
pub fn done(output: Output) -> String {
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{said}");
    said
}

/// This machine in Go's words.
pub fn platform() -> String {
    let os = if std::env::consts::OS == "macos" { "darwin" } else { std::env::consts::OS };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{os}_{arch}")
}

/// A folder for what a test makes, empty.
pub fn workplace(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_dir_all(&place));
    fs::create_dir_all(&place).expect("the target folder is writable");
    place
}

/// The provider just built without what only debuggers read: four times as quick to pack.
fn stripped() -> &'static Path {
    static STRIPPED: OnceLock<PathBuf> = OnceLock::new();
    STRIPPED.get_or_init(|| {
        let file = workplace("stripped").join("terraform-provider-quilt");
        let mut strip = Command::new("strip");
        strip.arg(env!("CARGO_BIN_EXE_terraform-provider-quilt")).arg("-o").arg(&file);
        done(strip.output().expect("strip comes with every C compiler"));
        file
    })
}

/// The task runner, built where the provider was.
fn xtask() -> &'static Path {
    static XTASK: OnceLock<PathBuf> = OnceLock::new();
    XTASK.get_or_init(|| {
        let profile = Path::new(env!("CARGO_BIN_EXE_terraform-provider-quilt")).parent().unwrap();
        let target = profile.parent().unwrap();
        let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // As a plain cargo would be called, so that nothing is compiled anew for it.
        for (name, _) in std::env::vars_os() {
            let said = name.to_string_lossy();
            if said.starts_with("CARGO_PKG_") || said.starts_with("CARGO_MANIFEST_") {
                build.env_remove(&name);
            }
        }
        build.args(["build", "--quiet", "--package", "xtask"]).env("CARGO_TARGET_DIR", target);
        done(build.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo is there"));
        target.join("debug").join(format!("xtask{}", std::env::consts::EXE_SUFFIX))
    })
}

#[test]
fn two_runs_give_equal_bytes() {
    let place = workplace("equal");
    let (little, dated) = (little(&place), changelog(&place, FIRST));
    let key = Key::new("rsa2048");
    let [first, second] = ["first", "second"].map(|name| {
        make(FIRST, &little, &dated, &place.join(name), Some(&key));
        // What a second run could take from the clock or from the file is another by then.
        std::thread::sleep(Duration::from_millis(1100));
        fs::write(&little, fs::read(&little).unwrap()).unwrap();
        contents(&place.join(name))
    });
    let differ = first.iter().zip(&second).filter(|(one, other)| one != other);
    let differ: Vec<_> =
        differ.map(|((one, _), (other, _))| (one.as_str(), other.as_str())).collect();
    let signature = format!("terraform-provider-quilt_{FIRST}_SHA256SUMS.sig");
    // A signature tells when it was made.
    assert_eq!(differ, [(signature.as_str(), signature.as_str())]);
    assert_eq!((first.len(), second.len()), (11, 11));
}

/// A file in place of the provider, where nobody starts it.
pub fn little(folder: &Path) -> PathBuf {
    let file = folder.join("little");
    fs::write(&file, "not a program\n".repeat(5000)).unwrap();
    file
}

/// The files below a folder, by name.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let (mut waiting, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            found.push((name, fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_release_tells_its_day_its_protocol_and_what_is_in_it() {
    let releases = releases();
    let manifest = super::json(releases.file(FIRST, "manifest.json"));
    assert_eq!(manifest["metadata"]["protocol_versions"], serde_json::json!(["6.0"]));
    let bill = super::json(releases.file(FIRST, &format!("{}.cdx.json", platform())));
    assert_eq!(bill["metadata"]["timestamp"], "2026-01-31T00:00:00Z");
    let scope = |name: &str| {
        let all = bill["components"].as_array().unwrap().iter().filter(|one| one["name"] == name);
        let scopes: BTreeSet<_> = all.filter_map(|one| one["scope"].as_str()).collect();
        scopes.into_iter().collect::<Vec<_>>().join(", ")
    };
    assert_eq!([scope("tokio"), scope("tonic-build")], ["required", "excluded"]);
    assert!(scope("proptest").is_empty(), "what only tests need is no part of it");
    let zip = fs::read(releases.archive(FIRST)).unwrap();
    // The first file's time and day, as a zip has them: midnight, and 46 years, 1 month and 31 days.
    assert_eq!(zip[10..14], [0, 0, 0x3f, 0x5c]);
}

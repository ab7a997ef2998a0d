//! A key of gpg that lives as long as the test.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tempfile::TempDir;

use super::archives::done;

/// Who the key is of.
const NAME: &str = "release-test@example.invalid";

/// A key in a folder of its own, without a passphrase.
#[derive(Clone)]
pub struct Key(Arc<Home>);

struct Home(TempDir);

impl Drop for Home {
    /// Ends what gpg has left running for the folder.
    fn drop(&mut self) {
        let mut end = Command::new("gpgconf");
        drop(end.args(["--kill", "all"]).env("GNUPGHOME", self.0.path()).output());
    }
}

impl Key {
    /// A new one of this kind.
    pub fn new(kind: &str) -> Self {
        let home = home();
        let new = ["--pinentry-mode", "loopback", "--passphrase", ""];
        let mut make = gpg(home.0.path(), &new);
        make.args(["--quick-generate-key", NAME, kind, "sign", "never"]);
        done(make.output().expect("these tests need GnuPG: install the package gnupg"));
        Self(Arc::new(home))
    }

    /// What the key is named by.
    pub fn name(&self) -> &'static str {
        NAME
    }

    /// The folder of gpg that holds it.
    pub fn home(&self) -> &Path {
        self.0.0.path()
    }

    /// The public half as a registry hands it out.
    pub fn public(&self) -> Public {
        let told = |words: &[&str]| done(gpg(self.home(), words).output().expect("gpg is there"));
        let rows = told(&["--with-colons", "--list-keys", NAME]);
        let row = rows.lines().find(|line| line.starts_with("pub:")).expect("the key is there");
        let id = row.split(':').nth(4).expect("it has an id").into();
        Public { id, armoured: told(&["--armor", "--export", NAME]) }
    }
}

/// The half of a key that everybody may have.
pub struct Public {
    /// The last sixteen digits of the fingerprint.
    pub id: String,
    pub armoured: String,
}

impl Public {
    /// Whether gpg, which knows this key alone, takes a file for signed by it.
    pub fn signed(&self, file: &Path) -> bool {
        let home = home();
        let key = home.0.path().join("key.asc");
        std::fs::write(&key, &self.armoured).expect("the folder is writable");
        done(gpg(home.0.path(), &["--import"]).arg(key).output().expect("gpg is there"));
        let mut verify = gpg(home.0.path(), &["--verify"]);
        verify.arg(format!("{}.sig", file.display())).arg(file);
        verify.output().expect("gpg is there").status.success()
    }
}

/// An empty folder of gpg, beside all else, since the path of a socket inside must be short.
fn home() -> Home {
    Home(tempfile::Builder::new().prefix("gpg").tempdir().expect("a folder is to be had"))
}

/// Gpg with what a folder holds.
fn gpg(home: &Path, words: &[&str]) -> Command {
    let mut gpg = Command::new("gpg");
    gpg.args(["--batch", "--quiet"]).args(words).env("GNUPGHOME", home);
    gpg
}

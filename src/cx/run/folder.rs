//! The folder of a run: in a folder that only this user can enter, with a file for each process of ours that serves the run.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::parent;
use crate::cx::claims::{Said, Words};

/// What the folder of this user's runs is called.
const ROOT: &str = "terraform-provider-quilt.runs";
/// Folders of parents about which nothing can be told go after this time.
const OLD: Duration = Duration::from_secs(2 * 24 * 3600);
/// An apply may wait so long for a person's yes.
const HALF_A_DAY: Duration = Duration::from_secs(12 * 3600);
/// How names end: what a process has said.
const SAID: &str = ".said";
/// The file that a process holds locked while it lives.
const ALIVE: &str = ".alive";
/// How names end: what a call keeps for a later one of the same run.
const KEPT: &str = ".kept";

/// The folder of one run.
pub struct Folder {
    path: PathBuf,
    own: Option<Own>,
}

/// What this process has there.
struct Own {
    walk: u32,
    name: String,
    said: File,
    /// Locked for as long as this process lives, however it ends.
    _alive: File,
}

impl Drop for Own {
    /// Until now this process was there, whenever it spoke last.
    fn drop(&mut self) {
        drop(self.said.set_modified(SystemTime::now()));
    }
}

impl Folder {
    /// Opens the folder of a parent's run, and clears away those of parents that are no more.
    ///
    /// # Errors
    /// No folder can be had that is ours alone.
    pub fn open(temp: &Path, parent: &str) -> io::Result<Self> {
        let root = root(temp)?;
        clear(&root, parent);
        let path = root.join(parent);
        // Where the system does not tell when a process began, its id alone says little after a while.
        if parent.split('-').nth(1) == Some("0")
            && path.metadata().is_ok_and(|found| is_older(&found, HALF_A_DAY))
        {
            remove(&path);
        }
        private(&path)?;
        Ok(Self { path, own: None })
    }

    /// Joins the walk that is going on, or begins one; what the walk before it said. A walk goes on while a process of it lives, and where one was
    /// there when this process `started`: a provider block that has little to do may be through before another one is configured.
    pub fn begin(&mut self, started: Option<SystemTime>) -> Vec<Arc<Said>> {
        self.own = None;
        let files = self.files();
        let last = files.iter().map(|(walk, _)| *walk).max().unwrap_or_default();
        let since = |name: &str| started.is_some_and(|started| self.was_there(name, started));
        let goes_on =
            files.iter().any(|(walk, name)| *walk == last && (self.lives(name) || since(name)));
        let walk = if goes_on { last } else { last + 1 };
        self.own = self
            .enter(walk)
            .inspect_err(|why| tracing::debug!(%why, "nothing is kept between processes"))
            .ok();
        let before = files.iter().map(|(number, _)| *number).filter(|number| *number < walk).max();
        files
            .iter()
            .filter(|(number, _)| Some(*number) == before)
            .flat_map(|(_, name)| self.read(name))
            .collect()
    }

    fn enter(&self, walk: u32) -> io::Result<Own> {
        let name = format!("{walk}-{}", std::process::id());
        let alive = create(&self.path.join(format!("{name}{ALIVE}")))?;
        alive.try_lock()?;
        let said = create(&self.path.join(format!("{name}{SAID}")))?;
        Ok(Own { walk, name, said, _alive: alive })
    }

    /// Each process that has said something, with its walk.
    fn files(&self) -> Vec<(u32, String)> {
        let named = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?.strip_suffix(SAID)?.to_string();
            Some((name.split_once('-')?.0.parse().ok()?, name))
        };
        fs::read_dir(&self.path).into_iter().flatten().flatten().filter_map(named).collect()
    }

    fn lives(&self, name: &str) -> bool {
        let file = File::open(self.path.join(format!("{name}{ALIVE}")));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock)))
    }

    fn was_there(&self, name: &str, moment: SystemTime) -> bool {
        let last = self.path.join(format!("{name}{SAID}")).metadata().and_then(|m| m.modified());
        last.is_ok_and(|last| last >= moment)
    }

    /// Adds a line to what this process has said.
    pub fn say(&mut self, said: &Said) {
        let Some(own) = &mut self.own else { return };
        let line = serde_json::to_string(said).unwrap_or_default() + "\n";
        if let Err(why) = own.said.write_all(line.as_bytes()) {
            tracing::debug!(%why, "what was said is not kept");
        }
    }

    /// What other processes have said in this walk.
    pub fn others(&self) -> Vec<Arc<Said>> {
        let Some(own) = &self.own else { return vec![] };
        self.files()
            .iter()
            .filter(|(walk, name)| *walk == own.walk && *name != own.name)
            .flat_map(|(_, name)| self.read(name))
            .collect()
    }

    /// What of it holds. Whole lines: the last one may be being written.
    fn read(&self, name: &str) -> Vec<Arc<Said>> {
        let text = fs::read_to_string(self.path.join(format!("{name}{SAID}"))).unwrap_or_default();
        let lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let words: Words = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
        words.standing().cloned().collect()
    }

    fn kept(&self, key: &str) -> PathBuf {
        let digest = Sha256::digest(key);
        self.path.join(
            digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>() + KEPT,
        )
    }

    /// Keeps something: whole or not at all.
    pub fn keep(&self, key: &str, bytes: &[u8]) {
        let (kept, draft) =
            (self.kept(key), self.path.join(format!("{}{KEPT}", std::process::id())));
        let written = create(&draft)
            .and_then(|mut file| file.write_all(bytes))
            .and_then(|()| fs::rename(&draft, kept));
        if let Err(why) = written {
            tracing::debug!(%why, "what was found is not kept");
        }
    }

    /// What was kept.
    pub fn find(&self, key: &str) -> Option<Vec<u8>> {
        fs::read(self.kept(key)).ok()
    }
}

/// A new file that only this user can read.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The folder of all runs of this user. On a system where all users have one folder for temporary files its name says whose it is.
fn root(temp: &Path) -> io::Result<PathBuf> {
    let path = temp.join(format!("{ROOT}{}", user(temp)?));
    private(&path)?;
    Ok(path)
}

#[cfg(unix)]
fn user(temp: &Path) -> io::Result<String> {
    use std::os::unix::fs::MetadataExt;
    Ok(format!("-{}", tempfile::tempfile_in(temp)?.metadata()?.uid()))
}

#[cfg(not(unix))]
fn user(_temp: &Path) -> io::Result<String> {
    Ok(String::new())
}

/// Makes a folder that only this user can enter. One that is there must be such already, and no link to another.
#[cfg(unix)]
fn private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
        made => made?,
    }
    let (found, parent) = (path.symlink_metadata()?, tempfile::tempfile_in(path)?.metadata()?);
    let ours = found.is_dir() && found.uid() == parent.uid() && found.mode() & 0o077 == 0;
    if ours { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// The system keeps the folder for temporary files for each user alone.
#[cfg(not(unix))]
fn private(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.symlink_metadata()?.is_dir() => {
            Ok(())
        }
        made => made,
    }
}

/// Removes the folders of parents that are no more, beside that of `parent`. Only files of our names are removed, and a folder that is empty then.
fn clear(root: &Path, parent: &str) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let name = entry.file_name().into_string().unwrap_or_default();
        let folder = entry.metadata().is_ok_and(|found| found.is_dir());
        let done = || {
            parent::is_dead(&name)
                .unwrap_or_else(|| entry.metadata().is_ok_and(|found| is_older(&found, OLD)))
        };
        if folder && name != parent && is_ours(&name) && done() {
            remove(&entry.path());
        }
    }
}

fn remove(folder: &Path) {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let known = |file: &fs::DirEntry| {
        [SAID, ALIVE, KEPT].iter().any(|end| file.file_name().to_string_lossy().ends_with(end))
    };
    files.filter(known).for_each(|file| drop(fs::remove_file(file.path())));
    drop(fs::remove_dir(folder));
}

/// A name as `parent::name` gives it.
fn is_ours(name: &str) -> bool {
    let parts: Vec<_> = name.split('-').collect();
    parts.len() == 3
        && parts[..2].iter().all(|part| part.parse::<u64>().is_ok())
        && parts[2].bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_older(folder: &fs::Metadata, than: Duration) -> bool {
    folder.modified().is_ok_and(|at| at.elapsed().is_ok_and(|age| age > than))
}

#[cfg(test)]
mod tests;

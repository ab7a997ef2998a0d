//! Folders of sockets whose provider was killed: nobody answers there any more, and nobody else clears them away.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::listen::{MARK, MARKED, PREFIX, SOCKET};
use crate::cx::run::is_dead;

/// A provider that lives shorter than this does not look around: most only tell their schema.
const SETTLED: Duration = Duration::from_secs(2);
/// Younger folders may belong to a provider that is about to listen.
const OLD: Duration = Duration::from_secs(60);

/// Clears away what is left beside `own`, the folder of our socket, once this process has settled.
pub async fn clear_later(own: PathBuf) {
    drop(tokio::time::timeout(SETTLED, std::future::pending::<()>()).await);
    drop(tokio::task::spawn_blocking(move || clear(&own, OLD)).await);
}

fn clear(own: &Path, old: Duration) {
    let (Some(parent), Ok(us)) = (own.parent(), own.metadata()) else { return };
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let named = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let path = entry.path();
        if named
            && path != own
            && entry
                .metadata()
                .is_ok_and(|m| m.is_dir() && m.uid() == us.uid() && is_older(&m, old))
        {
            clear_one(&path);
        }
    }
}

fn is_older(folder: &fs::Metadata, than: Duration) -> bool {
    folder.modified().ok().and_then(|at| at.elapsed().ok()).is_some_and(|age| age >= than)
}

/// Removes a folder that is provably one of ours and nobody's any more: it is marked, its process is not seen to live, nobody listens, and
/// there is nothing else in it. A folder of the same name that somebody else made has no such mark.
fn clear_one(folder: &Path) {
    let Some(dead) = marked(folder) else { return };
    let socket = folder.join(SOCKET);
    let left = match UnixStream::connect(&socket) {
        Err(e) if e.kind() == ErrorKind::ConnectionRefused => dead != Some(false),
        Err(e) if e.kind() == ErrorKind::NotFound => dead == Some(true),
        _ => false,
    };
    if !left || !holds_nothing_else(folder) {
        return;
    }
    let _ = fs::remove_file(&socket);
    let _ = fs::remove_file(folder.join(MARK));
    if fs::remove_dir(folder).is_ok() {
        tracing::debug!(folder = %folder.display(), "cleared away after a provider that was killed");
    }
}

/// Whether the process that made the folder is dead, as far as can be told; `None`: no provider made it.
fn marked(folder: &Path) -> Option<Option<bool>> {
    let mark = folder.join(MARK);
    let plain = fs::symlink_metadata(&mark).is_ok_and(|m| m.is_file() && m.len() < 200);
    let text = plain.then(|| fs::read_to_string(mark).ok())??;
    text.strip_prefix(MARKED).map(is_dead)
}

fn holds_nothing_else(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| {
        entries.all(|entry| entry.is_ok_and(|e| e.file_name() == SOCKET || e.file_name() == MARK))
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;
    use crate::cx::run::own_name;

    #[test]
    fn what_the_killed_left_goes_and_all_else_stays() {
        let temp = tempfile::tempdir().unwrap();
        let folder = |name: &str| {
            let path = temp.path().join(name);
            fs::create_dir(&path).unwrap();
            path
        };
        let mark = |folder: &Path, name: &str| {
            fs::write(folder.join(MARK), format!("{MARKED}{name}")).unwrap()
        };
        let socket = |folder: &Path| UnixListener::bind(folder.join(SOCKET)).unwrap();
        let me = own_name();
        let (id, rest) = me.split_once('-').unwrap();
        let dead = format!("{id}-1{rest}");
        let names = ["own", "dead", "begun", "live", "full", "young"];
        let [own, gone, begun, live, full, young] =
            names.map(|name| folder(&format!("quilt-{name}")));
        [&gone, &begun, &full].into_iter().for_each(|folder| mark(folder, &dead));
        [&own, &live, &young].into_iter().for_each(|folder| mark(folder, &me));
        drop((socket(&gone), socket(&full)));
        let _listening = (socket(&live), socket(&own));
        fs::write(full.join("file"), "").unwrap();
        // Somebody else's: empty, with a socket of that name, or with a file of that name.
        let [empty, strange, word] = ["quilt-empty", "quilt-notes", "quilt-word"].map(folder);
        drop(socket(&strange));
        fs::write(word.join(MARK), "somebody").unwrap();
        let other = folder("other");
        mark(&other, &dead);
        clear(&own, OLD);
        assert!(gone.exists() && begun.exists(), "too young");
        clear(&own, Duration::ZERO);
        assert!(!gone.exists() && (!begun.exists() || !cfg!(target_os = "linux")));
        let stay = [own, live, full, young, empty, strange, word, other];
        assert!(
            stay.iter().all(|folder| folder.exists()),
            "{:?}",
            stay.map(|folder| folder.exists())
        );
    }
}

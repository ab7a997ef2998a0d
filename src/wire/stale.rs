//! Folders of sockets whose provider was killed: nobody answers there any more, and nobody else clears them away.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::listen::{PREFIX, SOCKET};

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
        if named && path != own && entry.metadata().is_ok_and(|m| m.is_dir() && m.uid() == us.uid() && is_older(&m, old)) {
            clear_one(&path);
        }
    }
}

fn is_older(folder: &fs::Metadata, than: Duration) -> bool {
    folder.modified().ok().and_then(|at| at.elapsed().ok()).is_some_and(|age| age >= than)
}

/// Removes a folder with a socket nobody listens on, or with nothing in it. Anything else in it keeps it.
fn clear_one(folder: &Path) {
    let socket = folder.join(SOCKET);
    match UnixStream::connect(&socket) {
        Err(e) if e.kind() == ErrorKind::ConnectionRefused => drop(fs::remove_file(&socket)),
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        _ => return,
    }
    if fs::remove_dir(folder).is_ok() {
        tracing::debug!(folder = %folder.display(), "cleared away after a provider that was killed");
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn what_the_killed_left_goes_and_all_else_stays() {
        let temp = tempfile::tempdir().unwrap();
        let folder = |name: &str| {
            let path = temp.path().join(name);
            fs::create_dir(&path).unwrap();
            path
        };
        let (own, empty, dead, live) = (folder("quilt-own"), folder("quilt-empty"), folder("quilt-dead"), folder("quilt-live"));
        let (full, other) = (folder("quilt-full"), folder("other"));
        fs::write(full.join("file"), "").unwrap();
        drop(UnixListener::bind(dead.join(SOCKET)).unwrap());
        let _listening = UnixListener::bind(live.join(SOCKET)).unwrap();
        clear(&own, OLD);
        assert!(empty.exists() && dead.exists(), "too young");
        clear(&own, Duration::ZERO);
        assert!(!empty.exists() && !dead.exists());
        assert!([own, live, full, other].iter().all(|folder| folder.exists()));
    }
}

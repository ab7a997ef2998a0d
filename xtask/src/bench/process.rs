//! What processes use, read from Linux's `/proc`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Whether this system tells what its processes use.
pub const MEASURED: bool = cfg!(target_os = "linux");

/// How often processes are looked at; what one uses after the last look is missed.
const PACE: Duration = Duration::from_millis(5);
const KIB_IN_A_MIB: f64 = 1024.0;

/// What has been seen of the processes of one executable.
#[derive(Default)]
struct Seen {
    /// CPU seconds of each thread, those that have ended included.
    cpu: BTreeMap<PathBuf, f64>,
    peak: f64,
}

/// A watch on every process of one executable.
pub struct Watch {
    over: Arc<AtomicBool>,
    looking: JoinHandle<Seen>,
}

impl Watch {
    /// Begins to look.
    pub fn start(executable: &Path) -> Self {
        let (over, executable) = (Arc::new(AtomicBool::new(!MEASURED)), executable.to_owned());
        let looking = thread::spawn({
            let over = Arc::clone(&over);
            move || look_on(&executable, &over)
        });
        Self { over, looking }
    }

    /// CPU seconds of all these processes, and the most MiB that one of them held; none where this cannot be measured.
    pub fn end(self) -> Option<(f64, f64)> {
        self.over.store(true, Ordering::Relaxed);
        let seen = self.looking.join().ok().filter(|_| MEASURED)?;
        Some((seen.cpu.values().sum(), seen.peak))
    }
}

fn look_on(executable: &Path, over: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    while !over.load(Ordering::Relaxed) {
        for process in numbered(Path::new("/proc")).filter(|process| is_of(process, executable)) {
            seen.look_at(&process);
        }
        thread::sleep(PACE);
    }
    seen
}

fn is_of(process: &Path, executable: &Path) -> bool {
    fs::read_link(process.join("exe")).is_ok_and(|file| file == executable)
}

/// The entries of a folder in `/proc` that are processes or threads.
fn numbered(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| name.parse::<u32>().is_ok()))
        .map(|entry| entry.path())
}

impl Seen {
    /// A process may end while it is looked at; what was read before stays.
    fn look_at(&mut self, process: &Path) {
        let text = |file: PathBuf| fs::read_to_string(file).unwrap_or_default();
        self.peak = memory(&text(process.join("status")), "VmHWM:")
            .map_or(self.peak, |peak| peak.max(self.peak));
        let threads = numbered(&process.join("task"));
        self.cpu
            .extend(threads.filter_map(|thread| {
                Some((thread.clone(), cpu(&text(thread.join("schedstat")))?))
            }));
    }
}

/// MiB resident of a running process.
pub fn resident(id: u32) -> Option<f64> {
    memory(&fs::read_to_string(format!("/proc/{id}/status")).ok()?, "VmRSS:")
}

fn memory(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / KIB_IN_A_MIB)
}

/// Seconds that a thread ran. The process's own sum would be in steps of 10 ms, which is more than many a run takes.
fn cpu(schedstat: &str) -> Option<f64> {
    Some(schedstat.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_lines_are_read() {
        assert_eq!(
            memory("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n", "VmRSS:"),
            Some(1.0)
        );
        assert_eq!(cpu("1500000000 3731874 1\n"), Some(1.5));
    }
}

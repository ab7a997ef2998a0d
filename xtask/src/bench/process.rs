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
/// The kernel's unit of CPU time in `/proc`, the same on every Linux.
const TICKS_IN_A_SECOND: f64 = 100.0;
const KIB_IN_A_MIB: f64 = 1024.0;

/// What one process has used.
#[derive(Clone, Copy)]
struct Used {
    cpu: f64,
    peak: f64,
}

/// A watch on every process of one executable.
pub struct Watch {
    over: Arc<AtomicBool>,
    looking: JoinHandle<BTreeMap<u32, Used>>,
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
        Some((seen.values().map(|used| used.cpu).sum(), seen.values().map(|used| used.peak).fold(0.0, f64::max)))
    }
}

fn look_on(executable: &Path, over: &AtomicBool) -> BTreeMap<u32, Used> {
    let mut seen = BTreeMap::new();
    while !over.load(Ordering::Relaxed) {
        seen.extend(processes().filter(|(_, folder)| is_of(folder, executable)).filter_map(|(id, folder)| Some((id, used(&folder)?))));
        thread::sleep(PACE);
    }
    seen
}

fn processes() -> impl Iterator<Item = (u32, PathBuf)> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
}

fn is_of(process: &Path, executable: &Path) -> bool {
    fs::read_link(process.join("exe")).is_ok_and(|file| file == executable)
}

fn used(process: &Path) -> Option<Used> {
    let peak = memory(&fs::read_to_string(process.join("status")).ok()?, "VmHWM:")?;
    Some(Used { cpu: cpu(&fs::read_to_string(process.join("stat")).ok()?)?, peak })
}

/// MiB resident of a running process.
pub fn resident(id: u32) -> Option<f64> {
    memory(&fs::read_to_string(format!("/proc/{id}/status")).ok()?, "VmRSS:")
}

fn memory(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / KIB_IN_A_MIB)
}

/// Seconds in user and in system mode: the fields 14 and 15, counted from the name's closing bracket, which may hold anything.
fn cpu(stat: &str) -> Option<f64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS_IN_A_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_lines_are_read() {
        assert_eq!(memory("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n", "VmRSS:"), Some(1.0));
        assert_eq!(cpu("7 (a) b) S 1 7 7 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 9 0"), Some(2.0));
    }
}

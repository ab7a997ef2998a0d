//! Which process started us, under a name that no other process has: its id comes again, its id and the moment it began do not.

use std::path::Path;

use sha2::{Digest, Sha256};

/// The parent's name: its id, when it began, and where such ids count. The moment is 0 where the system does not tell it.
pub fn name() -> String {
    name_of(parent_id())
}

/// This process's own name.
pub fn own_name() -> String {
    name_of(std::process::id())
}

fn name_of(id: u32) -> String {
    format!("{id}-{}-{}", began(id).unwrap_or_default(), realm())
}

/// Whether the process of this name is certainly no more; `None`: that cannot be told from here.
pub fn is_dead(name: &str) -> Option<bool> {
    let mut parts = name.split('-');
    let (id, at, realm) =
        (parts.next()?.parse().ok()?, parts.next()?.parse::<u64>().ok()?, parts.next()?);
    if at == 0 || realm != self::realm() || !Path::new("/proc/self/stat").exists() {
        return None;
    }
    Some(began(id) != Some(at))
}

/// The parent is `terraform test` (or `tofu test`).
pub fn is_testing() -> bool {
    command(parent_id()).is_some_and(|words| is_test(&words))
}

/// The first word behind the program's name that is no option.
fn is_test(words: &[String]) -> bool {
    words.iter().skip(1).find(|word| !word.starts_with('-')).is_some_and(|word| word == "test")
}

/// The command line of a process; `None`: the system does not tell.
#[cfg(target_os = "linux")]
fn command(id: u32) -> Option<Vec<String>> {
    let line = std::fs::read(format!("/proc/{id}/cmdline")).ok()?;
    Some(
        line.split(|byte| *byte == 0)
            .map(|word| String::from_utf8_lossy(word).into_owned())
            .collect(),
    )
}

#[cfg(all(unix, not(target_os = "linux")))]
fn command(id: u32) -> Option<Vec<String>> {
    let told = std::process::Command::new("/bin/ps")
        .args(["-o", "args=", "-p", &id.to_string()])
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&told.stdout).split_whitespace().map(String::from).collect())
}

/// Without the parent nothing is known of its command.
#[cfg(not(unix))]
fn command(_id: u32) -> Option<Vec<String>> {
    None
}

#[cfg(unix)]
fn parent_id() -> u32 {
    std::os::unix::process::parent_id()
}

/// Windows does not say who the parent is without a call of its own: then each process is a run of itself.
#[cfg(not(unix))]
fn parent_id() -> u32 {
    std::process::id()
}

/// When a process began, in ticks of the system; `None`: it is no more, or the system does not tell.
fn began(id: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The program's name stands in brackets and may hold anything. Of what follows, the state is first and the beginning is twentieth.
    let mut rest = stat.rsplit_once(") ")?.1.split(' ');
    let state = rest.next()?;
    rest.nth(18)?.parse().ok().filter(|_| !["Z", "X"].contains(&state))
}

/// Where ids of processes count: this boot of the machine, and the container.
fn realm() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let container = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let digest = Sha256::digest(format!("{} {}", boot.trim(), container.display()));
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_known_by_its_command() {
        let is = |line: &str| is_test(&line.split(' ').map(String::from).collect::<Vec<_>>());
        assert!(is("terraform test") && is("/usr/bin/tofu -chdir=modules/quilt test -verbose"));
        assert!(
            !is("terraform apply test") && !is("terraform -chdir=test plan") && !is("terraform")
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_is_known_by_when_it_began() {
        let me = std::process::id();
        let at = began(me).unwrap();
        assert_eq!(is_dead(&format!("{me}-{at}-{}", realm())), Some(false));
        assert_eq!(
            is_dead(&format!("{me}-{}-{}", at + 1, realm())),
            Some(true),
            "another one had this id"
        );
        assert_eq!(is_dead(&format!("{me}-{}-00000000", at + 1)), None, "of another container");
        assert_eq!((is_dead(&format!("{me}-0-{}", realm())), is_dead("else")), (None, None));
        assert_eq!(is_dead(&name()), Some(false));
    }
}

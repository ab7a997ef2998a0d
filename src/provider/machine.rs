//! What tells this machine from others: its id, or else its host name.

use std::path::Path;

/// Where systems keep a machine's id.
const IDS: [&str; 2] = ["/etc/machine-id", "/var/lib/dbus/machine-id"];
/// Files of a container, whose image may hold the id of another machine.
const CONTAINER: [&str; 3] =
    ["/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io"];
/// Names that many machines have.
const COMMON: [&str; 3] = ["localhost", "localhost.localdomain", "(none)"];

/// What tells this machine from others; `None`: nothing does.
pub fn name() -> Option<String> {
    let id = IDS.iter().find_map(|file| std::fs::read_to_string(file).ok());
    chosen(id.as_deref(), host().as_deref(), CONTAINER.iter().any(|file| Path::new(file).exists()))
}

fn chosen(id: Option<&str>, host: Option<&str>, container: bool) -> Option<String> {
    let id =
        id.map(str::trim).filter(|id| id.len() >= 32 && id.bytes().all(|b| b.is_ascii_hexdigit()));
    let host = host.map(str::trim).filter(|host| !host.is_empty() && !COMMON.contains(host));
    match (id, host) {
        (Some(id), _) if !container => Some(format!("id {id}")),
        (_, Some(host)) => Some(format!("host {host}")),
        _ => None,
    }
}

#[cfg(unix)]
fn host() -> Option<String> {
    rustix::system::uname().nodename().to_str().ok().map(str::to_string)
}

#[cfg(not(unix))]
fn host() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_counts_where_it_is_the_machines_own() {
        let id = Some("0123456789abcdef0123456789abcdef\n");
        assert_eq!(
            chosen(id, Some("a"), false).as_deref(),
            Some("id 0123456789abcdef0123456789abcdef")
        );
        assert_eq!(chosen(id, Some("pod-1"), true).as_deref(), Some("host pod-1"), "an image's id");
        assert_eq!(chosen(Some("uninitialized"), Some("a"), false).as_deref(), Some("host a"));
        assert_eq!(chosen(None, Some("localhost"), false), None);
        assert_eq!(chosen(None, None, true), None);
    }
}

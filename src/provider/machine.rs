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

/// Where this program lies, from where the person has started Terraform; `None`: that is not known.
pub fn program() -> Option<String> {
    let (file, from) = (std::env::current_exe().ok()?, std::env::var_os("PWD"));
    // Terraform's `-chdir` changes the working directory, and leaves this variable as it was.
    Some(seen_from(&file, from.as_deref().map(Path::new)).to_str()?.to_string())
}

fn seen_from<'a>(file: &'a Path, from: Option<&Path>) -> &'a Path {
    let inside = from.filter(|from| from.is_absolute() && from.parent().is_some());
    let below = inside.and_then(|from| file.strip_prefix(from).ok());
    // Alone it would be looked for on the path.
    below.filter(|below| below.components().count() > 1).unwrap_or(file)
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
    fn the_program_is_named_as_a_shell_finds_it() {
        let seen = |file, from: &'static str| {
            seen_from(Path::new(file), Some(Path::new(from))).to_str().unwrap()
        };
        assert_eq!(seen("/a/.terraform/x/program", "/a"), ".terraform/x/program");
        assert_eq!(seen("/a/program", "/a"), "/a/program");
        assert_eq!(seen("/b/x/program", "/a"), "/b/x/program");
        assert_eq!(seen("/b/x/program", "/"), "/b/x/program");
        assert_eq!(seen_from(Path::new("/b/program"), None), Path::new("/b/program"));
    }

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

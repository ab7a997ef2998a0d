//! Connect: the host by which assistants reach a deployment, with a load balancer of its own, and who may come.

use std::collections::BTreeMap;

use super::hosts::is_host;

/// The parameter that says who may: a list with commas. Empty: Connect is off.
pub const ALLOWED: &str = "ConnectAllowedHosts";
/// The parameter for a certificate of its own. Empty: that of all hosts serves it too.
pub const CERTIFICATE: &str = "CertificateArnConnect";
/// The output with its host.
pub const HOST: &str = "ConnectHost";
/// The output with its load balancer.
pub const TARGET: &str = "ConnectLoadBalancerDNSName";
/// The output with the hosted zone of that load balancer.
pub const ZONE: &str = "ConnectLoadBalancerCanonicalHostedZoneID";

/// Schemes that Quilt passes over in the list without a word.
const NETWORK: [&str; 4] = ["https://", "http://", "wss://", "ws://"];

/// Nobody may come, so there is no such host whatever the outputs say.
pub fn is_off(parameters: &BTreeMap<String, String>) -> bool {
    parameters.get(ALLOWED).is_some_and(|list| list.trim().is_empty())
}

/// Checks who may come.
///
/// # Errors
/// An entry that would let in nobody, as a sentence.
pub fn check_allowed(list: &str) -> Result<(), String> {
    if list.trim().is_empty() {
        return Ok(());
    }
    list.split(',').map(str::trim).try_for_each(check_entry)
}

fn check_entry(entry: &str) -> Result<(), String> {
    let network = NETWORK.iter().find_map(|scheme| entry.strip_prefix(scheme));
    let wanted = "Write a host such as claude.ai, .example.com for all hosts below it, or the scheme of a program such as cursor://";
    match (network, entry.strip_suffix("://")) {
        (Some(host), _) => Err(format!(
            "`{entry}` begins with a scheme of the network, and Quilt passes over such entries without a word. Write `{}`.",
            host.split('/').next().unwrap_or(host)
        )),
        (None, Some(scheme)) if is_scheme(scheme) => Ok(()),
        (None, None) if is_host(entry.strip_prefix('.').unwrap_or(entry)) => Ok(()),
        _ if entry.is_empty() => Err(format!("An entry is empty. {wanted}.")),
        _ => Err(format!("`{entry}` is no host. {wanted}.")),
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list that Quilt documents.
    const DOCUMENTED: &str = "localhost,.benchling.com,.cloud.databricks.com,chat.openai.com,chatgpt.com,claude.ai,claude.com,cursor://,gemini.google.com,vscode.dev,windsurf://";

    #[test]
    fn entries_that_let_in_nobody_are_refused() {
        for list in ["", " ", DOCUMENTED, "claude.ai, .example.com"] {
            assert_eq!(check_allowed(list), Ok(()), "{list}");
        }
        for (list, says) in [
            ("claude.ai,https://chatgpt.com/x", "Write `chatgpt.com`."),
            ("http://localhost", "Write `localhost`."),
            ("claude.ai,", "An entry is empty."),
            ("*.example.com", "`*.example.com` is no host."),
            ("claude.ai/chat", "`claude.ai/chat` is no host."),
            ("claude.ai:443", "is no host"),
            ("9x://", "is no host"),
            (".", "is no host"),
        ] {
            let why = check_allowed(list).unwrap_err();
            assert!(why.contains(says), "{why}");
        }
    }

    #[test]
    fn it_is_off_where_nobody_may_come() {
        let of = |list: &str| BTreeMap::from([(ALLOWED.to_string(), list.to_string())]);
        assert!(is_off(&of("")) && !is_off(&of("claude.ai")) && !is_off(&BTreeMap::new()));
    }
}

//! How what was found is shown: to a person, as JSON, or for an issue with what is nobody's business struck out.

use std::fmt::Write;
use std::sync::LazyLock;

use regex_lite::{Captures, Regex};
use serde_json::json;

use crate::cloudformation::partition;
use crate::preflight::{Finding, Status};

/// The place of the second and the third column.
const NAME: usize = 10;
const FOUND: usize = 30;

/// Nothing failed.
pub fn ready(found: &[Finding]) -> bool {
    count(found, Status::Fail) == 0
}

fn count(found: &[Finding], status: Status) -> usize {
    found.iter().filter(|f| f.verdict.status == status).count()
}

/// For a person.
pub fn text(found: &[Finding], region: &str) -> String {
    let mut text = format!("Region {region}\n\n");
    for Finding { check, verdict } in found {
        let word = match verdict.status {
            Status::Fail => "FAIL",
            status => status.word(),
        };
        let _ = writeln!(text, "{word:NAME$}{:20}{}", check.name, verdict.found);
        let more = [verdict.fix.as_str(), check.link].into_iter().filter(|line| !line.is_empty());
        for line in more.filter(|_| verdict.status != Status::Pass) {
            let _ = writeln!(text, "{:FOUND$}{line}", "");
        }
    }
    let _ = writeln!(text, "\n{}", sum(found));
    text
}

fn sum(found: &[Finding]) -> String {
    format!(
        "{} checks: {} passed, {} failed, {} could not be made.",
        found.len(),
        count(found, Status::Pass),
        count(found, Status::Fail),
        count(found, Status::Unknown)
    )
}

/// As JSON.
///
/// # Errors
/// None that is known.
pub fn json(found: &[Finding], region: &str) -> anyhow::Result<String> {
    let row = |Finding { check, verdict }: &Finding| {
        json!({
            "name": check.name, "status": verdict.status.word(), "found": verdict.found, "fix": verdict.fix,
            "link": check.link,
        })
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    let answer = json!({ "region": region, "ready": ready(found), "checks": rows });
    Ok(serde_json::to_string_pretty(&answer)? + "\n")
}

/// For an issue.
pub fn issue(found: &[Finding], region: &str) -> String {
    let (version, os, machine) =
        (env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    let mut text = format!(
        "Provider {version} on {os} ({machine}), region {region}. {}\n\n| check | status | found |\n|---|---|---|\n",
        sum(found)
    );
    for Finding { check, verdict } in found {
        let said = strike(&verdict.found, region).replace('|', "\\|");
        let _ = writeln!(text, "| {} | {} | {said} |", check.name, verdict.status.word());
    }
    text
}

/// What tells whose it is: accounts, keys, addresses, hosts.
static WHOSE: LazyLock<Regex> = LazyLock::new(|| {
    let all = r"(?P<account>\b\d{12}\b)|(?P<key>\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b)|(?P<address>[\w.+-]+@[\w.-]+\w)|(?P<host>(?:\*\.)?\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b)";
    Regex::new(all).unwrap_or_else(|e| unreachable!("the pattern is fixed: {e}"))
});

/// Beginnings and ends of what has dots and is no host at all.
const NO_HOSTS: [&str; 3] = ["db.", ".elasticsearch", ".search"];

fn strike(text: &str, region: &str) -> String {
    let aws = partition::of(region).suffix;
    let word = |found: &Captures| {
        let whole = &found[0];
        let plain = whole.ends_with(aws)
            || NO_HOSTS.iter().any(|part| whole.starts_with(part) || whole.ends_with(part));
        let kinds = ["account", "key", "address", "host"];
        match kinds.into_iter().find(|kind| found.name(kind).is_some()) {
            Some("host") if plain => whole.to_string(),
            Some(kind) => format!("<{kind}>"),
            None => whole.to_string(),
        }
    };
    WHOSE.replace_all(text, word).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_it_is_is_struck_out() {
        let text = "arn:aws:acm:us-east-1:123456789012:certificate/1 is for *.example.com and quilt.acme.co.uk; ask me.too@example.com, AKIAIOSFODNN7EXAMPLE";
        assert_eq!(
            strike(text, "us-east-1"),
            "arn:aws:acm:us-east-1:<account>:certificate/1 is for <host> and <host>; ask <address>, <key>"
        );
        let plain =
            "RDS has no db.t3.small with PostgreSQL 15.18; m6g.large.elasticsearch is there.";
        assert_eq!(strike(plain, "us-east-1"), plain);
    }
}

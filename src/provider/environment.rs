//! The process's environment, as far as the provider block reads it itself; the rest is read by the SDK.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::tf::{Diagnostics, Report};

/// Variables and the working directory.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Variables that are not empty.
    pub variables: BTreeMap<String, String>,
    /// The working directory: the root module's.
    pub directory: PathBuf,
    /// What tells this machine from others; `None`: nothing does.
    pub machine: Option<String>,
}

impl Environment {
    /// This process's.
    pub fn real() -> Self {
        let text = |(k, v): (std::ffi::OsString, std::ffi::OsString)| {
            Some((k.into_string().ok()?, v.into_string().ok()?))
        };
        let variables =
            std::env::vars_os().filter_map(text).filter(|(_, v)| !v.is_empty()).collect();
        Self {
            variables,
            directory: std::env::current_dir().unwrap_or_default(),
            machine: super::machine::name(),
        }
    }

    /// The first of these variables that is set.
    pub fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|n| self.variables.get(*n)).cloned()
    }

    /// A list separated by commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        let text = self.variables.get(name).map(String::as_str).unwrap_or_default();
        text.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_string).collect()
    }

    /// The variables that begin so: what comes after it, and the value.
    pub fn beginning(&self, start: &str) -> impl Iterator<Item = (String, String)> {
        self.variables
            .iter()
            .filter_map(move |(k, v)| Some((k.strip_prefix(start)?, v)))
            .map(|(k, v)| (k.to_string(), v.clone()))
    }

    /// A path with `~/` made whole.
    pub fn path(&self, path: &str) -> String {
        match (path.strip_prefix("~/"), self.first(&["HOME", "USERPROFILE"])) {
            (Some(rest), Some(home)) => format!("{}/{rest}", home.trim_end_matches('/')),
            _ => path.to_string(),
        }
    }

    /// Warns of half a pair of keys: the SDK looks for credentials elsewhere then, and says nothing.
    fn keys(&self, d: &mut Diagnostics) {
        const PAIR: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
        for (name, other) in [(PAIR[0], PAIR[1]), (PAIR[1], PAIR[0])] {
            if self.first(&[name]).is_some() && self.first(&[other]).is_none() {
                let detail = format!(
                    "They work in pairs, so {name} is not used. Set {other} as well, or unset {name}."
                );
                d.warn(format!("{name} is set without {other}"), detail);
            }
        }
    }

    /// What the SDK would pass over in silence is an error here: a call must not go where nobody meant it to go.
    pub fn check(&self, d: &mut Diagnostics) {
        self.keys(d);
        let mut wrong = |name: &str, what: &str| {
            d.fail(
                format!("{name} {what}"),
                format!("Correct the environment variable {name}, or unset it."),
            )
        };
        for (name, url) in
            self.variables.iter().filter(|(name, _)| name.starts_with("AWS_ENDPOINT_URL"))
        {
            if !super::check::is_url(url) {
                wrong(name, "is not an http:// or https:// address");
            }
        }
        if self.first(&["AWS_MAX_ATTEMPTS"]).is_some_and(|n| !n.parse::<u32>().is_ok_and(|n| n > 0))
        {
            wrong("AWS_MAX_ATTEMPTS", "is not a number from 1 on");
        }
        if self
            .first(&["AWS_RETRY_MODE"])
            .is_some_and(|m| !["legacy", "standard", "adaptive"].contains(&m.as_str()))
        {
            wrong("AWS_RETRY_MODE", "is neither standard nor adaptive");
        }
        for name in ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"] {
            if self.first(&[name]).is_some_and(|b| b.to_lowercase().parse::<bool>().is_err()) {
                wrong(name, "is neither true nor false");
            }
        }
        if self
            .first(&["TF_APPEND_USER_AGENT"])
            .is_some_and(|text| !text.bytes().all(|b| (b' '..=b'~').contains(&b)))
        {
            wrong("TF_APPEND_USER_AGENT", "may hold printable ASCII only");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(name: &str, value: &str) -> Vec<String> {
        let mut d = Diagnostics::default();
        Environment {
            variables: [(name.to_string(), value.to_string())].into(),
            ..Environment::default()
        }
        .check(&mut d);
        d.errors.iter().map(|e| e.summary.to_string()).collect()
    }

    #[test]
    fn what_cannot_be_honoured_is_told() {
        assert_eq!(
            titles("AWS_ENDPOINT_URL_S3", "localhost:4566"),
            ["AWS_ENDPOINT_URL_S3 is not an http:// or https:// address"]
        );
        assert_eq!(titles("AWS_MAX_ATTEMPTS", "0"), ["AWS_MAX_ATTEMPTS is not a number from 1 on"]);
        assert_eq!(
            titles("AWS_RETRY_MODE", "eager"),
            ["AWS_RETRY_MODE is neither standard nor adaptive"]
        );
        assert_eq!(
            titles("TF_APPEND_USER_AGENT", "a\nb"),
            ["TF_APPEND_USER_AGENT may hold printable ASCII only"]
        );
        assert!(titles("AWS_ENDPOINT_URL", "http://localhost:4566").is_empty());
    }

    #[test]
    fn home_is_made_whole() {
        let env = Environment {
            variables: [("HOME".to_string(), "/home/a/".to_string())].into(),
            ..Environment::default()
        };
        assert_eq!(
            (env.path("~/.aws/config").as_str(), env.path("a/~").as_str()),
            ("/home/a/.aws/config", "a/~")
        );
    }
}

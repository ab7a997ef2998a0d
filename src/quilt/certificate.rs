//! A certificate, and whether it can serve the hosts of a deployment.

/// A certificate as ACM describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Certificate {
    /// `ISSUED`, `PENDING_VALIDATION`, `EXPIRED` and so on.
    pub status: String,
    /// The names it is for; one may begin with `*.`, which stands for one label.
    pub names: Vec<String>,
    /// Its last moment, in seconds since 1970; `None`: it is not told.
    pub expires_at: Option<i64>,
    /// Somebody has imported it: AWS does not renew it.
    pub imported: bool,
}

impl Certificate {
    /// The hosts that it is not for.
    pub fn lacks<'a>(&self, hosts: &[&'a str]) -> Vec<&'a str> {
        hosts
            .iter()
            .filter(|host| !self.names.iter().any(|name| covers(name, host)))
            .copied()
            .collect()
    }

    /// It works.
    pub fn issued(&self) -> bool {
        self.status == "ISSUED"
    }

    /// It may work by the time it is needed.
    pub fn pending(&self) -> bool {
        self.status == "PENDING_VALIDATION"
    }
}

fn covers(name: &str, host: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(parent) => {
            host.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent))
        }
        None => name.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asterisk_stands_for_one_label() {
        let of = |names: &[&str]| Certificate {
            names: names.iter().map(ToString::to_string).collect(),
            ..Certificate::default()
        };
        let hosts =
            ["quilt.example.com", "quilt-registry.example.com", "quilt-s3-proxy.example.com"];
        assert_eq!(of(&["*.example.com"]).lacks(&hosts), [""; 0]);
        assert_eq!(of(&["Quilt.Example.com", "*.EXAMPLE.com"]).lacks(&hosts), [""; 0]);
        assert_eq!(of(&["quilt.example.com"]).lacks(&hosts), hosts[1..]);
        assert_eq!(
            of(&["*.com", "example.com", "*.a.example.com", "*.quilt.example.com"]).lacks(&hosts),
            hosts
        );
        assert_eq!(of(&[]).lacks(&hosts[..1]), hosts[..1]);
    }
}

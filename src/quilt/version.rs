//! Which version of Quilt, and which generation of its network, a stack has.

/// The version in the output `TemplateBuildMetadata`, which is JSON: its git tag, without a leading `v`.
pub fn of(build_metadata: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(build_metadata).ok()?;
    let tag = json.get("git_tag")?.as_str()?.trim();
    let version = tag.strip_prefix('v').unwrap_or(tag);
    (!version.is_empty()).then(|| version.to_string())
}

/// The numbers of a version, which compare as versions do; what follows the last one is left out.
pub fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|n| n.parse().ok()).collect()
}

/// The network's generation, told by the parameters a template declares.
pub fn network(declares: impl Fn(&str) -> bool) -> &'static str {
    if ["IntraSubnets", "UserSecurityGroup", "DBUrl"].into_iter().any(declares) {
        "2.0"
    } else {
        "1.0"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_the_version() {
        assert_eq!(of(r#"{"git_tag": "v1.64.2", "variant": "x"}"#).as_deref(), Some("1.64.2"));
        assert_eq!(of(r#"{"git_tag": ""}"#), None);
        assert_eq!(of("no json"), None);
    }

    #[test]
    fn parameters_tell_the_network() {
        assert_eq!(network(|p| p == "DBUrl"), "2.0");
        assert_eq!(network(|p| p == "Subnets"), "1.0");
    }
}

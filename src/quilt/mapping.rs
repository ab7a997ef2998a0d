//! The sign-in mapping of a catalog: which roles people get by what their identity provider says of them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::yaml;

/// The roles that a mapping names anywhere; none where it cannot be read.
pub fn roles(text: &str) -> BTreeSet<String> {
    let Ok(config) = yaml::read(text) else { return BTreeSet::new() };
    let named = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_string);
    let mappings = config.get("mappings").and_then(Value::as_array);
    let lists = mappings.into_iter().flatten().filter_map(|one| one.get("roles")?.as_array());
    lists
        .flatten()
        .filter_map(|role| named(Some(role)))
        .chain(named(config.get("default_role")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_found() {
        let text =
            "version: \"1.0\"\ndefault_role: Guests\nmappings:\n- schema: true\n  roles: [A, B]\n";
        assert_eq!(Vec::from_iter(roles(text)), ["A", "B", "Guests"]);
        assert!(roles("]").is_empty());
    }
}

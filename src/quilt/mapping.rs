//! The sign-in mapping of a catalog: which roles people get by what their identity provider says of them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::yaml;

/// A mapping as it is meant: two texts that mean the same are the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// The role of people whom no rule meets.
    pub default_role: String,
    /// The roles of all rules that meet somebody, and not of the first alone.
    pub union_roles: bool,
    /// The rules, in order.
    pub rules: Vec<Rule>,
    /// What else it says, which we have no words for.
    pub other: Map<String, Value>,
}

/// One rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// What the identity token has to be like, as a JSON schema.
    pub schema: Value,
    /// The roles of those whom it meets; the first is in use at once.
    pub roles: Vec<String>,
    /// Whether they are administrators; `None`: it does not say.
    pub admin: Option<bool>,
}

impl Mapping {
    /// Reads a text.
    ///
    /// # Errors
    /// Why it is no mapping, as the end of a sentence.
    pub fn of(text: &str) -> Result<Self, String> {
        let Value::Object(mut all) = yaml::read(text)? else {
            return Err("it is no mapping".into());
        };
        all.remove("version");
        let default_role = text_of(all.remove("default_role")).ok_or("it has no `default_role`")?;
        let union_roles = all.remove("union_roles").and_then(|v| v.as_bool()).unwrap_or_default();
        let rules = match all.remove("mappings") {
            Some(Value::Array(rules)) => rules.into_iter().map(Rule::of).collect::<Option<_>>(),
            None | Some(Value::Null) => Some(vec![]),
            Some(_) => None,
        };
        let rules = rules.ok_or("its `mappings` are none")?;
        Ok(Self { default_role, union_roles, rules, other: all })
    }

    /// The text of it. A schema is JSON, which is YAML too.
    pub fn text(&self) -> String {
        let quoted = |text: &str| Value::from(text).to_string();
        let mut lines = vec!["version: \"1.0\"".to_string()];
        lines.push(format!("default_role: {}", quoted(&self.default_role)));
        if self.union_roles {
            lines.push("union_roles: true".into());
        }
        lines.push(if self.rules.is_empty() { "mappings: []" } else { "mappings:" }.into());
        for rule in &self.rules {
            lines.push(format!("  - schema: {}", rule.schema));
            lines.push(format!("    roles: {}", Value::from(rule.roles.clone())));
            lines.extend(rule.admin.map(|admin| format!("    admin: {admin}")));
        }
        lines.join("\n") + "\n"
    }

    /// The roles that it names anywhere.
    pub fn roles(&self) -> BTreeSet<String> {
        let named = self.rules.iter().flat_map(|rule| rule.roles.iter().cloned());
        named.chain([self.default_role.clone()]).collect()
    }

    /// Some rule makes administrators.
    pub fn makes_admins(&self) -> bool {
        self.rules.iter().any(|rule| rule.admin == Some(true))
    }
}

impl Rule {
    fn of(value: Value) -> Option<Self> {
        let Value::Object(mut all) = value else { return None };
        let named = all.remove("roles")?;
        let roles = named.as_array()?.iter().map(|role| Some(role.as_str()?.into()));
        Some(Self {
            roles: roles.collect::<Option<_>>()?,
            schema: all.remove("schema")?,
            admin: all.remove("admin").and_then(|admin| admin.as_bool()),
        })
    }

    /// It asks for nothing by name, so that a token without these claims passes, too: the claims that it only describes.
    pub fn loose(&self) -> Vec<String> {
        let names = |key: &str| -> BTreeSet<String> {
            match self.schema.get(key) {
                Some(Value::Object(members)) => members.keys().cloned().collect(),
                Some(Value::Array(items)) => {
                    items.iter().filter_map(|item| Some(item.as_str()?.to_string())).collect()
                }
                _ => BTreeSet::new(),
            }
        };
        names("properties").difference(&names("required")).cloned().collect()
    }
}

fn text_of(value: Option<Value>) -> Option<String> {
    match value {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// The roles that a text names anywhere; none where it cannot be read.
pub fn roles(text: &str) -> BTreeSet<String> {
    Mapping::of(text).map(|mapping| mapping.roles()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mapping() -> Mapping {
        let schema = json!({ "type": "object", "properties": { "groups": { "contains": { "const": "a \"b\": #c" } } } });
        Mapping {
            default_role: "Guests".into(),
            union_roles: true,
            rules: vec![
                Rule { schema, roles: vec!["A".into(), "B".into()], admin: Some(true) },
                Rule { schema: true.into(), roles: vec!["C".into()], admin: None },
            ],
            other: Map::new(),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for mapping in [mapping(), Mapping { default_role: "no".into(), ..Mapping::default() }] {
            assert_eq!(Mapping::of(&mapping.text()), Ok(mapping));
        }
        assert_eq!(Vec::from_iter(mapping().roles()), ["A", "B", "C", "Guests"]);
        assert!(mapping().makes_admins());
    }

    #[test]
    fn layout_and_silence_make_no_difference() {
        let text = "version: '1.0'\nunion_roles: false\ndefault_role: Guests\nmappings:\n- {roles: [A], schema: {type: object}, admin: null}\n";
        let schema = json!({ "type": "object" });
        let rule = Rule { schema, roles: vec!["A".into()], admin: None };
        let meant =
            Mapping { default_role: "Guests".into(), rules: vec![rule], ..Mapping::default() };
        assert_eq!(Mapping::of(text), Ok(meant.clone()));
        let more = Mapping::of(&format!("{text}store_last_login_context: true\n")).unwrap();
        assert_ne!(more, meant);
    }

    #[test]
    fn what_is_none_is_said() {
        for text in ["", "a", "mappings: []", "default_role: A\nmappings: [1]"] {
            assert!(Mapping::of(text).is_err() && roles(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_claim_that_is_only_described_meets_everybody_without_it() {
        let rule = |schema| Rule { schema, ..Rule::default() };
        assert_eq!(mapping().rules[0].loose(), ["groups"]);
        assert!(rule(json!({ "properties": { "a": {} }, "required": ["a"] })).loose().is_empty());
        assert!(rule(true.into()).loose().is_empty());
    }
}

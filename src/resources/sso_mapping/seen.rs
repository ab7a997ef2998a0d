//! A sign-in mapping as its catalog has it: what becomes state, and whether it is what is wanted.

use super::{MappingRule, SsoMappingState, check};
use crate::catalog::Mapped;
use crate::quilt::mapping::{Mapping, Rule};
use crate::tf::{Value, known};

/// The text means what is wanted.
pub fn is_alike(wanted: &SsoMappingState, text: &str) -> bool {
    check::meant(wanted).is_some_and(|wanted| Mapping::of(text) == Ok(wanted))
}

/// What was asked for, with what the catalog tells of it.
pub fn state(before: SsoMappingState, found: &Mapped, host: &str) -> SsoMappingState {
    SsoMappingState {
        text: found.text.clone().into(),
        timestamp: found.timestamp.clone().into(),
        uploader: found.uploader.clone().into(),
        host: host.to_string().into(),
        ..before
    }
}

/// What is there: in the words of the state where it means the same.
pub fn looked_at(before: SsoMappingState, found: &Mapped, host: &str) -> SsoMappingState {
    let told = match Mapping::of(&found.text) {
        Ok(mapping) if check::meant(&before).as_ref() != Some(&mapping) => written(before, mapping),
        _ => before,
    };
    state(told, found, host)
}

fn written(before: SsoMappingState, mapping: Mapping) -> SsoMappingState {
    let rules: Vec<_> = mapping.rules.into_iter().map(rule).collect();
    SsoMappingState {
        default_role: mapping.default_role.into(),
        union_roles: mapping.union_roles.into(),
        mappings: if rules.is_empty() && before.mappings.is_null() {
            Value::Null
        } else {
            Value::Value(rules)
        },
        ..before
    }
}

fn rule(rule: Rule) -> MappingRule {
    MappingRule {
        schema: known(rule.schema.to_string()),
        roles: Value::Value(rule.roles.into_iter().map(known).collect()),
        admin: rule.admin.into(),
    }
}

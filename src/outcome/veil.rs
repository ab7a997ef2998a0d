//! What this process knows to be secret, and strikes out of everything that it tells.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use super::line::{self, Long};
use crate::tf::schema::Attribute;
use crate::tf::{AttributePath, AttributePathStep, Diagnostic, Diagnostics, Object, Tree};

/// What stands where a secret stood.
const STRUCK: &str = "***";
/// Shorter texts are not struck out: they would take words out of every sentence. Who has so short a secret has none.
const SHORTEST: usize = 4;
/// Shorter ones are struck out only where they stand alone: `admin` is not a part of `admin_email`.
const WORDS: usize = 8;

/// Every secret that was met: write-only and sensitive values, those of NoEcho parameters, passwords that were read or made. One for the
/// process, shared by diagnostics and log.
#[derive(Clone, Default)]
pub struct Veil(Arc<RwLock<Met>>);

#[derive(Default)]
struct Met {
    secrets: BTreeSet<String>,
    /// How they may be written, the longest first.
    forms: Vec<String>,
}

impl Veil {
    /// This is secret, from now on.
    pub fn learn(&self, secret: &str) {
        let known = |met: &Met| met.secrets.contains(secret);
        if secret.chars().all(|c| c == '*')
            || known(&self.0.read().unwrap_or_else(PoisonError::into_inner))
        {
            return;
        }
        let mut met = self.0.write().unwrap_or_else(PoisonError::into_inner);
        met.secrets.insert(secret.into());
        if secret.trim().len() >= SHORTEST {
            met.forms.extend(forms(secret));
            met.forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
            met.forms.dedup();
        }
    }

    /// Whatever the schema says is secret in an object.
    pub fn learn_of(&self, attributes: &[Attribute], object: &Object) {
        for a in attributes {
            let Some(value) = object.get(a.name) else { continue };
            if hides(a) {
                texts(value, &mut |text| self.learn(text));
            } else if let Some(nested) = a.nested() {
                objects(value, &mut |object| self.learn_of(nested, object));
            }
        }
    }

    /// The text without secrets.
    pub fn strike(&self, text: &str) -> String {
        let met = self.0.read().unwrap_or_else(PoisonError::into_inner);
        met.forms.iter().fold(text.to_string(), |text, form| without(text, form))
    }

    /// A sentence as it may be told: without secrets, with a line at most of what was sent.
    pub fn tell(&self, text: &str, sent: &Long) -> String {
        line::cut(self.strike(text), &sent.forms(|text| self.strike(text)))
    }

    /// Diagnostics as they may be told: without secrets, with a line at most of what was sent, and away from lines that hold a secret, because
    /// Terraform prints the line of the attribute that a diagnostic is at. `config` is what the person wrote.
    pub fn cover(
        &self,
        attributes: &[Attribute],
        config: &Object,
        sent: &Long,
        d: Diagnostics,
    ) -> Diagnostics {
        if d.errors.is_empty() && d.warnings.is_empty() {
            return d;
        }
        let mut sent = sent.clone();
        sent.see_object(config);
        let long = sent.forms(|text| self.strike(text));
        let one = |d: Diagnostic| {
            let told = |text: &str| line::cut(self.strike(text), &long);
            let (summary, mut detail) = (told(&d.summary), d.detail.into_owned());
            let covered = self.covers(attributes, config, &d.attribute);
            if covered {
                detail += &format!(
                    "\n\nThis is about `{}`, whose line is not shown because a secret may stand in it.",
                    d.attribute
                );
            }
            let attribute = if covered { AttributePath::root() } else { d.attribute };
            Diagnostic { summary: summary.into(), detail: told(&detail).into(), attribute }
        };
        let all = |list: Vec<Diagnostic>| list.into_iter().map(one).collect();
        Diagnostics { errors: all(d.errors), warnings: all(d.warnings) }
    }

    /// A secret may stand in the lines of what this path leads to.
    fn covers(&self, attributes: &[Attribute], object: &Object, path: &AttributePath) -> bool {
        let (mut attributes, mut object) = (attributes, object);
        for step in &path.steps {
            let AttributePathStep::Attribute(name) = step else { return false };
            let Some(a) = attributes.iter().find(|a| a.name == name.as_ref()) else { return false };
            let value = object.get(a.name);
            match (a.nested(), value) {
                // The members of a block stand in lines of their own.
                (Some(nested), Some(Tree::Map(inner))) if a.block && !a.sensitive => {
                    (attributes, object) = (nested, inner)
                }
                _ => return holds(a) || value.is_some_and(|value| self.meets(value)),
            }
        }
        false
    }

    /// A secret is somewhere in this value.
    fn meets(&self, value: &Tree) -> bool {
        let mut met = false;
        texts(value, &mut |text| met |= self.knows(text) || self.strike(text) != text);
        met
    }

    fn knows(&self, text: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).secrets.contains(text)
    }
}

fn hides(a: &Attribute) -> bool {
    a.sensitive || a.write_only
}

/// It, or something written within it, is secret.
fn holds(a: &Attribute) -> bool {
    hides(a) || a.nested().is_some_and(|nested| nested.iter().any(holds))
}

fn objects(value: &Tree, each: &mut impl FnMut(&Object)) {
    match value {
        Tree::Map(object) => each(object),
        Tree::List(items) => items.iter().for_each(|item| objects(item, each)),
        _ => {}
    }
}

fn texts(value: &Tree, each: &mut impl FnMut(&str)) {
    value.walk(&mut |inner| {
        if let Tree::String(text) = inner {
            each(text);
        }
    });
}

/// A secret as it is, as JSON and as a URL write it, and without the space around it.
fn forms(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let url: String = secret
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let json = json
        .strip_prefix('"')
        .and_then(|json| json.strip_suffix('"'))
        .unwrap_or(secret)
        .to_string();
    let mut forms = vec![secret.to_string(), secret.trim().to_string(), json, url];
    forms.sort();
    forms.dedup();
    forms
}

fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn without(text: String, secret: &str) -> String {
    if secret.len() >= WORDS {
        return text.replace(secret, STRUCK);
    }
    let (mut told, mut rest) = (String::new(), text.as_str());
    while let Some(at) = rest.find(secret) {
        let (before, after) = (&rest[..at], &rest[at + secret.len()..]);
        let joined =
            |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
        let alone =
            !joined(before.chars().last().or(told.chars().last())) && !joined(after.chars().next());
        told.push_str(before);
        told.push_str(if alone { STRUCK } else { secret });
        rest = after;
    }
    told + rest
}

#[cfg(test)]
mod tests;

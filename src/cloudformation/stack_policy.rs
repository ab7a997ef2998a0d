//! What a stack policy allows: CloudFormation judges each change of an update by it, and refuses all that no statement allows.

use serde_json::{Map, Value};

use super::changes::{Consequence, Fate, unchanged};

/// The stack policies around an update.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policies {
    /// The body of the one that the stack has; `None`: it has none, or that is not known.
    pub now: Option<String>,
    /// The body of the one that it is to have; `None`: it keeps the one it has.
    pub then: Option<String>,
}

/// When the new policy is to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Before the update, which the present one does not allow.
    First,
    /// After it.
    Last,
}

/// What no policy around the update allows.
#[derive(Clone, Debug, PartialEq)]
pub struct Barred {
    /// The change, as "Db (AWS::RDS::DBInstance)".
    pub resource: String,
    /// What would be done, as `Update:Replace`.
    pub action: &'static str,
    /// Why not, as "statement 2 denies it".
    pub why: String,
    /// It is the new policy that says so.
    pub new: bool,
}

impl Policies {
    /// When the new policy is to be set, so that the update is allowed.
    ///
    /// # Errors
    /// Neither of them allows all of it.
    pub fn turn(&self, changes: &[Consequence]) -> Result<Turn, Barred> {
        let now = self.now.as_deref().map_or(Verdict::Allowed, |body| judge(body, changes));
        let then = self.then.as_deref().map_or_else(|| now.clone(), |body| judge(body, changes));
        match (now.rank() <= then.rank(), now, then) {
            (false, ..) => Ok(Turn::First),
            (true, Verdict::Denied(_), Verdict::Denied(barred)) => {
                Err(Barred { new: self.then.is_some(), ..barred })
            }
            (true, ..) => Ok(Turn::Last),
        }
    }
}

/// What a policy says of all changes together.
#[derive(Clone, Debug)]
enum Verdict {
    Allowed,
    /// That is seen only while it is done.
    Unsure,
    Denied(Barred),
}

impl Verdict {
    fn rank(&self) -> u8 {
        match self {
            Verdict::Allowed => 0,
            Verdict::Unsure => 1,
            Verdict::Denied(_) => 2,
        }
    }
}

/// What a policy says of these changes. It is for the stack's own resources: those of a nested stack have their own.
fn judge(body: &str, changes: &[Consequence]) -> Verdict {
    let Some(statements) = statements(body) else { return Verdict::Unsure };
    let own = changes.iter().filter(|judged| !judged.change.logical_id.contains('.'));
    own.rev()
        .map(|judged| one(&statements, judged))
        .max_by_key(Verdict::rank)
        .unwrap_or(Verdict::Allowed)
}

/// What is done to a resource; of several things one, which one is seen only then.
fn actions(fate: Fate) -> &'static [&'static str] {
    match fate {
        Fate::Added | Fate::Imported => &[],
        Fate::Modified => &["Update:Modify"],
        Fate::Replaced => &["Update:Replace"],
        Fate::PerhapsReplaced => &["Update:Modify", "Update:Replace"],
        Fate::Deleted | Fate::Released => &["Update:Delete"],
    }
}

fn one(statements: &[Map<String, Value>], judged: &Consequence) -> Verdict {
    let actions = actions(judged.fate);
    let rulings: Vec<_> =
        actions.iter().map(|action| (*action, ruled(statements, action, judged))).collect();
    let denied: Vec<_> = rulings
        .iter()
        .filter_map(|(action, ruling)| Some((*action, ruling.clone().err()?)))
        .collect();
    let sure = denied.len() == actions.len()
        && denied.iter().all(|(_, why)| why.is_some())
        && happens(judged);
    match denied.into_iter().next() {
        None => Verdict::Allowed,
        Some((action, Some(why))) if sure => {
            let resource = format!("{} ({})", judged.change.logical_id, judged.change.kind);
            Verdict::Denied(Barred { resource, action, why, new: false })
        }
        Some(_) => Verdict::Unsure,
    }
}

/// The change is sure to come: a value that comes from another resource, or a nested stack, may turn out to be as before.
fn happens(judged: &Consequence) -> bool {
    let own =
        judged.change.causes.iter().any(|cause| cause.resource.is_none() && !unchanged(cause));
    matches!(judged.fate, Fate::Replaced | Fate::Deleted | Fate::Released) || own
}

/// Whether an action is allowed; else why not, where that is sure.
fn ruled(
    statements: &[Map<String, Value>],
    action: &str,
    judged: &Consequence,
) -> Result<(), Option<String>> {
    let met = |effect: &'static str| {
        let such = statements
            .iter()
            .enumerate()
            .filter(move |(_, s)| s.get("Effect").and_then(Value::as_str) == Some(effect));
        such.map(|(number, statement)| (number + 1, meets(statement, action, judged)))
    };
    if let Some((number, _)) = met("Deny").find(|(_, meets)| *meets == Some(true)) {
        return Err(Some(format!("statement {number} denies it")));
    }
    if met("Deny").any(|(_, meets)| meets.is_none()) {
        return Err(None);
    }
    match met("Allow")
        .map(|(_, meets)| meets)
        .max_by_key(|meets| meets.map_or(1, |meets| if meets { 2 } else { 0 }))
    {
        Some(Some(true)) => Ok(()),
        Some(None) => Err(None),
        _ => Err(Some("no statement allows it".into())),
    }
}

/// A statement speaks of this; `None`: it has a condition that is not understood here.
fn meets(statement: &Map<String, Value>, action: &str, judged: &Consequence) -> Option<bool> {
    let resource = format!("LogicalResourceId/{}", judged.change.logical_id);
    let named = |key: &str, negated: &str, test: &dyn Fn(&str) -> bool| match (
        statement.get(key),
        statement.get(negated),
    ) {
        (Some(named), _) => words(named).any(test),
        (None, Some(named)) => !words(named).any(test),
        (None, None) => false,
    };
    let lower = action.to_ascii_lowercase();
    let acts = named("Action", "NotAction", &|pattern| fits(&pattern.to_ascii_lowercase(), &lower));
    if !acts || !named("Resource", "NotResource", &|pattern| fits(pattern, &resource)) {
        return Some(false);
    }
    statement
        .get("Condition")
        .map_or(Some(true), |condition| holds(condition.as_object()?, &judged.change.kind))
}

/// A condition holds for a resource of this type.
fn holds(condition: &Map<String, Value>, kind: &str) -> Option<bool> {
    let mut all = true;
    for (operator, keys) in condition {
        for (key, values) in keys.as_object()? {
            let test: fn(&str, &str) -> bool = match (operator.as_str(), key.as_str()) {
                ("StringEquals", "ResourceType") => |value, kind| value == kind,
                ("StringLike", "ResourceType") => fits,
                _ => return None,
            };
            all &= words(values).any(|value| test(value, kind));
        }
    }
    Some(all)
}

fn statements(body: &str) -> Option<Vec<Map<String, Value>>> {
    match serde_json::from_str::<Value>(body).ok()?.get("Statement")? {
        Value::Array(statements) => {
            statements.iter().map(|statement| statement.as_object().cloned()).collect()
        }
        statement => Some(vec![statement.as_object()?.clone()]),
    }
}

/// A text, or the texts of a list.
fn words(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    list.iter().filter_map(Value::as_str)
}

/// `*` stands for any characters, `?` for one.
pub fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match (pattern.get(p), star) {
            (Some(b'*'), _) => {
                star = Some((p, t));
                p += 1;
            }
            (Some(byte), _) if *byte == b'?' || *byte == text[t] => (p, t) = (p + 1, t + 1),
            // The last star takes one more.
            (_, Some((at, taken))) => {
                star = Some((at, taken + 1));
                (p, t) = (at + 1, taken + 1);
            }
            (_, None) => return false,
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests;

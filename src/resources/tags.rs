//! Tags: those of the object, those of the provider block, and those left alone.

use std::collections::BTreeMap;

use crate::cx::Settings;
use crate::outcome::shortened;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Tags in a configuration or state.
pub type Tags = Value<BTreeMap<String, Value<String>>>;

/// Most tags that CloudFormation takes.
const MOST: usize = 50;

/// The tags that are known; `None` while some are not.
fn known(tags: &Tags) -> Option<BTreeMap<String, String>> {
    match tags {
        Value::Value(tags) => tags
            .iter()
            .filter(|(_, v)| !v.is_null())
            .map(|(k, v)| Some((k.clone(), v.as_ref_option()?.clone())))
            .collect(),
        Value::Null => Some(BTreeMap::new()),
        Value::Unknown => None,
    }
}

fn state(tags: BTreeMap<String, String>) -> BTreeMap<String, Value<String>> {
    tags.into_iter().map(|(k, v)| (k, v.into())).collect()
}

/// All tags an object is given: the provider's and its own, its own winning. Unknown while some are.
pub fn all(settings: &Settings, own: &Tags) -> Tags {
    let Some(own) = known(own).filter(|_| !settings.default_tags_open) else {
        return Value::Unknown;
    };
    let mut all = settings.default_tags.clone();
    all.extend(own);
    Value::Value(state(all))
}

/// What an update sends, which replaces every tag: all of ours, and the ones that are left alone as they are.
pub fn to_send(
    settings: &Settings,
    all: &Tags,
    live: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut send: BTreeMap<_, _> = live
        .iter()
        .filter(|(k, _)| settings.ignore_tags.covers(k))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    send.extend(known(all).unwrap_or_default());
    send
}

/// An object's own tags and all of them, from what AWS says.
pub fn seen(settings: &Settings, live: &BTreeMap<String, String>, own: &Tags) -> (Tags, Tags) {
    let before = known(own).unwrap_or_default();
    // What the configuration itself gives is not left alone.
    let ours = |k: &String| {
        !settings.ignore_tags.covers(k)
            || before.contains_key(k)
            || settings.default_tags.contains_key(k)
    };
    let all: BTreeMap<_, _> =
        live.iter().filter(|(k, _)| ours(k)).map(|(k, v)| (k.clone(), v.clone())).collect();
    let own_now = all
        .iter()
        .filter(|(k, v)| before.contains_key(*k) || settings.default_tags.get(*k) != Some(*v));
    let own_now: BTreeMap<_, _> = own_now.map(|(k, v)| (k.clone(), v.clone())).collect();
    let own = if own_now.is_empty() && matches!(own, Value::Null | Value::Unknown) {
        Value::Null
    } else {
        Value::Value(with_nulls(state(own_now), own))
    };
    (own, Value::Value(state(all)))
}

/// A tag that is written as null is none, and stays written so.
fn with_nulls(
    mut tags: BTreeMap<String, Value<String>>,
    written: &Tags,
) -> BTreeMap<String, Value<String>> {
    for (key, _) in
        written.as_ref_option().into_iter().flatten().filter(|(_, value)| value.is_null())
    {
        tags.entry(key.clone()).or_insert(Value::Null);
    }
    tags
}

/// The same for a stack, whose tags CloudFormation judges together. None of its values may be empty.
pub fn of_stack(settings: &Settings, own: &Tags, d: &mut Diagnostics) -> Tags {
    let all = all(settings, own);
    let Some(tags) = known(&all) else { return all };
    let at = AttributePath::new("tags");
    let written = known(own).map_or(0, |own| own.len());
    if tags.len() > MOST && written <= MOST {
        let count = format!(
            "CloudFormation takes {MOST} tags, and here are {} with the provider's `default_tags`. Leave some out.",
            tags.len()
        );
        d.fail_at(at.clone(), "Too many tags", count);
    }
    for (key, _) in tags.iter().filter(|(_, value)| value.is_empty()) {
        let whose = if settings.default_tags.get(key).is_some_and(String::is_empty) {
            " It is one of the provider's `default_tags`."
        } else {
            ""
        };
        let detail = format!(
            "The tag `{key}` has no value, and CloudFormation takes 1 to 256 characters.{whose} Give it one, or leave the tag out."
        );
        let own = matches!(own, Value::Value(own) if own.contains_key(key));
        d.fail_at(
            if own { at.clone().key(key.clone()) } else { at.clone() },
            "A tag without a value",
            detail,
        );
    }
    for (key, value) in
        tags.iter().filter(|(key, _)| !matches!(own, Value::Value(own) if own.contains_key(*key)))
    {
        if key.is_empty()
            || key.chars().count() > 128
            || value.chars().count() > 256
            || key.starts_with("aws:")
        {
            let detail = format!(
                "`{}` of the provider's `default_tags`: a key has 1 to 128 characters and does not begin with `aws:`, a value has 256 at most.",
                shortened(key)
            );
            d.fail_at(at.clone(), "A default tag that CloudFormation does not take", detail);
        }
    }
    all
}

/// Checks the tags of a configuration.
pub fn validate(tags: &Tags, d: &mut Diagnostics) {
    let Value::Value(tags) = tags else { return };
    let at = AttributePath::new("tags");
    if tags.len() > MOST {
        d.fail_at(
            at.clone(),
            "Too many tags",
            format!(
                "CloudFormation takes {MOST} tags, and here are {}. Leave some out.",
                tags.len()
            ),
        );
    }
    for (key, value) in tags {
        if let Err((summary, detail)) = check(key, value.as_deref_option().unwrap_or_default()) {
            d.fail_at(at.clone().key(key.clone()), summary, detail);
        }
    }
}

/// Checks one tag by what AWS takes.
///
/// # Errors
/// What is wrong, and what to do.
pub fn check(key: &str, value: &str) -> Result<(), (&'static str, &'static str)> {
    if key.starts_with("aws:") {
        let detail = "Tags that begin with `aws:` are AWS's own. Give the tag another key.";
        return Err(("Reserved tag", detail));
    }
    if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
        let detail = "A key has 1 to 128 characters, a value 256 at most. Write a shorter one.";
        return Err(("Tag too long", detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cx::IgnoreTags;

    fn pairs(list: &[(&str, &str)]) -> BTreeMap<String, String> {
        list.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
    }

    fn settings() -> Settings {
        let ignore_tags =
            IgnoreTags { keys: vec!["Cost".into()], key_prefixes: vec!["org:".into()] };
        Settings {
            default_tags: pairs(&[("Team", "data"), ("Env", "prod")]),
            ignore_tags,
            ..Settings::default()
        }
    }

    #[test]
    fn own_tags_win_and_ignored_ones_stay() {
        let own = Value::Value(state(pairs(&[("Env", "dev")])));
        let all = all(&settings(), &own);
        assert_eq!(all, Value::Value(state(pairs(&[("Team", "data"), ("Env", "dev")]))));
        let live = pairs(&[("Env", "dev"), ("Old", "x"), ("org:a", "1"), ("Cost", "2")]);
        assert_eq!(
            to_send(&settings(), &all, &live),
            pairs(&[("Team", "data"), ("Env", "dev"), ("org:a", "1"), ("Cost", "2")])
        );
    }

    #[test]
    fn default_tags_that_are_not_known_leave_all_open() {
        let open = Settings { default_tags_open: true, ..settings() };
        assert_eq!(all(&open, &Value::Null), Value::Unknown);
    }

    #[test]
    fn a_stack_takes_fifty_tags_with_values() {
        let told = |own: &[(&str, &str)], settings: &Settings| {
            let mut d = Diagnostics::default();
            of_stack(settings, &Value::Value(state(pairs(own))), &mut d);
            d.errors.into_iter().map(|e| format!("{}: {}", e.summary, e.detail)).collect::<Vec<_>>()
        };
        assert_eq!(told(&[("A", "b")], &settings()), [""; 0]);
        assert!(told(&[("A", "")], &settings())[0].contains("`A` has no value"));
        let many: Vec<_> = (0..49).map(|i| format!("k{i}")).collect();
        let many: Vec<_> = many.iter().map(|key| (key.as_str(), "v")).collect();
        assert!(told(&many, &settings())[0].contains("here are 51"));
        let long =
            Settings { default_tags: pairs(&[(&"k".repeat(129), "v")]), ..Settings::default() };
        assert!(told(&[], &long)[0].contains("default_tags"));
    }

    #[test]
    fn what_is_seen_matches_what_was_given() {
        let live = pairs(&[("Team", "data"), ("Env", "prod"), ("Cost", "2")]);
        let (own, all) = seen(&settings(), &live, &Value::Null);
        assert_eq!(
            (own, all),
            (Value::Null, Value::Value(state(pairs(&[("Team", "data"), ("Env", "prod")]))))
        );
        let same_as_default = Value::Value(state(pairs(&[("Env", "prod")])));
        assert_eq!(seen(&settings(), &live, &same_as_default).0, same_as_default);
        let drifted = seen(&settings(), &pairs(&[("Env", "qa")]), &Value::Null).0;
        assert_eq!(drifted, Value::Value(state(pairs(&[("Env", "qa")]))));
    }
}

//! The rules every plan follows, whatever the resource: defaults, unknowns, replacement, and guards of the configuration.

use tf_provider::AttributePath;

use super::diagnostics::{Diagnostics, Report};
use super::schema::Attribute;
use super::value::{Object, Tree};

/// A proposed change, drafted by the general rules.
pub struct Drafted {
    /// With defaults filled in, and unknown where an apply may change it.
    pub planned: Object,
    /// The attributes whose change replaces the object.
    pub replace: Vec<AttributePath>,
}

/// Fills in defaults, marks what an apply may change as unknown and collects what forces a replacement.
///
/// `prior` is `None` for a creation. `proposed` is Terraform's merge of configuration and prior state.
pub fn draft(
    attributes: &[Attribute],
    prior: Option<&Object>,
    config: &Object,
    mut planned: Object,
) -> Drafted {
    fill(attributes, config, &mut planned);
    for (a, before) in attributes.iter().filter_map(|a| Some((a, prior?.get(a.name)?))) {
        keep(a, before, planned.entry(a.name.into()).or_default());
    }
    let changed = prior.is_none_or(|prior| {
        attributes.iter().any(|a| !a.computed_only() && differs(a, prior, &planned))
    });
    let mut replace = vec![];
    for a in attributes {
        let before = prior.and_then(|p| p.get(a.name)).unwrap_or(&Tree::Null);
        let given = config.get(a.name).is_some_and(|v| *v != Tree::Null);
        if a.computed()
            && !given
            && a.default.is_none()
            && unsettled(a, prior.is_some(), changed, before)
        {
            planned.insert(a.name.into(), Tree::Unknown);
        }
        if a.replaces && before.is_given() && planned.get(a.name) != Some(before) {
            replace.push(AttributePath::new(a.name));
        }
    }
    Drafted { planned, replace }
}

/// An object stays as it was where nothing is another but what stands aside in it.
fn keep(a: &Attribute, before: &Tree, planned: &mut Tree) {
    let (Some(nested), Tree::Map(was), Tree::Map(now)) = (a.nested(), before, &*planned) else {
        return;
    };
    let same = nested.iter().filter(|inner| !inner.aside).all(|inner| !differs(inner, was, now));
    if same && nested.iter().any(|inner| inner.aside) {
        *planned = before.clone();
    }
}

/// A computed value which the apply will decide.
fn unsettled(a: &Attribute, exists: bool, changed: bool, before: &Tree) -> bool {
    if !exists {
        return true;
    }
    a.computed_only() && changed && !(a.stable && before.is_given())
}

fn differs(a: &Attribute, prior: &Object, planned: &Object) -> bool {
    prior.get(a.name).unwrap_or(&Tree::Null) != planned.get(a.name).unwrap_or(&Tree::Null)
}

/// Defaults in, write-only values out, at every depth.
fn fill(attributes: &[Attribute], config: &Object, planned: &mut Object) {
    for a in attributes {
        let given = config.get(a.name).unwrap_or(&Tree::Null);
        match (&a.default, given) {
            (Some(default), Tree::Null) => drop(planned.insert(a.name.into(), default.clone())),
            _ => fill_inside(a, given, planned.entry(a.name.into()).or_default()),
        }
        if a.write_only {
            planned.insert(a.name.into(), Tree::Null);
        }
    }
}

fn fill_inside(a: &Attribute, config: &Tree, planned: &mut Tree) {
    let Some(nested) = a.nested() else { return };
    match (config, planned) {
        (Tree::Map(config), Tree::Map(planned)) => fill(nested, config, planned),
        (Tree::List(config), Tree::List(planned)) => {
            for pair in config.iter().zip(planned) {
                if let (Tree::Map(config), Tree::Map(planned)) = pair {
                    fill(nested, config, planned);
                }
            }
        }
        _ => {}
    }
}

/// Refuses what a configuration may not say: null for what is required, values only the provider gives, and write-only ones where Terraform is too old for them.
pub fn guard(
    attributes: &[Attribute],
    config: &Object,
    write_only_allowed: bool,
    d: &mut Diagnostics,
) {
    guard_at(attributes, config, write_only_allowed, &AttributePath::root(), d);
}

fn guard_at(
    attributes: &[Attribute],
    config: &Object,
    write_only_allowed: bool,
    at: &AttributePath,
    d: &mut Diagnostics,
) {
    for a in attributes {
        let (value, path) =
            (config.get(a.name).unwrap_or(&Tree::Null), at.clone().attribute(a.name));
        if *value == Tree::Null {
            if a.required() {
                d.fail_at(path, format!("`{}` has no value", a.name), NULL);
            }
            continue;
        }
        if a.computed_only() {
            let detail = format!(
                "`{}` is read-only: the provider sets it. Remove it from the configuration.",
                a.name
            );
            d.fail_at(path, "This attribute cannot be set", detail);
        } else if a.write_only && !write_only_allowed {
            d.fail_at(path, "This argument needs a newer Terraform", too_old(a.name));
        } else {
            guard_inside(a, value, write_only_allowed, &path, d);
        }
    }
}

/// Terraform asks for a required argument to be written, and takes null for an answer.
const NULL: &str = "It is null, and this argument needs a value. Write one; if a variable or another block gives it, look there why it is null.";

fn too_old(name: &str) -> String {
    let plain = name.strip_suffix("_wo").unwrap_or(name);
    format!(
        "`{name}` is never kept in state, which Terraform and OpenTofu know from version 1.11 on. \
         With an older one use `{plain}`; its value is then stored in the state."
    )
}

fn guard_inside(
    a: &Attribute,
    value: &Tree,
    write_only_allowed: bool,
    at: &AttributePath,
    d: &mut Diagnostics,
) {
    let Some(nested) = a.nested() else { return };
    match value {
        Tree::Map(object) => guard_at(nested, object, write_only_allowed, at, d),
        Tree::List(items) => {
            for (i, item) in items.iter().enumerate() {
                if let Tree::Map(object) = item {
                    guard_at(nested, object, write_only_allowed, &at.clone().index(i as i64), d);
                }
            }
        }
        _ => {}
    }
}

/// Takes write-only values out, so that neither plan nor state ever holds one.
pub fn without_write_only(attributes: &[Attribute], object: &mut Object) {
    for a in attributes {
        let value = object.entry(a.name.into()).or_default();
        if a.write_only {
            *value = Tree::Null;
        }
        match (a.nested(), value) {
            (Some(nested), Tree::Map(inner)) => without_write_only(nested, inner),
            (Some(nested), Tree::List(items)) => {
                for item in items {
                    if let Tree::Map(inner) = item {
                        without_write_only(nested, inner);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Gives attributes that the release which stored this did not know what holds when nothing is said of them. What it stored as null stays so.
pub fn with_defaults(attributes: &[Attribute], stored: &mut Object) {
    for (name, default) in attributes.iter().filter_map(|a| Some((a.name, a.default.clone()?))) {
        stored.entry(name.into()).or_insert(default);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes;
    use crate::tf::{State, Value};

    attributes! {
        /// Inside.
        pub struct Inside {
            /// With a default.
            size: i64 = Optional.default(7);
            /// Read-only.
            made: String = Computed;
            /// No change by itself.
            hint: String = Optional.aside();
        }
    }
    attributes! {
        /// Sample.
        pub struct Sample {
            /// Replaces.
            name: String = Required.replaces();
            /// With a default.
            size: i64 = Optional.default(3);
            /// Stays.
            id: String = Computed.stable();
            /// Changes.
            status: String = Computed;
            /// Either.
            zone: String = OptionalComputed;
            /// Secret.
            secret_wo: String = Optional.write_only();
            /// Nested.
            inside: Inside = Optional;
        }
    }

    fn sample(name: &str) -> Sample {
        Sample { name: name.to_string().into(), ..Sample::default() }
    }

    fn plan(prior: Option<Sample>, config: Sample) -> (Sample, Vec<String>) {
        let (prior, config) = (prior.map(|p| p.write_object()), config.write_object());
        let mut proposed = config.clone();
        for a in &Sample::schema().attributes {
            if let (true, Some(Tree::Null), Some(p)) = (a.computed(), config.get(a.name), &prior) {
                proposed.insert(a.name.into(), p[a.name].clone());
            }
        }
        let drafted = draft(&Sample::schema().attributes, prior.as_ref(), &config, proposed);
        let planned = Sample::read_object(&drafted.planned, &AttributePath::root()).unwrap();
        (planned, drafted.replace.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_creation_knows_defaults_and_nothing_computed() {
        let (planned, replace) = plan(None, sample("a"));
        assert_eq!(
            (planned.size, planned.id, planned.status, planned.zone),
            (3.into(), Value::Unknown, Value::Unknown, Value::Unknown)
        );
        assert!(replace.is_empty());
    }

    #[test]
    fn an_update_keeps_what_is_stable() {
        let prior = Sample {
            size: 3.into(),
            id: "i".to_string().into(),
            status: "s".to_string().into(),
            zone: "z".to_string().into(),
            ..sample("a")
        };
        let (same, _) = plan(Some(prior.clone()), sample("a"));
        assert_eq!(same, prior);
        let (planned, replace) =
            plan(Some(prior.clone()), Sample { size: 4.into(), ..sample("a") });
        assert_eq!(
            (&planned.id, &planned.status, &planned.zone),
            (&prior.id, &Value::Unknown, &prior.zone)
        );
        assert!(replace.is_empty());
        assert_eq!(plan(Some(prior), sample("b")).1, ["name"]);
    }

    #[test]
    fn what_stands_aside_is_no_change_by_itself() {
        let with = |size: i64, hint: Value<String>| Sample {
            size: 3.into(),
            inside: Inside { size: size.into(), hint, ..Inside::default() }.into(),
            ..sample("a")
        };
        let prior = with(7, Value::Null);
        for hint in ["now".to_string().into(), Value::Unknown] {
            assert_eq!(plan(Some(prior.clone()), with(7, hint)).0.inside, prior.inside);
        }
        let wanted = with(8, "now".to_string().into());
        assert_eq!(plan(Some(prior), wanted.clone()).0.inside, wanted.inside);
        assert_eq!(plan(None, wanted.clone()).0.inside, wanted.inside);
    }

    #[test]
    fn write_only_values_never_reach_the_plan_and_defaults_reach_inside() {
        let config = Sample {
            secret_wo: "x".to_string().into(),
            inside: Inside::default().into(),
            ..sample("a")
        };
        let (planned, _) = plan(None, config);
        assert_eq!(planned.secret_wo, Value::Null);
        assert_eq!(planned.inside.unwrap().size, 7.into());
    }

    #[test]
    fn guards_point_at_the_attribute() {
        let inside = Inside { made: "x".to_string().into(), ..Inside::default() };
        let config = Sample {
            id: Value::Unknown,
            secret_wo: "x".to_string().into(),
            inside: inside.into(),
            ..sample("a")
        };
        let mut d = Diagnostics::default();
        guard(&Sample::schema().attributes, &config.write_object(), false, &mut d);
        let at: Vec<_> = d.errors.iter().map(|e| e.attribute.to_string()).collect();
        assert_eq!(at, ["id", "secret_wo", "inside.made"]);
    }
}

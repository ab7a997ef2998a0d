//! The `database` and `search` objects against the template: whether it takes them, what they lack, and that nothing is said twice.

use super::objects::{Row, configured, rows, way};
use crate::cloudformation::template::Template;
use crate::quilt::variant::Variant;
use crate::quilt::wiring::{Way, makes_database, makes_search};
use crate::resources::stack::state::StackState;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks what can be checked offline.
pub fn validate(config: &StackState, d: &mut Diagnostics) {
    let Value::Value(database) = &config.database else { return };
    let at = |member| AttributePath::new("database").attribute(member);
    if let Some(host) = database
        .endpoint
        .as_ref_option()
        .filter(|h| h.is_empty() || h.contains([':', '/']) || h.contains(char::is_whitespace))
    {
        let detail = format!(
            "It is `{host}`. Write the host alone, without scheme and port, as `db.example.com`; the port goes into `port`."
        );
        d.fail_at(at("endpoint"), "Not a host name", detail);
    }
    if let Some(port) = database.port.as_option().filter(|p| !(1..=65_535).contains(p)) {
        d.fail_at(at("port"), "Not a port", format!("It is {port}. Write 1 to 65535."));
    }
}

/// Checks `database` and `search` against the template, and that no object repeats a parameter.
pub fn check(
    config: &StackState,
    live: impl Fn(&str) -> bool,
    template: &Template,
    d: &mut Diagnostics,
) {
    let way = way(config, Some(template));
    if configured(config, "database") && way.is_none() {
        let detail = own("DBUrl", "database", makes_database(template));
        d.fail_at(AttributePath::new("database"), "This template takes no database", detail);
    }
    if configured(config, "search") && !Variant::of(|p| template.declares(p)).external_search {
        let detail = own("SearchDomainArn", "search domain", makes_search(template));
        d.fail_at(AttributePath::new("search"), "This template takes no search domain", detail);
    }
    let rows = rows(config, Some(template));
    twice(config, &rows, way, d);
    let needed = |name: &str| {
        let declared = template.parameters.get(name);
        declared.is_some_and(|p| p.default.is_none()) && !live(name) && !written(config, name)
    };
    for (row, _) in rows
        .iter()
        .filter(|(row, value)| row.object != "network" && value.is_null() && needed(row.parameter))
    {
        incomplete(row.object, row.member, row.parameter, d);
    }
    if let (Value::Value(database), Some(way)) = (&config.database, way) {
        let needs = [
            ("endpoint", &database.endpoint),
            ("password_secret_arn", &database.password_secret_arn),
        ];
        for (member, _) in needs.into_iter().filter(|(_, value)| value.is_null()) {
            incomplete("database", member, way.secret_parameters().last().unwrap_or(&""), d);
        }
    }
}

fn incomplete(object: &'static str, member: &str, parameter: &str, d: &mut Diagnostics) {
    let what = match object {
        "database" => "The database is not complete",
        _ => "The search domain is not complete",
    };
    let detail = format!(
        "The template needs `{parameter}`, and for it `{object}.{member}`. A whole `quilt_{object}` has it."
    );
    d.fail_at(AttributePath::new(object), what, detail);
}

/// Says of a template that was not understood that the objects cannot be matched with it.
pub fn unread(config: &StackState, d: &mut Diagnostics) {
    for object in ["database", "search"].into_iter().filter(|object| configured(config, object)) {
        let detail = format!(
            "The template was not understood here, so what it takes is not known. Give its parameters in `parameters` instead of `{object}`."
        );
        d.fail_at(AttributePath::new(object), "The template cannot be matched with this", detail);
    }
}

fn own(parameter: &str, what: &str, makes: bool) -> String {
    let why = match makes {
        true => format!("it makes its own {what}"),
        false => format!("it uses no {what} from outside"),
    };
    let object = what.split(' ').next().unwrap_or(what);
    format!(
        "The template declares no parameter `{parameter}`: {why}. Remove `{object}`, or ask Quilt for the Terraform variant of the template, which takes one."
    )
}

/// What the missing parameters of an object's need, for the error at that object.
pub fn missing(object: &str, parameters: &[String]) -> (String, String) {
    let what = match object {
        "network" => "a network",
        "database" => "a database",
        _ => "a search domain",
    };
    let names: Vec<_> = parameters.iter().map(|p| format!("`{p}`")).collect();
    let verbs =
        if names.len() == 1 { "has no default and comes" } else { "have no default and come" };
    let detail = format!(
        "{} {verbs} from `{object}`. Write `{object} = quilt_{object}.<its name>`, or an object with the ids of an existing one. You can also write them in `parameters`.",
        names.join(", ")
    );
    (format!("The template needs {what}"), detail)
}

fn written(config: &StackState, parameter: &str) -> bool {
    config.maps().iter().any(|(_, map)| map.iter().any(|map| map.contains_key(parameter)))
}

/// Refuses a parameter that an object brings and a map gives too.
fn twice(
    config: &StackState,
    rows: &[(Row, Value<String>)],
    way: Option<Way>,
    d: &mut Diagnostics,
) {
    let brought = rows
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(row, _)| (row.parameter, row.object));
    let secrets = way.map(Way::secret_parameters).unwrap_or_default();
    for (name, object) in brought.chain(secrets.iter().map(|name| (*name, "database"))) {
        for (attribute, map) in config.maps() {
            if map.as_ref_option().and_then(|m| m.get(name)).is_some_and(|v| !v.is_null()) {
                let detail = format!("`{object}` sets `{name}` as well; keep one of them.");
                d.fail_at(AttributePath::new(attribute).key(name), "Parameter given twice", detail);
            }
        }
    }
}

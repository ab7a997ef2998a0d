//! The `database` and `search` objects of a `quilt_stack`: what they bring, whether the template takes them, and what they lack.

use super::order::{network_parameters, takes};
use super::source::Loaded;
use super::{StackState, Strings};
use crate::attributes;
use crate::cloudformation::template::Template;
use crate::quilt::hosts::bare;
use crate::quilt::variant::Variant;
use crate::quilt::wiring::{NETWORK, Place, SEARCH, Way, makes_database, makes_search};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// PostgreSQL's own port.
const PORT: i64 = 5432;
/// What Quilt calls its database.
const DATABASE: &str = "quilt";

attributes! {
    /// The database of a deployment: a whole `quilt_database`, or an object with what leads to another one.
    pub struct DatabaseInput {
        /// Its host name, without a port.
        endpoint: String = Optional;
        /// Its port. Default: 5432.
        port: i64 = Optional;
        /// The user. Default: the one in the secret.
        username: String = Optional;
        /// Name of the database inside. Default: `quilt`.
        database_name: String = Optional;
        /// ARN of the secret that holds user and password, as JSON with `username` and `password`.
        password_secret_arn: String = Optional;
        /// The security group whose members may reach it.
        accessor_security_group_id: String = Optional;
    }
}

attributes! {
    /// The search domain of a deployment: a whole `quilt_search`, or an object with what leads to another one.
    pub struct SearchInput {
        /// ARN of the domain.
        domain_arn: String = Optional;
        /// Its host name. A scheme is dropped.
        endpoint: String = Optional;
        /// The security group whose members may reach it.
        accessor_security_group_id: String = Optional;
    }
}

/// A parameter, the object and the member it comes from, and its value.
pub type Row = (&'static str, &'static str, &'static str, Value<String>);

/// The parameters that `network`, `database` and `search` bring to a template, those that need a secret excepted.
pub fn rows(state: &StackState, template: &Template) -> Vec<Row> {
    let mut rows = vec![];
    if let Value::Value(network) = &state.network {
        rows.extend(
            network_parameters(network)
                .map(|(name, member, value)| (name, "network", member, value)),
        );
    }
    if let (Value::Value(database), Some(way)) = (&state.database, Way::of(template)) {
        rows.extend(database_rows(database, way));
    }
    if let Value::Value(search) = &state.search {
        let endpoint = map(&search.endpoint, |host| bare(host));
        rows.push(("SearchDomainArn", "search", "domain_arn", search.domain_arn.clone()));
        rows.push(("SearchDomainEndpoint", "search", "endpoint", endpoint));
        let group = search.accessor_security_group_id.clone();
        rows.push((
            "SearchClusterAccessorSecurityGroup",
            "search",
            "accessor_security_group_id",
            group,
        ));
    }
    rows.retain(|(name, ..)| takes(template, name));
    rows
}

fn database_rows(database: &DatabaseInput, way: Way) -> Vec<Row> {
    let port = match &database.port {
        Value::Unknown => None,
        port => Some(port.as_option().unwrap_or(PORT)),
    };
    let group = (
        "DBAccessorSecurityGroup",
        "database",
        "accessor_security_group_id",
        database.accessor_security_group_id.clone(),
    );
    let mut rows = vec![group];
    if way == Way::Parts {
        let host = match port {
            Some(port) => map(&database.endpoint, |host| format!("{host}:{port}")),
            None => Value::Unknown,
        };
        rows.push(("DBEndpoint", "database", "endpoint", host));
        let name = if matches!(database.database_name, Value::Null) {
            Value::Value(DATABASE.into())
        } else {
            database.database_name.clone()
        };
        rows.push(("DBName", "database", "database_name", name));
    }
    rows
}

fn map(value: &Value<String>, f: impl FnOnce(&String) -> String) -> Value<String> {
    match value {
        Value::Value(text) => Value::Value(f(text)),
        Value::Null => Value::Null,
        Value::Unknown => Value::Unknown,
    }
}

/// Where the database is; `None` while that is not known, or without an endpoint.
pub fn place(database: &DatabaseInput) -> Option<Place> {
    if [&database.endpoint, &database.database_name].iter().any(|v| matches!(v, Value::Unknown))
        || database.port == Value::Unknown
    {
        return None;
    }
    let host = database.endpoint.as_ref_option()?.clone();
    let name = database.database_name.as_ref_option().cloned().unwrap_or_else(|| DATABASE.into());
    Some(Place { host, port: database.port.as_option().unwrap_or(PORT), database: name })
}

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

/// The object that brings this parameter to a template.
pub fn bringer(template: &Template, parameter: &str) -> Option<&'static str> {
    match parameter {
        p if NETWORK.contains(&p) => Some("network"),
        p if SEARCH.contains(&p) => Some("search"),
        p if Way::of(template).is_some_and(|way| way.parameters().contains(&p)) => Some("database"),
        _ => None,
    }
}

/// The configuration has this object, though it may not be known yet.
pub fn given(config: &StackState, object: &str) -> bool {
    match object {
        "network" => !matches!(config.network, Value::Null),
        "database" => !matches!(config.database, Value::Null),
        _ => !matches!(config.search, Value::Null),
    }
}

/// Checks `database` and `search` against the template, and that no object repeats a parameter.
pub fn check(
    config: &StackState,
    live: impl Fn(&str) -> bool,
    loaded: &Loaded,
    d: &mut Diagnostics,
) {
    let Some(template) = loaded.known() else { return unread(config, d) };
    let way = Way::of(template);
    if given(config, "database") && way.is_none() {
        d.fail_at(
            AttributePath::new("database"),
            "This template takes no database",
            own("DBUrl", "database", makes_database(template)),
        );
    }
    if given(config, "search") && !Variant::of(|p| template.declares(p)).external_search {
        let detail = own("SearchDomainArn", "search domain", makes_search(template));
        d.fail_at(AttributePath::new("search"), "This template takes no search domain", detail);
    }
    let rows = rows(config, template);
    twice(config, template, &rows, d);
    let needed = |name: &str| {
        template.parameters.get(name).is_some_and(|p| p.default.is_none())
            && !live(name)
            && !written(config, name)
    };
    for (name, object, member, _) in rows.iter().filter(|(name, object, _, value)| {
        *object != "network" && *value == Value::Null && needed(name)
    }) {
        incomplete(object, member, name, d);
    }
    if let (Value::Value(database), Some(way)) = (&config.database, way) {
        let needs = [
            ("endpoint", &database.endpoint),
            ("password_secret_arn", &database.password_secret_arn),
        ];
        for (member, _) in needs.into_iter().filter(|(_, value)| matches!(value, Value::Null)) {
            incomplete("database", member, way.secret_parameters().last().unwrap_or(&""), d);
        }
    }
}

fn incomplete(object: &'static str, member: &str, parameter: &str, d: &mut Diagnostics) {
    let what = if object == "database" {
        "The database is not complete"
    } else {
        "The search domain is not complete"
    };
    let detail = format!(
        "The template needs `{parameter}`, and for it `{object}.{member}`. A whole `quilt_{object}` has it."
    );
    d.fail_at(AttributePath::new(object), what, detail);
}

fn unread(config: &StackState, d: &mut Diagnostics) {
    for object in ["database", "search"].into_iter().filter(|object| given(config, object)) {
        let detail = format!(
            "The template was not understood here, so what it takes is not known. Give its parameters in `parameters` instead of `{object}`."
        );
        d.fail_at(AttributePath::new(object), "The template cannot be matched with this", detail);
    }
}

fn own(parameter: &str, what: &str, makes: bool) -> String {
    let why = if makes {
        format!("it makes its own {what}")
    } else {
        format!("it uses no {what} from outside")
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

fn maps(config: &StackState) -> [(&'static str, Option<&Strings>); 2] {
    [
        ("parameters", config.parameters.as_ref_option()),
        ("parameters_wo", config.parameters_wo.as_ref_option()),
    ]
}

fn written(config: &StackState, parameter: &str) -> bool {
    maps(config).iter().any(|(_, map)| map.is_some_and(|m| m.contains_key(parameter)))
}

/// Refuses a parameter that an object brings and a map gives too.
fn twice(config: &StackState, template: &Template, rows: &[Row], d: &mut Diagnostics) {
    let brought = rows
        .iter()
        .filter(|(.., value)| *value != Value::Null)
        .map(|(name, object, ..)| (*name, *object));
    let way = Way::of(template).filter(|_| given(config, "database"));
    let secrets =
        way.map(Way::secret_parameters).unwrap_or_default().iter().map(|name| (*name, "database"));
    for (name, object) in brought.chain(secrets) {
        for (attribute, map) in maps(config) {
            if map.and_then(|m| m.get(name)).is_some_and(|v| !matches!(v, Value::Null)) {
                let detail = format!("`{object}` sets `{name}` as well; keep one of them.");
                d.fail_at(AttributePath::new(attribute).key(name), "Parameter given twice", detail);
            }
        }
    }
}

//! What `network`, `database` and `search` bring to a template: one row for each parameter.

use crate::cloudformation::template::Template;
use crate::quilt::database::DATABASE_NAME;
use crate::quilt::hosts::bare;
use crate::quilt::wiring::{PORT, Place, Way};
use crate::resources::stack::inputs::DatabaseInput;
use crate::resources::stack::shorthands::SHORTHANDS;
use crate::resources::stack::state::StackState;
use crate::tf::{Value, known};

/// The objects, by their arguments.
pub const OBJECTS: [&str; 3] = ["network", "database", "search"];

/// A parameter, and the object and the member it comes from.
pub struct Row {
    /// The template's name for it.
    pub parameter: &'static str,
    /// The argument that brings it: one of `OBJECTS`.
    pub object: &'static str,
    /// The member of that argument; where errors point.
    pub member: &'static str,
    value: fn(&StackState) -> Option<Value<String>>,
}

impl Row {
    /// A template that declares `template`, or one that was not understood, gets it. Before `UserSecurityGroup` it was called `SecurityGroup`;
    /// where both stand, the old one is somebody else's.
    fn goes_to(&self, template: Option<&Template>) -> bool {
        let Some(template) = template else { return self.object == "network" };
        let old = self.parameter == "SecurityGroup" && template.declares("UserSecurityGroup");
        let way =
            || Way::of(template).is_some_and(|way| way.parameters().contains(&self.parameter));
        template.declares(self.parameter) && !old && (self.object != "database" || way())
    }
}

macro_rules! rows {
    ($($parameter:literal = $object:ident.$member:ident $read:expr;)*) => {
        [$(Row {
            parameter: $parameter,
            object: stringify!($object),
            member: stringify!($member),
            value: |state| state.$object.as_ref_option().map($read),
        }),*]
    };
}

/// Every parameter that an object brings, those that need a secret excepted.
pub const ROWS: [Row; 15] = rows! {
    "VPC" = network.vpc_id |n| n.vpc_id.clone();
    "Subnets" = network.private_subnet_ids |n| joined(&n.private_subnet_ids);
    "PublicSubnets" = network.public_subnet_ids |n| joined(&n.public_subnet_ids);
    "IntraSubnets" = network.intra_subnet_ids |n| joined(&n.intra_subnet_ids);
    "UserSubnets" = network.user_subnet_ids |n| joined(&n.user_subnet_ids);
    "UserSecurityGroup" = network.user_security_group_id |n| n.user_security_group_id.clone();
    "SecurityGroup" = network.user_security_group_id |n| n.user_security_group_id.clone();
    "ApiGatewayVPCEndpoint" = network.api_gateway_endpoint_id |n| n.api_gateway_endpoint_id.clone();
    "ApiGatewayVPCEndpointId" = network.api_gateway_endpoint_id |n| n.api_gateway_endpoint_id.clone();
    "DBAccessorSecurityGroup" = database.accessor_security_group_id |d| d.accessor_security_group_id.clone();
    "DBEndpoint" = database.endpoint endpoint;
    "DBName" = database.database_name name;
    "SearchDomainArn" = search.domain_arn |s| s.domain_arn.clone();
    "SearchDomainEndpoint" = search.endpoint |s| s.endpoint.as_ref().map(|host| bare(host));
    "SearchClusterAccessorSecurityGroup" = search.accessor_security_group_id |s| s.accessor_security_group_id.clone();
};

/// The rows of a configuration's objects that go to a template, with their values; of one that was not understood those of the network.
pub fn rows(state: &StackState, template: Option<&Template>) -> Vec<(Row, Value<String>)> {
    let rows = ROWS.into_iter().filter(|row| row.goes_to(template));
    rows.filter_map(|row| Some(((row.value)(state)?, row)))
        .map(|(value, row)| (row, value))
        .collect()
}

fn endpoint(database: &DatabaseInput) -> Value<String> {
    match port(database) {
        Some(port) => database.endpoint.as_ref().map(|host| format!("{host}:{port}")),
        None => Value::Unknown,
    }
}

/// `None`: not known yet.
fn port(database: &DatabaseInput) -> Option<i64> {
    (!database.port.is_unknown()).then(|| database.port.as_option().unwrap_or(PORT))
}

fn name(database: &DatabaseInput) -> Value<String> {
    match &database.database_name {
        Value::Null => known(DATABASE_NAME),
        name => name.clone(),
    }
}

/// A list as CloudFormation takes it; an empty one is none.
fn joined(list: &Value<Vec<Value<String>>>) -> Value<String> {
    let Value::Value(items) = list.as_ref().filter(|items| !items.is_empty()) else {
        return if list.is_unknown() { Value::Unknown } else { Value::Null };
    };
    let texts: Option<Vec<_>> = items.iter().map(Value::as_deref_option).collect();
    texts.map_or(Value::Unknown, |texts| known(texts.join(",")))
}

/// Where the database is; `None` while that is not known, or without an endpoint.
pub fn place(database: &DatabaseInput) -> Option<Place> {
    let (Value::Value(database_name), Some(port)) = (name(database), port(database)) else {
        return None;
    };
    let host = database.endpoint.as_ref_option()?.clone();
    Some(Place { host, port, database: database_name })
}

/// The object that brings this parameter to a template.
pub fn bringer(template: &Template, parameter: &str) -> Option<&'static str> {
    let way = Way::of(template);
    if way.is_some_and(|way| way.parameters().contains(&parameter)) {
        return Some("database");
    }
    let row = ROWS.iter().find(|row| row.parameter == parameter && row.object != "database")?;
    Some(row.object)
}

/// The argument of a stack that brings this parameter to a template; `None`: `parameters` alone does.
pub fn argument_of(template: &Template, parameter: &str) -> Option<&'static str> {
    let short = SHORTHANDS.iter().find(|short| short.parameter == parameter);
    short.map(|short| short.attribute).or_else(|| bringer(template, parameter))
}

/// The configuration has this object, though it may not be known yet.
pub fn configured(config: &StackState, object: &str) -> bool {
    match object {
        "network" => !config.network.is_null(),
        "database" => !config.database.is_null(),
        _ => !config.search.is_null(),
    }
}

/// One of the objects is not known yet.
pub fn open(config: &StackState) -> bool {
    config.network.is_unknown() || config.database.is_unknown() || config.search.is_unknown()
}

/// The way a template takes the database of a configuration; `None`: there is none, or it takes none.
pub fn way(state: &StackState, template: Option<&Template>) -> Option<Way> {
    template.and_then(Way::of).filter(|_| !state.database.is_null())
}

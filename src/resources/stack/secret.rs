//! What is secret about a stack: parameters that are, and the database's password, which comes from its secret without being kept.

use std::collections::BTreeMap;

use super::order::{resends, taken_over};
use super::wiring::{DatabaseInput, place};
use super::{StackPrivate, StackState};
use crate::aws::Aws;
use crate::cloudformation::parameters::HIDDEN;
use crate::cloudformation::template::Template;
use crate::cx::Cx;
use crate::deploy::region_of;
use crate::outcome::{AwsErrorKind, Error, Result, Veil};
use crate::quilt::secret::Login;
use crate::quilt::wiring::Way;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Parameters with their values.
pub type Values = BTreeMap<String, String>;

/// Hides the values of secret parameters: those that the template declares so, and those that the stack shows as `****`.
pub fn hide(veil: &Veil, state: &StackState, template: Option<&Template>, private: &StackPrivate) {
    let parameters = [&state.parameters, &state.parameters_wo]
        .into_iter()
        .filter_map(Value::as_ref_option)
        .flatten();
    for (_, value) in parameters.filter(|(name, _)| hidden(name, template, private)) {
        value.as_ref_option().into_iter().for_each(|value| veil.learn(value));
    }
}

/// The parameter is secret.
pub fn hidden(name: &str, template: Option<&Template>, private: &StackPrivate) -> bool {
    template.and_then(|t| t.parameters.get(name)).is_some_and(|p| p.no_echo)
        || private.parameters.get(name).is_some_and(|v| v == HIDDEN)
}

/// The way a template takes the database of a configuration; `None`: there is none, or it takes none.
pub fn way(state: &StackState, template: Option<&Template>) -> Option<Way> {
    template.and_then(Way::of).filter(|_| !matches!(state.database, Value::Null))
}

/// An update must tell the stack user and password: it has none, they lie elsewhere than before, or it is asked for.
pub fn sends(
    prior: &StackState,
    planned: &StackState,
    template: Option<&Template>,
    private: &StackPrivate,
    live: &Values,
) -> bool {
    let Some(way) = way(planned, template) else { return false };
    let lacks = way.secret_parameters().iter().any(|name| !live.contains_key(*name));
    let moved = match (&prior.database, &planned.database) {
        (Value::Value(before), Value::Value(after)) => !alike(before, after),
        _ => !taken_over(prior, private),
    };
    lacks || moved || resends(prior, planned, private)
}

/// Both lead to the same database with the same secret.
fn alike(a: &DatabaseInput, b: &DatabaseInput) -> bool {
    let texts = |x: &DatabaseInput| [x.username.clone(), x.password_secret_arn.clone()];
    place(a).is_some()
        && place(a) == place(b)
        && texts(a) == texts(b)
        && texts(b).iter().all(|t| !matches!(t, Value::Unknown))
}

/// User and password as the template takes them, read from the database's secret.
///
/// # Errors
/// The secret does not exist, may not be read or holds something else.
pub async fn read(
    cx: &Cx,
    aws: &Aws,
    state: &StackState,
    template: Option<&Template>,
) -> Result<Values> {
    let (Some(way), Value::Value(database)) = (way(state, template), &state.database) else {
        return Ok(Values::new());
    };
    let at = || AttributePath::new("database").attribute("password_secret_arn");
    let (Some(place), Some(id)) = (place(database), database.password_secret_arn.as_ref_option())
    else {
        return Err(Error::config(
            at(),
            "The database is not complete.",
            "Give `endpoint` and `password_secret_arn`.",
        ));
    };
    let there = match region_of(id).filter(|region| *region != aws.region) {
        Some(region) => Some(cx.aws(Some(region)).await?),
        None => None,
    };
    let aws = there.as_deref().unwrap_or(aws);
    let Some(secret) = aws.secrets.value(id).await? else {
        let what = format!("There is no secret {id} in {}, or it holds nothing.", aws.region);
        return Err(Error::config(
            at(),
            what,
            "Give the ARN of the secret with the database's user and password.",
        ));
    };
    let login = Login::of(&secret, database.username.as_ref_option().map(String::as_str));
    let login = login.map_err(|why| {
        Error::config(at(), why, "Correct the secret or `database`; nothing was changed.")
    })?;
    cx.veil.learn(login.password.reveal());
    let told = way
        .secrets(&login, &place)
        .into_iter()
        .map(|(name, value)| (name.to_string(), value.reveal().to_string()));
    let told: Values = told.collect();
    told.iter()
        .filter(|(_, value)| **value != login.username)
        .for_each(|(_, value)| cx.veil.learn(value));
    Ok(told)
}

/// Looks ahead, at plan, whether the secret will do. It may still be made or corrected before the stack's turn, and need not be readable yet.
pub async fn check(
    cx: &Cx,
    aws: &Aws,
    config: &StackState,
    template: Option<&Template>,
    d: &mut Diagnostics,
) -> Result<()> {
    let Value::Value(database) = &config.database else { return Ok(()) };
    let known = place(database).is_some()
        && database.password_secret_arn.is_value()
        && !matches!(database.username, Value::Unknown);
    if !known {
        return Ok(());
    }
    match read(cx, aws, config, template).await {
        Err(Error::Config { at, what, fix }) => {
            let detail = format!(
                "{what} {fix} Unless that changes before the stack's turn, the apply fails there."
            );
            d.warn_at(at, "The database's secret cannot be used as it is", detail);
            Ok(())
        }
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => Ok(()),
        read => read.map(drop),
    }
}

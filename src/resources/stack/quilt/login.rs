//! The database's user and password, which come from its secret without being kept.

use super::objects::{place, way};
use crate::aws::Aws;
use crate::cloudformation::template::Template;
use crate::cx::Cx;
use crate::deploy::region_of;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::secret::Login;
use crate::resources::stack::inputs::DatabaseInput;
use crate::resources::stack::state::{StackState, Values};
use crate::tf::{AttributePath, Value};

/// Both lead to the same database with the same secret.
pub fn alike(a: &DatabaseInput, b: &DatabaseInput) -> bool {
    let texts = |x: &DatabaseInput| [x.username.clone(), x.password_secret_arn.clone()];
    place(a).is_some()
        && place(a) == place(b)
        && texts(a) == texts(b)
        && !texts(b).contains(&Value::Unknown)
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
        let fix = "Give `endpoint` and `password_secret_arn`.";
        return Err(Error::config(at(), "The database is not complete.", fix));
    };
    let there = match region_of(id).filter(|region| *region != aws.region) {
        Some(region) => Some(cx.aws(Some(region)).await?),
        None => None,
    };
    let aws = there.as_deref().unwrap_or(aws);
    let Some(secret) = aws.secrets.value(id).await? else {
        let what = format!("There is no secret {id} in {}, or it holds nothing.", aws.region);
        let fix = "Give the ARN of the secret with the database's user and password.";
        return Err(Error::config(at(), what, fix));
    };
    let login = Login::of(&secret, database.username.as_deref_option()).map_err(|why| {
        Error::config(at(), why, "Correct the secret or `database`; nothing was changed.")
    })?;
    cx.veil.learn(login.password.reveal());
    let secrets = way.secrets(&login, &place).into_iter();
    let told: Values = secrets.map(|(name, value)| (name.into(), value.reveal().into())).collect();
    told.iter()
        .filter(|(_, value)| **value != login.username)
        .for_each(|(_, value)| cx.veil.learn(value));
    Ok(told)
}

/// Looks ahead, at plan, whether the secret will do. It may still be made or corrected before the stack's turn, and need not be readable yet.
///
/// # Errors
/// What the apply would fail with as it is.
pub async fn look(
    cx: &Cx,
    aws: &Aws,
    config: &StackState,
    template: Option<&Template>,
) -> Result<()> {
    let Value::Value(database) = &config.database else { return Ok(()) };
    let known = place(database).is_some()
        && database.password_secret_arn.is_value()
        && !database.username.is_unknown();
    if !known {
        return Ok(());
    }
    match read(cx, aws, config, template).await {
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => Ok(()),
        read => read.map(drop),
    }
}

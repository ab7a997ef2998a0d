//! What is looked at before a rotation: whether stack, database and secret belong together, and nobody else changes or needs the password.

use std::collections::BTreeSet;
use std::time::Duration;

use super::RotatedDatabase;
use super::refusals;
use super::steps::Rotation;
use crate::aws::Aws;
use crate::cloudformation::stack::Stack;
use crate::cloudformation::template::Template;
use crate::deploy::{Deploy, region_of};
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::database::{DATABASE_NAME, Instance};
use crate::quilt::secret::Login;
use crate::quilt::usage::{named, uses};
use crate::quilt::wiring::{PORT, Place, Way};
use crate::tf::{Diagnostics, Report};

/// The parameter by which a stack is let at its database.
const GROUP: &str = "DBAccessorSecurityGroup";
/// Who has one of these signs in with the password.
const SIGNS_IN: [&str; 2] = ["DBUrl", "DBPassword"];

/// The rotation, once everything about it has been looked at. Nothing is changed.
///
/// # Errors
/// Something does not belong together; told where it stands in the configuration.
pub async fn rotation<'a>(
    deploy: &'a Deploy<'a>,
    stack: &Stack,
    database: &RotatedDatabase,
    limit: Duration,
    d: &mut Diagnostics,
) -> Result<Rotation<'a>> {
    let way = way(deploy, stack, database).await?;
    let instance = instance(deploy, database).await?;
    let secret = database.password_secret_arn.clone().unwrap_or_default();
    let vault = match region_of(&secret).filter(|region| *region != deploy.aws.region) {
        Some(region) => deploy.cx.aws(Some(region)).await?,
        None => deploy.aws.clone(),
    };
    secret_is_free(&vault, &secret).await?;
    let given = database.username.as_deref_option();
    let login = login(deploy, &vault, &secret, given).await?;
    if login.username != instance.facts.username {
        return Err(refusals::another_user(&login.username, &instance));
    }
    nobody_else(deploy, stack, database, d).await?;
    Ok(Rotation {
        deploy,
        vault,
        secret,
        instance: instance.id,
        stack: stack.clone(),
        way,
        place: Place {
            host: database.endpoint.clone().unwrap_or_default(),
            port: database.port.as_option().unwrap_or(PORT),
            database: database.database_name.as_deref_option().unwrap_or(DATABASE_NAME).into(),
        },
        username: login.username,
        limit,
        found: Default::default(),
    })
}

/// How the stack takes this database.
async fn way(deploy: &Deploy<'_>, stack: &Stack, database: &RotatedDatabase) -> Result<Way> {
    let text = deploy.aws.stacks.template(&stack.id).await?;
    let template = Template::parse(&text).ok();
    let Some(way) = template.as_ref().and_then(Way::of) else {
        return Err(refusals::no_way(stack, template.as_ref()));
    };
    let told = stack.parameters.get(GROUP).filter(|group| !group.is_empty());
    match (told, database.accessor_security_group_id.as_ref_option()) {
        (Some(told), Some(group)) if told != group => {
            Err(refusals::another_database(stack, told, group))
        }
        _ => Ok(way),
    }
}

/// The instance, which must be the one at this address.
async fn instance(deploy: &Deploy<'_>, database: &RotatedDatabase) -> Result<Instance> {
    let id = database.db_instance_identifier.clone().unwrap_or_default();
    let Some(instance) = deploy.aws.databases.instance(&id).await? else {
        return Err(refusals::no_instance(&id, &deploy.aws.region));
    };
    let host = database.endpoint.as_deref_option().unwrap_or_default();
    match () {
        () if instance.kept_by_rds => Err(refusals::kept_by_rds(&instance)),
        () if instance.stuck() => Err(refusals::unable(&instance)),
        // A name of somebody's own may lead there too.
        () if host.contains(".rds.") && !instance.host.is_empty() && host != instance.host => {
            Err(refusals::another_host(host, &instance))
        }
        () => Ok(instance),
    }
}

/// The secret is there to stay, and nothing else changes it.
async fn secret_is_free(vault: &Aws, secret: &str) -> Result<()> {
    match vault.secrets.describe(secret).await? {
        None => Err(refusals::no_secret(secret, &vault.region)),
        Some(kept) if kept.going => Err(refusals::going(secret)),
        Some(kept) if kept.rotates => Err(refusals::rotates(secret)),
        Some(_) => Ok(()),
    }
}

async fn login(
    deploy: &Deploy<'_>,
    vault: &Aws,
    secret: &str,
    username: Option<&str>,
) -> Result<Login> {
    let Some(held) = vault.secrets.value(secret).await? else {
        return Err(refusals::no_secret(secret, &vault.region));
    };
    let login = Login::of(&held, username).map_err(refusals::unread)?;
    deploy.cx.veil.learn(login.password.reveal());
    Ok(login)
}

/// No other stack signs in to the database: it would be left with the former password. Where stacks may not be listed, that is said.
async fn nobody_else(
    deploy: &Deploy<'_>,
    stack: &Stack,
    database: &RotatedDatabase,
    d: &mut Diagnostics,
) -> Result<()> {
    let known =
        [&database.endpoint, &database.password_secret_arn, &database.accessor_security_group_id];
    let made: BTreeSet<_> =
        known.into_iter().filter_map(|id| id.as_ref_option()).cloned().collect();
    let all = match deploy.aws.stacks.list().await {
        Err(Error::Aws(e)) if e.kind == AwsErrorKind::Denied => {
            let detail = format!(
                "{e}\n\nIf another stack signs in to the database, it needs the new password too."
            );
            d.warn("Whether another stack uses the database is not known", detail);
            return Ok(());
        }
        all => all?,
    };
    let signs_in = |other: &Stack| SIGNS_IN.iter().any(|p| other.parameters.contains_key(*p));
    let other = all.into_iter().find(|o| o.id != stack.id && signs_in(o) && uses(o, &made));
    match other {
        Some(other) => Err(refusals::shared(&other, named(&other.parameters, &made))),
        None => Ok(()),
    }
}

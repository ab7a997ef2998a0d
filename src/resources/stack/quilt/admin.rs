//! The administrator's password where the configuration gives none: made once in Secrets Manager before the stack, and deleted after it.

use crate::aws::Kept as Held;
use crate::cloudformation::template::{Declared, Template};
use crate::deploy::Deploy;
use crate::outcome::{Error, Result};
use crate::quilt::admin::{OWNER, PASSWORD, password, secret_name, wanted};
use crate::quilt::secret::Secret;
use crate::quilt::token;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::state::{StackState, Strings, Values};
use crate::resources::{secret, tags};
use crate::tf::{AttributePath, Diagnostics, Value};
use crate::wait::write;

/// What the secret holds.
const WHAT: &str = "the administrator's password";

/// What the template wants of a password that is to be made.
pub fn makes<'a>(config: &StackState, template: Option<&'a Template>) -> Option<&'a Declared> {
    let says = |map: &Strings| map.get(PASSWORD).is_some_and(|value| !value.is_null());
    let given = config.maps().iter().any(|(_, map)| map.iter().any(says));
    template.and_then(wanted).filter(|_| !given)
}

/// What a creation's plan says of the secret.
pub fn planned(config: &StackState, loaded: Option<&Loaded>) -> Value<String> {
    let undecided = loaded.is_none() || config.maps().iter().any(|(_, map)| map.is_unknown());
    match makes(config, loaded.and_then(Loaded::known)) {
        None if !undecided => Value::Null,
        _ => Value::Unknown,
    }
}

/// The password, made unless an earlier try has made it, and the secret's ARN in `planned`. `makes`: one may be made.
///
/// # Errors
/// Somebody else's secret has the name; Secrets Manager refuses.
pub async fn ensure(
    deploy: &Deploy<'_>,
    planned: &mut StackState,
    template: Option<&Template>,
    makes: bool,
) -> Result<Values> {
    let Some(declared) = self::makes(planned, template) else {
        planned.admin_password_secret_arn = Value::Null;
        return Ok(Values::new());
    };
    let stack = planned.name.as_ref_option().cloned().unwrap_or_default();
    let (name, account) = (secret_name(&stack), deploy.aws.identity.account().await?);
    let owner = token::creation(&deploy.cx.settings.owner, &account, &deploy.aws.region, &stack);
    let (arn, password) = match deploy.aws.secrets.describe(&name).await? {
        Some(held) if held.tags.get(OWNER) == Some(&owner) => adopt(deploy, held).await?,
        Some(_) if makes => return Err(not_ours(&name, &deploy.aws.region)),
        // A stack that is taken over keeps the password that it has.
        _ if !makes => {
            planned.admin_password_secret_arn = Value::Null;
            return Ok(Values::new());
        }
        _ => {
            let password = draw(declared)?;
            deploy.cx.veil.learn(password.reveal());
            let mut tags =
                tags::to_send(&deploy.cx.settings, &planned.tags_all, &Default::default());
            tags.insert(OWNER.into(), owner);
            let about = format!("Password of the first administrator of the Quilt stack {stack}");
            let create = deploy.aws.secrets.create(&name, &about, &password, &tags);
            (
                write(deploy.cx, "the administrator's password was about to be stored", create)
                    .await?,
                password,
            )
        }
    };
    deploy.cx.veil.learn(password.reveal());
    planned.admin_password_secret_arn = arn.into();
    Ok([(PASSWORD.to_string(), password.reveal().to_string())].into())
}

/// The secret of an earlier try, or of a stack of ours that was deleted.
async fn adopt(deploy: &Deploy<'_>, held: Held) -> Result<(String, Secret)> {
    secret::have_back(deploy.cx, &*deploy.aws.secrets, &held, WHAT).await?;
    match deploy.aws.secrets.value(&held.arn).await? {
        Some(password) => Ok((held.arn, password)),
        None => Err(Error::Failed {
            state: format!("The secret {} holds no password.", held.arn),
            next: "Delete it, or give `AdminPassword` in `parameters_wo`, and apply again.".into(),
        }),
    }
}

fn draw(declared: &Declared) -> Result<Secret> {
    for _ in 0..100 {
        let mut random = [0; 64];
        if getrandom::fill(&mut random).is_ok()
            && let Some(password) = password(declared, &random)
        {
            return Ok(password);
        }
    }
    let what =
        "The template's pattern for `AdminPassword` takes no password of letters and digits.";
    let fix = "Give `AdminPassword` in `parameters_wo`.";
    Err(Error::config(AttributePath::new("parameters_wo"), what, fix))
}

fn not_ours(name: &str, region: &str) -> Error {
    Error::Failed {
        state: format!(
            "There is a secret {name} in {region}, which this configuration did not make. It would hold the administrator's password."
        ),
        next: "Give `AdminPassword` in `parameters_wo`. Or, if nobody needs that secret, delete it with `aws secretsmanager delete-secret \
               --force-delete-without-recovery`, and apply again."
            .into(),
    }
}

/// Deletes the secret of a stack that is gone; it can be had back for a month.
pub async fn forget(deploy: &Deploy<'_>, state: &StackState, d: &mut Diagnostics) -> Result<()> {
    let Value::Value(arn) = &state.admin_password_secret_arn else { return Ok(()) };
    secret::forget(deploy.cx, &*deploy.aws.secrets, arn, (WHAT, "the stack"), d).await
}

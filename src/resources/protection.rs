//! Termination protection of a stack: switched by an apply, respected by the plan of a deletion.

use serde::{Deserialize, Serialize};

use crate::cloudformation::stack::Stack;
use crate::deploy::Deploy;
use crate::deploy::protection::Shield;
pub use crate::deploy::protection::{OF_INSTANCE, OF_STACK};
use crate::outcome::{Error, Result};
use crate::tf::{Diagnostics, Report, Value};

/// What is remembered beside the state of a stack from a template inside the provider.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Origin {
    /// This provider made it, rather than an import.
    #[serde(default)]
    pub created: bool,
}

/// Plans it on where nothing is said, for a stack that is ours from the beginning; one that was imported stays as it is.
pub fn plan(planned: &mut Value<bool>, config: &Value<bool>, ours: bool) {
    if config.is_null() && ours {
        *planned = true.into();
    }
}

/// Switches it to what is planned.
pub async fn switch(deploy: &Deploy<'_>, stack: &mut Stack, planned: &Value<bool>) -> Result<()> {
    let Value::Value(on) = *planned else { return Ok(()) };
    if stack.protected != on {
        deploy.aws.stacks.protect(&stack.id, on).await?;
        stack.protected = on;
    }
    Ok(())
}

/// Refuses to plan the deletion of what is protected: as AWS says, `looked`; where it cannot be asked, as the state does, `said`.
pub fn deletion(
    looked: Result<Option<Shield>>,
    said: Option<Shield>,
    d: &mut Diagnostics,
) -> Result<()> {
    let shield = match looked {
        Ok(live) => live,
        Err(Error::NotYet | Error::Aws(_)) => said,
        Err(e) => return Err(e),
    };
    if let Some(shield) = shield {
        d.fail(shield.what.clone(), format!("{}\n\nNothing was deleted.", shield.steps()));
    }
    Ok(())
}

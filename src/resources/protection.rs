//! Termination protection of a stack: switched by an apply, respected by the plan of a deletion.

use serde::{Deserialize, Serialize};

use crate::deploy::Deploy;
use crate::outcome::Result;
use crate::quilt::stack::Stack;
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
    if matches!(config, Value::Null) && ours {
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

/// Refuses to plan the deletion of a stack that is protected from it.
pub fn deletion(stack: &str, protected: &Value<bool>, d: &mut Diagnostics) {
    if *protected == Value::Value(true) {
        let detail = "1. Set `enable_termination_protection = false` and run `terraform apply`.\n2. Destroy again.\n\nNothing was deleted.";
        d.fail(format!("Termination protection is on for the stack {stack}"), detail);
    }
}

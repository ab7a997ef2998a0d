//! Data source `quilt_kms_key_policy`: the statement of a key's policy for the roles that a deployment has.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::attributes;
use crate::cloudformation::template::Template;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::data_source::DataSource;
use crate::outcome::{Error, Result};
use crate::quilt::policy::kms::key_statement;
use crate::quilt::roles::{KEY_USERS, key_users};
use crate::tf::{AttributePath, Diagnostics, Value, known};

attributes! {
    /// What a KMS key's own policy must say so that a deployment indexes and serves buckets that are encrypted with it: a statement for the roles that are
    /// found in the stack. Roles that its version of Quilt does not have are left out, so the statement fits old and new stacks.
    ///
    /// The statement comes beside those that the key's policy has: a key that only this one allows can be administered by nobody. Look it up anew
    /// after an update of the stack, which may bring other roles: the next plan shows it.
    pub struct KmsKeyPolicyLookup {
        /// Name of the stack, or its ARN.
        stack_name: String = Required;
        /// The region, when it is not the provider's. An ARN has its own.
        region: String = OptionalComputed;
        /// ARNs of the roles that were found, by logical id.
        role_arns: BTreeMap<String, String> = Computed;
        /// Logical ids of roles that this stack does not have.
        absent: Vec<Value<String>> = Computed;
        /// The statement as JSON; `jsondecode` makes it a member of a policy that is written with `jsonencode`.
        statement: String = Computed;
    }
}

/// Data source `quilt_kms_key_policy`.
pub struct KmsKeyPolicySource;

#[async_trait]
impl DataSource for KmsKeyPolicySource {
    const NAME: &'static str = "quilt_kms_key_policy";
    type State = KmsKeyPolicyLookup;

    fn subject(config: &KmsKeyPolicyLookup) -> String {
        format!("Roles of {}", config.stack_name.as_deref_option().unwrap_or_default())
    }

    async fn read(
        &self,
        cx: &Cx,
        config: KmsKeyPolicyLookup,
        _d: &mut Diagnostics,
    ) -> Result<KmsKeyPolicyLookup> {
        let name = config.stack_name.clone().unwrap_or_default();
        let region = config.region.as_deref_option();
        let (deploy, stack) = Deploy::named(cx, "stack_name", &name, region).await?;
        let parts = deploy.aws.stacks.parts(&stack.id).await?;
        let template = deploy.aws.stacks.template(&stack.id).await?;
        let template = Template::parse(&template).ok();
        let roles = key_users(&stack.id, &parts, template.as_ref(), &stack.parameters);
        if roles.is_empty() {
            let what = format!("The stack {name} has none of the roles that use keys.");
            let fix = format!(
                "Name the stack of a Quilt deployment. Looked for: {}.",
                KEY_USERS.join(", ")
            );
            return Err(Error::config(AttributePath::new("stack_name"), what, fix));
        }
        let arns: Vec<_> = roles.values().cloned().collect();
        let statement = key_statement(&arns).map_err(|why| {
            let fix = "Write the statement by hand, with the function `kms_key_statement`.";
            Error::config(AttributePath::new("stack_name"), why, fix)
        })?;
        let absent = KEY_USERS.iter().filter(|id| !roles.contains_key(**id)).map(|id| known(*id));
        Ok(KmsKeyPolicyLookup {
            region: known(deploy.aws.region.clone()),
            absent: Value::Value(absent.collect()),
            role_arns: roles.into(),
            statement: known(statement),
            ..config
        })
    }
}

#[cfg(test)]
mod tests;

//! Whose something is: what a state holds is compared with who is calling, before anything is concluded about it or done to it.

use std::sync::Arc;

use super::Cx;
use crate::aws::{Aws, Caller};
use crate::cloudformation::arn::Arn;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::tf::Value;

impl Cx {
    /// AWS in the region of what has this ARN, or of what is named so in `region`: the provider's own when `None`.
    ///
    /// # Errors
    /// The ARN is another account's, or of another part of AWS; or it is not known who is calling.
    pub async fn aws_of(&self, id: &str, region: Option<&str>) -> Result<Arc<Aws>> {
        let Some(arn) = Arn::of(id) else { return self.aws(region).await };
        let aws = self.aws(arn.region().or(region)).await?;
        fits(&arn, &aws.identity.caller().await.map_err(not_known)?)?;
        Ok(aws)
    }

    /// Refuses what a state holds of another account or another part of AWS. While the provider's settings are not known nothing can be
    /// looked at or done either.
    pub async fn whose(&self, held: &[&Value<String>]) -> Result<()> {
        for id in held.iter().filter_map(|value| value.as_ref_option()) {
            match self.aws_of(id, None).await {
                Ok(_) | Err(Error::NotYet) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}

/// What has this ARN belongs to who is calling. Who calls without a word about the account has said that this is meant.
fn fits(arn: &Arn<'_>, caller: &Caller) -> Result<()> {
    let elsewhere = caller.partition.as_deref().filter(|own| *own != arn.partition);
    if let Some(own) = elsewhere {
        let state = format!(
            "{arn} is in the AWS partition {}, and the credentials in use belong to {own}. {NOTHING}",
            arn.partition
        );
        return Err(Error::Failed {
            state,
            next: format!("Use credentials for {}, and run Terraform again.", arn.partition),
        });
    }
    if caller.account.is_empty() || arn.account.is_empty() || caller.account == arn.account {
        return Ok(());
    }
    Err(Error::Failed {
        state: format!(
            "{arn} belongs to the AWS account {}, and the credentials in use to the account {}. {NOTHING}",
            arn.account, caller.account
        ),
        next: format!(
            "Use credentials of {} (another profile, or `assume_role` in the provider block) and run Terraform again. If this is to be made \
             in {} as well, give it a state of its own, by another workspace or backend key; what is no longer to be looked after is taken \
             out of this state by `terraform state rm`.",
            arn.account, caller.account
        ),
    })
}

/// How it stands after a refusal.
const NOTHING: &str = "Nothing was concluded from what they see, and nothing was changed.";

/// Without an answer nothing is gone and nothing is written. Credentials that are none, and a clock that is wrong, have words of their own.
fn not_known(e: Error) -> Error {
    match e.aws() {
        None | Some(AwsErrorKind::Credentials | AwsErrorKind::Clock) => e,
        Some(_) => Error::Failed {
            state: format!(
                "Which AWS account the credentials belong to is not known, so nothing counts as gone and nothing was changed. {e}"
            ),
            next:
                "Let STS be reached (`sts:GetCallerIdentity`) and run Terraform again. Where it never answers, `skip_requesting_account_id \
                   = true` in the provider block goes without this check."
                    .into(),
        },
    }
}

/// What an earlier release has saved does not say whose it is.
pub fn unnamed() -> Error {
    Error::Failed {
        state: "The state does not say in which AWS account this is, so nothing counts as gone and nothing was changed.".into(),
        next: "With credentials of its account, run `terraform apply -refresh-only`: it takes note of that. If it is gone there, \
               `terraform state rm` forgets it."
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(account: &str, partition: Option<&str>) -> Caller {
        Caller {
            account: account.into(),
            partition: partition.map(Into::into),
            ..Caller::default()
        }
    }

    fn refusal(arn: &str, caller: &Caller) -> String {
        fits(&Arn::of(arn).unwrap(), caller).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn account_and_partition_are_compared() {
        const STACK: &str = "arn:aws:cloudformation:eu-west-1:111111111111:stack/prod/1";
        for fine in
            [caller("111111111111", Some("aws")), caller("111111111111", None), caller("", None)]
        {
            assert_eq!(refusal(STACK, &fine), "");
        }
        let other = refusal(STACK, &caller("222222222222", Some("aws")));
        assert!(
            other.contains(
                "account 111111111111, and the credentials in use to the account 222222222222"
            ),
            "{other}"
        );
        let part = refusal(STACK, &caller("111111111111", Some("aws-cn")));
        assert!(
            part.contains("partition aws, and the credentials in use belong to aws-cn"),
            "{part}"
        );
    }
}

//! Who is calling the AWS in memory.

use async_trait::async_trait;

use super::{ACCOUNT, Fake, error};
use crate::aws::{Caller, Identity};
use crate::outcome::{AwsErrorKind, Result};

/// The account that the credentials belong to.
#[derive(Clone, Copy, Default)]
pub enum Login {
    /// The one that all is made in unless a test says otherwise.
    #[default]
    Usual,
    /// This one.
    To(&'static str),
    /// STS does not say.
    Unknown,
    /// Nobody asks STS.
    Unasked,
}

impl Login {
    /// The account's number.
    pub fn account(self) -> &'static str {
        match self {
            Login::To(account) => account,
            _ => ACCOUNT,
        }
    }
}

impl Fake {
    /// From now on the credentials are others. What there is stays visible: what is held back is held back by us.
    pub fn signed_in(&self, login: Login) {
        self.world().caller = login;
    }
}

#[async_trait]
impl Identity for Fake {
    async fn caller(&self) -> Result<Caller> {
        let login = self.world().caller;
        match login {
            Login::Unknown => Err(error(AwsErrorKind::Denied)),
            Login::Unasked => Ok(Caller::default()),
            login => {
                let account = login.account();
                let arn = format!("arn:aws:sts::{account}:assumed-role/deployer/session");
                Ok(Caller { account: account.into(), partition: Some("aws".into()), arn })
            }
        }
    }
}

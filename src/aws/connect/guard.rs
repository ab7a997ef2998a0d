//! Whose credentials are used: the account is looked at when it matters first, and again whenever the access key is another one.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use tokio::sync::Mutex;

use super::access::Accounts;
use crate::aws::sts::Sts;
use crate::aws::{Caller, Identity, error};
use crate::outcome::{Error, Result};
use crate::tf::AttributePath;

/// Credentials that end sooner than this are asked for anew.
const SOON: Duration = Duration::from_secs(30);

/// Gives credentials out, of one account and no other for as long as the process lives.
#[derive(Clone)]
pub(super) struct Guard(Arc<Inner>);

struct Inner {
    source: Option<SharedCredentialsProvider>,
    sts: Sts,
    accounts: Accounts,
    seen: Mutex<Seen>,
}

/// What was seen of credentials so far.
#[derive(Default)]
struct Seen {
    /// The last that were given out.
    last: Option<Credentials>,
    /// Got for a look at them alone, and not given out yet.
    ahead: Option<Credentials>,
    /// The access key that was looked at last, and whose it is.
    looked: Option<(String, Caller)>,
    /// Whom this process works for.
    known: Option<Caller>,
}

impl Guard {
    /// Over these credentials. `accounts` are checked before the first are given out.
    pub fn new(source: Option<SharedCredentialsProvider>, sts: Sts, accounts: Accounts) -> Self {
        Self(Arc::new(Inner { source, sts, accounts, seen: Mutex::default() }))
    }

    async fn provide(&self) -> Result<Credentials, CredentialsError> {
        let mut seen = self.0.seen.lock().await;
        let found = match seen.ahead.take().filter(lasts) {
            Some(ahead) => ahead,
            None => self.0.ask().await?,
        };
        let matters = seen.known.is_some() || !self.0.accounts.anybody();
        if matters {
            self.0.verify(&mut seen, &found).await.map_err(CredentialsError::provider_error)?;
        }
        seen.last = Some(found.clone());
        Ok(found)
    }
}

impl Inner {
    async fn ask(&self) -> provider::Result {
        match &self.source {
            Some(source) => source.provide_credentials().await,
            None => Err(CredentialsError::not_loaded_no_source()),
        }
    }

    /// Refuses a key whose account is not an allowed one, or not the one that this process has worked in so far.
    async fn verify(&self, seen: &mut Seen, found: &Credentials) -> Result<Caller> {
        let caller = self.look(seen, found).await?;
        self.accounts.check(&caller.account)?;
        if let Some(before) = &seen.known {
            same(before, &caller)?;
        }
        seen.known = Some(caller.clone());
        Ok(caller)
    }

    /// Asks whose a key is, unless that was asked just before.
    async fn look(&self, seen: &mut Seen, found: &Credentials) -> Result<Caller> {
        if let Some((_, caller)) =
            seen.looked.as_ref().filter(|(key, _)| key == found.access_key_id())
        {
            return Ok(caller.clone());
        }
        let caller = self.sts.whose(found).await?;
        seen.looked = Some((found.access_key_id().into(), caller.clone()));
        Ok(caller)
    }
}

/// They outlast a look at them.
fn lasts(credentials: &Credentials) -> bool {
    credentials.expiry().is_none_or(|end| end > SystemTime::now() + SOON)
}

/// Other keys must be the same account's.
fn same(before: &Caller, now: &Caller) -> Result<()> {
    if before.account == now.account {
        return Ok(());
    }
    let name = |caller: &Caller| {
        if caller.account.is_empty() {
            "one that is not known".into()
        } else {
            caller.account.clone()
        }
    };
    let what = format!(
        "The credentials were replaced under way: they belonged to the AWS account {}, and now to {}.",
        name(before),
        name(now)
    );
    let fix = format!(
        "Nothing was asked or changed with the new ones. Put credentials of {} back and run Terraform again.",
        name(before)
    );
    Err(Error::config(AttributePath::root(), what, fix))
}

#[async_trait]
impl Identity for Guard {
    async fn caller(&self) -> Result<Caller> {
        let mut seen = self.0.seen.lock().await;
        if let Some(caller) = &seen.known {
            return Ok(caller.clone());
        }
        let found = match seen.last.clone().filter(lasts) {
            Some(last) => last,
            None => {
                let found =
                    self.0.ask().await.map_err(|e| {
                        error::of_credentials("tell whose credentials these are", &e)
                    })?;
                seen.ahead = Some(found.clone());
                found
            }
        };
        self.0.verify(&mut seen, &found).await
    }
}

impl ProvideCredentials for Guard {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.provide())
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guard")
    }
}

impl Accounts {
    /// No account is excluded.
    pub(super) fn anybody(&self) -> bool {
        self.allowed.is_empty() && self.forbidden.is_empty()
    }

    /// Refuses an account that is not to be worked in.
    fn check(&self, account: &str) -> Result<()> {
        let wrong = |why: String| {
            let what = format!("The credentials belong to the AWS account {account}, {why}.");
            let fix = "Nothing was read or changed with them. Use credentials of the right account, or correct the provider block.";
            Err(Error::config(AttributePath::root(), what, fix))
        };
        match () {
            () if self.forbidden.contains(account) => {
                wrong("which `forbidden_account_ids` names".into())
            }
            () if self.allowed.is_empty() || self.allowed.contains(account) => Ok(()),
            () => wrong(format!(
                "and `allowed_account_ids` allows only {}",
                Vec::from_iter(self.allowed.clone()).join(", ")
            )),
        }
    }
}

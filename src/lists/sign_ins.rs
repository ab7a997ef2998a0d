//! The list of `quilt_sso`.

use async_trait::async_trait;

use super::Stacks;
use crate::attributes;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::kinds::list_resource::{Entry, Found, ListResource};
use crate::outcome::Result;
use crate::quilt::sso::{Family, IdentityProvider, SignIn};
use crate::resources::sso::{PROVIDERS, SsoResource};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

attributes! {
    /// The identity providers that are on for the Quilt deployments of the account in one region.
    pub struct SsoFilter {
        /// The region, when it is not the provider's.
        region: String = Optional;
        /// Name of the stack. Default: every one that has sign-in.
        stack_name: String = Optional;
        /// `google`, `azure`, `okta` or `onelogin`. Default: every one that is on.
        identity_provider: String = Optional;
    }
}

/// The list of `quilt_sso`.
pub struct SsoList;

impl SsoFilter {
    /// The identity providers of a stack that are meant and on.
    fn on(&self, stack: &Stack) -> Vec<IdentityProvider> {
        let alive = !stack.status.never_completed() && !stack.status.going();
        let named = self.stack_name.as_deref_option().is_none_or(|name| name == stack.name);
        let meant = |provider: &IdentityProvider| {
            self.identity_provider.as_deref_option().is_none_or(|word| word == provider.word())
        };
        let sign_in = SignIn::of(&stack.parameters);
        let on = if alive && named { sign_in.on() } else { vec![] };
        // A legacy template calls all but Google the same: it is one sign-in, whatever it is called.
        let most = if sign_in.family() == Some(Family::Legacy) { 1 } else { on.len() };
        on.into_iter().filter(meant).take(most).collect()
    }
}

#[async_trait]
impl ListResource for SsoList {
    type Of = SsoResource;
    type Filter = SsoFilter;

    fn resource(&self) -> &SsoResource {
        &SsoResource
    }

    fn validate(&self, filter: &SsoFilter, d: &mut Diagnostics) {
        if let Value::Value(word) = &filter.identity_provider
            && IdentityProvider::of(word).is_none()
        {
            let at = AttributePath::new("identity_provider");
            d.fail_at(at, "This is no identity provider", PROVIDERS);
        }
    }

    async fn list(
        &self,
        cx: &Cx,
        filter: SsoFilter,
        found: &mut Found<'_, '_, SsoResource>,
    ) -> Result<()> {
        let aws = cx.aws(filter.region.as_deref_option()).await?;
        let mut stacks = Stacks::of(&aws);
        while let Some(stack) = stacks.next().await? {
            for provider in filter.on(&stack) {
                let called = vec![stack.name.clone(), provider.word().to_string()];
                let title = format!("{} for {}", provider.label(), stack.name);
                if !found.add(Entry { arn: stack.id.clone(), called, title }).await {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

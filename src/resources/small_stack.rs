//! Objects that are one stack from a template inside the provider: what each of them does stands here once, what it is in a file of its own.

use std::marker::PhantomData;
use std::time::Duration;

use async_trait::async_trait;

use super::protection::{self, Origin};
use super::{tags, timeouts};
use crate::aws::Aws;
use crate::cloudformation::stack::{Order, Stack};
use crate::cx::Cx;
use crate::deploy::Step;
use crate::kinds::resource::{Draft, Identity, Kept, Resource};
use crate::outcome::Result;
use crate::quilt::templates::Templates;
use crate::tf::{Diagnostics, Object, Value};
use template::{ID, limits, stack_name, subject};

mod deletion;
mod order;
mod plan;
mod seen;
pub mod template;
pub mod version;

pub use seen::{foreign, recognised, way_to_import};
pub use template::{Parameters, Shared, SharedMut, SmallStack};

/// The resource whose objects are such stacks, with `S` as their state.
pub struct SmallStackResource<S> {
    templates: Templates,
    of: PhantomData<fn() -> S>,
}

impl<S: SmallStack> Default for SmallStackResource<S> {
    fn default() -> Self {
        Self::of(S::TEMPLATES)
    }
}

impl<S: SmallStack> SmallStackResource<S> {
    /// One whose stacks are made from these templates.
    pub fn of(templates: Templates) -> Self {
        Self { templates, of: PhantomData }
    }

    /// What to send to a stack that is there, as soon as it can be sent.
    async fn order(
        &self,
        (cx, aws): (&Cx, &Aws),
        planned: &S,
        live: &Stack,
        limit: Duration,
    ) -> Result<Option<Order>> {
        let order = order::update(&cx.settings, self.templates, planned, live)?;
        if order.is_some() {
            planned.before_update(cx, aws, limit).await?;
        }
        Ok(order)
    }
}

#[async_trait]
impl<S: SmallStack> Resource for SmallStackResource<S> {
    const NAME: &'static str = S::NAME;
    type State = S;
    type Private = Origin;
    const IDENTIFIED_BY: &'static [&'static str] = &["name"];

    fn subject(state: &S) -> String {
        subject(state)
    }

    fn arns(state: &S) -> Vec<&Value<String>> {
        vec![state.shared().id]
    }

    fn identity(state: &S) -> Option<Identity> {
        let Shared { name, region, id, .. } = state.shared();
        Identity::stack("name", name.as_deref_option().map(stack_name::<S>), region, id)
    }

    fn adopts(planned: &mut S, config: &S) {
        version::adopts(planned.shared_mut().template_version, config.shared().template_version);
    }

    fn loses(_state: &S) -> Option<String> {
        (!S::LOSES.is_empty()).then(|| S::LOSES.to_string())
    }

    fn validate(&self, config: &S, d: &mut Diagnostics) {
        let Shared { template_version, tags, timeouts, .. } = config.shared();
        config.check(d);
        version::validate(self.templates, template_version, d);
        tags::validate(tags, d);
        timeouts::validate(timeouts, d);
    }

    async fn plan(&self, cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        let Draft { prior, config, planned, replace, private, .. } = draft;
        plan::every(cx, self.templates, (prior.as_ref(), config, planned), d).await?;
        protection::plan(
            planned.shared_mut().protection,
            config.shared().protection,
            prior.is_none() || private.created,
        );
        match prior {
            None => planned.plan_creation(cx, config, d).await,
            Some(prior) => plan::change(cx, (prior, config, planned), replace, d).await,
        }
    }

    async fn plan_delete(&self, cx: &Cx, state: &S, d: &mut Diagnostics) -> Result<()> {
        deletion::plan(cx, state, d).await
    }

    async fn create(&self, cx: &Cx, planned: S, kept: &mut Kept<Self>) -> Result<S> {
        let deploy = &template::deploy(cx, &planned).await?;
        let (planned, parameters) = planned.before_create(&deploy.aws).await?;
        let order = order::creation(&cx.settings, self.templates, &planned, parameters)?;
        kept.private.created = true;
        let (adoption, limit) = (kept.adoption(), limits(&planned).create);
        let told = |step: Step<'_>| {
            kept.note(step, |id| seen::begun(planned.clone(), id, &deploy.aws.region))
        };
        let adopt = async |live: Stack| self.order((cx, &deploy.aws), &planned, &live, limit).await;
        let mut stack = deploy.create(&order, limit, (&adoption, adopt), told).await?;
        protection::switch(deploy, &mut stack, planned.shared().protection).await?;
        seen::after(&deploy.aws, planned, &stack).await
    }

    async fn read(&self, cx: &Cx, state: S, _private: &mut Origin) -> Result<Option<S>> {
        let deploy = template::deploy(cx, &state).await?;
        match deploy.find(template::id(&state)?).await? {
            Some(stack) => seen::read(&deploy, state, &stack).await.map(Some),
            None => Ok(None),
        }
    }

    async fn update(&self, cx: &Cx, prior: S, planned: S, _kept: &mut Kept<Self>) -> Result<S> {
        let deploy = &template::deploy(cx, &prior).await?;
        let limit = limits(&planned).update;
        let order = async |live: Stack| self.order((cx, &deploy.aws), &planned, &live, limit).await;
        let mut stack = deploy.update(template::id(&prior)?, limit, order).await?;
        protection::switch(deploy, &mut stack, planned.shared().protection).await?;
        planned.after_update(&deploy.aws, &prior).await?;
        seen::after(&deploy.aws, planned, &stack).await
    }

    async fn delete(&self, cx: &Cx, state: S, _kept: &mut Kept<Self>) -> Result<()> {
        deletion::carry_out(cx, &state).await
    }

    fn shorten(&self, config: &mut S, _d: &mut Diagnostics) {
        let it = config.shared_mut();
        *it.template_version = Value::Null;
        if *it.protection == Value::Value(true) {
            *it.protection = Value::Null;
        }
        config.shorten();
    }

    async fn import(&self, cx: &Cx, id: &str, region: Option<&str>) -> Result<S> {
        seen::import(cx, id, region).await
    }

    fn upgrade(&self, _version: i64, mut old: Object) -> Result<Object> {
        // In version 0 of a network's state the `id` is called so.
        if let Some(arn) = old.remove("stack_id") {
            old.entry(ID.to_string()).or_insert(arn);
        }
        Ok(old)
    }
}

#[cfg(test)]
mod tests;

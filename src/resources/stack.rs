//! `quilt_stack`: a Quilt deployment, or any other CloudFormation stack. Its verbs; each is a road of its own.

use async_trait::async_trait;

use super::stack_policy;
use crate::cx::Cx;
use crate::kinds::resource::{Identity, Kept, Resource, Source};
use crate::outcome::Result;
use crate::tf::{Diagnostics, Object, Value};
use decide::validation;
use order::secrets;
use state::{Draft, StackPrivate};
use tell::{imported, seen};

mod catalogued;
mod connect;
mod creation;
mod decide;
mod gather;
mod inputs;
mod loaded;
mod moved;
mod order;
mod plan;
mod quilt;
mod removal;
mod shorthands;
mod state;
mod tell;
mod update;
mod written;

pub use gather::source::load as load_template;
pub use loaded::Loaded;
pub use quilt::objects::argument_of;
pub use state::{Aliases, StackResource, StackState, Strings};
pub use tell::seen::look;

#[async_trait]
impl Resource for StackResource {
    const NAME: &'static str = "quilt_stack";
    type State = StackState;
    type Private = StackPrivate;
    const IDENTIFIED_BY: &'static [&'static str] = &["name"];

    fn subject(state: &StackState) -> String {
        state.subject()
    }

    fn loses(_state: &StackState) -> Option<String> {
        Some("all that its template makes and does not retain: a database, a search index, buckets. Look at the stack's resources in the AWS console first.".into())
    }

    fn arns(state: &StackState) -> Vec<&Value<String>> {
        vec![&state.id, &state.admin_password_secret_arn]
    }

    fn identity(state: &StackState) -> Option<Identity> {
        Identity::stack("name", state.name.as_ref_option().cloned(), &state.region, &state.id)
    }

    fn adopts(planned: &mut StackState, config: &StackState) {
        decide::foreseen::adopted(planned, config);
    }

    fn validate(&self, config: &StackState, d: &mut Diagnostics) {
        validation::validate(config, d);
    }

    async fn plan(&self, cx: &Cx, draft: &mut Draft, d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, draft, d).await
    }

    async fn plan_delete(&self, cx: &Cx, state: &StackState, d: &mut Diagnostics) -> Result<()> {
        removal::plan(cx, state, d).await
    }

    async fn create(
        &self,
        cx: &Cx,
        planned: StackState,
        kept: &mut Kept<Self>,
    ) -> Result<StackState> {
        creation::create(cx, planned, kept).await
    }

    async fn read(
        &self,
        cx: &Cx,
        state: StackState,
        private: &mut StackPrivate,
    ) -> Result<Option<StackState>> {
        secrets::hide(&cx.veil, &state, None, private);
        let deploy = state.deploy(cx).await?;
        let Some(stack) = deploy.find(state.arn()?).await? else { return Ok(None) };
        cx.refreshed.note(&stack);
        // Nothing is remembered where the provider was killed.
        let unsure = private.policy_unsure || private.seen.is_empty();
        let mut state = seen::read(cx, &deploy, state, &stack, private).await?;
        if unsure && state.policy_body.is_value() {
            stack_policy::look(&deploy, &stack.id, &mut state.policy_body).await?;
        }
        private.policy_unsure = false;
        Ok(Some(state))
    }

    async fn update(
        &self,
        cx: &Cx,
        prior: StackState,
        planned: StackState,
        kept: &mut Kept<Self>,
    ) -> Result<StackState> {
        update::update(cx, prior, planned, kept).await
    }

    async fn delete(&self, cx: &Cx, state: StackState, kept: &mut Kept<Self>) -> Result<()> {
        secrets::hide(&cx.veil, &state, None, &kept.private);
        removal::delete(cx, &state, &mut kept.diagnostics).await
    }

    async fn import(&self, cx: &Cx, id: &str, region: Option<&str>) -> Result<StackState> {
        imported::import(cx, id, region).await
    }

    fn imported(state: &StackState, d: &mut Diagnostics) {
        catalogued::imported(state, d);
    }

    fn shorten(&self, config: &mut StackState, d: &mut Diagnostics) {
        written::shorten(config, d);
    }

    fn move_from(&self, source: &Source, old: &Object) -> Option<StackState> {
        moved::from(source, old)
    }
}

#[cfg(test)]
mod tests;

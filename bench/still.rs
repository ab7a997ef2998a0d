//! A provider with our schema and our wire that does nothing: what Terraform and the protocol alone cost. `cargo xtask bench` starts it beside ours.

use std::process::ExitCode;

use async_trait::async_trait;
use quilt_provider::cli;
use quilt_provider::cx::Cx;
use quilt_provider::kinds::resource::identity::IdentitySchema;
use quilt_provider::kinds::resource::{Answer, AnyResource, Change, Planned, Source, Wanted};
use quilt_provider::provider::Provider;
use quilt_provider::tf::schema::Schema;
use quilt_provider::tf::{Diagnostics, Object};
use quilt_provider::wire;

/// Terraform says what it is to every plugin; `cargo bench` says nothing, and there is nothing to measure here.
const COOKIE: &str = "TF_PLUGIN_MAGIC_COOKIE";

fn main() -> ExitCode {
    if std::env::var_os(COOKIE).is_none() {
        return ExitCode::SUCCESS;
    }
    wire::choose_cryptography();
    let mut provider = Provider::started();
    let all = std::mem::take(&mut provider.served.resources);
    provider.served.resources =
        all.into_iter().map(|resource| Box::new(Still(resource)) as Box<dyn AnyResource>).collect();
    match cli::block_on(wire::serve(provider)) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// A resource that agrees to everything.
struct Still(Box<dyn AnyResource>);

#[async_trait]
impl AnyResource for Still {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn schema(&self) -> &'static Schema {
        self.0.schema()
    }

    fn validate(&self, _: &Object, _: bool, _: &mut Diagnostics) {}

    async fn upgrade(&self, _: &Cx, _: i64, old: Object, _: &mut Diagnostics) -> Option<Object> {
        Some(old)
    }

    async fn read(&self, _: &Cx, state: Object, private: &[u8], _: &mut Diagnostics) -> Answer {
        Answer { state: Some(state), private: private.to_vec() }
    }

    async fn plan(&self, _: &Cx, change: Change, _: &mut Diagnostics) -> Option<Planned> {
        Some(Planned { state: change.planned, replace: Vec::new(), private: change.private })
    }

    async fn apply(&self, _: &Cx, change: Change, _: &mut Diagnostics) -> Answer {
        Answer { state: change.planned, private: change.private }
    }

    async fn import(&self, _: &Cx, _: &Wanted, _: &mut Diagnostics) -> Option<Answer> {
        None
    }

    async fn written(&self, _: &Cx, _: &Object, _: &mut Diagnostics) -> Option<Object> {
        None
    }

    fn identity_schema(&self) -> Option<IdentitySchema> {
        None
    }

    fn identity_of(&self, _: &Object) -> Option<Object> {
        None
    }

    fn upgrade_identity(&self, _: i64, old: Object) -> Object {
        old
    }

    fn move_from(&self, _: &Source, _: &Object, _: &mut Diagnostics) -> Option<Object> {
        None
    }
}

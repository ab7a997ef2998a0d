//! What Terraform asks of one resource or data source: what was sent goes to it, and its answer goes back.

use super::call::{Call, run};
use super::diagnostics::path;
use super::identities::{identity, wanted};
use super::proto::*;
use super::service::Service;
use crate::cx::Cx;
use crate::kinds::data_source::AnyDataSource;
use crate::kinds::resource::{AnyResource, Source};
use crate::tf::Report;

impl Service {
    /// A call over a resource of this type.
    pub(super) fn resource<'a>(
        &'a self,
        name: &'static str,
        type_name: &str,
        written: Option<&'a DynamicValue>,
    ) -> Call<'a, dyn AnyResource> {
        let all = &self.provider.served.resources;
        let called = ("resource type", type_name);
        Call::over(
            (name, &self.provider.veil),
            all,
            called,
            (|r| r.name(), |r| r.schema()),
            written,
        )
    }

    /// A call over a data source of this type.
    fn data_source<'a>(
        &'a self,
        name: &'static str,
        type_name: &str,
        written: Option<&'a DynamicValue>,
    ) -> Call<'a, dyn AnyDataSource> {
        let all = &self.provider.served.data_sources;
        let called = ("data source", type_name);
        Call::over(
            (name, &self.provider.veil),
            all,
            called,
            (|s| s.name(), |s| s.schema()),
            written,
        )
    }

    pub(super) async fn validate_resource_config(
        &self,
        r: validate_resource_config::Request,
    ) -> validate_resource_config::Response {
        let write_only = r.client_capabilities.is_some_and(|c| c.write_only_attributes_allowed);
        let call = self.resource("ValidateResourceConfig", &r.type_name, r.config.as_ref());
        let (_, diagnostics) = run(&call, async |d| {
            let resource = call.about(d)?;
            resource.validate(&call.written("configuration", d)?, write_only, d);
            Some(())
        })
        .await;
        validate_resource_config::Response { diagnostics }
    }

    pub(super) async fn upgrade_resource_state(
        &self,
        r: upgrade_resource_state::Request,
    ) -> upgrade_resource_state::Response {
        let call = self.resource("UpgradeResourceState", &r.type_name, None);
        let (upgraded_state, diagnostics) = run(&call, async |d| {
            let resource = call.about(d)?;
            let state = match call.stored("stored state", r.raw_state.as_ref(), d)? {
                Some(old) => Some(resource.upgrade(&self.cx(), r.version, old, d).await?),
                None => None,
            };
            call.encode(state)
        })
        .await;
        upgrade_resource_state::Response { upgraded_state, diagnostics }
    }

    pub(super) async fn read_resource(&self, r: read_resource::Request) -> read_resource::Response {
        let call = self.resource("ReadResource", &r.type_name, r.current_state.as_ref());
        let (answer, diagnostics) = run(&call, async |d| {
            let resource = call.about(d)?;
            let state = call.written("state", d)?;
            let answer = resource.read(&self.cx(), state, &r.private, d).await;
            let known = identity(resource, answer.state.as_ref(), r.current_identity.as_ref());
            Some((call.encode(answer.state), answer.private, known))
        })
        .await;
        let (new_state, private, new_identity) =
            answer.unwrap_or((r.current_state, r.private, r.current_identity));
        read_resource::Response { new_state, private, new_identity, diagnostics, deferred: None }
    }

    pub(super) async fn plan_resource_change(
        &self,
        r: plan_resource_change::Request,
    ) -> plan_resource_change::Response {
        let call = self.resource("PlanResourceChange", &r.type_name, r.config.as_ref());
        let (planned, diagnostics) = run(&call, async |d| {
            let resource = call.about(d)?;
            let sent = [r.prior_state.as_ref(), r.proposed_new_state.as_ref()];
            let change = call.change(sent, &r.prior_private, d)?;
            // Who hands a plan's memory on to the second one of the same change does not need it found out anew there.
            let hands_on = r.client_capabilities.is_some_and(|can| can.store_planned_private);
            let provisional = hands_on && r.planned_private.is_empty();
            let cx = Cx { first: r.planned_private.clone(), provisional, ..self.cx() };
            let deleted = change.prior.clone().filter(|_| change.planned.is_none());
            let stored = r.prior_identity.as_ref().filter(|_| change.prior.is_some());
            let planned = resource.plan(&cx, change, d).await?;
            let known = identity(resource, planned.state.as_ref().or(deleted.as_ref()), stored);
            Some((call.encode(planned.state), planned.replace, planned.private, known))
        })
        .await;
        let (planned_state, replace, planned_private, planned_identity) =
            planned.unwrap_or((r.prior_state, vec![], r.prior_private, r.prior_identity));
        let requires_replace = replace.into_iter().map(path).collect();
        plan_resource_change::Response {
            planned_state,
            requires_replace,
            planned_private,
            planned_identity,
            diagnostics,
            ..Default::default()
        }
    }

    pub(super) async fn apply_resource_change(
        &self,
        r: apply_resource_change::Request,
    ) -> apply_resource_change::Response {
        let call = self.resource("ApplyResourceChange", &r.type_name, r.config.as_ref());
        let (answer, diagnostics) = run(&call, async |d| {
            let resource = call.about(d)?;
            let sent = [r.prior_state.as_ref(), r.planned_state.as_ref()];
            let change = call.change(sent, &r.planned_private, d)?;
            let answer = resource.apply(&self.cx(), change, d).await;
            let known = identity(resource, answer.state.as_ref(), r.planned_identity.as_ref());
            Some((call.encode(answer.state), answer.private, known))
        })
        .await;
        let (new_state, private, new_identity) =
            answer.unwrap_or((r.prior_state, r.planned_private, r.planned_identity));
        apply_resource_change::Response {
            new_state,
            private,
            new_identity,
            diagnostics,
            ..Default::default()
        }
    }

    pub(super) async fn import_resource_state(
        &self,
        r: import_resource_state::Request,
    ) -> import_resource_state::Response {
        let call = self.resource("ImportResourceState", &r.type_name, None);
        call.sent().see_text(&r.id);
        let (imported, diagnostics) = run(&call, async |d| {
            let resource = call.about(d)?;
            let answer = resource.import(&self.cx(), &wanted(&call, &r, d)?, d).await?;
            Some(import_resource_state::ImportedResource {
                type_name: r.type_name.clone(),
                identity: identity(resource, answer.state.as_ref(), r.identity.as_ref()),
                state: call.encode(answer.state),
                private: answer.private,
            })
        })
        .await;
        let imported_resources = imported.into_iter().collect();
        import_resource_state::Response { imported_resources, diagnostics, ..Default::default() }
    }

    pub(super) async fn move_resource_state(
        &self,
        r: move_resource_state::Request,
    ) -> move_resource_state::Response {
        let call = self.resource("MoveResourceState", &r.target_type_name, None);
        let (moved, diagnostics) = run(&call, async |d| {
            let resource = call.about(d)?;
            let Some(old) = call.stored("state to move", r.source_state.as_ref(), d)? else {
                let detail = format!(
                    "Terraform sent no state of {}. Nothing was changed: import the object instead.",
                    r.source_type_name
                );
                d.fail("There is nothing to move", detail);
                return None;
            };
            let source = Source {
                provider: r.source_provider_address.clone(),
                type_name: r.source_type_name.clone(),
            };
            let moved = resource.move_from(&source, &old, d)?;
            let known = identity(resource, Some(&moved), None);
            Some((call.encode(Some(moved)), known))
        })
        .await;
        let (target_state, target_identity) = moved.unwrap_or_default();
        move_resource_state::Response {
            target_state,
            target_identity,
            diagnostics,
            ..Default::default()
        }
    }

    pub(super) async fn validate_data_resource_config(
        &self,
        r: validate_data_resource_config::Request,
    ) -> validate_data_resource_config::Response {
        let call = self.data_source("ValidateDataResourceConfig", &r.type_name, r.config.as_ref());
        let (_, diagnostics) = run(&call, async |d| {
            let source = call.about(d)?;
            source.validate(&call.written("configuration", d)?, d);
            Some(())
        })
        .await;
        validate_data_resource_config::Response { diagnostics }
    }

    pub(super) async fn read_data_source(
        &self,
        r: read_data_source::Request,
    ) -> read_data_source::Response {
        let call = self.data_source("ReadDataSource", &r.type_name, r.config.as_ref());
        let (state, diagnostics) = run(&call, async |d| {
            let source = call.about(d)?;
            call.encode(Some(source.read(&self.cx(), call.written("configuration", d)?, d).await?))
        })
        .await;
        read_data_source::Response { state, diagnostics, ..Default::default() }
    }
}

//! What Terraform asks of one list: each object is an event of its own, and nothing more is looked for once nobody takes it.

use futures_util::FutureExt;
use tokio::sync::mpsc::Sender;

use super::call::{Call, run};
use super::codec;
use super::diagnostics::diagnostics;
use super::events::{Events, driven};
use super::identities::data;
use super::proto::*;
use super::service::Service;
use crate::kinds::list_resource::{AnyListResource, Listed, Wish};
use crate::outcome::{Long, Veil};
use crate::tf::Object;
use crate::tf::schema::Attribute;

impl Service {
    /// A call over a list of this type.
    fn list<'a>(
        &'a self,
        name: &'static str,
        type_name: &str,
        written: Option<&'a DynamicValue>,
    ) -> Call<'a, dyn AnyListResource> {
        let all = &self.provider.served.lists;
        let called = ("list resource", type_name);
        Call::over(
            (name, &self.provider.veil),
            all,
            called,
            (|l| l.name(), |l| l.schema()),
            written,
        )
    }

    pub(super) async fn validate_list_resource_config(
        &self,
        r: validate_list_resource_config::Request,
    ) -> validate_list_resource_config::Response {
        let call = self.list("ValidateListResourceConfig", &r.type_name, r.config.as_ref());
        let (_, diagnostics) = run(&call, async |d| {
            let list = call.about(d)?;
            list.validate(&call.written("configuration", d)?, d);
            Some(())
        })
        .await;
        validate_list_resource_config::Response { diagnostics }
    }

    pub(super) fn list_resource(&self, r: list_resource::Request) -> Events<list_resource::Event> {
        let service = self.clone();
        driven(move |events| async move {
            let stop = service.cx().stop;
            let diagnostic = tokio::select! {
                diagnostic = service.tell(&r, &events) => diagnostic,
                // Terraform wants an end, and says so itself.
                () = stop.cancelled() => vec![],
            };
            if !diagnostic.is_empty() {
                let last = list_resource::Event { diagnostic, ..Default::default() };
                // Whoever asked may be gone.
                let _ = events.send(Ok(last)).await;
            }
        })
    }

    /// Tells what there is; the answer is what was wrong on the way.
    async fn tell(
        &self,
        r: &list_resource::Request,
        events: &Sender<Result<list_resource::Event, tonic::Status>>,
    ) -> Vec<Diagnostic> {
        let call = self.list("ListResource", &r.type_name, r.config.as_ref());
        let limit = usize::try_from(r.limit).unwrap_or_default();
        let wish = Wish { states: r.include_resource_object, limit };
        let known = self.provider.served.resources.iter().find(|one| one.name() == r.type_name);
        let attributes = known.map_or(&[][..], |one| &one.schema().attributes);
        let teller = |listed: Listed| {
            let event = event(&self.provider.veil, attributes, listed);
            async move { events.send(Ok(event)).await.is_ok() }.boxed()
        };
        let (_, diagnostics) = run(&call, async |d| {
            let list = call.about(d)?;
            list.list(&self.cx(), &call.written("configuration", d)?, wish, &teller, d).await;
            Some(())
        })
        .await;
        diagnostics
    }
}

fn event(veil: &Veil, attributes: &[Attribute], listed: Listed) -> list_resource::Event {
    let told = veil.cover(attributes, &Object::new(), &Long::default(), listed.diagnostics);
    list_resource::Event {
        identity: listed.identity.map(data),
        display_name: listed.title,
        resource_object: listed.state.and_then(|state| codec::encode(attributes, Some(state))),
        diagnostic: diagnostics(attributes, told),
    }
}

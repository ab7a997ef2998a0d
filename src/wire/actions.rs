//! What Terraform asks of one action. An invocation is answered line by line, and at last with what it ended in.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Status;

use super::call::{Call, run};
use super::events::Events;
use super::proto::invoke_action::Event;
use super::proto::invoke_action::event::{Completed, Progress as Line, Type};
use super::proto::*;
use super::service::Service;
use crate::cx::Cx;
use crate::cx::progress::Progress;
use crate::kinds::action::AnyAction;
use crate::provider::Provider;

/// Where an invocation's events go.
type Out = UnboundedSender<Result<Event, Status>>;

/// A call over an action of this type.
fn action<'a>(
    provider: &'a Provider,
    name: &'static str,
    type_name: &str,
    written: Option<&'a DynamicValue>,
) -> Call<'a, dyn AnyAction> {
    let all = &provider.served.actions;
    let called = ("action", type_name);
    Call::over((name, &provider.veil), all, called, (|a| a.name(), |a| a.schema()), written)
}

impl Service {
    pub(super) async fn validate_action_config(
        &self,
        r: validate_action_config::Request,
    ) -> validate_action_config::Response {
        let call = action(&self.provider, "ValidateActionConfig", &r.type_name, r.config.as_ref());
        let (_, diagnostics) = run(&call, async |d| {
            let action = call.about(d)?;
            action.validate(&call.written("configuration", d)?, d);
            Some(())
        })
        .await;
        validate_action_config::Response { diagnostics }
    }

    pub(super) async fn plan_action(&self, r: plan_action::Request) -> plan_action::Response {
        let call = action(&self.provider, "PlanAction", &r.action_type, r.config.as_ref());
        let (_, diagnostics) = run(&call, async |d| {
            let action = call.about(d)?;
            action.plan(&call.written("configuration", d)?, d);
            Some(())
        })
        .await;
        plan_action::Response { diagnostics, deferred: None }
    }

    /// The work goes on beside the answer, and stops when nobody takes that any more.
    pub(super) fn invoke_action(&self, r: invoke_action::Request) -> Events<Event> {
        let (out, events) = unbounded_channel();
        let (provider, cx) = (self.provider.clone(), self.cx());
        let stop = cx.stop.child_token();
        let cx = Cx { stop: stop.clone(), progress: lines(&cx, out.clone()), ..cx };
        tokio::spawn(async move {
            let work = std::pin::pin!(invoked(&provider, &cx, &r));
            let gone = async {
                out.closed().await;
                stop.cancel();
                std::future::pending::<()>().await;
            };
            let diagnostics = tokio::select! {
                diagnostics = work => diagnostics,
                () = gone => vec![],
            };
            let end = Event { r#type: Some(Type::Completed(Completed { diagnostics })) };
            // Whoever asked may be gone.
            let _ = out.send(Ok(end));
        });
        Box::pin(UnboundedReceiverStream::new(events))
    }
}

/// Lines of progress as events, without secrets.
fn lines(cx: &Cx, out: Out) -> Progress {
    let veil = cx.veil.clone();
    Progress::to(move |line| {
        let line = Line { message: veil.strike(&line) };
        // Whoever asked may be gone.
        let _ = out.send(Ok(Event { r#type: Some(Type::Progress(line)) }));
    })
}

async fn invoked(provider: &Arc<Provider>, cx: &Cx, r: &invoke_action::Request) -> Vec<Diagnostic> {
    let call = action(provider, "InvokeAction", &r.action_type, r.config.as_ref());
    let (_, diagnostics) = run(&call, async |d| {
        let action = call.about(d)?;
        action.invoke(cx, call.written("configuration", d)?, d).await
    })
    .await;
    diagnostics
}

//! What Terraform asks of one ephemeral resource.

use std::time::{SystemTime, UNIX_EPOCH};

use super::call::{Call, run};
use super::proto::*;
use super::service::Service;
use crate::kinds::ephemeral::AnyEphemeral;

impl Service {
    /// A call over an ephemeral resource of this type.
    fn ephemeral<'a>(
        &'a self,
        name: &'static str,
        type_name: &str,
        written: Option<&'a DynamicValue>,
    ) -> Call<'a, dyn AnyEphemeral> {
        let all = &self.provider.served.ephemerals;
        let called = ("ephemeral resource", type_name);
        Call::over(
            (name, &self.provider.veil),
            all,
            called,
            (|e| e.name(), |e| e.schema()),
            written,
        )
    }

    pub(super) async fn validate_ephemeral_resource_config(
        &self,
        r: validate_ephemeral_resource_config::Request,
    ) -> validate_ephemeral_resource_config::Response {
        let call =
            self.ephemeral("ValidateEphemeralResourceConfig", &r.type_name, r.config.as_ref());
        let (_, diagnostics) = run(&call, async |d| {
            let ephemeral = call.about(d)?;
            ephemeral.validate(&call.written("configuration", d)?, d);
            Some(())
        })
        .await;
        validate_ephemeral_resource_config::Response { diagnostics }
    }

    pub(super) async fn open_ephemeral_resource(
        &self,
        r: open_ephemeral_resource::Request,
    ) -> open_ephemeral_resource::Response {
        let call = self.ephemeral("OpenEphemeralResource", &r.type_name, r.config.as_ref());
        let (opened, diagnostics) = run(&call, async |d| {
            let ephemeral = call.about(d)?;
            let config = call.written("configuration", d)?;
            let (object, lease) = ephemeral.open(&self.cx(), config, d).await?;
            Some((call.encode(Some(object)), lease))
        })
        .await;
        let (result, lease) = opened.unzip();
        let lease = lease.unwrap_or_default();
        open_ephemeral_resource::Response {
            result: result.flatten(),
            renew_at: lease.renew_at.map(timestamp),
            private: Some(lease.private),
            diagnostics,
            ..Default::default()
        }
    }

    pub(super) async fn renew_ephemeral_resource(
        &self,
        r: renew_ephemeral_resource::Request,
    ) -> renew_ephemeral_resource::Response {
        let call = self.ephemeral("RenewEphemeralResource", &r.type_name, None);
        let private = r.private.unwrap_or_default();
        let (lease, diagnostics) =
            run(&call, async |d| call.about(d)?.renew(&self.cx(), &private, d).await).await;
        let (renew_at, private) = match lease {
            Some(lease) => (lease.renew_at.map(timestamp), lease.private),
            None => (None, private),
        };
        renew_ephemeral_resource::Response { renew_at, private: Some(private), diagnostics }
    }

    pub(super) async fn close_ephemeral_resource(
        &self,
        r: close_ephemeral_resource::Request,
    ) -> close_ephemeral_resource::Response {
        let call = self.ephemeral("CloseEphemeralResource", &r.type_name, None);
        let private = r.private.unwrap_or_default();
        let (_, diagnostics) =
            run(&call, async |d| call.about(d)?.close(&self.cx(), &private, d).await).await;
        close_ephemeral_resource::Response { diagnostics }
    }
}

/// A moment as the protocol has it; none of ours is before 1970.
fn timestamp(at: SystemTime) -> Timestamp {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp {
        seconds: since.as_secs().try_into().unwrap_or(i64::MAX),
        nanos: since.subsec_nanos().try_into().unwrap_or_default(),
    }
}

//! State stores: none is served, and whoever asks for one is told so in words.

use super::call::unserved;
use super::events::{Events, once};
use super::proto::*;
use super::service::Service;

fn no_store(name: &str) -> Vec<Diagnostic> {
    unserved("state store", name)
}

impl Service {
    pub(super) fn validate_state_store(
        &self,
        r: validate_state_store::Request,
    ) -> validate_state_store::Response {
        validate_state_store::Response { diagnostics: no_store(&r.type_name) }
    }

    pub(super) async fn configure_state_store(
        &self,
        r: configure_state_store::Request,
    ) -> configure_state_store::Response {
        let diagnostics = no_store(&r.type_name);
        configure_state_store::Response { diagnostics, ..Default::default() }
    }

    pub(super) fn read_state_bytes(
        &self,
        r: read_state_bytes::Request,
    ) -> Events<read_state_bytes::Response> {
        let diagnostics = no_store(&r.type_name);
        once(read_state_bytes::Response { diagnostics, ..Default::default() })
    }

    /// Only the first chunk says which store it is for.
    pub(super) fn write_state_bytes(
        &self,
        first: Option<write_state_bytes::RequestChunk>,
    ) -> write_state_bytes::Response {
        let name = first.and_then(|chunk| chunk.meta).unwrap_or_default().type_name;
        write_state_bytes::Response { diagnostics: no_store(&name) }
    }

    pub(super) async fn lock_state(&self, r: lock_state::Request) -> lock_state::Response {
        lock_state::Response { diagnostics: no_store(&r.type_name), ..Default::default() }
    }

    pub(super) async fn unlock_state(&self, r: unlock_state::Request) -> unlock_state::Response {
        unlock_state::Response { diagnostics: no_store(&r.type_name) }
    }

    pub(super) async fn get_states(&self, r: get_states::Request) -> get_states::Response {
        get_states::Response { diagnostics: no_store(&r.type_name), ..Default::default() }
    }

    pub(super) async fn delete_state(&self, r: delete_state::Request) -> delete_state::Response {
        delete_state::Response { diagnostics: no_store(&r.type_name) }
    }
}

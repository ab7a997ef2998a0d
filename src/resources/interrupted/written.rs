//! The configuration that is written for what was imported: it is valid, plans nothing, and says no more than a person would.

use super::each_call::{sign_in, snapshot};
use super::*;
use crate::kinds::resource::{AnyResource, Wanted};
use crate::tf::{AttributePath, Diagnostics, State, Tree};

impl<R: Resource> Case<R> {
    /// Of what was made by the configuration exactly these arguments are written.
    async fn written(&self, id: &str, arguments: &[&str]) {
        let mut stage = self.begun(Some(&(self.config)())).await;
        stage.import_by(Wanted::Id(id.into())).await;
        stage.refresh().await;
        let (resource, mut d) = ((self.resource)(), Diagnostics::default());
        let state = stage.state.clone().unwrap();
        let config = AnyResource::written(&resource, &stage.cx(), &state, &mut d).await.unwrap();
        let mut given: Vec<_> =
            config.iter().filter(|(_, v)| **v != Tree::Null).map(|(k, _)| k.as_str()).collect();
        given.sort_unstable();
        assert_eq!(given, arguments, "{config:?}");
        AnyResource::validate(&resource, &config, true, &mut d);
        assert!(!d.failed(), "{d:?}");
        let config = R::State::read_object(&config, &AttributePath::root()).unwrap();
        self.nothing_to_do(&mut stage, &config).await;
    }
}

#[tokio::test(start_paused = true)]
async fn stacks_are_written() {
    let arguments = ["enable_termination_protection", "name", "parameters"];
    stack().written("prod", &arguments).await;
}

#[tokio::test(start_paused = true)]
async fn networks_are_written() {
    network().written("prod", &["enable_termination_protection", "name"]).await;
}

#[tokio::test(start_paused = true)]
async fn databases_are_written() {
    let arguments = [
        "allocated_storage",
        "enable_deletion_protection",
        "enable_termination_protection",
        "engine_version",
        "name",
        "network",
    ];
    database().written("prod", &arguments).await;
}

#[tokio::test(start_paused = true)]
async fn search_domains_are_written() {
    search().written("prod", &["enable_termination_protection", "name", "network"]).await;
}

#[tokio::test(start_paused = true)]
async fn snapshots_are_written() {
    snapshot().written("mine", &["db_instance_identifier", "snapshot_identifier"]).await;
}

#[tokio::test(start_paused = true)]
async fn sign_ins_are_written() {
    let arguments = ["base_url", "client_id", "identity_provider", "stack_name"];
    sign_in().written("prod/okta", &arguments).await;
}

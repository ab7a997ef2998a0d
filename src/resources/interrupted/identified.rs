//! The identity of every resource: known once it is made, kept by an update, enough to import by, and of one account.

use super::each_call::{sign_in, snapshot};
use super::*;
use crate::aws::fake::{ACCOUNT, Login};
use crate::kinds::resource::{AnyResource, Wanted};
use crate::tf::{Object, Tree};

fn object(pairs: &[(&str, &str)]) -> Object {
    pairs.iter().map(|(k, v)| (k.to_string(), Tree::String(v.to_string()))).collect()
}

impl<R: Resource> Case<R> {
    /// `named` is what a person has to write.
    async fn identified(&self, named: &[(&str, &str)]) {
        let resource = (self.resource)();
        let identity = |object: Option<&Object>| AnyResource::identity_of(&resource, object?);
        let place = [("account_id", ACCOUNT), ("region", "us-east-1")];
        let whole = object(&[named, &place].concat());

        let mut stage = Stage::of((self.resource)(), (self.fake)());
        let planned = stage.plan(&(self.config)()).await;
        assert_eq!(
            identity(planned.state.as_ref()),
            None,
            "nothing is known of what is to be made"
        );
        let mut stage = self.begun(Some(&(self.config)())).await;
        assert_eq!(identity(stage.state.as_ref()).as_ref(), Some(&whole));
        let planned = stage.plan(&(self.edited)()).await;
        assert_eq!(identity(planned.state.as_ref()).as_ref(), Some(&whole));
        stage.apply(&(self.edited)()).await;
        assert_eq!(identity(stage.state.as_ref()).as_ref(), Some(&whole));

        for wanted in [object(named), whole.clone()] {
            stage.import_by(Wanted::Identity(wanted)).await;
            assert_eq!(identity(stage.state.as_ref()).as_ref(), Some(&whole), "{}", said(&stage));
            stage.refresh().await;
            assert_eq!(identity(stage.state.as_ref()).as_ref(), Some(&whole));
        }
        self.of_another(stage, &whole).await;
    }

    async fn of_another(&self, mut stage: Stage<R>, whole: &Object) {
        let calls = stage.fake.calls();
        let elsewhere = whole.clone().into_iter().chain(object(&[("account_id", "210987654321")]));
        stage.import_by(Wanted::Identity(elsewhere.collect())).await;
        assert!(stage.state.is_none() && said(&stage).contains("Nothing was imported"));
        stage.import_by(Wanted::Identity(Object::new())).await;
        assert!(stage.state.is_none() && said(&stage).contains("does not say"));
        assert_eq!(stage.fake.calls(), calls);
        stage.fake.signed_in(Login::Unasked);
        stage.import_by(Wanted::Identity(whole.clone())).await;
        assert!(
            stage.state.is_some(),
            "whoever leaves the account unasked means it: {}",
            said(&stage)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn stacks_are_identified() {
    stack().identified(&[("name", "prod")]).await;
}

#[tokio::test(start_paused = true)]
async fn networks_are_identified() {
    network().identified(&[("name", "prod")]).await;
}

#[tokio::test(start_paused = true)]
async fn databases_are_identified() {
    database().identified(&[("name", "prod")]).await;
}

#[tokio::test(start_paused = true)]
async fn search_domains_are_identified() {
    search().identified(&[("name", "prod")]).await;
}

#[tokio::test(start_paused = true)]
async fn snapshots_are_identified() {
    snapshot().identified(&[("snapshot_identifier", "mine")]).await;
}

#[tokio::test(start_paused = true)]
async fn sign_ins_are_identified() {
    sign_in().identified(&[("stack_name", "prod"), ("identity_provider", "okta")]).await;
}

//! Killed after each call that an operation makes, in turn: the next run does what is left, and nothing is made twice, replaced or left over.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::*;
use crate::cloudformation::stack::{Order, Parameter, Template};
use crate::quilt::database::{Facts, Instance};
use crate::resources::snapshot::{SnapshotResource, SnapshotState};
use crate::resources::sso::{SsoResource, SsoState};
use crate::tf::{Value, known};

/// Brings the object to a configuration, or to its end.
async fn run<R: Resource>(stage: &mut Stage<R>, wanted: Option<&R::State>) {
    match wanted {
        Some(config) => stage.apply_in(&stage.fake.cx(), config).await,
        None => stage.destroy().await,
    }
}

impl<R: Resource> Case<R> {
    /// The object as `before` asks for it, and looked at.
    pub(super) async fn begun(&self, before: Option<&R::State>) -> Stage<R> {
        let mut stage = Stage::of((self.resource)(), (self.fake)());
        if let Some(before) = before {
            stage.apply(before).await;
            stage.refresh().await;
        }
        stage
    }

    /// On the way from `before` to `after`; returns at how many moments it was killed.
    async fn killed_on_the_way(
        &self,
        before: Option<&R::State>,
        after: Option<&R::State>,
    ) -> usize {
        let mut calm = self.begun(before).await;
        run(&mut calm, after).await;
        let id = |stage: &Stage<R>| stage.fake.stack(self.stack).map(|stack| stack.id);
        for calls in 0.. {
            let mut stage = self.begun(before).await;
            let kept = (stage.state.clone(), stage.private.clone());
            stage.fake.dies_after(Some(calls));
            let killed = AssertUnwindSafe(run(&mut stage, after)).catch_unwind().await.is_err();
            stage.fake.dies_after(None);
            if !killed {
                return calls;
            }
            (stage.state, stage.private) = kept;
            stage.refresh().await;
            run(&mut stage, after).await;
            assert!(!stage.said.failed(), "killed after {calls} calls: {}", said(&stage));
            // One that was carried out is taken away by AWS itself, where a later run finds nothing to do.
            assert_eq!(
                (id(&stage), stage.fake.open_sets()),
                (id(&calm), vec![]),
                "killed after {calls} calls: {:#?}",
                stage.fake.calls()
            );
            match after {
                Some(config) => self.nothing_to_do(&mut stage, config).await,
                None => assert!(stage.state.is_none(), "killed after {calls} calls"),
            }
        }
        unreachable!("it ends some time")
    }

    async fn at_each_call(&self) {
        let (one, two) = ((self.config)(), (self.edited)());
        let moments = [
            self.killed_on_the_way(None, Some(&one)).await,
            self.killed_on_the_way(Some(&one), Some(&two)).await,
            self.killed_on_the_way(Some(&two), None).await,
        ];
        assert!(moments.iter().all(|calls| *calls > 1), "{moments:?}");
    }
}

pub(super) fn snapshot() -> Case<SnapshotResource> {
    fn tagged(tags: &[(&str, &str)]) -> SnapshotState {
        let tags = tags.iter().map(|(k, v)| (k.to_string(), known(*v))).collect();
        SnapshotState {
            stack_name: known("old"),
            snapshot_identifier: known("mine"),
            delete_on_destroy: true.into(),
            tags: Value::Value(tags),
            ..SnapshotState::default()
        }
    }
    fn fake() -> Fake {
        let facts = Facts {
            engine: "postgres".into(),
            engine_version: "15.12".into(),
            username: "root".into(),
            ..Facts::default()
        };
        let instance =
            Instance { id: "db".into(), status: "available".into(), facts, ..Instance::default() };
        Fake::default()
            .existing("old", "CREATE_COMPLETE")
            .part("old", "DB", "AWS::RDS::DBInstance", "db")
            .instance(instance)
    }
    Case {
        resource: || SnapshotResource,
        config: || tagged(&[]),
        edited: || tagged(&[("Purpose", "move")]),
        fake,
        stack: "old",
    }
}

pub(super) fn sign_in() -> Case<SsoResource> {
    const TEMPLATE: &str = r#"{"Parameters": {"PasswordAuth": {"Type": "String", "AllowedValues": ["Enabled", "Disabled"]},
        "OktaAuth": {"Type": "String"}, "OktaClientId": {"Type": "String"}, "OktaClientSecret": {"Type": "String", "NoEcho": true},
        "OktaBaseUrl": {"Type": "String"}, "QuiltWebHost": {"Type": "String"}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
    fn of(client: &str) -> SsoState {
        SsoState {
            stack_name: known("prod"),
            identity_provider: known("okta"),
            client_id: known(client),
            client_secret_wo: known("s3cr3t"),
            client_secret_wo_version: 1.into(),
            base_url: known("example.okta.com/oauth2/default/"),
            ..SsoState::default()
        }
    }
    fn fake() -> Fake {
        let given = [
            ("PasswordAuth", "Enabled"),
            ("OktaAuth", "Disabled"),
            ("OktaClientId", ""),
            ("OktaClientSecret", ""),
        ];
        let given =
            given.into_iter().chain([("OktaBaseUrl", ""), ("QuiltWebHost", "quilt.example.com")]);
        let parameters: BTreeMap<_, _> =
            given.map(|(k, v)| (k.to_string(), Parameter::Value(v.to_string()))).collect();
        let capabilities = BTreeSet::from(["CAPABILITY_NAMED_IAM".to_string()]);
        let order = Order {
            name: "prod".into(),
            template: Template::Body(TEMPLATE.into()),
            parameters,
            capabilities,
            ..Order::default()
        };
        let fake = Fake::default().secret("OktaClientSecret");
        let aws = fake.cx();
        let made = async { aws.aws(None).await.unwrap().stacks.create(&order, "somebody").await };
        made.now_or_never().unwrap().unwrap();
        fake.becomes("prod", "CREATE_COMPLETE");
        fake
    }
    Case {
        resource: || SsoResource,
        config: || of("one"),
        edited: || of("two"),
        fake,
        stack: "prod",
    }
}

#[tokio::test(start_paused = true)]
async fn stacks_killed_at_each_call() {
    stack().at_each_call().await;
}

#[tokio::test(start_paused = true)]
async fn networks_killed_at_each_call() {
    network().at_each_call().await;
}

#[tokio::test(start_paused = true)]
async fn databases_killed_at_each_call() {
    database().at_each_call().await;
}

#[tokio::test(start_paused = true)]
async fn search_domains_killed_at_each_call() {
    search().at_each_call().await;
}

#[tokio::test(start_paused = true)]
async fn snapshots_killed_at_each_call() {
    snapshot().at_each_call().await;
}

#[tokio::test(start_paused = true)]
async fn sign_ins_killed_at_each_call() {
    sign_in().at_each_call().await;
}

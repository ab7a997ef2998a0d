//! A stack that completed is never tainted, whatever fails after that: an error leaves no state, and the next apply adopts it.

use super::*;
use crate::resources::database::DatabaseState;
use crate::resources::network::NetworkState;
use crate::resources::search::SearchState;
use crate::resources::stack::StackState;

impl<R: Resource> Case<R> {
    /// What an error has left: nothing in the state, and the stack as it was; the next apply of `config` adopts it.
    async fn left_and_adopted(&self, stage: &mut Stage<R>, id: &str, config: &R::State) {
        assert!(
            stage.said.failed() && stage.state.is_none(),
            "with a state it would be tainted: {}",
            said(stage)
        );
        assert!(said(stage).contains("takes it over"), "{}", said(stage));
        stage.private = vec![];
        stage.apply(config).await;
        assert_eq!(
            (self.id(stage).as_str(), count(stage, "create"), count(stage, "delete")),
            (id, 1, 0),
            "what is taken over is not asked for again"
        );
        self.nothing_to_do(stage, config).await;
    }

    async fn an_adoption_whose_update_fails_taints_nothing(&self) {
        let mut stage = self.stage(&["CREATE_IN_PROGRESS"; 12]);
        self.killed(&mut stage, &(self.config)(), 5).await;
        let id = self.id(&stage);
        stage.fake.becomes(self.stack, "CREATE_COMPLETE");
        stage.fake = stage.fake.clone().script(&[
            "UPDATE_IN_PROGRESS",
            "UPDATE_ROLLBACK_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE",
        ]);
        stage.apply_in(&stage.fake.cx(), &(self.edited)()).await;
        assert!(
            said(&stage).contains("the stack is as it was before (UPDATE_ROLLBACK_COMPLETE)"),
            "{}",
            said(&stage)
        );
        assert!(
            stage.said.failed() && stage.state.is_none(),
            "with a state it would be tainted: {}",
            said(&stage)
        );
        stage.private = vec![];
        stage.apply(&(self.config)()).await;
        assert_eq!((self.id(&stage), count(&stage, "delete")), (id, 0));
        self.nothing_to_do(&mut stage, &(self.config)()).await;
    }

    async fn one_that_cannot_be_updated_is_left_to_a_person(&self) {
        for status in ["UPDATE_ROLLBACK_FAILED", "UPDATE_FAILED", "DELETE_FAILED"] {
            let mut stage = self.stage(&["CREATE_IN_PROGRESS"; 12]);
            self.killed(&mut stage, &(self.config)(), 5).await;
            stage.fake.becomes(self.stack, status);
            stage.plan(&(self.config)()).await;
            assert!(
                stage.said.failed() && said(&stage).contains("import {"),
                "{status}: {}",
                said(&stage)
            );
            stage.apply_in(&stage.fake.cx(), &(self.config)()).await;
            assert!(stage.said.failed() && stage.state.is_none(), "{status}: {}", said(&stage));
            assert_eq!((count(&stage, "delete"), count(&stage, "execute")), (0, 0), "{status}");
        }
    }

    async fn a_look_that_is_not_allowed_taints_nothing(&self) {
        let mut stage =
            self.stage(&[&["CREATE_IN_PROGRESS"; 12][..], &["CREATE_COMPLETE"]].concat());
        stage.fake = stage.fake.clone().skip("find", 6).fail("find", AwsErrorKind::Denied);
        stage.apply_in(&stage.fake.cx(), &(self.config)()).await;
        let id = self.id(&stage);
        stage.fake.becomes(self.stack, "CREATE_COMPLETE");
        self.left_and_adopted(&mut stage, &id, &(self.config)()).await;
    }

    /// The stack is made, and then this call fails.
    async fn a_later_step_taints_nothing(&self, config: &R::State, call: &'static str) {
        let mut stage = self.stage(&["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]);
        stage.fake = stage.fake.clone().fail(call, AwsErrorKind::Denied);
        stage.apply_in(&stage.fake.cx(), config).await;
        let id = self.id(&stage);
        self.left_and_adopted(&mut stage, &id, config).await;
    }

    async fn complete(&self, config: &R::State, call: &'static str) {
        self.an_adoption_whose_update_fails_taints_nothing().await;
        self.one_that_cannot_be_updated_is_left_to_a_person().await;
        self.a_look_that_is_not_allowed_taints_nothing().await;
        self.a_later_step_taints_nothing(config, call).await;
    }
}

#[tokio::test(start_paused = true)]
async fn complete_stacks() {
    let case = stack();
    let protected = StackState { enable_termination_protection: true.into(), ..(case.config)() };
    case.complete(&protected, "protect").await;
}

#[tokio::test(start_paused = true)]
async fn complete_networks() {
    let case = network();
    let protected = NetworkState { enable_termination_protection: true.into(), ..(case.config)() };
    case.complete(&protected, "protect").await;
}

#[tokio::test(start_paused = true)]
async fn complete_databases() {
    let case = database();
    case.complete(&(case.config)(), "instance").await;
    let protected = DatabaseState { enable_termination_protection: true.into(), ..(case.config)() };
    case.complete(&protected, "protect").await;
}

#[tokio::test(start_paused = true)]
async fn complete_search_domains() {
    let case = search();
    let protected = SearchState { enable_termination_protection: true.into(), ..(case.config)() };
    case.complete(&protected, "protect").await;
}

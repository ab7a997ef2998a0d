//! Claims: what a creation may take over, and what two blocks of one plan would share.

use super::*;
use crate::cx::{Cx, Run};
use crate::resources::stack::{StackResource, StackState};
use crate::tf::{Tree, known};

const DAY: Duration = Duration::from_secs(24 * 3600);

impl<R: Resource> Case<R> {
    /// A creation that was killed and completed.
    async fn left(&self) -> Stage<R> {
        let mut stage = self.stage(&["CREATE_IN_PROGRESS"; 12]);
        self.killed(&mut stage, &(self.config)(), 5).await;
        stage.fake.becomes(self.stack, "CREATE_COMPLETE");
        stage
    }

    async fn only_a_young_one_is_taken_over(&self) {
        let mut stage = self.left().await;
        stage.fake.aged(4 * DAY);
        stage.plan(&(self.config)()).await;
        assert!(
            stage.said.failed() && said(&stage).contains("more than three days ago"),
            "{}",
            said(&stage)
        );
        assert!(
            said(&stage).contains("import {") && said(&stage).contains("`moved`"),
            "{}",
            said(&stage)
        );
        stage.fake.aged(2 * DAY);
        stage.apply(&(self.config)()).await;
        assert_eq!(stage.state.as_ref().unwrap()["adopted"], Tree::Bool(true));
        self.nothing_to_do(&mut stage, &(self.config)()).await;
    }

    async fn one_that_failed_is_made_anew_at_any_age(&self) {
        let mut stage = self.left().await;
        stage.fake.becomes(self.stack, "ROLLBACK_COMPLETE");
        stage.fake.aged(40 * DAY);
        stage.apply(&(self.config)()).await;
        self.nothing_to_do(&mut stage, &(self.config)()).await;
    }

    async fn the_apply_keeps_to_what_the_plan_saw(&self) {
        let mut stage = self.stage(&["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]);
        let planned = stage.plan(&(self.config)()).await;
        assert_eq!(planned.state.as_ref().unwrap()["adopted"], Tree::Bool(false));
        // Another apply of this configuration comes first.
        let mut other = Stage::of((self.resource)(), stage.fake.clone());
        other.apply(&(self.config)()).await;
        let cx = stage.fake.cx();
        stage.carry_out(&cx, &(self.config)(), planned).await;
        assert!(stage.said.failed() && stage.state.is_none(), "{}", said(&stage));
        assert!(
            said(&stage).contains("the plan did not take it over")
                && said(&stage).contains("Nothing was changed"),
            "{}",
            said(&stage)
        );
        assert_eq!((count(&stage, "delete"), count(&stage, "execute")), (0, 0));
    }

    async fn what_goes_after_the_plan_is_not_made_in_its_stead(&self) {
        let mut stage = self.left().await;
        let planned = stage.plan(&(self.config)()).await;
        stage.fake.becomes(self.stack, "DELETE_COMPLETE");
        let cx = stage.fake.cx();
        stage.carry_out(&cx, &(self.config)(), planned).await;
        assert!(said(&stage).contains("it is gone by now"), "{}", said(&stage));
        assert_eq!(count(&stage, "create"), 1, "the one that was killed");
    }

    /// A second block of the same AWS and the same run, with what it holds.
    fn beside(&self, stage: &mut Stage<R>, holds: bool) -> (Stage<R>, Cx) {
        let mut other = Stage::of((self.resource)(), stage.fake.clone());
        if holds {
            (other.state, other.private) = (stage.state.clone(), stage.private.clone());
        }
        stage.run = Run::default();
        (other, stage.cx())
    }

    async fn two_blocks_are_refused_in_either_order(&self) {
        let mut one = self.made().await;
        for (holds, expected) in [(false, "has another block already"), (true, "Two blocks hold")] {
            let (mut two, cx) = self.beside(&mut one, holds);
            one.plan_in(&cx, &(self.config)()).await;
            two.plan_in(&cx, &(self.config)()).await;
            assert!(!one.said.failed() && said(&two).contains(expected), "{}", said(&two));
            let (mut two, cx) = self.beside(&mut one, holds);
            two.plan_in(&cx, &(self.config)()).await;
            one.plan_in(&cx, &(self.config)()).await;
            assert!(said(&one).contains(expected), "{}", said(&one));
        }
        let (mut first, cx) = self.beside(&mut one, false);
        one.fake.becomes(self.stack, "DELETE_COMPLETE");
        let (mut second, _) = self.beside(&mut one, false);
        first.plan_in(&cx, &(self.config)()).await;
        second.plan_in(&cx, &(self.config)()).await;
        assert!(
            !first.said.failed() && said(&second).contains("Two blocks make the"),
            "{}",
            said(&second)
        );
    }

    async fn a_rename_is_told_its_moved_block(&self) {
        let mut one = self.made().await;
        let (mut two, cx) = self.beside(&mut one, false);
        one.plan_end_in(&cx).await;
        two.plan_in(&cx, &(self.config)()).await;
        assert!(!one.said.failed() && said(&two).contains("moved {"), "{}", said(&two));
        let (mut two, cx) = self.beside(&mut one, false);
        two.plan_in(&cx, &(self.config)()).await;
        one.plan_end_in(&cx).await;
        assert!(said(&one).contains("moved {") && said(&one).contains(R::NAME), "{}", said(&one));
    }

    async fn a_tainted_one_is_replaced_by_its_own_block(&self) {
        let mut stage = self.made().await;
        let (mut tainted, cx) = self.beside(&mut stage, true);
        tainted.refresh_in(&cx).await;
        tainted.state = None;
        let planned = tainted.plan_in(&cx, &(self.config)()).await;
        assert!(!tainted.said.failed(), "{}", said(&tainted));
        assert_eq!(planned.state.unwrap()["adopted"], Tree::Bool(false));
    }

    async fn claims(&self) {
        self.only_a_young_one_is_taken_over().await;
        self.one_that_failed_is_made_anew_at_any_age().await;
        self.the_apply_keeps_to_what_the_plan_saw().await;
        self.what_goes_after_the_plan_is_not_made_in_its_stead().await;
        self.two_blocks_are_refused_in_either_order().await;
        self.a_rename_is_told_its_moved_block().await;
        self.a_tainted_one_is_replaced_by_its_own_block().await;
    }
}

#[tokio::test(start_paused = true)]
async fn claimed_stacks() {
    stack().claims().await;
}

#[tokio::test(start_paused = true)]
async fn claimed_networks() {
    network().claims().await;
}

#[tokio::test(start_paused = true)]
async fn claimed_databases() {
    database().claims().await;
}

#[tokio::test(start_paused = true)]
async fn claimed_search_domains() {
    search().claims().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_over_keeps_what_the_configuration_does_not_name() {
    const TEMPLATE: &str = r#"{"Parameters": {"Size": {"Type": "String"}, "Mode": {"Type": "String", "Default": "plain"},
        "OktaClientId": {"Type": "String"}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
    let config = || StackState { template_body: known(TEMPLATE), ..(stack().config)() };
    let mut stage = Stage::of(StackResource, Fake::default());
    stage.apply(&config()).await;
    let given = |value: &str| crate::cloudformation::stack::Parameter::Value(value.into());
    let by_hand = [("Size", "a"), ("Mode", "by hand"), ("OktaClientId", "client")];
    let order = crate::cloudformation::stack::Order {
        name: "prod".into(),
        parameters: by_hand.map(|(name, value)| (name.to_string(), given(value))).into(),
        tags: Some([("Team".to_string(), "data".to_string())].into()),
        ..Default::default()
    };
    let aws = stage.cx().aws(None).await.unwrap();
    aws.stacks.update("prod", &order, "token").await.unwrap();
    stage.fake.becomes("prod", "UPDATE_COMPLETE");
    (stage.state, stage.private) = (None, vec![]);
    stage.apply(&config()).await;
    let live = stage.fake.stack("prod").unwrap().parameters;
    assert_eq!((live["Mode"].as_str(), live["OktaClientId"].as_str()), ("by hand", "client"));
}

#[tokio::test(start_paused = true)]
async fn what_another_machine_may_have_made_is_taken_over_by_nobody_while_it_is_complete() {
    let mut stage = stack().left().await;
    let mut cx = stage.cx();
    stage.run.begin();
    cx.settings =
        std::sync::Arc::new(crate::cx::Settings { anywhere: true, ..(*cx.settings).clone() });
    stage.plan_in(&cx, &(stack().config)()).await;
    assert!(
        stage.said.failed() && said(&stage).contains("Set `owner` in the provider block"),
        "{}",
        said(&stage)
    );
}

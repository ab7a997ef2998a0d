//! Interruptions of every resource that is a stack, against an AWS in memory: killed, stopped, out of time, out of credentials, edited meanwhile.

use std::time::Duration;

use super::stage::Stage;
use crate::aws::fake::Fake;
use crate::kinds::resource::Resource;
use crate::outcome::AwsErrorKind;
use crate::tf::Report;
use cases::{database, network, search, stack};

mod another_account;
mod another_catalog;
mod cases;
mod catalogs;
mod claimed;
mod complete;
mod each_call;
mod identified;
mod unrefreshed;
mod written;

/// A resource under test: how it is configured, before and after an edit, and an AWS in which its stack can be made.
struct Case<R: Resource> {
    resource: fn() -> R,
    config: fn() -> R::State,
    edited: fn() -> R::State,
    fake: fn() -> Fake,
    /// Its stack.
    stack: &'static str,
}

/// The words of everything that was said.
fn said<R: Resource>(stage: &Stage<R>) -> String {
    stage
        .said
        .errors
        .iter()
        .chain(&stage.said.warnings)
        .map(|x| format!("{} | {}\n", x.summary, x.detail))
        .collect()
}

fn count<R: Resource>(stage: &Stage<R>, call: &str) -> usize {
    stage.fake.calls().iter().filter(|c| c.split(' ').next() == Some(call)).count()
}

impl<R: Resource> Case<R> {
    fn stage(&self, statuses: &[&'static str]) -> Stage<R> {
        Stage::of((self.resource)(), (self.fake)().script(statuses))
    }

    async fn made(&self) -> Stage<R> {
        let mut stage = self.stage(&["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]);
        stage.apply(&(self.config)()).await;
        stage
    }

    fn id(&self, stage: &Stage<R>) -> String {
        stage.fake.stack(self.stack).unwrap().id
    }

    /// An apply whose process is killed after so many seconds: Terraform keeps what it had before.
    async fn killed(&self, stage: &mut Stage<R>, config: &R::State, seconds: u64) {
        let (state, private) = (stage.state.clone(), stage.private.clone());
        let cx = stage.fake.cx();
        let cut =
            tokio::time::timeout(Duration::from_secs(seconds), stage.apply_in(&cx, config)).await;
        assert!(cut.is_err(), "it ended before the kill: {:?}", stage.said);
        (stage.state, stage.private) = (state, private);
    }

    /// An apply that a person stops after so many seconds.
    async fn stopped(&self, stage: &mut Stage<R>, config: &R::State, seconds: u64) {
        let cx = stage.fake.cx();
        cx.stops_after(Duration::from_secs(seconds));
        stage.apply_in(&cx, config).await;
    }

    async fn nothing_to_do(&self, stage: &mut Stage<R>, config: &R::State) {
        assert_eq!(stage.changes(config).await, Vec::<String>::new());
    }

    async fn a_killed_creation_is_adopted(&self) {
        let mut stage = self.stage(&["CREATE_IN_PROGRESS"; 12]);
        self.killed(&mut stage, &(self.config)(), 5).await;
        let id = self.id(&stage);
        stage.plan(&(self.config)()).await;
        assert!(
            said(&stage).contains("exists already | An earlier apply")
                && said(&stage).contains("adopts it"),
            "{}",
            said(&stage)
        );
        assert!(!stage.said.failed());
        // It ended meanwhile.
        stage.fake.becomes(self.stack, "CREATE_COMPLETE");
        stage.apply(&(self.config)()).await;
        assert_eq!((self.id(&stage), count(&stage, "delete")), (id, 0));
        self.nothing_to_do(&mut stage, &(self.config)()).await;
    }

    async fn a_killed_creation_that_was_edited_is_updated(&self) {
        let mut stage = self.stage(&["CREATE_IN_PROGRESS"; 12]);
        self.killed(&mut stage, &(self.config)(), 5).await;
        let id = self.id(&stage);
        stage.fake.becomes(self.stack, "CREATE_COMPLETE");
        stage.apply(&(self.edited)()).await;
        assert_eq!(
            (self.id(&stage), stage.fake.stack(self.stack).unwrap().status.as_str()),
            (id, "UPDATE_COMPLETE")
        );
        self.nothing_to_do(&mut stage, &(self.edited)()).await;
    }

    async fn a_killed_creation_that_failed_is_made_anew(&self) {
        let mut stage = self.stage(&["CREATE_IN_PROGRESS"; 12]);
        self.killed(&mut stage, &(self.config)(), 5).await;
        let id = self.id(&stage);
        stage.fake.becomes(self.stack, "ROLLBACK_COMPLETE");
        stage.plan(&(self.config)()).await;
        assert!(said(&stage).contains("makes it anew"), "{}", said(&stage));
        stage.apply(&(self.config)()).await;
        assert_ne!(self.id(&stage), id);
        self.nothing_to_do(&mut stage, &(self.config)()).await;
    }

    async fn somebody_elses_is_refused_at_plan(&self) {
        let mut stage =
            Stage::of((self.resource)(), (self.fake)().existing(self.stack, "CREATE_COMPLETE"));
        stage.plan(&(self.config)()).await;
        assert!(stage.said.failed() && said(&stage).contains("import {"), "{}", said(&stage));
        let mut leaving =
            Stage::of((self.resource)(), (self.fake)().existing(self.stack, "DELETE_IN_PROGRESS"));
        leaving.plan(&(self.config)()).await;
        assert!(!leaving.said.failed(), "{}", said(&leaving));
        let mut blind = Stage::of(
            (self.resource)(),
            (self.fake)()
                .existing(self.stack, "CREATE_COMPLETE")
                .fail("find", AwsErrorKind::Denied),
        );
        blind.plan(&(self.config)()).await;
        assert!(!blind.said.failed(), "{}", said(&blind));
    }

    async fn a_stopped_creation_resumes(&self) {
        let mut stage = self.stage(&["CREATE_IN_PROGRESS"; 40]);
        self.stopped(&mut stage, &(self.config)(), 20).await;
        assert!(
            !stage.said.failed() && said(&stage).contains("is not finished"),
            "{}",
            said(&stage)
        );
        let id = self.id(&stage);
        stage.refresh().await;
        let planned = stage.plan(&(self.config)()).await;
        assert!(planned.replace.is_empty() && said(&stage).contains("resumes"), "{}", said(&stage));
        stage.fake.becomes(self.stack, "CREATE_COMPLETE");
        stage.apply(&(self.config)()).await;
        assert_eq!(
            (self.id(&stage), count(&stage, "create"), count(&stage, "execute")),
            (id, 1, 0)
        );
        self.nothing_to_do(&mut stage, &(self.config)()).await;
    }

    async fn a_stopped_creation_that_was_edited_is_waited_for_and_updated(&self) {
        let mut stage =
            self.stage(&[&["CREATE_IN_PROGRESS"; 40][..], &["CREATE_COMPLETE"]].concat());
        self.stopped(&mut stage, &(self.config)(), 20).await;
        let id = self.id(&stage);
        stage.refresh().await;
        stage.apply(&(self.edited)()).await;
        assert_eq!((self.id(&stage), count(&stage, "create")), (id, 1));
        assert_eq!(stage.fake.stack(self.stack).unwrap().status.as_str(), "UPDATE_COMPLETE");
        self.nothing_to_do(&mut stage, &(self.edited)()).await;
    }

    async fn a_creation_without_an_end_in_sight_is_an_error_and_adopted(&self) {
        let mut stage = self.stage(&["CREATE_IN_PROGRESS"; 12]);
        stage.fake = stage.fake.clone().skip("find", 6).fail("find", AwsErrorKind::Credentials);
        let cx = stage.fake.cx();
        stage.apply_in(&cx, &(self.config)()).await;
        assert!(stage.said.failed() && stage.state.is_none(), "{}", said(&stage));
        assert!(said(&stage).contains("Renew the credentials"), "{}", said(&stage));
        let id = self.id(&stage);
        stage.fake.becomes(self.stack, "CREATE_COMPLETE");
        stage.private = vec![];
        stage.apply(&(self.config)()).await;
        assert_eq!(self.id(&stage), id);
    }

    async fn a_stopped_update_is_waited_for_and_not_sent_again(&self) {
        let mut stage = self.made().await;
        stage.fake = stage.fake.clone().script(&["UPDATE_IN_PROGRESS"; 40]);
        let before = stage.state.clone();
        self.stopped(&mut stage, &(self.edited)(), 20).await;
        assert!(
            stage.said.failed() && said(&stage).contains("Run `terraform apply` again"),
            "{}",
            said(&stage)
        );
        assert_eq!(stage.state, before);
        stage.refresh().await;
        stage.plan(&(self.edited)()).await;
        assert!(said(&stage).contains("resumes"), "{}", said(&stage));
        stage.fake.becomes(self.stack, "UPDATE_COMPLETE");
        stage.apply(&(self.edited)()).await;
        assert_eq!(count(&stage, "execute"), 1, "{:?}", stage.fake.calls());
        self.nothing_to_do(&mut stage, &(self.edited)()).await;
    }

    async fn a_killed_update_that_is_edited_back_is_undone(&self) {
        let mut stage = self.made().await;
        stage.fake = stage
            .fake
            .clone()
            .script(&[&["UPDATE_IN_PROGRESS"; 12][..], &["UPDATE_COMPLETE"]].concat());
        self.killed(&mut stage, &(self.edited)(), 5).await;
        stage.refresh().await;
        stage.apply(&(self.config)()).await;
        assert_eq!(count(&stage, "execute"), 2, "{:?}", stage.fake.calls());
        self.nothing_to_do(&mut stage, &(self.config)()).await;
    }

    async fn a_deletion_that_was_begun_is_waited_for(&self) {
        let mut stage = self.made().await;
        stage.fake = stage.fake.clone().script(&["DELETE_IN_PROGRESS"; 30]);
        let state = stage.state.clone();
        let cut = tokio::time::timeout(Duration::from_secs(5), stage.destroy()).await;
        assert!(cut.is_err());
        stage.state = state;
        stage.refresh().await;
        assert!(stage.state.is_some(), "what is being deleted is not gone");
        stage.fake.becomes(self.stack, "DELETE_COMPLETE");
        stage.destroy().await;
        assert!(!stage.said.failed() && stage.state.is_none(), "{}", said(&stage));
        assert_eq!(count(&stage, "delete"), 1);
    }

    async fn all(&self) {
        self.a_killed_creation_is_adopted().await;
        self.a_killed_creation_that_was_edited_is_updated().await;
        self.a_killed_creation_that_failed_is_made_anew().await;
        self.somebody_elses_is_refused_at_plan().await;
        self.a_stopped_creation_resumes().await;
        self.a_stopped_creation_that_was_edited_is_waited_for_and_updated().await;
        self.a_creation_without_an_end_in_sight_is_an_error_and_adopted().await;
        self.a_stopped_update_is_waited_for_and_not_sent_again().await;
        self.a_killed_update_that_is_edited_back_is_undone().await;
        self.a_deletion_that_was_begun_is_waited_for().await;
    }
}

#[tokio::test(start_paused = true)]
async fn interrupted_stacks() {
    stack().all().await;
}

#[tokio::test(start_paused = true)]
async fn interrupted_networks() {
    network().all().await;
}

#[tokio::test(start_paused = true)]
async fn interrupted_databases() {
    database().all().await;
}

#[tokio::test(start_paused = true)]
async fn interrupted_search_domains() {
    search().all().await;
}

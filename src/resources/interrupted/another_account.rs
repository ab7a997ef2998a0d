//! State of one account under the credentials of another: nothing is concluded, nothing is written, everything is kept.

use super::each_call::{sign_in, snapshot};
use super::*;
use crate::aws::fake::{ACCOUNT, Login};
use crate::tf::{Object, Tree};

const OTHER: &str = "210987654321";

impl<R: Resource> Case<R> {
    /// The object as one account made it, and the credentials as `login` has them.
    async fn handed_over(&self, login: Login) -> Stage<R> {
        let stage = self.begun(Some(&(self.config)())).await;
        stage.fake.signed_in(login);
        stage
    }

    /// Nothing is touched and the state stands by any verb; what is said is as `told` says.
    async fn refused(&self, login: Login, told: impl Fn(&str) -> bool) {
        let stage = &mut self.handed_over(login).await;
        let (calls, kept) = (stage.fake.calls(), (stage.state.clone(), stage.private.clone()));
        let stood = |stage: &Stage<R>, verb: &str| {
            assert!(stage.said.failed() && told(&said(stage)), "{verb}: {}", said(stage));
            assert_eq!((&stage.state, &stage.private), (&kept.0, &kept.1), "{verb}");
            assert_eq!(stage.fake.calls(), calls, "{verb}");
        };
        stage.refresh().await;
        stood(stage, "read");
        let cx = stage.cx();
        assert!(stage.planned_in(&cx, &(self.edited)()).await.is_none());
        stood(stage, "plan");
        assert!(
            !said(stage).contains("-refresh=false"),
            "that would be no way out: {}",
            said(stage)
        );
        stage.destroy().await;
        stood(stage, "plan of a deletion");
        stage.remove().await;
        stood(stage, "deletion");
    }

    /// A plan that was made with the right credentials is not carried out with others.
    async fn not_carried_out(&self) {
        let mut stage = self.handed_over(Login::Usual).await;
        let planned = stage.plan(&(self.edited)()).await;
        stage.fake.signed_in(Login::To(OTHER));
        let (calls, kept) = (stage.fake.calls(), stage.state.clone());
        let cx = stage.cx();
        stage.carry_out(&cx, &(self.edited)(), planned).await;
        assert!(both(&said(&stage)), "{}", said(&stage));
        assert_eq!((&stage.state, stage.fake.calls()), (&kept, calls));
        stage.fake.signed_in(Login::Usual);
        stage.apply(&(self.edited)()).await;
        self.nothing_to_do(&mut stage, &(self.edited)()).await;
    }

    /// A state that does not say whose it is: what is there is taken note of, what is not counts as nothing.
    async fn nameless(&self) {
        let mut stage = self.handed_over(Login::Usual).await;
        for name in ["stack_id", "arn", "copy_arn"] {
            forget(stage.state.as_mut().unwrap(), name);
        }
        let nameless = stage.state.clone();
        let calls = stage.fake.calls();
        stage.remove().await;
        assert!(said(&stage).contains("terraform apply -refresh-only"), "{}", said(&stage));
        assert_eq!((&stage.state, stage.fake.calls()), (&nameless, calls));
        stage.refresh().await;
        self.nothing_to_do(&mut stage, &(self.config)()).await;
        stage.destroy().await;
        assert!(stage.state.is_none(), "{}", said(&stage));
    }

    async fn all_of_another_account(&self) {
        self.refused(Login::To(OTHER), both).await;
        self.refused(Login::Unknown, |said| {
            said.contains("is not known, so nothing counts as gone")
        })
        .await;
        self.not_carried_out().await;
        let mut meant = self.handed_over(Login::Unasked).await;
        meant.refresh().await;
        meant.destroy().await;
        assert!(meant.state.is_none(), "{}", said(&meant));
    }
}

/// Both accounts are named, with what to do.
fn both(said: &str) -> bool {
    said.contains(&format!(
        "belongs to the AWS account {ACCOUNT}, and the credentials in use to the account {OTHER}"
    )) && said.contains("run Terraform again")
}

fn forget(state: &mut Object, name: &str) {
    if let Some(value) = state.get_mut(name) {
        *value = Tree::Null;
    }
}

#[tokio::test(start_paused = true)]
async fn stacks_of_another_account() {
    stack().all_of_another_account().await;
}

#[tokio::test(start_paused = true)]
async fn networks_of_another_account() {
    network().all_of_another_account().await;
}

#[tokio::test(start_paused = true)]
async fn databases_of_another_account() {
    database().all_of_another_account().await;
}

#[tokio::test(start_paused = true)]
async fn search_domains_of_another_account() {
    search().all_of_another_account().await;
}

#[tokio::test(start_paused = true)]
async fn snapshots_of_another_account() {
    snapshot().all_of_another_account().await;
    snapshot().nameless().await;
}

#[tokio::test(start_paused = true)]
async fn sign_ins_of_another_account() {
    sign_in().all_of_another_account().await;
    sign_in().nameless().await;
}

/// What an earlier release kept of a sign-in, without its stack's ARN, does not count as gone where its stack is not seen.
#[tokio::test(start_paused = true)]
async fn what_says_nothing_of_its_account_is_not_gone() {
    let mut stage = sign_in().handed_over(Login::Usual).await;
    forget(stage.state.as_mut().unwrap(), "stack_id");
    stage.fake = Fake::default();
    stage.refresh().await;
    assert!(
        stage.state.is_some() && said(&stage).contains("terraform state rm"),
        "{}",
        said(&stage)
    );
}

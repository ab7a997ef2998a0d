//! What was interrupted, planned in each of three ways: after a look, from the state first (`-minimal-refresh`), and from the state alone.

use super::each_call::{sign_in, snapshot};
use super::*;

/// How Terraform plans.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// It looks, then plans.
    Refreshed,
    /// It plans from the state. Where that comes to something it looks, and plans once more.
    Minimal,
    /// It plans from the state, as with `-refresh=false`.
    Unrefreshed,
}

const WAYS: [Way; 3] = [Way::Refreshed, Way::Minimal, Way::Unrefreshed];

/// What was going on when Terraform was stopped or killed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Left {
    Creation,
    Update,
    Deletion,
}

impl<R: Resource> Case<R> {
    /// Plans and applies in one of the ways, as one run of Terraform does; gives whether anything was planned.
    async fn apply_by(&self, way: Way, stage: &mut Stage<R>, config: &R::State) -> bool {
        stage.run.begin();
        let cx = stage.cx();
        if way == Way::Refreshed {
            stage.refresh_in(&cx).await;
        }
        let mut planned = stage.plan_in(&cx, config).await;
        assert!(!stage.said.failed(), "{way:?}: {}", said(stage));
        let nothing = planned.replace.is_empty() && planned.state == stage.state;
        if nothing {
            return false;
        }
        if way == Way::Minimal {
            stage.refresh_in(&cx).await;
            planned = stage.plan_in(&cx, config).await;
            assert!(!stage.said.failed(), "{way:?}: {}", said(stage));
        }
        // Terraform deletes what is to be replaced, and makes it anew.
        if planned.replace.is_empty() {
            stage.carry_out(&stage.fake.cx(), config, planned).await;
        } else {
            stage.remove().await;
            assert!(!stage.said.failed(), "{way:?}: {}", said(stage));
            stage.private = vec![];
            stage.apply(config).await;
        }
        assert!(!stage.said.failed(), "{way:?}: {}", said(stage));
        true
    }

    /// Something was begun and stopped; it goes on in AWS, or has ended since.
    async fn left_in(&self, left: Left) -> Stage<R> {
        let mut stage = match left {
            Left::Creation => self.stage(&["CREATE_IN_PROGRESS"; 40]),
            _ => self.made().await,
        };
        match left {
            Left::Creation => self.stopped(&mut stage, &(self.config)(), 20).await,
            Left::Update => {
                stage.fake = stage.fake.clone().script(&["UPDATE_IN_PROGRESS"; 40]);
                self.stopped(&mut stage, &(self.edited)(), 20).await;
                assert!(stage.said.failed(), "{}", said(&stage));
            }
            Left::Deletion => {
                stage.fake = stage.fake.clone().script(&["DELETE_IN_PROGRESS"; 40]);
                self.stopped_deletion(&mut stage, 20).await;
            }
        }
        stage
    }

    /// A deletion that a person stops after so many seconds.
    async fn stopped_deletion(&self, stage: &mut Stage<R>, seconds: u64) {
        let cx = stage.cx();
        cx.stops_after(Duration::from_secs(seconds));
        stage.run.begin();
        stage.end_in(&cx).await;
        assert!(stage.said.failed() && stage.state.is_some(), "{}", said(stage));
    }

    /// It comes to what the configuration says, in AWS too.
    async fn comes_to(&self, way: Way, left: Left, ended: &str, config: &R::State) {
        let mut stage = self.left_in(left).await;
        let id = self.id(&stage);
        stage.fake.becomes(self.stack, ended);
        let anew = left == Left::Deletion;
        self.apply_by(way, &mut stage, config).await;
        let when = format!("{way:?}, {left:?}, {ended}: {:#?}", stage.fake.calls());
        assert_eq!(self.id(&stage) == id, !anew, "{when}");
        assert_eq!(stage.changes(config).await, Vec::<String>::new(), "{when}");
        assert_eq!(stage.fake.open_sets(), [""; 0], "{when}");
    }

    async fn whatever_was_left(&self) {
        for way in WAYS {
            let (one, two) = ((self.config)(), (self.edited)());
            for config in [&one, &two] {
                self.comes_to(way, Left::Creation, "CREATE_COMPLETE", config).await;
                self.comes_to(way, Left::Update, "UPDATE_COMPLETE", config).await;
                self.comes_to(way, Left::Deletion, "DELETE_COMPLETE", config).await;
            }
        }
    }

    /// A state that holds what is not so any more refuses nothing.
    async fn a_stale_state_refuses_nothing(&self, status: &str) {
        for way in WAYS {
            let mut stage = self.made().await;
            stage.fake.becomes(self.stack, status);
            stage.refresh().await;
            // Somebody puts it right, and nobody looks before the plan.
            stage.fake.becomes(self.stack, "UPDATE_ROLLBACK_COMPLETE");
            stage.refreshed = Default::default();
            self.apply_by(way, &mut stage, &(self.edited)()).await;
            let when = format!("{way:?} {status}");
            assert_eq!(stage.changes(&(self.edited)()).await, Vec::<String>::new(), "{when}");
        }
    }

    /// What is and stays costs no change set before it is looked at, and nothing at all where nothing is to be done.
    async fn nothing_is_done_twice(&self) {
        let mut stage = self.made().await;
        stage.refreshed = Default::default();
        let calls = stage.fake.calls().len();
        assert!(!self.apply_by(Way::Minimal, &mut stage, &(self.config)()).await);
        let reads = ["find", "list", "template", "instance", "domain"];
        for call in &stage.fake.calls()[calls..] {
            assert!(reads.iter().any(|read| call.starts_with(read)), "{call}");
        }
        assert!(self.apply_by(Way::Minimal, &mut stage, &(self.edited)()).await);
        assert_eq!(count(&stage, "execute"), 1);
        assert_eq!(stage.changes(&(self.edited)()).await, Vec::<String>::new());
    }
}

async fn all<R: Resource>(case: Case<R>) {
    case.whatever_was_left().await;
    case.a_stale_state_refuses_nothing("UPDATE_ROLLBACK_FAILED").await;
    case.nothing_is_done_twice().await;
}

#[tokio::test(start_paused = true)]
async fn stacks_in_three_ways() {
    all(stack()).await;
}

#[tokio::test(start_paused = true)]
async fn networks_in_three_ways() {
    all(network()).await;
}

#[tokio::test(start_paused = true)]
async fn databases_in_three_ways() {
    all(database()).await;
}

#[tokio::test(start_paused = true)]
async fn search_domains_in_three_ways() {
    all(search()).await;
}

/// Killed while it was changed, and then wanted as it is, or as it was: a snapshot and a sign-in.
async fn killed_in_three_ways<R: Resource>(case: Case<R>) {
    for way in WAYS {
        for calls in 0..40 {
            let (one, two) = ((case.config)(), (case.edited)());
            let mut stage = case.begun(Some(&one)).await;
            let kept = (stage.state.clone(), stage.private.clone());
            stage.fake.dies_after(Some(calls));
            let cx = stage.fake.cx();
            let apply = std::panic::AssertUnwindSafe(stage.apply_in(&cx, &two));
            let killed = futures_util::FutureExt::catch_unwind(apply).await.is_err();
            stage.fake.dies_after(None);
            if !killed {
                break;
            }
            (stage.state, stage.private) = kept;
            case.apply_by(way, &mut stage, &two).await;
            assert_eq!(stage.changes(&two).await, Vec::<String>::new(), "{way:?} {calls}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn snapshots_in_three_ways() {
    killed_in_three_ways(snapshot()).await;
}

#[tokio::test(start_paused = true)]
async fn sign_ins_in_three_ways() {
    killed_in_three_ways(sign_in()).await;
}

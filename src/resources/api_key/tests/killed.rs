//! Killed after each call, of AWS and of the registry: the next run leaves one key, in one secret, and revokes what was left.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::*;
use crate::catalog::fake::Strike;

/// Who is called when the process dies.
#[derive(Clone, Copy, Debug)]
enum At {
    Aws,
    Registry,
}

impl At {
    fn dies_after(self, stage: &Stage, calls: Option<usize>) {
        match self {
            At::Aws => stage.fake.dies_after(calls),
            At::Registry => match calls {
                Some(calls) => stage.fake.catalog().strikes(calls, Strike::Death),
                None => drop(stage.fake.catalog().calm()),
            },
        }
    }
}

async fn run(stage: &mut Stage, wanted: Option<&ApiKeyState>) {
    match wanted {
        Some(config) => stage.apply_in(&stage.fake.cx(), config).await,
        None => stage.destroy().await,
    }
}

/// A key that is to be renewed, or none.
async fn begun(made: bool) -> Stage {
    let mut stage = stage();
    if made {
        stage.apply(&config()).await;
        stage.fake.catalog().clock().passes(80);
        stage.refresh().await;
    }
    stage
}

/// Brings it to `after` from a key that is due, or from none; at how many moments it was killed.
async fn killed(at: At, made: bool, after: Option<&ApiKeyState>) -> usize {
    for calls in 0.. {
        let mut stage = begun(made).await;
        let kept = (stage.state.clone(), stage.private.clone());
        at.dies_after(&stage, Some(calls));
        let dead = AssertUnwindSafe(run(&mut stage, after)).catch_unwind().await.is_err();
        at.dies_after(&stage, None);
        if !dead {
            return calls;
        }
        (stage.state, stage.private) = kept;
        stage.refresh().await;
        run(&mut stage, after).await;
        assert!(!stage.said.failed(), "{at:?} {calls}: {}", said(&stage.said));
        match after {
            Some(config) => {
                let calls_made = writes(&stage.fake);
                let changes = stage.changes(config).await;
                assert_eq!(changes, [""; 0], "{at:?} {calls}: {calls_made:?}");
                is_whole(&stage);
            }
            None => {
                assert!(stage.state.is_none(), "{at:?} {calls}");
                assert!(stage.fake.catalog().live_keys().is_empty(), "{at:?} {calls}");
            }
        }
    }
    unreachable!("it ends some time")
}

#[tokio::test(start_paused = true)]
async fn api_keys_killed_at_each_call() {
    for at in [At::Aws, At::Registry] {
        let one = config();
        let other = ApiKeyState { name: known("ci"), secret_name: known(SECRET), ..config() };
        let moments = [
            killed(at, false, Some(&one)).await,
            killed(at, true, Some(&one)).await,
            killed(at, true, Some(&other)).await,
            killed(at, true, None).await,
        ];
        assert!(moments.iter().all(|calls| *calls > 1), "{at:?}: {moments:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_stopped_leaves_no_key_without_its_text() {
    for calls in 1..12 {
        let mut stage = begun(false).await;
        let cx = stage.fake.cx();
        let planned = stage.plan(&config()).await;
        stage.fake.stops_at(calls, cx.stop.clone());
        stage.carry_out(&cx, &config(), planned).await;
        let live = stage.fake.catalog().live_keys().len();
        let lies = stage.fake.held(SECRET).is_some_and(|(_, text)| text.contains("key_id"));
        assert_eq!(live, usize::from(lies), "stopped after {calls} calls");
        stage.refresh().await;
        stage.apply(&config()).await;
        is_whole(&stage);
    }
}

//! An action of tests: what every one of its kind does.

use std::sync::{Arc, Mutex};

use super::*;
use crate::attributes;
use crate::cx::fake;
use crate::cx::progress::Progress;
use crate::wait::{Pace, Seen, until};

attributes! {
    /// Boils an egg.
    pub struct BoilConfig {
        /// How long, in looks.
        looks: i64 = Required;
    }
}

struct Boil;

#[async_trait]
impl Action for Boil {
    const NAME: &'static str = "quilt_boil";
    type Config = BoilConfig;

    fn subject(_: &BoilConfig) -> String {
        "The egg".into()
    }

    fn validate(&self, config: &BoilConfig, d: &mut Diagnostics) {
        match config.looks.as_ref_option() {
            Some(0) => d.fail("No time", "Write more."),
            _ => d.warn("It is hot", "Take care."),
        }
    }

    async fn invoke(&self, cx: &Cx, config: BoilConfig, _d: &mut Diagnostics) -> Result<String> {
        let (mut n, looks) = (0, config.looks.unwrap_or(1));
        until(cx, Pace::within(Duration::from_secs(600)), || {
            n += 1;
            let seen = n >= looks;
            async move {
                Ok(if seen { Seen::Done(()) } else { Seen::Pending("the egg is boiling".into()) })
            }
        })
        .await?;
        cx.notes.tell(|d| d.warn("Salt", "There was none."));
        Ok("the egg is done".into())
    }
}

fn heard(cx: &mut Cx) -> Arc<Mutex<Vec<String>>> {
    let lines = Arc::new(Mutex::new(vec![]));
    let to = lines.clone();
    cx.progress = Progress::to(move |line| to.lock().unwrap().push(line));
    lines
}

async fn boil(cx: &Cx, looks: i64) -> Diagnostics {
    let (mut d, config) = (Diagnostics::default(), BoilConfig { looks: looks.into() });
    AnyAction::invoke(&Boil, cx, config.write_object(), &mut d).await;
    d
}

#[tokio::test(start_paused = true)]
async fn waiting_says_by_itself_how_it_stands() {
    let mut cx = fake::cx();
    let lines = heard(&mut cx);
    let d = boil(&cx, 20).await;
    let lines = lines.lock().unwrap();
    assert_eq!(lines[0], "the egg is boiling (0 s)");
    assert!(lines[1].starts_with("the egg is boiling (1"), "{lines:?}");
    assert!(lines.last().unwrap().starts_with("the egg is done ("), "{lines:?}");
    assert!(lines.len() > 5 && d.errors.is_empty(), "{lines:?}");
    let warnings: Vec<_> = d.warnings.iter().map(|w| w.summary.as_ref()).collect();
    assert_eq!(warnings, ["Salt"], "what the plan has said is not said again");
}

#[tokio::test(start_paused = true)]
async fn a_stop_and_a_limit_end_it_in_words() {
    let cx = fake::cx();
    cx.stops_after(Duration::from_secs(12));
    let stopped = boil(&cx, 1000).await;
    assert_eq!(stopped.errors[0].summary, "The egg was not finished: stopped");
    assert!(stopped.errors[0].detail.contains("Invoke the action again"), "{stopped:?}");
    let late = boil(&fake::cx(), 1000).await;
    assert_eq!(late.errors[0].summary, "The egg was not finished in time");
    assert!(late.errors[0].detail.contains("Raise `timeout`"), "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_is_never_done() {
    let mut cx = fake::cx();
    let lines = heard(&mut cx);
    assert_eq!(boil(&cx, 0).await.errors[0].summary, "No time");
    assert!(lines.lock().unwrap().is_empty());
    let mut d = Diagnostics::default();
    AnyAction::validate(&Boil, &BoilConfig { looks: 1.into() }.write_object(), &mut d);
    assert_eq!((d.errors.len(), d.warnings.len()), (0, 0), "only the plan warns");
    AnyAction::plan(&Boil, &BoilConfig { looks: 1.into() }.write_object(), &mut d);
    assert_eq!((d.errors.len(), d.warnings.len()), (0, 1));
}

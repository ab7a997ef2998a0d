//! Waiting: the only loop that looks at AWS until something has come to pass, and writes that are not torn apart.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::cx::Cx;
use crate::outcome::{AwsErrorKind, Error, Result};

/// What one look says.
pub enum Seen<T> {
    /// Not yet; what is going on, after "while".
    Pending(String),
    /// The goal is reached; what was found there.
    Done(T),
    /// It cannot be reached any more.
    Failed(Error),
}

/// How often to look, and how long.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Before the second look; later ones are further apart.
    pub first: Duration,
    /// The longest time between two looks.
    pub most: Duration,
    /// How long in all; then it has taken too long.
    pub limit: Duration,
}

impl Pace {
    /// The pace for an operation of CloudFormation.
    pub fn within(limit: Duration) -> Self {
        Self { first: Duration::from_millis(250), most: Duration::from_secs(10), limit }
    }

    /// How long to sleep before look `n`, spread by up to a fifth so that many who wait do not look together.
    fn pause(&self, n: u32) -> Duration {
        let grown = self.first.mul_f64(1.4_f64.powi(n.min(30) as i32)).min(self.most);
        grown.mul_f64(0.8 + 0.4 * random())
    }
}

/// Between 0 and 1.
fn random() -> f64 {
    getrandom::u32().map_or(0.5, |n| f64::from(n) / f64::from(u32::MAX))
}

/// How long the last look may take beyond the limit: one that AWS throttles repeats itself for minutes.
const LOOK: Duration = Duration::from_secs(5);

/// Looks again and again until `look` says done or failed, the time is over, or Terraform wants an end.
///
/// A look that AWS throttles or does not answer counts as "not yet".
pub async fn until<T, F: Future<Output = Result<Seen<T>>>>(
    cx: &Cx,
    pace: Pace,
    mut look: impl FnMut() -> F,
) -> Result<T> {
    let (start, mut doing) = (Instant::now(), String::from("the first look was under way"));
    for n in 0.. {
        let left = pace.limit.saturating_sub(start.elapsed()) + LOOK;
        let seen = tokio::select! {
            biased;
            () = cx.stop.cancelled() => return Err(Error::Interrupted { doing }),
            seen = timeout(left, look()) => seen,
        };
        let Ok(seen) = seen else { return Err(Error::TooLong { doing, limit: pace.limit }) };
        match seen {
            Ok(Seen::Done(value)) => return Ok(value),
            Ok(Seen::Failed(e)) => return Err(e),
            Ok(Seen::Pending(what)) => {
                cx.progress.doing(&what);
                doing = what;
            }
            Err(e) if e.aws() == Some(AwsErrorKind::Later) => {}
            Err(e) => return Err(e),
        }
        let pause = pace.pause(n);
        if start.elapsed() + pause > pace.limit {
            return Err(Error::TooLong { doing, limit: pace.limit });
        }
        let _ = timeout(pause, cx.stop.cancelled()).await;
    }
    Err(Error::TooLong { doing, limit: pace.limit })
}

/// Does something now and then, until `work` is done.
pub async fn meanwhile<T, F: Future<Output = ()>>(
    pause: Duration,
    work: impl Future<Output = T>,
    mut each: impl FnMut() -> F,
) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        if let Ok(done) = timeout(pause, &mut work).await {
            return done;
        }
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = each() => {}
        }
    }
}

/// How long after the first time absence is said again before it is believed.
pub const APART: Duration = Duration::from_secs(3);

/// Looks, and where there is nothing looks once more some time later: what AWS has just made or moved may not be seen everywhere yet.
pub async fn twice<T, F: Future<Output = Result<Option<T>>>>(
    cx: &Cx,
    mut look: impl FnMut() -> F,
) -> Result<Option<T>> {
    if let Some(found) = look().await? {
        return Ok(Some(found));
    }
    if timeout(APART, cx.stop.cancelled()).await.is_ok() {
        return Err(Error::Interrupted { doing: "it was looked for once more".into() });
    }
    look().await
}

/// How long a write that was sent is still waited for after Terraform wanted an end.
const GRACE: Duration = Duration::from_millis(800);

/// Sends a write unless Terraform wants an end already. One that is under way then is given a moment, and after it left to its token.
pub async fn write<T>(cx: &Cx, doing: &str, write: impl Future<Output = Result<T>>) -> Result<T> {
    let stopped = || Error::Interrupted { doing: doing.into() };
    if cx.stop.is_cancelled() {
        return Err(stopped());
    }
    last(cx, write).await.unwrap_or_else(|| Err(stopped()))
}

/// Sends what has to be sent even when Terraform wants an end, such as clearing up; it then has a moment. `None`: that was not enough.
pub async fn last<T>(cx: &Cx, write: impl Future<Output = T>) -> Option<T> {
    let end = async {
        cx.stop.cancelled().await;
        let _ = timeout(GRACE, std::future::pending::<()>()).await;
    };
    tokio::select! {
        biased;
        done = write => Some(done),
        () = end => None,
    }
}

#[cfg(test)]
mod crowd;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cx::fake;
    use crate::outcome::AwsError;

    fn pace() -> Pace {
        Pace::within(Duration::from_secs(1800))
    }

    fn pending() -> Result<Seen<()>> {
        Ok(Seen::Pending("the stack is being created".into()))
    }

    #[tokio::test(start_paused = true)]
    async fn looks_until_done_through_throttling() {
        let (cx, mut n) = (fake::cx(), 0);
        let throttled = AwsError {
            kind: AwsErrorKind::Later,
            doing: "look",
            code: "Throttling".into(),
            message: String::new(),
        };
        let got = until(&cx, pace(), || {
            n += 1;
            let e = throttled.clone();
            async move {
                match n {
                    50 => Err(Error::Aws(e)),
                    100 => Ok(Seen::Done(n)),
                    _ => Ok(Seen::Pending("creating".into())),
                }
            }
        });
        assert_eq!(got.await, Ok(100));
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_in_time() {
        let e = until(&fake::cx(), pace(), || async { pending() }).await.unwrap_err();
        assert_eq!(e.to_string(), "gave up after 30 min while the stack is being created");
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_on_a_look_that_does_not_end() {
        let (cx, start, mut n) = (fake::cx(), Instant::now(), 0);
        let e = until(&cx, pace(), || {
            n += 1;
            async move { if n < 5 { pending() } else { std::future::pending().await } }
        });
        assert_eq!(
            e.await.unwrap_err().to_string(),
            "gave up after 30 min while the stack is being created"
        );
        assert_eq!(start.elapsed(), Duration::from_secs(1805));
    }

    #[tokio::test(start_paused = true)]
    async fn stops_when_told() {
        let cx = fake::cx();
        cx.stops_after(Duration::from_secs(12));
        let start = Instant::now();
        let e = until(&cx, pace(), || async { pending() }).await.unwrap_err();
        assert_eq!(e, Error::Interrupted { doing: "the stack is being created".into() });
        assert_eq!(start.elapsed().as_secs(), 12);
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_under_way_is_given_a_moment() {
        let cx = fake::cx();
        let slow = |ms| async move {
            let _ = timeout(Duration::from_millis(ms), std::future::pending::<()>()).await;
            Ok(())
        };
        let stop = cx.stop.clone();
        tokio::spawn(async move { stop.cancel() });
        let (quick, late) =
            tokio::join!(write(&cx, "creating", slow(500)), write(&cx, "creating", slow(5000)));
        assert_eq!((quick, late), (Ok(()), Err(Error::Interrupted { doing: "creating".into() })));
        assert!(write(&cx, "creating", slow(1)).await.is_err());
    }
}

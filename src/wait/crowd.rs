//! A hundred who wait for their stacks, with time at a standstill.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Pace, Seen, until};
use crate::aws::cloudformation::reader::Reader;
use crate::aws::cloudformation::reader::region::Region;
use crate::cx::fake;

/// The most calls a second within ten seconds: four, and a few more after a rest.
const MOST: f64 = 5.3;

/// So many wait until their stack is made; calls a second, the most within any ten seconds, and how late they are told on average, in seconds.
async fn wait_for(waiting: usize, region: Region) -> (f64, f64, f64) {
    let (reader, cx, start) = (Arc::new(Reader::new(region.clone())), fake::cx(), Instant::now());
    let waiters = (0..waiting).map(|i| {
        let (reader, cx, region) = (reader.clone(), cx.clone(), region.clone());
        tokio::spawn(async move {
            let id = format!("arn:{i}");
            let seen = until(&cx, Pace::within(Duration::from_secs(3 * 3600)), async || {
                let stack = reader.find(&id).await?.unwrap();
                Ok(if stack.status.settled() {
                    Seen::Done(())
                } else {
                    Seen::Pending(String::new())
                })
            });
            seen.await.unwrap();
            region.end(i).elapsed().as_secs_f64()
        })
    });
    let mut late = 0.0;
    for waiter in waiters.collect::<Vec<_>>() {
        late += waiter.await.unwrap();
    }
    let calls = region.calls();
    let within = |from: &Instant| {
        calls.iter().filter(|at| *at >= from && **at < *from + Duration::from_secs(10)).count()
    };
    let most = calls.iter().skip(40).map(within).max().unwrap_or_default();
    (calls.len() as f64 / start.elapsed().as_secs_f64(), most as f64 / 10.0, late / waiting as f64)
}

#[tokio::test(start_paused = true)]
async fn a_hundred_wait_politely_and_are_told_soon() {
    let (rate, most, late) = wait_for(100, Region::of(100, 100)).await;
    assert!(
        rate <= 4.0 && most <= MOST && late <= 6.0,
        "{rate:.2} calls a second, at most {most:.2}, told after {late:.2} s"
    );
}

#[tokio::test(start_paused = true)]
async fn other_stacks_of_the_region_make_nobody_impolite() {
    for (stacks, page) in [(300, 50), (2000, 100), (2000, 20)] {
        let (rate, most, late) = wait_for(100, Region::of(stacks, page)).await;
        assert!(
            rate <= 4.1 && most <= MOST,
            "{stacks} by {page}: {rate:.2} calls a second, at most {most:.2}, told after {late:.2} s"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn who_may_not_list_waits_longer_and_stays_polite() {
    let region = Region::of(100, 100);
    region.deny();
    let (rate, most, late) = wait_for(100, region).await;
    assert!(
        rate <= 4.0 && most <= MOST && late < 20.0,
        "{rate:.2} calls a second, at most {most:.2}, told after {late:.2} s"
    );
}

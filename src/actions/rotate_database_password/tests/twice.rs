//! Two invocations at once, in two processes: whichever moment one is held up at while the other goes on, nobody is locked out.

use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::*;

thread_local! {
    /// Which of the two a thread is; any other thread is held up nowhere.
    static ME: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Who may make how many calls, the next one last.
type Turns = Vec<(usize, usize)>;

/// Whose calls get through: one's first so many, then the other's first so many, then the first one's rest, then the other's.
struct Rails {
    left: Mutex<(Turns, [bool; 2])>,
    moved: Condvar,
}

impl Rails {
    fn new(first: usize, second: usize) -> Arc<Self> {
        let turns = vec![(1, usize::MAX), (0, usize::MAX), (1, second), (0, first)];
        Arc::new(Self { left: Mutex::new((turns, [false; 2])), moved: Condvar::new() })
    }

    /// Waits until a call of this one may get through.
    fn pass(&self, me: usize) {
        let mut left = self.left.lock().unwrap();
        loop {
            let (turns, ended) = &mut *left;
            while turns.last().is_some_and(|(who, calls)| *calls == 0 || ended[*who]) {
                turns.pop();
                self.moved.notify_all();
            }
            match turns.last_mut() {
                Some((who, calls)) if *who == me => {
                    *calls -= 1;
                    return;
                }
                None => return,
                Some(_) => {}
            }
            left = self.moved.wait_timeout(left, Duration::from_secs(5)).unwrap().0;
        }
    }

    fn end(&self, me: usize) {
        self.left.lock().unwrap().1[me] = true;
        self.moved.notify_all();
    }
}

/// One process: a thread with a clock of its own.
fn process(me: usize, fake: &Fake, rails: &Arc<Rails>) -> std::thread::JoinHandle<Invoked> {
    let (fake, rails) = (fake.clone(), rails.clone());
    std::thread::spawn(move || {
        ME.set(Some(me));
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        let invoked = runtime.block_on(rotate(&fake));
        rails.end(me);
        invoked
    })
}

/// Two of them, the first one held up after `first` calls until the other has done `second`.
fn both(fake: &Fake, first: usize, second: usize) -> [Invoked; 2] {
    let rails = Rails::new(first, second);
    let (on, counted) = (rails.clone(), fake.clone());
    counted.meanwhile(move |_, _| {
        if let Some(me) = ME.get() {
            on.pass(me);
        }
    });
    let one = process(0, fake, &rails);
    let other = process(1, fake, &rails);
    [one.join().unwrap(), other.join().unwrap()]
}

/// Something that nobody holds up.
fn alone<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().start_paused(true).build().unwrap().block_on(work)
}

/// How many calls one of them makes.
fn calls_of(update: &[&'static str]) -> usize {
    let fake = world().script(update);
    let before = fake.calls().len();
    alone(rotate(&fake));
    fake.calls().len() - before
}

/// All three have one password, and who has not ended well says what to do.
#[track_caller]
fn holds(fake: &Fake, ended: &[Invoked; 2], when: &str) {
    let told = ended.iter().map(told).collect::<Vec<_>>().join("\n");
    let when = format!("{when}: {told}\n{:#?}", fake.calls());
    assert!(signs_in(fake) && is_kept(fake), "{when}");
    assert_eq!(held(fake, CURRENT), Some(in_database(fake)), "{when}");
    for one in ended.iter().filter(|one| !one.d.errors.is_empty()) {
        let text = one.errors();
        assert!(
            text.contains("Wait for that one.") || text.contains("nvoke the action again"),
            "{when}"
        );
    }
}

#[test]
fn whoever_is_held_up_at_whichever_call_nobody_is_locked_out() {
    let calls = calls_of(&LASTING);
    let (mut yielded, mut both_did) = (0, 0);
    for first in 0..=calls {
        for second in (0..=calls).step_by(2).chain([usize::MAX]) {
            let fake = world().script(&LASTING);
            let ended = both(&fake, first, second);
            let when = format!("{first} calls, {second} calls");
            holds(&fake, &ended, &when);
            let well = ended.iter().filter(|one| one.d.errors.is_empty()).count();
            assert!(well > 0, "{when}: {}\n{}", ended[0].errors(), ended[1].errors());
            assert_ne!(in_database(&fake), OLD, "{when}");
            assert_eq!(fake.open_sets(), [""; 0], "{when}");
            alone(rotate(&fake)).result();
            is_over(&fake, &when);
            (yielded, both_did) =
                (yielded + usize::from(well == 1), both_did + usize::from(well == 2));
        }
    }
    assert!(yielded > 100 && both_did > 0, "{yielded} {both_did}");
}

#[test]
fn whoever_is_held_up_while_the_update_is_rolled_back_nobody_is_locked_out() {
    for first in 0..=calls_of(&ROLLED_BACK) {
        for second in [usize::MAX, 8, 16, 24, 32] {
            let fake = world().script(&ROLLED_BACK);
            let ended = both(&fake, first, second);
            holds(&fake, &ended, &format!("{first} calls, {second} calls"));
        }
    }
}

#[test]
fn who_lets_the_other_one_go_on_says_so() {
    let fake = world();
    let taken = std::sync::atomic::AtomicBool::new(false);
    fake.meanwhile(move |fake, call| {
        if call == "propose" && !taken.swap(true, std::sync::atomic::Ordering::Relaxed) {
            fake.adds_version(SECRET, r#"{"username": "root", "password": "another-pa55"}"#, TURN);
        }
    });
    let text = alone(rotate(&fake)).errors();
    assert!(
        text.contains("Another invocation rotates the password in db-secret")
            && text.contains("This one has changed nothing in the database"),
        "{text}"
    );
    assert_eq!(in_database(&fake), OLD);
}

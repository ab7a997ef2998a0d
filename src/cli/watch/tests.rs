//! A watch over an AWS in memory, by a clock that passes at once.

use std::io::Write;
use std::sync::{Arc, Mutex};

use super::*;
use crate::aws::Regions;
use crate::aws::fake::Fake;

const NESTED: [&str; 2] = [
    "arn:aws:cloudformation:us-east-1:123456789012:stack/prod-Search/2",
    "arn:aws:cloudformation:us-east-1:123456789012:stack/prod-Tasks/3",
];
const MINUTE: i64 = 60_000;

fn event(id: &str, physical_id: &str, kind: &str, status: &str, at: i64) -> Event {
    let reason = status.ends_with("FAILED").then(|| "No capacity".to_string());
    Event {
        logical_id: id.into(),
        physical_id: physical_id.into(),
        kind: kind.into(),
        status: status.into(),
        reason,
        at,
        ..Event::default()
    }
}

/// A stack, and what happens to it: oldest first, `own` being its own events.
fn there(happens: impl Fn(&dyn Fn(&str, i64) -> Event) -> Vec<Event>) -> (Fake, String) {
    let fake = Fake::default().existing("prod", "CREATE_IN_PROGRESS");
    let id = fake.stack("prod").unwrap().id;
    let own = |status: &str, at: i64| event("prod", &id, "AWS::CloudFormation::Stack", status, at);
    let events = happens(&own);
    (fake.timeline(&id, events), id)
}

fn database(status: &str, at: i64) -> Event {
    event("DB", "db-1", "AWS::RDS::DBInstance", status, at)
}

fn asked(json: bool) -> Arguments {
    let options = Options::default();
    Arguments { stack: "prod".into(), wait: false, json, every: 15, options }
}

/// What was printed.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Watches to the end: how it ended, what was printed, and the calls of each minute.
async fn watched(fake: &Fake, cx: &Cx, asked: &Arguments) -> (Option<Status>, String, Vec<usize>) {
    let (paper, aws) = (Paper::default(), fake.aws(None).await.unwrap());
    let mut screen = Screen::into(asked.json, Box::new(paper.clone()));
    let work = async {
        let (stack, appeared) = there_now(cx, &aws, asked).await;
        let mut watch = Watch::begin(&aws, stack).await.unwrap();
        watch.follow(cx, asked, appeared, &mut screen).await.unwrap()
    };
    tokio::pin!(work);
    let (mut calls, mut before) = (vec![], fake.calls().len());
    loop {
        // What is asked at the full minute belongs to the next one.
        let minute = Duration::from_secs(if calls.is_empty() { 59 } else { 60 });
        let ended = timeout(minute, &mut work).await;
        let now = fake.calls().len();
        calls.push(now - std::mem::replace(&mut before, now));
        if let Ok(ended) = ended {
            return (ended, paper.text(), calls);
        }
    }
}

async fn there_now(cx: &Cx, aws: &Aws, asked: &Arguments) -> (Stack, bool) {
    super::there(cx, aws, asked).await.unwrap().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_minute_costs_eight_calls_and_each_nested_stack_has_its_turn() {
    let stack = "AWS::CloudFormation::Stack";
    let (fake, _) = there(|own| {
        vec![
            own("CREATE_IN_PROGRESS", 0),
            event("Search", NESTED[0], stack, "CREATE_IN_PROGRESS", 0),
            event("Tasks", NESTED[1], stack, "CREATE_IN_PROGRESS", 0),
            event("Search", NESTED[0], stack, "CREATE_COMPLETE", 5 * MINUTE),
            event("Tasks", NESTED[1], stack, "CREATE_COMPLETE", 6 * MINUTE),
            own("CREATE_COMPLETE", 6 * MINUTE),
        ]
    });
    let fake = NESTED.iter().fold(fake, |fake, id| {
        fake.timeline(id, vec![event("inner", id, stack, "CREATE_IN_PROGRESS", 0)])
    });
    let (ended, _, calls) = watched(&fake, &fake.cx(), &asked(false)).await;
    assert_eq!(ended, Some(Status::CreateComplete));
    assert!(calls.len() >= 6 && calls.iter().all(|calls| *calls <= 8), "{calls:?}");
    assert!(calls[1..5].iter().all(|calls| *calls == 8), "both are looked at: {calls:?}");
}

#[tokio::test(start_paused = true)]
async fn nested_stacks_are_bars_within_the_bar_at_any_width() {
    let stack = "AWS::CloudFormation::Stack";
    let (fake, id) = there(|own| {
        vec![
            own("CREATE_IN_PROGRESS", 0),
            event("Search", NESTED[0], stack, "CREATE_IN_PROGRESS", 0),
            event("Tasks", NESTED[1], stack, "CREATE_IN_PROGRESS", 0),
        ]
    });
    let inside = |id: &str, name: &str| {
        vec![
            event("inner", id, stack, "CREATE_IN_PROGRESS", 0),
            event("Queue", "", "AWS::SQS::Queue", "CREATE_IN_PROGRESS", 0),
            event("Queue", "", "AWS::SQS::Queue", "CREATE_COMPLETE", 0),
            event(name, "", "AWS::Elasticsearch::Domain", "CREATE_IN_PROGRESS", 0),
        ]
    };
    let fake = fake.timeline(NESTED[0], inside(NESTED[0], "Domain"));
    let fake = fake.timeline(NESTED[1], inside(NESTED[1], "Other"));
    let aws = fake.aws(None).await.unwrap();
    let mut watch = Watch::begin(&aws, aws.stacks.find(&id).await.unwrap().unwrap()).await.unwrap();
    for _ in 0..3 {
        watch.look().await.unwrap();
    }
    let scene = watch.scene();
    let wide = lines::block(&scene, MINUTE, 200);
    let at = |text: &str| wide.iter().position(|line| line.contains(text));
    for (outer, inner) in [("Search (", "Domain ("), ("Tasks (", "Other (")] {
        let outer = at(outer).unwrap();
        assert!(wide[outer + 1].trim_start().starts_with('['), "{wide:#?}");
        assert!(wide[outer + 1].ends_with("1/2"), "{wide:#?}");
        assert_eq!(at(inner), Some(outer + 2), "{wide:#?}");
    }
    for width in 1..120 {
        let block = lines::block(&scene, MINUTE, width);
        assert!(block.iter().all(|line| line.chars().count() <= width), "{width}: {block:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_repeated_operation_is_expected_to_last_as_long_as_before() {
    let second = 100 * MINUTE;
    let (fake, id) = there(|own| {
        vec![
            own("CREATE_IN_PROGRESS", 0),
            database("CREATE_IN_PROGRESS", 0),
            database("CREATE_COMPLETE", 40 * MINUTE),
            own("CREATE_COMPLETE", 40 * MINUTE),
            own("UPDATE_IN_PROGRESS", 50 * MINUTE),
            database("UPDATE_IN_PROGRESS", 50 * MINUTE),
            database("UPDATE_COMPLETE", 70 * MINUTE),
            own("UPDATE_COMPLETE", 71 * MINUTE),
            own("UPDATE_IN_PROGRESS", second),
            database("UPDATE_IN_PROGRESS", second),
            database("UPDATE_COMPLETE", second + 22 * MINUTE),
            own("UPDATE_COMPLETE", second + 23 * MINUTE),
        ]
    });
    let aws = fake.aws(None).await.unwrap();
    tokio::time::advance(Duration::from_secs(105 * 60)).await;
    let mut watch = Watch::begin(&aws, aws.stacks.find(&id).await.unwrap().unwrap()).await.unwrap();
    // As long as the update before, and not as the creation, nor as databases take by the table.
    let block = lines::block(&watch.scene(), second + 5 * MINUTE, 200);
    assert!(block[1].ends_with("DB (AWS::RDS::DBInstance) 5 min of about 20 min"), "{block:#?}");
    assert!(block[2].ends_with("about 15 min more."), "{block:#?}");

    let paper = Paper::default();
    let mut screen = Screen::into(true, Box::new(paper.clone()));
    watch.follow(&fake.cx(), &asked(true), false, &mut screen).await.unwrap();
    let lines: Vec<serde_json::Value> =
        paper.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |status: &str| {
        lines.iter().find(|line| line["resource"] == "DB" && line["status"] == status).unwrap()
    };
    let at = |line: &serde_json::Value| line["at"].as_i64().unwrap();
    let (begun, done) = (of("UPDATE_IN_PROGRESS"), of("UPDATE_COMPLETE"));
    let (expected, lasted) = (begun["expected"].as_i64().unwrap(), at(done) - at(begun));
    assert!((expected - lasted).abs() * 5 <= lasted, "{expected} {lasted}");
    assert!(done["expected"].is_null());
}

#[tokio::test(start_paused = true)]
async fn a_person_ends_it_and_it_says_no_more() {
    let (fake, _) =
        there(|own| vec![own("CREATE_IN_PROGRESS", 0), database("CREATE_IN_PROGRESS", 0)]);
    let cx = fake.cx();
    cx.stops_after(Duration::from_secs(40));
    let (ended, told, calls) = watched(&fake, &cx, &asked(false)).await;
    assert_eq!((ended, calls.len()), (None, 1));
    assert!(told.contains("CREATE_IN_PROGRESS DB") && !told.contains("Stack prod:"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_at_once_and_again_at_the_end() {
    let (fake, id) = there(|own| {
        vec![
            own("CREATE_IN_PROGRESS", 0),
            database("CREATE_IN_PROGRESS", 0),
            database("CREATE_FAILED", MINUTE),
            own("ROLLBACK_IN_PROGRESS", MINUTE),
            database("DELETE_IN_PROGRESS", MINUTE),
            database("DELETE_COMPLETE", 3 * MINUTE),
            own("ROLLBACK_COMPLETE", 3 * MINUTE),
        ]
    });
    let (ended, told, _) = watched(&fake, &fake.cx(), &asked(false)).await;
    assert!(ended.is_some_and(|status| !well(&status)));
    let failed = "00:01:00 +60 s CREATE_FAILED DB (AWS::RDS::DBInstance): No capacity\n";
    assert_eq!(told.matches(failed).count(), 2, "{told}");
    assert!(told.find(failed) < told.find("ROLLBACK_COMPLETE prod"), "{told}");
    assert!(told.ends_with(&format!("Why: terraform-provider-quilt diagnose {id}\n")), "{told}");
}

#[test]
fn what_a_condition_leaves_out_is_not_counted() {
    let text = "Parameters: {A: {Type: String}}\nConditions: {Wanted: !Equals [!Ref A, x]}\n\
                Resources:\n  B: {Type: 'AWS::SQS::Queue'}\n  C: {Type: 'AWS::SQS::Queue', Condition: Wanted}\n";
    let with = |value: &str| declared(text, &[("A".to_string(), value.to_string())].into());
    assert_eq!((with("x"), with("y")), (Some(2), Some(1)));
}

#[tokio::test(start_paused = true)]
async fn who_interrupts_a_command_gets_130_from_it_at_once() {
    let (fake, _) = there(|own| vec![own("CREATE_IN_PROGRESS", 0)]);
    let cx = fake.cx();
    cx.stops_after(Duration::from_secs(40));
    let began = tokio::time::Instant::now();
    let hangs = async { std::future::pending().await };
    let code = unless_interrupted(&cx, hangs).await.unwrap();
    assert_eq!((code, began.elapsed().as_secs()), (ExitCode::from(INTERRUPTED), 40));
}

#[test]
fn only_an_end_that_was_seen_is_no_failure() {
    let all = [None, Some(Status::CreateComplete), Some(Status::RollbackComplete)];
    assert_eq!(all.clone().map(|ended| code(true, ended.as_ref())), [130, 0, 1]);
    assert_eq!(all.map(|ended| code(false, ended.as_ref())), [130, 0, 0]);
}

#[test]
fn a_rollback_is_no_good_end() {
    assert!(well(&Status::UpdateComplete) && well(&Status::DeleteComplete));
    assert!(!well(&Status::UpdateRollbackComplete) && !well(&Status::RollbackComplete));
}

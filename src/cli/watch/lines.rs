//! What is shown of an operation, as lines of a given width.

use crate::cloudformation::progress::Going;
use crate::cloudformation::progress::words::{expected, lasting, waits};

use super::scene::Scene;
use crate::cli::columns::fitted;

/// Resources in progress that are shown at most.
const MOST: usize = 10;
/// The longest bar.
const BAR: usize = 30;

/// The block that is drawn anew at each look.
pub fn block(scene: &Scene<'_>, now: i64, width: usize) -> Vec<String> {
    let progress = &scene.progress;
    let mut lines = fitted(&head(scene, now, width), width);
    for going in progress.going.iter().take(MOST) {
        lines.extend(fitted(&format!("  {}", of_going(scene, going, now)), width));
        if let Some((_, inside)) = scene.nested.iter().find(|(id, _)| *id == going.physical_id) {
            let counts = format!(
                "    {} {}/{}",
                bar(inside.done, inside.seen, BAR / 2),
                inside.done,
                inside.seen
            );
            lines.extend(fitted(&counts, width));
            lines.extend(
                inside
                    .going
                    .iter()
                    .take(2)
                    .flat_map(|g| fitted(&format!("      {}", of_going(scene, g, now)), width)),
            );
        }
    }
    if progress.going.len() > MOST {
        lines.extend(fitted(&format!("  and {} more", progress.going.len() - MOST), width));
    }
    if let Some(line) = waits(progress, &scene.times, now) {
        lines.extend(fitted(&line, width));
    }
    lines
}

fn head(scene: &Scene<'_>, now: i64, width: usize) -> String {
    let progress = &scene.progress;
    let total = scene.total();
    let room = BAR.min(width.saturating_sub(50).max(8));
    format!(
        "{} {}/{total} {} {} {}",
        bar(progress.done, total, room),
        progress.done,
        scene.name,
        progress.status,
        lasting(now - progress.began)
    )
}

/// A bar in which every whole part of what is done is filled.
pub fn bar(done: usize, total: usize, width: usize) -> String {
    let filled = (done * width).checked_div(total).unwrap_or(0).min(width);
    format!("[{}{}]", "█".repeat(filled), "·".repeat(width - filled))
}

fn of_going(scene: &Scene<'_>, going: &Going, now: i64) -> String {
    let elapsed = lasting(now - going.since);
    let of = expected(going, &scene.times).map(|all| format!(" of about {}", lasting(all)));
    format!(
        "{} {} ({}) {elapsed}{}",
        going.status,
        going.logical_id,
        going.kind,
        of.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudformation::progress::words::of_event;
    use crate::cloudformation::progress::{Progress, Times};
    use crate::cloudformation::stack::Event;

    const STACK: &str = "arn:aws:cloudformation:us-east-1:1:stack/prod/1";

    fn event(id: &str, kind: &str, status: &str, at: i64) -> Event {
        let physical = if id == "prod" { STACK } else { "" };
        Event {
            logical_id: id.into(),
            kind: kind.into(),
            physical_id: physical.into(),
            status: status.into(),
            at,
            ..Event::default()
        }
    }

    #[test]
    fn a_block_fits_and_says_what_all_wait_for() {
        let events = vec![
            event("Bucket", "AWS::S3::Bucket", "CREATE_COMPLETE", 9000),
            event("DB", "AWS::RDS::DBInstance", "CREATE_IN_PROGRESS", 2000),
            event("Bucket", "AWS::S3::Bucket", "CREATE_IN_PROGRESS", 1000),
            event("prod", "AWS::CloudFormation::Stack", "CREATE_IN_PROGRESS", 0),
        ];
        let times = Times::new();
        let scene = Scene {
            name: "prod",
            id: STACK,
            events: &events,
            progress: Progress::of(&events, STACK),
            declared: Some(4),
            times,
            nested: vec![],
        };
        let wide = block(&scene, 302_000, 200);
        assert_eq!(
            wide[0],
            format!("[{}{}] 1/4 prod CREATE_IN_PROGRESS 5 min", "█".repeat(7), "·".repeat(23))
        );
        assert_eq!(wide[1], "  CREATE_IN_PROGRESS DB (AWS::RDS::DBInstance) 5 min of about 15 min");
        assert_eq!(wide[2], "Everything waits for DB (AWS::RDS::DBInstance), about 10 min more.");
        assert!(block(&scene, 302_000, 40).iter().all(|line| line.chars().count() <= 40));
        assert_eq!(
            of_event(&events[0], &scene.progress),
            "00:00:09 +9 s CREATE_COMPLETE Bucket (AWS::S3::Bucket)"
        );
    }
}

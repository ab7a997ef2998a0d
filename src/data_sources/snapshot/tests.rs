//! Looks at snapshots in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::kinds::data_source::AnyDataSource;
use crate::tf::State;

fn snapshot(id: &str, kind: &str, status: &str, day: u32) -> Snapshot {
    Snapshot {
        id: id.into(),
        arn: format!("arn:aws:rds:us-east-1:123456789012:snapshot:{id}"),
        instance: "old-db-1".into(),
        status: status.into(),
        kind: kind.into(),
        created_at: Some(format!("2026-03-{day:02}T00:00:00Z")),
        ..Snapshot::default()
    }
}

/// A stack with a database of its own, and snapshots of that.
fn old() -> Fake {
    [
        snapshot("first", "manual", "available", 1),
        snapshot("second", "manual", "available", 12),
        snapshot("running", "manual", "creating", 20),
        snapshot("rds:auto", "automated", "available", 21),
    ]
    .into_iter()
    .fold(
        Fake::default().existing("old", "CREATE_COMPLETE").part(
            "old",
            "DB",
            "AWS::RDS::DBInstance",
            "old-db-1",
        ),
        Fake::snapshot,
    )
}

async fn read(
    fake: &Fake,
    stack: Option<&str>,
    instance: Option<&str>,
) -> Result<SnapshotLookup, String> {
    let config = SnapshotLookup {
        stack_name: stack.map(str::to_string).into(),
        db_instance_identifier: instance.map(str::to_string).into(),
        ..SnapshotLookup::default()
    };
    let mut d = Diagnostics::default();
    let object =
        AnyDataSource::read(&SnapshotSource, &fake.cx(), config.write_object(), &mut d).await;
    let state = object.map(|o| SnapshotLookup::read_object(&o, &AttributePath::root()).unwrap());
    state.ok_or_else(|| {
        format!("{}: {} {}", d.errors[0].attribute, d.errors[0].summary, d.errors[0].detail)
    })
}

#[tokio::test(start_paused = true)]
async fn the_newest_manual_one_that_can_be_restored_is_taken() {
    for (stack, instance) in [(Some("old"), None), (None, Some("old-db-1"))] {
        let found = read(&old(), stack, instance).await.unwrap();
        assert_eq!((&found.id, &found.snapshot_identifier), (&known("second"), &known("second")));
        assert_eq!(found.db_instance_identifier, known("old-db-1"));
        assert_eq!(found.region, known("us-east-1"));
    }
}

#[tokio::test(start_paused = true)]
async fn where_there_is_none_is_told_at_the_argument() {
    let none = read(&old(), None, Some("other")).await.unwrap_err();
    assert!(
        none.starts_with(
            "db_instance_identifier: There is no manual snapshot of other in us-east-1."
        ),
        "{none}"
    );
    let none = read(&old(), Some("nope"), None).await.unwrap_err();
    assert!(none.starts_with("stack_name: There is no stack nope in us-east-1."), "{none}");
    let fake = Fake::default().existing("new", "CREATE_COMPLETE");
    let none = read(&fake, Some("new"), None).await.unwrap_err();
    assert!(none.starts_with("stack_name: The stack new has no database of its own."), "{none}");
    let lone = Fake::default().snapshot(snapshot("running", "manual", "creating", 1));
    assert!(read(&lone, None, Some("old-db-1")).await.is_err());
    assert!(read(&old(), None, None).await.unwrap_err().contains("None is given."));
    assert!(
        read(&old(), Some("old"), Some("old-db-1")).await.unwrap_err().contains("Both are given.")
    );
}

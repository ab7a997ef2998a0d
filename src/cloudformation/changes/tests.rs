//! Changes of every sort, and what is made of them.

use super::*;

fn change(action: Action, id: &str, kind: &str) -> Change {
    Change { action, logical_id: id.into(), kind: kind.into(), ..Change::default() }
}

fn modify(id: &str, kind: &str, replacement: Replacement, causes: Vec<Cause>) -> Change {
    Change { replacement, causes, ..change(Action::Modify, id, kind) }
}

fn cause(name: &str, recreates: Replacement) -> Cause {
    Cause { name: name.into(), recreates, ..Cause::default() }
}

fn snapshot(before: Option<&str>, after: Option<&str>, has_values: bool) -> Vec<Cause> {
    let text = |v: Option<&str>| v.map(str::to_string);
    vec![Cause {
        before: text(before),
        after: text(after),
        has_values,
        ..cause("DBSnapshotIdentifier", Replacement::Perhaps)
    }]
}

const DB: &str = "AWS::RDS::DBInstance";
const BUCKET: &str = "AWS::S3::Bucket";

fn fates(changes: Vec<Change>) -> Vec<Fate> {
    judge(changes).into_iter().map(|j| j.fate).collect()
}

fn refusals(changes: Vec<Change>, allowed: &[&str]) -> Vec<String> {
    let judged = judge(changes);
    refused(&judged, &allowed.iter().map(ToString::to_string).collect(), &[])
        .into_iter()
        .map(Consequence::sentence)
        .collect()
}

#[test]
fn every_action_has_its_fate() {
    use Replacement::{Always, Never, Perhaps};
    let retained = Change { policy: Policy::Retain, ..change(Action::Remove, "B", BUCKET) };
    let table = [
        (change(Action::Add, "B", BUCKET), Fate::Added, false),
        (change(Action::Import, "B", BUCKET), Fate::Imported, false),
        (change(Action::Remove, "B", BUCKET), Fate::Deleted, true),
        (retained, Fate::Released, false),
        (
            Change { policy: Policy::Snapshot, ..change(Action::Remove, "B", DB) },
            Fate::Deleted,
            true,
        ),
        (change(Action::Unsure, "B", BUCKET), Fate::PerhapsReplaced, true),
        (modify("B", BUCKET, Never, vec![]), Fate::Modified, false),
        (
            modify("B", BUCKET, Perhaps, vec![cause("BucketName", Always)]),
            Fate::PerhapsReplaced,
            true,
        ),
        (modify("B", BUCKET, Perhaps, vec![]), Fate::PerhapsReplaced, true),
        (modify("B", "AWS::SQS::Queue", Perhaps, vec![]), Fate::PerhapsReplaced, false),
        (modify("B", BUCKET, Always, vec![cause("BucketName", Always)]), Fate::Replaced, true),
        (modify("B", "AWS::SQS::Queue", Always, vec![]), Fate::Replaced, false),
        (change(Action::Remove, "B", "AWS::SQS::Queue"), Fate::Deleted, false),
        (
            modify("B", DB, Perhaps, vec![cause("BackupRetentionPeriod", Perhaps)]),
            Fate::PerhapsReplaced,
            true,
        ),
    ];
    for (change, fate, refused) in table {
        assert_eq!(fates(vec![change.clone()]), [fate], "{change:?}");
        assert_eq!(!refusals(vec![change.clone()], &[]).is_empty(), refused, "{change:?}");
        assert!(refusals(vec![change], &["B"]).is_empty());
    }
}

#[test]
fn the_snapshot_of_a_database_is_read_as_rds_reads_it() {
    let table = [
        (snapshot(Some("a"), Some("b"), true), Fate::Replaced),
        (snapshot(None, Some("b"), true), Fate::Replaced),
        (snapshot(Some(""), Some("b"), true), Fate::Replaced),
        (snapshot(Some("a"), None, true), Fate::Modified),
        (snapshot(Some("a"), Some(""), true), Fate::Modified),
        (snapshot(Some("a"), Some("a"), true), Fate::Modified),
        (snapshot(None, None, false), Fate::Replaced),
    ];
    for (causes, fate) in table {
        let db = modify("DB", DB, Replacement::Perhaps, causes);
        assert_eq!(fates(vec![db.clone()]), [fate], "{db:?}");
    }
    let both = [
        snapshot(Some("a"), None, true),
        vec![cause("BackupRetentionPeriod", Replacement::Perhaps)],
    ]
    .concat();
    assert_eq!(fates(vec![modify("DB", DB, Replacement::Perhaps, both)]), [Fate::PerhapsReplaced]);
}

#[test]
fn a_value_that_stays_the_same_replaces_nothing() {
    let zone = |before: &str, after: &str| Cause {
        before: Some(before.into()),
        after: Some(after.into()),
        has_values: true,
        ..cause("AvailabilityZone", Replacement::Always)
    };
    let subnet = |causes| modify("S", "AWS::EC2::Subnet", Replacement::Always, causes);
    assert_eq!(
        fates(vec![subnet(vec![zone("a", "a"), cause("Tags", Replacement::Never)])]),
        [Fate::Modified]
    );
    let hidden = [
        ("a", "b"),
        ("****", "****"),
        ("{{changeSet:KNOWN_AFTER_APPLY}}", "{{changeSet:KNOWN_AFTER_APPLY}}"),
    ];
    for (before, after) in hidden {
        assert_eq!(
            fates(vec![subnet(vec![zone("a", "a"), zone(before, after)])]),
            [Fate::Replaced],
            "{before}"
        );
    }
    assert_eq!(
        fates(vec![modify("S", "AWS::EC2::Subnet", Replacement::Perhaps, vec![zone("a", "a")])]),
        [Fate::Modified]
    );
}

#[test]
fn a_replacement_is_followed_to_what_takes_its_value() {
    let from = |resource: &str, recreates| Cause {
        resource: Some(resource.into()),
        ..cause("DBSubnetGroupName", recreates)
    };
    let group = |place: &str| {
        modify(&format!("{place}Group"), "AWS::RDS::DBSubnetGroup", Replacement::Always, vec![])
    };
    let db = |place: &str, recreates| {
        modify(&format!("{place}DB"), DB, Replacement::Perhaps, vec![from("Group", recreates)])
    };
    let last = modify("Last", BUCKET, Replacement::Perhaps, vec![from("DB", Replacement::Always)]);
    assert_eq!(refusals(vec![last, db("", Replacement::Always), group("")], &[]).len(), 2);
    let open = |id: &str| {
        format!(
            "{id} (AWS::RDS::DBInstance) may be replaced by a new one: DBSubnetGroupName changes, and CloudFormation decides while it works."
        )
    };
    assert_eq!(refusals(vec![db("", Replacement::Perhaps), group("")], &[]), [open("DB")]);
    assert_eq!(refusals(vec![db("In.", Replacement::Always), group("")], &[]), [open("In.DB")]);
    assert_eq!(refusals(vec![db("In.", Replacement::Always), group("In.")], &[]).len(), 1);
    assert_eq!(refusals(vec![db("In.", Replacement::Always), group("In.")], &["In.DB"]), [""; 0]);
}

#[test]
fn refusals_are_whole_sentences() {
    let replaced = modify("DB", DB, Replacement::Perhaps, snapshot(Some("a"), Some("b"), true));
    let named = modify(
        "Data",
        BUCKET,
        Replacement::Always,
        vec![cause("BucketName", Replacement::Always), cause("Tags", Replacement::Never)],
    );
    let removed = Change { policy: Policy::Snapshot, ..change(Action::Remove, "In.Old", DB) };
    assert_eq!(
        refusals(vec![removed, replaced, named], &[]),
        [
            "DB (AWS::RDS::DBInstance) would be replaced by a new one: `DBSnapshotIdentifier` changes from \"a\" to \"b\".",
            "Data (AWS::S3::Bucket) would be replaced by a new one: BucketName changes.",
            "In.Old (AWS::RDS::DBInstance) would be deleted, after a last snapshot.",
        ]
    );
}

#[test]
fn what_is_left_open_is_refused_where_data_is_held_unless_it_stays_the_same() {
    let given = |name: &str, before: &str, after: &str| Cause {
        before: Some(before.into()),
        after: Some(after.into()),
        has_values: true,
        ..cause(name, Replacement::Perhaps)
    };
    let long = "x".repeat(300);
    let (kept, cut) = (given("Engine", "postgres", "postgres"), given("Engine", &long, &long));
    let table = [
        (vec![kept.clone()], ""),
        (vec![kept.clone(), snapshot(Some("a"), None, true).remove(0)], ""),
        (
            vec![kept.clone(), given("StorageType", "gp2", "gp3")],
            ": `StorageType` changes from \"gp2\" to \"gp3\", and CloudFormation decides while it works.",
        ),
        (vec![cut], ": Engine changes, and CloudFormation decides while it works."),
        (
            vec![given("Engine", "****", "****")],
            ": Engine changes, and CloudFormation decides while it works.",
        ),
        (vec![], ": CloudFormation does not say what decides."),
    ];
    for (causes, why) in table {
        let db = modify("DB", DB, Replacement::Perhaps, causes);
        let said = refusals(vec![db.clone()], &[]).concat();
        assert_eq!(
            said,
            if why.is_empty() {
                String::new()
            } else {
                format!("DB ({DB}) may be replaced by a new one{why}")
            }
        );
        assert!(refusals(vec![db], &["DB"]).is_empty());
    }
    let db = |causes| judge(vec![modify("DB", DB, Replacement::Perhaps, causes)]);
    let storage = || given("StorageType", "gp2", "gp3");
    assert!(
        refused(&db(vec![storage()]), &BTreeSet::new(), &["StorageType"]).is_empty(),
        "whoever asks knows better"
    );
    assert_eq!(
        refused(
            &db(vec![storage(), given("Engine", "a", "b")]),
            &BTreeSet::new(),
            &["StorageType"]
        )
        .len(),
        1
    );
    assert_eq!(refused(&db(vec![]), &BTreeSet::new(), &["StorageType"]).len(), 1);
}

#[test]
fn what_is_hidden_is_not_told() {
    let secret = Cause {
        before: Some("****".into()),
        after: Some("****".into()),
        has_values: true,
        ..cause("DBName", Replacement::Always)
    };
    let text = refusals(vec![modify("DB", DB, Replacement::Always, vec![secret])], &[]).concat();
    assert_eq!(text, "DB (AWS::RDS::DBInstance) would be replaced by a new one: DBName changes.");
}

#[test]
fn a_report_fits_on_a_screen() {
    let mut changes: Vec<_> = (0..200)
        .map(|i| {
            modify(
                &format!("F{i:03}"),
                &format!("AWS::Kind::N{}", i % 40),
                Replacement::Never,
                vec![cause("Code", Replacement::Never)],
            )
        })
        .collect();
    changes.push(change(Action::Remove, "Gone", "AWS::SQS::Queue"));
    let judged = judge(changes);
    assert_eq!(headline(&judged), "1 removed, 200 changed");
    let report = report(&judged);
    assert_eq!(report.lines().count(), 43);
    let begins = "Remove:\n- AWS::SQS::Queue: Gone\nChange:\n- 5 AWS::Kind::N0: F000, F040, F080, F120, F160 (Code)\n";
    assert!(report.starts_with(begins), "{report}");
    assert!(report.ends_with("\nand 1 more types of resources"), "{report}");
}

#[test]
fn what_happens_to_many_of_a_type_is_one_line() {
    use Replacement::{Always, Perhaps};
    let task = |i: usize| {
        let cause = cause("ContainerDefinitions", Perhaps);
        modify(&format!("Task{i:02}"), "AWS::ECS::TaskDefinition", Perhaps, vec![cause])
    };
    let mut changes: Vec<_> = (0..12).map(task).collect();
    changes.push(change(Action::Add, "New", "AWS::SQS::Queue"));
    for (id, policy) in [("Old", Policy::Delete), ("Kept", Policy::Retain)] {
        let replaced = modify(id, "AWS::S3::Bucket", Always, vec![cause("BucketName", Always)]);
        changes.push(Change { policy, ..replaced });
    }
    let judged = judge(changes);
    assert_eq!(headline(&judged), "2 replaced, 12 perhaps replaced, 1 added");
    let lines = [
        "Replace:",
        "- AWS::S3::Bucket: Old (BucketName)",
        "- AWS::S3::Bucket: Kept, the old one stays outside the stack (BucketName)",
        "Perhaps replace (CloudFormation decides while it works):",
        "- 12 AWS::ECS::TaskDefinition: Task00, Task01, Task02, Task03, Task04, Task05 and 6 more (ContainerDefinitions)",
        "Add:",
        "- AWS::SQS::Queue: New",
    ];
    assert_eq!(report(&judged).lines().collect::<Vec<_>>(), lines);
}

#[test]
fn what_may_end_is_no_less_unshown_than_what_ends() {
    use Replacement::{Always, Never, Perhaps};
    let queue = |replacement| modify("Queue", "AWS::SQS::Queue", replacement, vec![]);
    let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    for (replacement, ends) in [(Never, false), (Perhaps, true), (Always, true)] {
        let judged = judge(vec![queue(replacement)]);
        let breaks = |shown: Option<&[&str]>, rests: &[&str]| {
            !unshown(&judged, shown.map(ids).as_ref(), &ids(rests)).is_empty()
        };
        assert_eq!(breaks(None, &["Queue"]), ends, "known values rest on it: {replacement:?}");
        assert_eq!(breaks(Some(&[]), &[]), ends, "the preview did not show it: {replacement:?}");
        assert!(!breaks(Some(&["Queue"]), &["Queue"]) && !breaks(None, &[]));
    }
}

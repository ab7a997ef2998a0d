//! A database and a search domain beside the stack: what it is told of them, when, and what is refused.

use super::*;
use crate::outcome::AwsErrorKind;

const TAKES: &str = r#"{"Parameters": {"DBUrl": {"Type": "String", "NoEcho": true}, "DBAccessorSecurityGroup": {"Type": "String"},
    "SearchDomainArn": {"Type": "String"}, "SearchDomainEndpoint": {"Type": "String"}, "SearchClusterAccessorSecurityGroup": {"Type": "String"},
    "Size": {"Type": "String", "Default": "small"}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
const PARTS: &str = r#"{"Parameters": {"DBUser": {"Type": "String"}, "DBPassword": {"Type": "String", "NoEcho": true}, "DBEndpoint": {"Type": "String"},
    "DBName": {"Type": "String"}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
const LOGIN: &str = r#"{"username": "root", "password": "p@ss/word"}"#;
const URL: &str = "postgresql://root:p%40ss%2Fword@db.internal:5432/quilt";

fn text(text: &str) -> Value<String> {
    Value::Value(text.to_string())
}

fn database() -> DatabaseInput {
    DatabaseInput {
        endpoint: text("db.internal"),
        password_secret_arn: text("db-secret"),
        accessor_security_group_id: text("sg-db"),
        ..DatabaseInput::default()
    }
}

fn wired(database: DatabaseInput) -> StackState {
    let search = SearchInput {
        domain_arn: text("arn:search"),
        endpoint: text("https://search.internal/"),
        accessor_security_group_id: text("sg-s"),
    };
    StackState {
        template_body: text(TAKES),
        parameters: Value::Null,
        database: database.into(),
        search: search.into(),
        ..config()
    }
}

fn stage() -> Stage {
    Stage::of(StackResource, Fake::default().holding("db-secret", LOGIN))
}

fn sent(stage: &Stage, parameter: &str) -> String {
    stage.fake.stack("prod").unwrap().parameters[parameter].clone()
}

/// What updates asked for; a plan that showed the same ahead counts once with it.
fn updates(stage: &Stage) -> Vec<String> {
    let mut updates: Vec<_> =
        stage.fake.calls().into_iter().filter(|c| c.starts_with("propose")).collect();
    updates.dedup();
    updates
}

/// Errors as place, summary and detail.
fn errors(stage: &Stage) -> Vec<String> {
    stage
        .said
        .errors
        .iter()
        .map(|e| format!("{}: {}. {}", e.attribute, e.summary, e.detail))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_stack_is_told_of_its_database_and_search_domain() {
    let mut stage = stage();
    stage.apply(&wired(database())).await;
    assert_eq!(sent(&stage, "DBUrl"), URL);
    assert_eq!(
        ["DBAccessorSecurityGroup", "SearchDomainArn", "SearchClusterAccessorSecurityGroup"]
            .map(|p| sent(&stage, p)),
        ["sg-db", "arn:search", "sg-s"]
    );
    assert_eq!(sent(&stage, "SearchDomainEndpoint"), "search.internal");
    let mut stage = Stage::of(StackResource, self::stage().fake.secret("DBUrl"));
    stage.apply(&wired(database())).await;
    let everything = format!("{:?} {}", stage.state, String::from_utf8_lossy(&stage.private));
    assert!(!everything.contains("p@ss") && !everything.contains("p%40ss"), "{everything}");
}

#[tokio::test(start_paused = true)]
async fn nothing_to_do_reads_no_secret() {
    let mut stage = Stage::of(StackResource, stage().fake.secret("DBUrl"));
    stage.apply(&wired(database())).await;
    let calls = stage.fake.calls().len();
    assert_eq!(stage.changes(&wired(database())).await, Vec::<String>::new());
    assert_eq!(stage.fake.calls()[calls..], ["find"]);
}

#[tokio::test(start_paused = true)]
async fn a_moved_database_is_told_and_shows_at_plan() {
    let mut stage = Stage::of(StackResource, stage().fake.secret("DBUrl"));
    stage.apply(&wired(database())).await;
    let moved = wired(DatabaseInput { port: 5433.into(), ..database() });
    assert!(stage.changes(&moved).await.contains(&"status".to_string()));
    stage.apply(&moved).await;
    assert!(updates(&stage)[0].contains("DBUrl=***"), "{:?}", updates(&stage));
    // The port that holds anyway is no change of anything.
    let stage_two = &mut Stage::of(StackResource, self::stage().fake.secret("DBUrl"));
    stage_two.apply(&wired(database())).await;
    let same =
        wired(DatabaseInput { port: 5432.into(), database_name: text("quilt"), ..database() });
    assert_eq!(stage_two.changes(&same).await, ["database"]);
    stage_two.apply(&same).await;
    assert_eq!(updates(stage_two), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_rotated_password_goes_with_the_next_change_or_when_asked() {
    let mut stage = Stage::of(StackResource, stage().fake.secret("DBUrl"));
    stage.apply(&wired(database())).await;
    stage.fake =
        stage.fake.clone().holding("db-secret", r#"{"username": "root", "password": "new"}"#);
    assert_eq!(stage.changes(&wired(database())).await, Vec::<String>::new());
    let with = |version: i64, size: &str| StackState {
        parameters_wo_version: version.into(),
        parameters: strings(&[("Size", size)]),
        ..wired(database())
    };
    stage.apply(&with(1, "small")).await;
    assert!(updates(&stage)[0].contains("DBUrl=***"));
    stage.apply(&with(1, "large")).await;
    assert!(updates(&stage)[1].contains("DBUrl=previous value"));
    stage.fake = stage.fake.clone().holding("db-secret", LOGIN);
    stage.apply(&with(1, "small")).await;
    assert!(updates(&stage)[2].contains("DBUrl=***"));
    // Who may not read it any more can still change something else.
    stage.fake = stage.fake.clone().fail("secret_value", AwsErrorKind::Denied);
    stage.apply(&with(1, "huge")).await;
    assert!(updates(&stage)[3].contains("DBUrl=previous value"));
}

#[tokio::test(start_paused = true)]
async fn an_older_template_takes_a_database_in_parts() {
    let mut stage = stage();
    stage
        .apply(&StackState { template_body: text(PARTS), search: Value::Null, ..wired(database()) })
        .await;
    let told = ["DBUser", "DBPassword", "DBEndpoint", "DBName"].map(|p| sent(&stage, p));
    assert_eq!(told, ["root", "p@ss/word", "db.internal:5432", "quilt"]);
}

/// A destroy plans first: a secret that has gone may not stand in its way.
#[tokio::test(start_paused = true)]
async fn a_secret_that_is_gone_leaves_a_plan_without_preview() {
    let mut stage = Stage::of(StackResource, stage().fake.secret("DBUrl"));
    stage.apply(&wired(database())).await;
    stage.fake = stage.fake.clone().losing("db-secret");
    stage.refresh().await;
    let larger = StackState { parameters: strings(&[("Size", "huge")]), ..wired(database()) };
    stage.plan(&larger).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
    let told: Vec<_> =
        stage.said.warnings.iter().map(|w| format!("{}: {}", w.summary, w.detail)).collect();
    assert!(
        told.iter().any(|w| w.contains("no preview of its changes: There is no secret db-secret")),
        "{told:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_does_not_do_is_warned_about_and_ends_the_apply_before_the_stack() {
    for (value, words) in
        [("{}", "The secret's JSON has no `password`."), ("", "The secret does not hold JSON")]
    {
        let mut stage = Stage::of(StackResource, Fake::default().holding("db-secret", value));
        stage.apply_in(&stage.fake.cx(), &wired(database())).await;
        assert!(stage.said.warnings[0].detail.starts_with(words), "{:?}", stage.said);
        assert!(
            errors(&stage)[0].starts_with("database.password_secret_arn: "),
            "{:?}",
            stage.said
        );
        assert!(stage.fake.stack("prod").is_none() && stage.state.is_none());
    }
    let mut stage = Stage::of(StackResource, Fake::default());
    stage.apply_in(&stage.fake.cx(), &wired(database())).await;
    assert!(
        errors(&stage)[0]
            .starts_with("database.password_secret_arn: There is no secret db-secret in us-east-1"),
        "{:?}",
        stage.said
    );
    let mut stage = Stage::of(
        StackResource,
        self::stage()
            .fake
            .fail("secret_value", AwsErrorKind::Denied)
            .fail("secret_value", AwsErrorKind::Denied),
    );
    stage.apply_in(&stage.fake.cx(), &wired(database())).await;
    assert!(
        stage.said.warnings.is_empty() && errors(&stage)[0].contains("was not created"),
        "{:?}",
        stage.said
    );
}

#[tokio::test(start_paused = true)]
async fn an_imported_stack_keeps_the_password_it_has() {
    let mut stage = Stage::of(StackResource, stage().fake.secret("DBUrl"));
    stage.apply(&wired(database())).await;
    stage.import("prod").await;
    let changes = stage.changes(&wired(database())).await;
    assert_eq!(changes, ["database", "search", "template_body"]);
    assert!(
        stage.said.warnings.iter().any(|w| w.summary == "An imported stack keeps its secrets"),
        "{:?}",
        stage.said
    );
    stage.apply(&wired(database())).await;
    assert_eq!(updates(&stage), [""; 0]);
    assert_eq!(stage.changes(&wired(database())).await, Vec::<String>::new());
    stage.apply(&StackState { parameters_wo_version: 1.into(), ..wired(database()) }).await;
    assert!(updates(&stage)[0].contains("DBUrl=***"));
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_is_told_at_plan() {
    let none: fn(StackState) -> StackState =
        |c| StackState { database: Value::Null, search: Value::Null, ..c };
    let cases: [(StackState, &[&str]); 7] = [
        (
            none(wired(database())),
            &[
                "database: The template needs a database. `DBAccessorSecurityGroup`, `DBUrl` have no default and come from `database`",
                "search: The template needs a search domain. `SearchClusterAccessorSecurityGroup`, `SearchDomainArn`, `SearchDomainEndpoint` have",
            ],
        ),
        (
            wired(DatabaseInput { password_secret_arn: Value::Null, ..database() }),
            &[
                "database: The database is not complete. The template needs `DBUrl`, and for it `database.password_secret_arn`.",
            ],
        ),
        (
            wired(DatabaseInput {
                accessor_security_group_id: Value::Null,
                endpoint: Value::Null,
                ..database()
            }),
            &[
                "database: The database is not complete. The template needs `DBAccessorSecurityGroup`, and for it `database.accessor_security_group_id`.",
                "database: The database is not complete. The template needs `DBUrl`, and for it `database.endpoint`.",
            ],
        ),
        (
            StackState {
                search: SearchInput { endpoint: text("x"), ..SearchInput::default() }.into(),
                ..wired(database())
            },
            &[
                "search: The search domain is not complete. The template needs `SearchDomainArn`, and for it `search.domain_arn`.",
                "search: The search domain is not complete. The template needs `SearchClusterAccessorSecurityGroup`,",
            ],
        ),
        (
            StackState { template_body: text(TEMPLATE), ..wired(database()) },
            &[
                "database: This template takes no database. The template declares no parameter `DBUrl`: it uses no database from outside.",
                "search: This template takes no search domain. The template declares no parameter `SearchDomainArn`: it uses no search domain",
            ],
        ),
        (
            StackState {
                parameters: strings(&[("SearchDomainArn", "x")]),
                parameters_wo: strings(&[("DBUrl", "y")]),
                ..wired(database())
            },
            &[
                "parameters[\"SearchDomainArn\"]: Parameter given twice. `search` sets `SearchDomainArn` as well; keep one of them.",
                ": Parameter given twice. `database` sets `DBUrl` as well; keep one of them.",
            ],
        ),
        (
            StackState {
                template_body: text(
                    TEMPLATE.replace("AWS::SNS::Topic", "AWS::RDS::DBInstance").as_str(),
                ),
                search: Value::Null,
                ..wired(database())
            },
            &[
                "database: This template takes no database. The template declares no parameter `DBUrl`: it makes its own database. Remove `database`, or ask Quilt",
            ],
        ),
    ];
    for (config, words) in cases {
        let mut stage = stage();
        stage.plan(&config).await;
        let said = errors(&stage);
        assert_eq!(said.len(), words.len(), "{said:#?}");
        said.iter()
            .zip(words)
            .for_each(|(said, words)| assert!(said.starts_with(words), "{said}\n{words}"));
    }
}

#[test]
fn shapes_are_checked_offline() {
    for (endpoint, port) in
        [("db:5432", 5432), ("https://db", 5432), ("", 5432), ("db", 0), ("db", 65_536)]
    {
        let at = super::at(wired(DatabaseInput {
            endpoint: text(endpoint),
            port: port.into(),
            ..database()
        }));
        assert_eq!(
            at,
            [if port == 5432 { "database.endpoint" } else { "database.port" }],
            "{endpoint}:{port}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_known_yet_is_waited_for() {
    let unknown = DatabaseInput {
        endpoint: Value::Unknown,
        password_secret_arn: Value::Unknown,
        port: Value::Unknown,
        ..DatabaseInput::default()
    };
    let group = DatabaseInput { accessor_security_group_id: Value::Unknown, ..unknown };
    for config in [
        wired(group),
        StackState { database: Value::Unknown, search: Value::Unknown, ..wired(database()) },
    ] {
        let mut stage = stage();
        stage.plan(&config).await;
        assert!(
            !stage.said.failed() && !stage.fake.calls().iter().any(|c| c.contains("secret")),
            "{:?} {:?}",
            stage.said,
            stage.fake.calls()
        );
    }
}

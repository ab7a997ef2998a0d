//! What a plan says before anything is made, by the table of checks.

use serde_json::Value;

use super::diagnose::by_hand;
use super::terraform::Project;
use super::{QUEUES, free, writes};
use crate::cloud::{Cloud, Fault};

/// A network of ids, and a database and a search domain in it.
fn objects(database: &str, search: &str) -> String {
    let network = "{ vpc_id = \"vpc-1\", intra_subnet_ids = [\"subnet-1\", \"subnet-2\"] }";
    format!(
        "resource \"quilt_database\" \"this\" {{\n  name = \"data\"\n  network = {network}\n{database}\n}}\n\
         resource \"quilt_search\" \"this\" {{\n  name = \"find\"\n  network = {network}\n{search}\n}}\n"
    )
}

#[test]
fn what_aws_does_not_offer_is_told_at_plan_at_its_argument() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let region = "The key is of eu-west-1";
    for (database, search, words) in [
        (
            "  engine_version = \"9.6\"",
            "",
            vec!["RDS does not offer PostgreSQL 9.6", "on main.tf line 4,"],
        ),
        ("  engine_version = \"99.1\"", "", vec!["Write one of: 11.22,", "on main.tf line 4,"]),
        (
            "  instance_class = \"db.t9.small\"",
            "",
            vec!["RDS has no db.t9.small", "on main.tf line 4,"],
        ),
        (
            "  kms_key_id = \"arn:aws:kms:eu-west-1:123456789012:key/1\"",
            "",
            vec![region, "on main.tf line 4,"],
        ),
        (
            "",
            "  instance_type = \"c6g.large.elasticsearch\"",
            vec!["AWS has no c6g.large", "on main.tf line 9,"],
        ),
        (
            "",
            "  volume_size = 4096\n  volume_type = \"gp3\"",
            vec!["10 to 2048 GiB, and 4096", "on main.tf line 9,"],
        ),
    ] {
        project.main(&objects(database, search));
        let plan = project.plan().failed();
        words.into_iter().fold(plan, |plan, words| plan.says(words));
    }
    project.main(
        "resource \"quilt_network\" \"this\" {\n  name = \"net\"\n  availability_zones = [\"eu-west-1a\", \"eu-west-1b\"]\n}\n",
    );
    project.plan().failed().says("Not of us-east-1: eu-west-1a, eu-west-1b.").says("line 3,");
    project.main(
        "resource \"quilt_network\" \"this\" {\n  name = \"net\"\n  cidr = \"8.8.0.0/16\"\n}\n",
    );
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    plan.says("8.8.0.0/16 are addresses of the internet");
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn a_check_that_is_denied_is_told_once_and_the_plan_goes_on() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(&objects("", ""));
    cloud.weather(Fault::Denied.on("DescribeDBEngineVersions|DescribeInstanceTypeLimits"));
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    plan.says("Some checks could not be made")
        .says("Allow rds:DescribeDBEngineVersions")
        .says("(and one more similar warning elsewhere)");
    cloud.clear_up();
    assert!(!project.plan().text.contains("Some checks"));
}

#[test]
fn the_bucket_for_templates_is_looked_for_before_anything_is_made() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let large = QUEUES.replace("Parameters:", &format!("# {}\nParameters:", "x".repeat(60_000)));
    project.write("template.yaml", &large);
    project.main(&free(""));
    let named = |bucket: &str| {
        project.provider(&format!("provider \"quilt\" {{\n  template_bucket = {bucket:?}\n}}\n"))
    };
    named("no-such-bucket-anywhere");
    project.plan().failed().says("There is no bucket no-such-bucket-anywhere.").says("line 3,");
    assert_eq!(writes(&cloud), [""; 0]);
    let bucket = cloud.bucket("own");
    named(&bucket);
    cloud.weather(Fault::Denied.on("HeadBucket"));
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    plan.says("Allow s3:ListBucket");
    cloud.clear_up();
    assert!(!project.plan().text.contains("Some checks"));
}

#[test]
fn a_role_of_another_account_is_refused_at_plan() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("template.yaml", QUEUES);
    project.main(&free("  iam_role_arn = \"arn:aws:iam::999999999999:role/quilt\""));
    project
        .plan()
        .failed()
        .says("The role is of another account")
        .says("of the account 999999999999");
    assert_eq!(writes(&cloud), [""; 0]);
}

/// The rows of a preflight whose status is this, by name.
fn rows(project: &Project, status: &str) -> Vec<(String, String)> {
    let found = project.state()["outputs"]["it"]["value"]["checks"].clone();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = found.as_array().expect("a list").iter().filter(|row| row["status"] == status);
    rows.map(|row| (text(row, "name"), text(row, "fix"))).collect()
}

#[test]
fn an_account_is_looked_at_before_anything_exists() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let main = |arguments: &str| {
        project.main(&format!(
            "data \"quilt_preflight\" \"this\" {{\n  network = {{}}\n  database = {{}}\n  search = {{}}\n{arguments}\n}}\n\
             check \"ready\" {{\n  assert {{\n    condition = data.quilt_preflight.this.ready\n    error_message = \"It is not ready.\"\n  }}\n}}\n\
             output \"it\" {{\n  value = data.quilt_preflight.this\n}}\n"
        ))
    };
    main("  stack_name = \"prod\"");
    let applied = project.apply().ok();
    assert!(!applied.text.contains("not ready"), "{}", applied.text);
    assert_eq!((rows(&project, "fail"), rows(&project, "unknown")), (vec![], vec![]));
    assert!(rows(&project, "pass").len() > 5 && writes(&cloud).is_empty());

    let wrong = "  stack_name = \"Quilt_Prod\"\n  template_bucket = \"no-such-bucket-anywhere\"";
    main(wrong);
    cloud.weather(Fault::Denied.on("DescribeOrderableDBInstanceOptions"));
    project.apply().ok().says("It is not ready.");
    let names =
        |status| rows(&project, status).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names("fail"), ["stack_name", "template_bucket"]);
    assert_eq!(names("unknown"), ["database_instance"]);
    assert!(rows(&project, "unknown")[0].1.contains("rds:DescribeOrderableDBInstanceOptions"));
    main(&format!("{wrong}\n  fail_on = [\"template_bucket\"]"));
    project.plan().failed().says("There is no bucket no-such-bucket-anywhere.").says("line 7,");
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn the_doctor_says_by_hand_what_stands_in_the_way() {
    let cloud = Cloud::start();
    let ready = by_hand(&cloud, &["doctor", "prod"]).ok();
    ready.says("pass      stack_name").says("0 failed, 0 could not be made.");
    let wrong = ["doctor", "Quilt_Prod", "--engine-version", "9.6", "--zone", "eu-west-1a"];
    cloud.weather(Fault::Denied.on("DescribeInstanceTypeLimits"));
    let told = by_hand(&cloud, &wrong).failed();
    told.says("FAIL      engine_version")
        .says("Write one of: 11.22,")
        .says("unknown   search_nodes")
        .says("Allow es:DescribeInstanceTypeLimits to these credentials.");
    let told = by_hand(&cloud, &[&wrong[..], &["--json"]].concat()).failed();
    let json: Value = serde_json::from_str(&told.text).expect("it is JSON alone");
    assert_eq!(json["ready"], false);
    let told = by_hand(&cloud, &[&wrong[..], &["--report"]].concat()).failed();
    assert!(!told.text.contains(cloud.account()), "{}", told.text);
    told.says("| engine_version | fail |");
    assert_eq!(writes(&cloud), [""; 0]);
}

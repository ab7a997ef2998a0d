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

/// VPCs and subnets of the cloud, made beside Terraform: two networks with two zones each.
fn subnet(cloud: &Cloud, vpc: &str, zone: &str, place: u32) -> String {
    let (cidr, zone) = (format!("10.7.{place}.0/24"), format!("us-east-1{zone}"));
    let asked = [("VpcId", vpc), ("CidrBlock", &cidr), ("AvailabilityZone", &zone)];
    let made = cloud.query("ec2", "CreateSubnet", &asked).expect("there is room");
    made.find("subnetId").map(|node| node.text.clone()).expect("it has an id")
}

fn vpc(cloud: &Cloud) -> String {
    let made = cloud.query("ec2", "CreateVpc", &[("CidrBlock", "10.7.0.0/16")]).expect("room");
    made.find("vpcId").map(|node| node.text.clone()).expect("it has an id")
}

const IN_A_NETWORK: &str = "Parameters:\n  VPC: {Type: AWS::EC2::VPC::Id}\n  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}\n  \
     PublicSubnets: {Type: 'List<AWS::EC2::Subnet::Id>'}\nResources:\n  Queue: {Type: AWS::SQS::Queue}\n";

#[test]
fn subnets_that_do_not_fit_together_are_told_at_the_plan_of_a_stack() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("template.yaml", IN_A_NETWORK);
    let (one, other) = (vpc(&cloud), vpc(&cloud));
    let [a, b, c] = [("a", 1), ("b", 2), ("a", 3)].map(|(zone, n)| subnet(&cloud, &one, zone, n));
    let foreign = subnet(&cloud, &other, "b", 4);
    let stack = |private: &str, public: &str| {
        project.main(&free(&format!(
            "  network = {{\n    vpc_id = {one:?}\n    private_subnet_ids = [{private}]\n    public_subnet_ids = [{public}]\n  }}"
        )))
    };
    let right = format!("{a:?}, {b:?}");
    for (private, words) in [
        (format!("{a:?}"), "`private_subnet_ids` names ".to_string()),
        (format!("{a:?}, {foreign:?}"), format!("The subnet {foreign} is in another VPC")),
        (format!("{a:?}, {c:?}"), "The private subnets are in one zone".into()),
        (
            format!("{a:?}, \"subnet-0123456789abcdef0\""),
            "There is no subnet subnet-0123456789abcdef0".into(),
        ),
    ] {
        stack(&private, &right);
        project.plan().failed().says(&words).says("network = {");
    }
    stack(&right, &right);
    cloud.weather(Fault::Denied.on("DescribeSubnets"));
    project.plan().says("Some checks could not be made").says("Allow ec2:DescribeSubnets");
    cloud.clear_up();
    project.apply().ok().says("1 added");
    project.plan_is_empty();
    project.destroy().ok();
}

#[test]
fn an_account_that_is_full_is_told_before_anything_is_made() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let network = "resource \"quilt_network\" \"this\" {\n  name = \"net\"\n}\n";
    project.main(network);
    for _ in 0..5 {
        vpc(&cloud);
        cloud.query("ec2", "AllocateAddress", &[("Domain", "vpc")]).expect("there is room");
    }
    let roomy = project.plan();
    assert!(!roomy.text.contains("no room"), "{}", roomy.text);
    cloud.quota("vpcs", 5);
    cloud.quota("addresses", 6);
    project
        .plan()
        .says("There is no room for another VPC")
        .says("There is no room for the addresses of the NAT gateways")
        .says("this needs 2 more");
    cloud.weather(Fault::Denied.on("GetServiceQuota|DescribeAddresses"));
    project
        .plan()
        .says("Allow ec2:DescribeVpcs and servicequotas:GetServiceQuota")
        .says("Allow ec2:DescribeAddresses and");
    cloud.clear_up();
    project.main(&network.replace("}", "  nat_gateways = \"single\"\n}"));
    cloud.quota("vpcs", 9);
    let plan = project.plan();
    assert!(!plan.text.contains("no room"), "{}", plan.text);

    let trail = |name: &str| {
        let bucket = cloud.bucket(name);
        let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.CreateTrail";
        cloud.json(
            "cloudtrail",
            target,
            &serde_json::json!({ "Name": name, "S3BucketName": bucket }),
        );
    };
    project.write("template.yaml", "Resources:\n  Trail: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: true, S3BucketName: records}}\n");
    project.main(&free(""));
    for name in ["trail-one", "trail-two", "trail-three", "trail-four"] {
        trail(name);
    }
    assert!(!project.plan().text.contains("no room"));
    trail("trail-five");
    project.plan().says("There is no room for another trail").says("has 5 trails");
    cloud.weather(Fault::Denied.on("DescribeTrails"));
    project.plan().says("Allow cloudtrail:DescribeTrails");
    cloud.clear_up();
    cloud.forget();
    cloud.weather(Fault::Html { status: 200 }.on("DescribeTrails"));
    project.plan().says("the answer was cut off or is not AWS's");
    let asked = cloud.calls().iter().filter(|call| call.action == "DescribeTrails").count();
    assert_eq!(asked, 6, "a page that stands in between is not asked for ever");
}

#[test]
fn a_network_that_is_there_is_looked_at_before_anything_exists() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let one = vpc(&cloud);
    let [a, b] = [("a", 1), ("b", 2)].map(|(zone, n)| subnet(&cloud, &one, zone, n));
    cloud.forget();
    let main = |ids: &str| {
        project.main(&format!(
            "data \"quilt_preflight\" \"this\" {{\n  network = {{\n    vpc_id = {one:?}\n    private_subnet_ids = [{ids}]\n  }}\n}}\n\
             output \"it\" {{\n  value = data.quilt_preflight.this\n}}\n"
        ))
    };
    let names =
        |status| rows(&project, status).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    main(&format!("{a:?}, {b:?}"));
    project.apply().ok();
    assert_eq!((names("pass"), names("fail")), (vec!["subnets".to_string()], vec![]));
    main(&format!("{a:?}"));
    project.apply().ok();
    assert_eq!(names("fail"), ["subnets"]);
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn credentials_that_may_not_store_a_template_are_told_at_plan() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let large = QUEUES.replace("Parameters:", &format!("# {}\nParameters:", "x".repeat(60_000)));
    project.write("template.yaml", &large);
    project.main(&free(""));
    let statement = |effect: &str, more: Value| {
        let mut one = serde_json::json!({ "Effect": effect });
        more.as_object().into_iter().flatten().for_each(|(k, v)| one[k] = v.clone());
        serde_json::json!({ "Version": "2012-10-17", "Statement": [one] }).to_string()
    };
    let trust = statement(
        "Allow",
        serde_json::json!({ "Principal": { "AWS": "*" }, "Action": "sts:AssumeRole" }),
    );
    let asked = [("RoleName", "planner"), ("AssumeRolePolicyDocument", trust.as_str())];
    cloud.query("iam", "CreateRole", &asked).expect("it is made");
    let (bucket, account) = (cloud.bucket("own"), cloud.account());
    project.provider(&format!(
        "provider \"quilt\" {{\n  template_bucket = {bucket:?}\n  assume_role {{\n    role_arn = \"arn:aws:iam::{account}:role/planner\"\n  }}\n}}\n"
    ));
    let policy = |effect: &str| {
        let text =
            statement(effect, serde_json::json!({ "Action": "s3:PutObject", "Resource": "*" }));
        let asked = [("RoleName", "planner"), ("PolicyName", "s3"), ("PolicyDocument", &text)];
        cloud.query("iam", "PutRolePolicy", &asked).expect("it is taken");
    };
    let nothing = format!("No policy of theirs allows s3:PutObject on arn:aws:s3:::{bucket}/*");
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    plan.says(&nothing).says(&format!("arn:aws:iam::{account}:role/planner"));
    policy("Deny");
    project.plan().says("A policy of theirs denies s3:PutObject");
    policy("Allow");
    let plan = project.plan();
    assert!(
        !plan.text.contains("may not write") && !plan.text.contains("Some checks"),
        "{}",
        plan.text
    );
    cloud.weather(Fault::Denied.on("SimulatePrincipalPolicy"));
    project.plan().says("Allow iam:SimulatePrincipalPolicy");
}

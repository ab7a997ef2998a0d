//! How a deployment is: by the data source, by the example's `check` blocks, and by hand for drift.

use serde_json::{Value, json};

use super::diagnose::by_hand;
use super::examples::place;
use super::sso::issuer::Issuer;
use super::terraform::{APPLY, Project};
use super::writes;
use crate::cloud::{Cloud, Fault};

/// One of each part that is looked at, and a policy that Quilt itself writes into.
const TEMPLATE: &str = r#"Parameters:
  QuiltWebHost: {Type: String}
  CertificateArnELB: {Type: String}
  Registry: {Type: String}
Resources:
  Cluster: {Type: AWS::ECS::Cluster, Properties: {ClusterName: prod}}
  Definition:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: registry, ContainerDefinitions: [{Name: registry, Image: 'quilt:1'}]}
  RegistryService:
    Type: AWS::ECS::Service
    DependsOn: Cluster
    Properties: {ServiceName: registry, Cluster: prod, TaskDefinition: !Ref Definition, DesiredCount: 0}
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {VpcId: !Ref Net, Port: 80, Protocol: HTTP, TargetType: ip, HealthCheckPath: /healthcheck}
  Search:
    Type: AWS::Elasticsearch::Domain
    Properties:
      DomainName: find
      ElasticsearchVersion: '7.10'
      ElasticsearchClusterConfig: {InstanceCount: 2, InstanceType: m6g.large.elasticsearch}
      EBSOptions: {EBSEnabled: true, VolumeType: gp2, VolumeSize: 100}
  DB:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, EngineVersion: '15.12', DBInstanceClass: db.t3.small, AllocatedStorage: '20', MasterUsername: root, MasterUserPassword: hunter2hunter2}
  BucketReadPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Deny, Action: 's3:GetObject', NotResource: '*'}]}
  Queue: {Type: AWS::SQS::Queue, Properties: {MaximumMessageSize: 1024}}
  Canary:
    Type: AWS::Synthetics::Canary
    Properties: {Name: stabl-ctlg-search}
Outputs:
  RegistryHost: {Value: !Ref Registry}
"#;

/// A stack that is well, with the registry on this machine.
fn well(registry: &str) -> Cloud {
    let cloud = Cloud::start();
    let hosts = ["quilt.example.com", "*.example.com"];
    let asked = json!({"DomainName": hosts[0], "SubjectAlternativeNames": hosts, "ValidationMethod": "DNS"});
    let made = cloud.json("acm", "CertificateManager.RequestCertificate", &asked);
    let certificate = made["CertificateArn"].as_str().expect("it has an ARN");
    let given =
        [("QuiltWebHost", hosts[0]), ("CertificateArnELB", certificate), ("Registry", registry)];
    cloud.create_stack("prod", TEMPLATE, &given).expect("the template is right");
    let stack = cloud.settled("prod");
    assert_eq!(stack.status, "CREATE_COMPLETE", "{:?}", cloud.events("prod"));
    metric(&cloud, "AWS/ES", "ClusterStatus.green", 1.0);
    metric(&cloud, "AWS/ES", "FreeStorageSpace", 51_200.0);
    metric(&cloud, "CloudWatchSynthetics", "SuccessPercent", 100.0);
    answers(&cloud, "healthy");
    let bucket = cloud.bucket("raw");
    let put = |what: &str, body: &str| {
        cloud.s3("PUT", &format!("/{bucket}?{what}"), &[], body.as_bytes()).expect("it is taken")
    };
    put(
        "versioning",
        "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
    );
    put(
        "notification",
        "<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>",
    );
    cloud.forget();
    cloud
}

/// CloudWatch is told something of the search domain, or of the canary.
fn metric(cloud: &Cloud, namespace: &str, name: &str, value: f64) {
    let value = value.to_string();
    let one = "MetricData.member.1";
    let of = |part: &str| format!("{one}.Dimensions.member.{part}");
    let whose = match namespace {
        "AWS/ES" => vec![("DomainName", "find"), ("ClientId", cloud.account())],
        _ => vec![("CanaryName", "stabl-ctlg-search")],
    };
    let mut given = vec![
        ("Namespace".to_string(), namespace),
        (format!("{one}.MetricName"), name),
        (format!("{one}.Value"), value.as_str()),
    ];
    for (n, (name, value)) in whose.iter().enumerate() {
        given.push((of(&format!("{}.Name", n + 1)), name));
        given.push((of(&format!("{}.Value", n + 1)), value));
    }
    let given: Vec<_> = given.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    cloud.query("monitoring", "PutMetricData", &given).expect("the request is right");
}

/// The one target is in this state.
fn answers(cloud: &Cloud, state: &str) {
    let group = cloud.resources("prod")["Group"].physical_id.clone();
    let reason = if state == "healthy" { "" } else { "Request timed out" };
    cloud.leave(&json!({ "targets": [{ "group": group, "id": "10.0.1.7", "state": state, "reason": reason }] }));
}

fn main(project: &Project, arguments: &str) {
    project.main(&format!(
        "data \"quilt_health\" \"this\" {{\n  name = \"prod\"\n{arguments}}}\noutput \"it\" {{\n  value = data.quilt_health.this\n}}\n"
    ));
}

fn seen(project: &Project) -> Value {
    project.state()["outputs"]["it"]["value"].clone()
}

/// Names of the checks of this status.
fn of_status(seen: &Value, status: &str) -> Vec<String> {
    let rows = seen["checks"].as_array().expect("a list").iter();
    let rows = rows.filter(|row| row["status"] == status);
    rows.map(|row| row["name"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Somebody changes the queue, and the registry its policy.
fn drift(cloud: &Cloud) {
    let parts = cloud.resources("prod");
    let given = json!({ "QueueUrl": parts["Queue"].physical_id, "Attributes": { "MaximumMessageSize": "8192" } });
    cloud.json("sqs", "AmazonSQS.SetQueueAttributes", &given);
    registry_writes(cloud);
}

fn registry_writes(cloud: &Cloud) {
    let arn = cloud.resources("prod")["BucketReadPolicy"].physical_id.clone();
    let document = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }] });
    let given = [
        ("PolicyArn", arn.as_str()),
        ("PolicyDocument", &document.to_string()),
        ("SetAsDefault", "true"),
    ];
    cloud.query("iam", "CreatePolicyVersion", &given).expect("the request is right");
}

const ALL: &str = "  drift = true\n  registry = true\n  canaries = true\n";

#[test]
fn a_deployment_is_well_ill_and_hidden() {
    let issuer = Issuer::start();
    let cloud = well(issuer.url());
    let project = Project::new(&cloud);
    project.write("ca.pem", issuer.authority());
    project.provider("provider \"quilt\" {\n  custom_ca_bundle = \"ca.pem\"\n}\n");
    let buckets = format!(
        "  data_buckets = [\"raw-{}\"]\n  accept = [\"bucket_replication\"]\n",
        cloud.account()
    );
    main(&project, &format!("{ALL}{buckets}"));
    registry_writes(&cloud);
    cloud.forget();
    project.apply().ok();
    assert_eq!(writes(&cloud), ["DetectStackDrift"]);
    let it = seen(&project);
    assert_eq!((of_status(&it, "unknown"), &it["healthy"]), (vec![], &json!(true)), "{it}");
    assert_eq!(of_status(&it, "fail"), ["bucket_replication"], "{it}");
    assert_eq!(of_status(&it, "pass").len(), 12, "{it}");
    assert_eq!(
        (&it["search"]["colour"], &it["search"]["free_storage_gib"]),
        (&json!("green"), &json!(50))
    );
    assert_eq!((&it["database"]["status"], &it["drifted"]), (&json!("available"), &json!([])));
    assert_eq!(
        (&it["buckets"][0]["notifications"], &it["canary_runs"][0]["success_percent"]),
        (&json!(true), &json!(100))
    );
    assert!(it["certificates"][0]["days_left"].as_i64().is_some_and(|days| days > 30), "{it}");
    assert!(issuer.asked().iter().any(|request| request.starts_with("GET /api/health ")));

    // Everything becomes ill, in AWS.
    metric(&cloud, "AWS/ES", "ClusterStatus.red", 1.0);
    metric(&cloud, "AWS/ES", "FreeStorageSpace", 1024.0);
    metric(&cloud, "CloudWatchSynthetics", "SuccessPercent", 0.0);
    answers(&cloud, "unhealthy");
    drift(&cloud);
    let (service, definition) = (
        cloud.resources("prod")["RegistryService"].physical_id.clone(),
        cloud.resources("prod")["Definition"].physical_id.clone(),
    );
    cloud.leave(&json!({
        "services": [{ "service": service, "desired": 2, "running": 1 }],
        "tasks": [{ "service": service, "definition": definition, "reason": "CannotPullContainerError: pull image manifest has been retried", "containers": [] }],
    }));
    cloud
        .s3(
            "PUT",
            &format!("/raw-{}?versioning", cloud.account()),
            &[],
            b"<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>",
        )
        .expect("it is taken");
    let other = "<NotificationConfiguration/>";
    cloud
        .s3("PUT", &format!("/raw-{}?notification", cloud.account()), &[], other.as_bytes())
        .expect("it is taken");
    project.apply().ok();
    let it = seen(&project);
    let failed = [
        "services",
        "targets",
        "search",
        "search_storage",
        "drift",
        "canaries",
        "bucket_versioning",
        "bucket_replication",
        "bucket_notifications",
    ];
    assert_eq!(
        (of_status(&it, "fail"), &it["healthy"]),
        (failed.map(String::from).into(), &json!(false)),
        "{it}"
    );
    assert_eq!(it["services"][0]["running"], 1);
    assert_eq!(
        (it["drifted"].as_array().map(Vec::len), &it["drifted"][0]["logical_id"]),
        (Some(1), &json!("Queue"))
    );
    let told = it["checks"].to_string();
    for words in [
        "CannotPullContainerError",
        "10.0.1.7: Request timed out",
        "volume_size = 150",
        "/MaximumMessageSize",
        "NAT gateway",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }

    // And nothing may be looked at.
    cloud.weather(Fault::Denied.on("ListStackResources|DescribeCertificate|DetectStackDrift|GetBucketVersioning|GetBucketReplication|GetBucketNotificationConfiguration"));
    project.apply().ok();
    let it = seen(&project);
    assert_eq!(
        (of_status(&it, "pass"), of_status(&it, "fail")),
        (vec!["stack".to_owned(), "registry".to_owned()], vec![]),
        "{it}"
    );
    for row in
        it["checks"].as_array().expect("a list").iter().filter(|row| row["status"] == "unknown")
    {
        assert!(row["fix"].as_str().is_some_and(|fix| fix.starts_with("Allow ")), "{row}");
    }
    cloud.clear_up();
    cloud.weather(
        Fault::Denied.on("DescribeServices|DescribeTargetHealth|GetMetricData|DescribeDBInstances"),
    );
    project.apply().ok();
    let unknown = of_status(&seen(&project), "unknown");
    assert_eq!(
        unknown,
        ["services", "targets", "search", "search_storage", "database", "canaries"]
    );
}

#[test]
fn the_example_tells_in_check_blocks_what_is_ill() {
    let cloud = well("127.0.0.1:1");
    let project = Project::new(&cloud);
    place(&project, "health");
    let values = |more: Value| {
        let mut all = json!({ "name": "prod", "accept": ["bucket_replication"], "data_buckets": [format!("raw-{}", cloud.account())] });
        all.as_object_mut()
            .expect("it is one")
            .extend(more.as_object().cloned().unwrap_or_default());
        project.write("terraform.tfvars.json", &all.to_string());
    };
    values(json!({}));
    let told = project.run(&APPLY).ok();
    assert!(!told.text.contains("Check block"), "{}", told.text);
    project.plan_is_empty();
    answers(&cloud, "unhealthy");
    cloud.weather(Fault::Denied.on("DescribeDBInstances"));
    values(json!({ "registry": true, "certificate_days": 4000 }));
    let told = project.run(&APPLY).ok();
    for words in [
        "targets: Group: 0 of 1 targets answer",
        "registry: https://127.0.0.1:1/api/health was not read",
        "Allow",
        "rds:DescribeDBInstances",
        "within 4000 days",
    ] {
        assert!(told.text.contains(words), "{words}: {}", told.text);
    }
}

#[test]
fn drift_is_told_by_hand_without_what_quilt_writes() {
    let cloud = well("127.0.0.1:1");
    registry_writes(&cloud);
    let told = by_hand(&cloud, &["diagnose", "prod", "--drift"]).ok();
    told.says("It is as its template says.")
        .says("Policies that Quilt itself writes into are left out: 1.");
    drift(&cloud);
    let told = by_hand(&cloud, &["diagnose", "prod", "--drift"]).failed();
    told.says("- Queue (AWS::SQS::Queue")
        .says("/MaximumMessageSize")
        .does_not_say("BucketReadPolicy");
    let told = by_hand(&cloud, &["diagnose", "prod", "--drift", "--json"]).failed();
    let json: Value = serde_json::from_str(&told.text).expect("it is JSON alone");
    assert_eq!(
        (&json["drifted"][0]["logical_id"], &json["left_out"]),
        (&json!("Queue"), &json!(1))
    );
    cloud.weather(Fault::Denied.on("DetectStackDrift"));
    by_hand(&cloud, &["diagnose", "prod", "--drift"]).failed().says("DetectStackDrift");
}

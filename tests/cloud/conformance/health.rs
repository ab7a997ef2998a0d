//! What tells how a deployment is: targets, metrics, drift of a policy, and how a bucket is kept.

use serde_json::json;

use crate::cloud::Cloud;

const GROUP: &str = "
Resources:
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {VpcId: !Ref Net, Port: 80, Protocol: HTTP, TargetType: ip}
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Deny, Action: 's3:GetObject', NotResource: '*'}]}
";

fn made() -> Cloud {
    let cloud = Cloud::start();
    cloud.create_stack("group", GROUP, &[]).expect("the template is right");
    cloud.settled("group");
    cloud
}

/// ELB API Reference, DescribeTargetHealth: a state for each target, with a description where it is not healthy; TargetGroupNotFound.
#[test]
fn targets_have_a_health() {
    let cloud = made();
    let group = cloud.resources("group")["Group"].physical_id.clone();
    let ask = |group: &str| {
        cloud.query("elasticloadbalancing", "DescribeTargetHealth", &[("TargetGroupArn", group)])
    };
    assert_eq!(ask(&group).expect("it is there").members("TargetHealthDescriptions").len(), 0);
    let target = json!({ "group": group, "id": "10.0.1.7", "state": "unhealthy", "reason": "Request timed out" });
    cloud.leave(&json!({ "targets": [target] }));
    let told = ask(&group).expect("it is there");
    let text = |name: &str| told.find(name).map(|node| node.text.clone()).unwrap_or_default();
    assert_eq!(
        [text("Id"), text("State"), text("Description")],
        ["10.0.1.7", "unhealthy", "Request timed out"]
    );
    let refused = ask(&group.replace("targetgroup/", "targetgroup/x")).unwrap_err();
    assert_eq!((refused.status, refused.code.as_str()), (400, "TargetGroupNotFound"));
}

/// CloudWatch API Reference, GetMetricData: values with their times, of the metric with these very dimensions alone.
#[test]
fn a_metric_has_values() {
    let cloud = Cloud::start();
    let given = [
        ("Namespace", "AWS/ES"),
        ("MetricData.member.1.MetricName", "FreeStorageSpace"),
        ("MetricData.member.1.Value", "1024"),
        ("MetricData.member.1.Dimensions.member.1.Name", "DomainName"),
        ("MetricData.member.1.Dimensions.member.1.Value", "find"),
    ];
    cloud.query("monitoring", "PutMetricData", &given).expect("the request is right");
    let ask = |domain: &str| {
        let stat = "MetricDataQueries.member.1.MetricStat";
        let names = ["Metric.Namespace", "Metric.MetricName", "Period", "Stat"]
            .map(|name| format!("{stat}.{name}"));
        let dimension =
            ["Name", "Value"].map(|part| format!("{stat}.Metric.Dimensions.member.1.{part}"));
        let asked = [
            ("StartTime", "2026-01-01T00:00:00Z"),
            ("EndTime", "2036-01-01T00:00:00Z"),
            ("MetricDataQueries.member.1.Id", "m1"),
            (&names[0], "AWS/ES"),
            (&names[1], "FreeStorageSpace"),
            (&names[2], "60"),
            (&names[3], "Minimum"),
            (&dimension[0], "DomainName"),
            (&dimension[1], domain),
        ];
        let answer = cloud.query("monitoring", "GetMetricData", &asked).expect("it is right");
        let (values, times) = (answer.members("Values"), answer.members("Timestamps"));
        assert_eq!(values.len(), times.len());
        values.iter().map(|value| value.text.parse::<f64>().expect("a number")).collect::<Vec<_>>()
    };
    assert_eq!((ask("find"), ask("other")), (vec![1024.0], vec![]));
}

/// API, DescribeStackResourceDrifts: another version of a managed policy is another document.
#[test]
fn a_policy_drifts() {
    let cloud = made();
    let arn = cloud.resources("group")["Policy"].physical_id.clone();
    let allow = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" });
    let document = json!({ "Version": "2012-10-17", "Statement": [allow] }).to_string();
    let given =
        [("PolicyArn", arn.as_str()), ("PolicyDocument", &document), ("SetAsDefault", "true")];
    cloud.query("iam", "CreatePolicyVersion", &given).expect("the request is right");
    let name = [("StackName", "group")];
    cloud.query("cloudformation", "DetectStackDrift", &name).expect("it is at rest");
    let drifts = cloud.query("cloudformation", "DescribeStackResourceDrifts", &name);
    let drifts = drifts.expect("it was looked at");
    let rows = drifts.members("StackResourceDrifts");
    let of = |name: &str| {
        let row = rows.iter().find(|row| row.get("LogicalResourceId") == Some("Policy"));
        row.and_then(|row| row.find(name)).map(|node| node.text.clone()).unwrap_or_default()
    };
    assert_eq!(of("StackResourceDriftStatus"), "MODIFIED");
    assert!(of("PropertyPath").starts_with("/PolicyDocument"), "{}", of("PropertyPath"));
}

/// S3, GetBucketReplication: a bucket without has none, by an error of its own; of a bucket that there is not: NoSuchBucket.
#[test]
fn a_bucket_without_replicas_says_so() {
    let cloud = Cloud::start();
    let bucket = cloud.bucket("raw");
    let code = |bucket: &str| {
        cloud.s3("GET", &format!("/{bucket}?replication"), &[], b"").unwrap_err().code
    };
    assert_eq!(code(&bucket), "ReplicationConfigurationNotFoundError");
    assert_eq!(code("no-such-bucket-anywhere"), "NoSuchBucket");
}

//! Search domains: by the older API and the newer one, what they refuse, and how their engine goes up.

use serde_json::json;

use crate::cloud::{Cloud, Rule};

const DOMAIN: &str = "
Parameters:
  Version: {Type: String, Default: '6.8'}
  Count: {Type: Number, Default: 2}
  Type: {Type: String, Default: gp3}
Resources:
  Search:
    Type: AWS::OpenSearchService::Domain
    UpdatePolicy: {EnableVersionUpgrade: true}
    Properties:
      DomainName: find
      EngineVersion: !Sub Elasticsearch_${Version}
      ClusterConfig: {InstanceType: m5.large.search, InstanceCount: !Ref Count, ZoneAwarenessEnabled: true}
      EBSOptions: {EBSEnabled: true, VolumeType: !Ref Type, VolumeSize: 100, Throughput: 250}
";

/// The status after an update with these parameters, and the reason that the domain was given.
fn updated(cloud: &Cloud, template: &str, parameters: &[(&str, &str)]) -> (String, String) {
    cloud.update_stack("find", template, parameters).expect("there is a change");
    let status = cloud.settled("find").status;
    let events = cloud.events("find");
    let failed = events
        .iter()
        .rev()
        .find(|event| event.resource == "Search" && event.status.ends_with("_FAILED"));
    (status, failed.and_then(|event| event.reason.clone()).unwrap_or_default())
}

/// Elasticsearch Service API Reference, DescribeElasticsearchDomain: domains of Elasticsearch answer to the older API whoever made them.
#[test]
fn the_older_api_tells_of_a_domain() {
    let cloud = Cloud::start();
    cloud.create_stack("find", DOMAIN, &[]).expect("the template is right");
    assert_eq!(cloud.settled("find").status, "CREATE_COMPLETE", "{:#?}", cloud.events("find"));
    let domain =
        cloud.rest("es", "GET", "/2015-01-01/es/domain/find", &json!({}))["DomainStatus"].clone();
    assert_eq!(
        (&domain["ElasticsearchVersion"], &domain["Processing"], &domain["DomainName"]),
        (&json!("6.8"), &json!(false), &json!("find"))
    );
}

/// OpenSearch Service Developer Guide, "Upgrading domains" and "EBS volumes"; the texts are seen.
#[test]
fn a_domain_refuses_what_cannot_be() {
    let cloud = Cloud::start();
    cloud.create_stack("find", DOMAIN, &[]).expect("the template is right");
    cloud.settled("find");
    for (parameters, words) in [
        (("Type", "gp2"), "Throughput is only valid when volume type is GP3."),
        (("Count", "3"), "even number of data nodes"),
        (("Version", "6.5"), "is not valid"),
    ] {
        let (status, reason) = updated(&cloud, DOMAIN, &[parameters]);
        assert!(
            status == "UPDATE_ROLLBACK_COMPLETE" && reason.contains(words),
            "{status} {reason}"
        );
    }
    let fixed = DOMAIN.replace("    UpdatePolicy: {EnableVersionUpgrade: true}\n", "");
    let (status, reason) = updated(&cloud, &fixed, &[("Version", "7.10")]);
    assert!(
        status == "UPDATE_ROLLBACK_COMPLETE" && reason.contains("custom-named resource"),
        "{status} {reason}"
    );
    assert_eq!(updated(&cloud, DOMAIN, &[("Version", "7.10")]).0, "UPDATE_COMPLETE");
}

/// OpenSearch Service Developer Guide, "Making configuration changes": one at a time.
#[test]
fn a_busy_domain_is_not_changed() {
    let cloud = Cloud::start();
    cloud.create_stack("find", DOMAIN, &[]).expect("the template is right");
    cloud.settled("find");
    cloud.hold(Rule::stack("find").resource("Domain").on("process").hold(30.0));
    cloud.rest(
        "es",
        "POST",
        "/2021-01-01/opensearch/domain/find/config",
        &json!({"AdvancedOptions": {"a": "b"}}),
    );
    let (status, reason) = updated(&cloud, DOMAIN, &[("Version", "7.10")]);
    assert!(
        status == "UPDATE_ROLLBACK_COMPLETE" && reason.contains("A change/update is in progress"),
        "{status} {reason}"
    );
}

/// OpenSearch Service API Reference, DescribeDomainHealth: the cluster's colour, and whether it is being changed.
#[test]
fn a_domain_has_a_health() {
    let cloud = Cloud::start();
    cloud.create_stack("find", DOMAIN, &[]).expect("the template is right");
    cloud.settled("find");
    let health = || {
        let health =
            cloud.rest("es", "GET", "/2021-01-01/opensearch/domain/find/health", &json!({}));
        ["ClusterHealth", "DomainState", "AvailabilityZoneCount"]
            .map(|name| health[name].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(health(), ["Green", "Active", "2"]);
    cloud.hold(Rule::stack("find").resource("Domain").on("health").fail("Red").times(1));
    cloud.hold(Rule::stack("find").resource("Domain").on("process").hold(30.0));
    cloud.rest(
        "es",
        "POST",
        "/2021-01-01/opensearch/domain/find/config",
        &json!({"AdvancedOptions": {"a": "b"}}),
    );
    assert_eq!(health(), ["Red", "Processing", "2"]);
    assert_eq!(health(), ["Green", "Processing", "2"]);
}

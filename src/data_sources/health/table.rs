//! The table: every check, with what it asks and how it looks.

use super::scene::Scene;
use super::{bucket, canary, certificate, database, drift, registry, search, service, target};
use crate::preflight::{self, Looking, Verdict};

/// How a check of this table looks.
pub type Look = for<'a> fn(&'a Scene<'a>) -> Looking<'a>;

/// A check of this table.
pub type Check = preflight::Check<Look>;

/// The resources of a stack are listed to find what it runs.
const PARTS: &str = "cloudformation:ListStackResources";

/// Every check.
pub const CHECKS: &[Check] = &[
    Check {
        name: "stack",
        about: "the stack is complete, and nothing goes on with it",
        asks: &["cloudformation:DescribeStacks"],
        link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html",
        look: |scene| Box::pin(std::future::ready(Ok(Some(stack(scene))))),
    },
    Check {
        name: "services",
        about: "every service of ECS has all its tasks",
        asks: &[PARTS, "ecs:DescribeServices", "ecs:ListTasks", "ecs:DescribeTasks"],
        link: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html",
        look: |scene| Box::pin(service::look(scene)),
    },
    Check {
        name: "targets",
        about: "the load balancers' targets answer",
        asks: &[PARTS, "elasticloadbalancing:DescribeTargetHealth"],
        link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
        look: |scene| Box::pin(target::look(scene)),
    },
    Check {
        name: "search",
        about: "the search domain is there and its cluster is green",
        asks: &[PARTS, "es:DescribeElasticsearchDomain", "cloudwatch:GetMetricData"],
        link: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/handling-errors.html",
        look: |scene| Box::pin(search::look(scene)),
    },
    Check {
        name: "search_storage",
        about: "every data node of the search domain has room left",
        asks: &[PARTS, "es:DescribeElasticsearchDomain", "cloudwatch:GetMetricData"],
        link: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/sizing-domains.html",
        look: |scene| Box::pin(search::look_room(scene)),
    },
    Check {
        name: "database",
        about: "the database is available",
        asks: &[PARTS, "cloudformation:DescribeStacks", "rds:DescribeDBInstances"],
        link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html",
        look: |scene| Box::pin(database::look(scene)),
    },
    Check {
        name: "certificate",
        about: "the certificates are issued, for every host, and last for 30 days more",
        asks: &["acm:DescribeCertificate"],
        link: "https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-renewal.html",
        look: |scene| Box::pin(certificate::look(scene)),
    },
    Check {
        name: "drift",
        about: "nothing is otherwise than the template says, what Quilt itself writes left out. Only with `drift = true`",
        asks: &[
            "cloudformation:DetectStackDrift",
            "cloudformation:DescribeStackDriftDetectionStatus",
            "cloudformation:DescribeStackResourceDrifts",
        ],
        link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html",
        look: |scene| Box::pin(drift::look(scene)),
    },
    Check {
        name: "registry",
        about: "the registry answers to this machine. Only with `registry = true`",
        asks: &[],
        link: "https://docs.quiltdata.com/quilt-platform-administrator/technical-reference",
        look: |scene| Box::pin(registry::look(scene)),
    },
    Check {
        name: "canaries",
        about: "the last run of every canary ended well. Only with `canaries = true`",
        asks: &[PARTS, "cloudwatch:GetMetricData"],
        link: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries.html",
        look: |scene| Box::pin(canary::look(scene)),
    },
    Check {
        name: "bucket_versioning",
        about: "the data buckets keep versions. Only with `data_buckets`",
        asks: &["s3:GetBucketVersioning"],
        link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
        look: |scene| Box::pin(bucket::versioning(scene)),
    },
    Check {
        name: "bucket_replication",
        about: "the data buckets are copied into other buckets. Only with `data_buckets`",
        asks: &["s3:GetReplicationConfiguration"],
        link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html",
        look: |scene| Box::pin(bucket::replication(scene)),
    },
    Check {
        name: "bucket_notifications",
        about: "the data buckets tell of what is stored and deleted in them. Only with `data_buckets`",
        asks: &["s3:GetBucketNotification"],
        link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html",
        look: |scene| Box::pin(bucket::notifications(scene)),
    },
];

/// The stack itself: it was looked at already.
fn stack(scene: &Scene<'_>) -> Verdict {
    let (name, status) = (&scene.stack.name, &scene.stack.status);
    if status.usable() {
        return Verdict::pass(format!("The stack {name} is {status}."));
    }
    let found = match &scene.stack.reason {
        Some(reason) => format!("The stack {name} is {status}: {}.", reason.trim_end_matches('.')),
        None => format!("The stack {name} is {status}."),
    };
    let fix = match status.settled() {
        false => format!("Wait for its end: `terraform-provider-quilt watch {name} --wait`."),
        true => format!(
            "See why with `terraform-provider-quilt diagnose {name}`; the guide \"Stuck stacks\" has what to do then."
        ),
    };
    Verdict::fail("name", "The stack is not complete", found, fix)
}

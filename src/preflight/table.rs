//! The table: every check, with what it asks and how it looks.

use std::future::ready;

use super::{
    Check, bucket, certificate, database, engine, network, origin, room, search, secrets, stack,
    template,
};

/// A look that asks nothing.
macro_rules! at_once {
    ($look:path) => {
        |scene| Box::pin(ready(Ok($look(scene))))
    };
}

/// Every check.
pub const CHECKS: &[Check] = &[
    Check {
        name: "stack_name",
        about: "the name of the stack is one that roles, buckets, database and search domain can be named after",
        asks: &[],
        link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html",
        look: at_once!(stack::name),
    },
    Check {
        name: "stack_status",
        about: "a stack of that name is not there yet, or can be updated",
        asks: &["cloudformation:DescribeStacks"],
        link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html",
        look: |scene| Box::pin(stack::look(scene)),
    },
    Check {
        name: "change_sets",
        about: "CloudFormation objects to nothing in the change sets that the stack has: names that are taken, buckets that are not empty, quotas",
        asks: &[
            "cloudformation:ListChangeSets",
            "cloudformation:DescribeChangeSet",
            "cloudformation:DescribeEvents",
        ],
        link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html",
        look: |scene| Box::pin(stack::objections(scene)),
    },
    Check {
        name: "template",
        about: "the template can be read, is not too large, and gets every parameter it needs, each with a value that fits",
        asks: &[],
        link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
        look: at_once!(template::parameters),
    },
    Check {
        name: "web_host",
        about: "the host of the catalog may stand in DNS, and those that follow from it",
        asks: &[],
        link: "https://docs.quiltdata.com/quilt-platform-administrator/technical-reference",
        look: at_once!(template::host),
    },
    Check {
        name: "template_bucket",
        about: "the bucket for large templates is there, and in this region",
        asks: &["s3:ListBucket"],
        link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
        look: |scene| Box::pin(bucket::look(scene)),
    },
    Check {
        name: "template_bucket_writable",
        about: "these credentials may put templates into the bucket, as far as their own policies tell",
        asks: &["iam:SimulatePrincipalPolicy"],
        link: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html",
        look: |scene| Box::pin(bucket::look_writable(scene)),
    },
    Check {
        name: "certificate",
        about: "the certificate is of this account and region, issued, and for every host of the catalog",
        asks: &["acm:DescribeCertificate"],
        link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html",
        look: |scene| Box::pin(certificate::look(scene)),
    },
    Check {
        name: "secrets",
        about: "each secret is there and may be read",
        asks: &["secretsmanager:GetSecretValue"],
        link: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html",
        look: |scene| Box::pin(secrets::look(scene)),
    },
    Check {
        name: "engine_version",
        about: "RDS offers the version of PostgreSQL for new databases",
        asks: &["rds:DescribeDBEngineVersions"],
        link: "https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html",
        look: |scene| Box::pin(engine::look(scene)),
    },
    Check {
        name: "database_instance",
        about: "the class of the database can be ordered, with its storage and a standby",
        asks: &["rds:DescribeDBEngineVersions", "rds:DescribeOrderableDBInstanceOptions"],
        link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Support.html",
        look: |scene| Box::pin(database::look(scene)),
    },
    Check {
        name: "database_storage",
        about: "a database that is there has no more storage than is written",
        asks: &["rds:DescribeDBInstances"],
        link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html",
        look: |scene| Box::pin(database::look_grown(scene)),
    },
    Check {
        name: "search_nodes",
        about: "the type of the search nodes is offered, and takes the size, operations and throughput of the volumes",
        asks: &["es:DescribeInstanceTypeLimits"],
        link: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html",
        look: |scene| Box::pin(search::look(scene)),
    },
    Check {
        name: "search_volumes",
        about: "gp3 volumes of the search nodes are large enough for their operations and throughput",
        asks: &[],
        link: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html",
        look: at_once!(search::speed),
    },
    Check {
        name: "availability_zones",
        about: "the zones are of this region",
        asks: &[],
        link: "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html",
        look: at_once!(origin::zones),
    },
    Check {
        name: "cidr",
        about: "the range of the network is nobody's in the internet",
        asks: &[],
        link: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
        look: at_once!(origin::range),
    },
    Check {
        name: "subnets",
        about: "the subnets of a network that is there are two of each kind, of one VPC, in the same two zones, and large enough",
        asks: &["ec2:DescribeSubnets"],
        link: "https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html",
        look: |scene| Box::pin(network::look(scene)),
    },
    Check {
        name: "vpcs",
        about: "the account has room for the VPC",
        asks: &["ec2:DescribeVpcs", "servicequotas:GetServiceQuota"],
        link: "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
        look: |scene| Box::pin(room::vpcs(scene)),
    },
    Check {
        name: "addresses",
        about: "the account has room for the elastic IP addresses of the NAT gateways",
        asks: &["ec2:DescribeAddresses", "servicequotas:GetServiceQuota"],
        link: "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
        look: |scene| Box::pin(room::addresses(scene)),
    },
    Check {
        name: "trails",
        about: "the account has room for the trail that the template makes",
        asks: &["cloudtrail:DescribeTrails"],
        link: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html",
        look: |scene| Box::pin(room::trails(scene)),
    },
    Check {
        name: "kms_key",
        about: "the key is of this region",
        asks: &[],
        link: "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html",
        look: at_once!(origin::key),
    },
    Check {
        name: "service_role",
        about: "the role that CloudFormation works as is of this account",
        asks: &[],
        link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html",
        look: |scene| Box::pin(origin::role(scene)),
    },
];

//! What was seen of a deployment, as state.

use crate::attributes;
use crate::tf::Value;

attributes! {
    /// A service of ECS.
    pub struct ServiceRow {
        /// What the template calls it.
        name: String = Computed;
        /// How many tasks it is to have.
        desired: i64 = Computed;
        /// How many run.
        running: i64 = Computed;
        /// Why its newest task stopped. Null where it has all its tasks, or ECS does not tell.
        stopped_reason: String = Computed;
    }
}

attributes! {
    /// A target group of a load balancer.
    pub struct TargetRow {
        /// What the template calls it.
        name: String = Computed;
        /// How many targets it has.
        targets: i64 = Computed;
        /// How many of them answer.
        healthy: i64 = Computed;
        /// Why one does not. Null where all do.
        reason: String = Computed;
    }
}

attributes! {
    /// A search domain.
    pub struct SearchRow {
        /// Name of the domain.
        domain_name: String = Computed;
        /// `green`, `yellow` or `red`. Null where CloudWatch has no word of the last quarter of an hour.
        colour: String = Computed;
        /// How many nodes hold data.
        nodes: i64 = Computed;
        /// GiB of each of them. Null where they have no volumes.
        storage_gib: i64 = Computed;
        /// GiB that are free on the node that has the least, rounded down.
        free_storage_gib: i64 = Computed;
    }
}

attributes! {
    /// A database instance.
    pub struct DatabaseRow {
        /// Identifier of the instance.
        instance_identifier: String = Computed;
        /// RDS's status of it, as `available`.
        status: String = Computed;
        /// Version of PostgreSQL.
        engine_version: String = Computed;
    }
}

attributes! {
    /// A certificate.
    pub struct CertificateRow {
        /// Its ARN.
        arn: String = Computed;
        /// ACM's status of it, as `ISSUED`.
        status: String = Computed;
        /// Its last moment, as `2027-03-01T12:00:00Z`. Null where ACM does not tell.
        expires_at: String = Computed;
        /// Days until then, begun ones not counted.
        days_left: i64 = Computed;
    }
}

attributes! {
    /// A resource that is otherwise than the template says.
    pub struct DriftRow {
        /// What the template calls it.
        logical_id: String = Computed;
        /// Its type, as `AWS::SQS::Queue`.
        resource_type: String = Computed;
        /// Its id in AWS.
        physical_id: String = Computed;
        /// Whether it is gone.
        deleted: bool = Computed;
        /// The properties that are otherwise, by path. Their values are not told: a secret may be among them.
        properties: Vec<Value<String>> = Computed;
    }
}

attributes! {
    /// A canary.
    pub struct CanaryRow {
        /// Its name.
        name: String = Computed;
        /// How much of its last run went well, in per cent. Null where none ended within three hours.
        success_percent: i64 = Computed;
    }
}

attributes! {
    /// A data bucket.
    pub struct BucketRow {
        /// Its name.
        name: String = Computed;
        /// Whether it keeps versions. Null where that may not be looked at, as the others.
        versioning: bool = Computed;
        /// How many rules copy it into other buckets.
        replication_rules: i64 = Computed;
        /// Whether it tells of what is stored and of what is deleted in it.
        notifications: bool = Computed;
    }
}

//! How a bucket keeps and hands on what is in it: versions, replicas, notifications.

use async_trait::async_trait;
use aws_sdk_s3::operation::get_bucket_notification_configuration::GetBucketNotificationConfigurationOutput;
use aws_sdk_s3::types::{BucketVersioningStatus, Event, ReplicationRuleStatus};

use super::S3;
use crate::aws::error;
use crate::outcome::{Error, Result};

/// Buckets with data, as far as Quilt's administrators answer for them.
#[async_trait]
pub trait Buckets: Send + Sync {
    /// Versions are kept of everything that is overwritten or deleted.
    async fn versioned(&self, bucket: &str) -> Result<bool>;
    /// How many rules copy it into other buckets.
    async fn replicas(&self, bucket: &str) -> Result<usize>;
    /// What is told when something in it changes.
    async fn notices(&self, bucket: &str) -> Result<Notices>;
}

/// What a bucket tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// That something was stored.
    pub created: bool,
    /// That something was deleted.
    pub removed: bool,
}

#[async_trait]
impl Buckets for S3 {
    async fn versioned(&self, bucket: &str) -> Result<bool> {
        let answer = self.client.get_bucket_versioning().bucket(bucket).send().await;
        let answer = answer.map_err(|e| error::of("look at the versions of the bucket", e))?;
        Ok(answer.status == Some(BucketVersioningStatus::Enabled))
    }

    async fn replicas(&self, bucket: &str) -> Result<usize> {
        let answer = self.client.get_bucket_replication().bucket(bucket).send().await;
        match answer.map_err(|e| error::of("look at the replication of the bucket", e)) {
            Ok(answer) => {
                let rules = answer.replication_configuration.map(|c| c.rules).unwrap_or_default();
                let on = |rule: &&aws_sdk_s3::types::ReplicationRule| {
                    rule.status == ReplicationRuleStatus::Enabled
                };
                Ok(rules.iter().filter(on).count())
            }
            Err(Error::Aws(e)) if e.code == error::NO_REPLICAS => Ok(0),
            Err(e) => Err(e),
        }
    }

    async fn notices(&self, bucket: &str) -> Result<Notices> {
        let call = self.client.get_bucket_notification_configuration().bucket(bucket);
        let answer = call.send().await;
        Ok(notices(&answer.map_err(|e| error::of("look at what the bucket tells", e))?))
    }
}

fn notices(told: &GetBucketNotificationConfigurationOutput) -> Notices {
    if told.event_bridge_configuration().is_some() {
        return Notices { created: true, removed: true };
    }
    let topics = told.topic_configurations().iter().flat_map(|c| c.events());
    let queues = told.queue_configurations().iter().flat_map(|c| c.events());
    let functions = told.lambda_function_configurations().iter().flat_map(|c| c.events());
    let all: Vec<_> = topics.chain(queues).chain(functions).map(Event::as_str).collect();
    let any = |beginning: &str| all.iter().any(|event| event.starts_with(beginning));
    Notices { created: any("s3:ObjectCreated:"), removed: any("s3:ObjectRemoved:") }
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::types::{EventBridgeConfiguration, TopicConfiguration};

    use super::*;

    #[test]
    fn what_a_bucket_tells_is_read_from_all_its_ways() {
        let topic = |events: &[Event]| {
            let topic = TopicConfiguration::builder().topic_arn("t");
            topic.set_events(Some(events.to_vec())).build().unwrap()
        };
        let of = |events: &[Event]| {
            let answer = GetBucketNotificationConfigurationOutput::builder();
            notices(&answer.topic_configurations(topic(events)).build())
        };
        assert_eq!(of(&[Event::S3ObjectCreated]), Notices { created: true, removed: false });
        let both = Notices { created: true, removed: true };
        let put = Event::from("s3:ObjectCreated:Put");
        assert_eq!(of(&[put, Event::S3ObjectRemovedDelete]), both);
        let bus = GetBucketNotificationConfigurationOutput::builder();
        let bus = bus.event_bridge_configuration(EventBridgeConfiguration::builder().build());
        assert_eq!(notices(&bus.build()), both);
    }
}

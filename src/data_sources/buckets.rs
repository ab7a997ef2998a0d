//! Data source `quilt_buckets`: what buckets a catalog has.

use async_trait::async_trait;

use crate::attributes;
use crate::cx::Cx;
use crate::kinds::data_source::DataSource;
use crate::outcome::Result;
use crate::quilt::bucket::{Bucket, DO_NOT_SUBSCRIBE};
use crate::tf::{Diagnostics, Value, known};

attributes! {
    /// A bucket of a catalog.
    pub struct OneBucket {
        /// Its name in S3.
        name: String = Computed;
        /// Its title.
        title: String = Computed;
        /// A sentence about it.
        description: String = Computed;
        /// Words by which it is found.
        tags: Vec<Value<String>> = Computed;
        /// Buckets with more come first; -1 is shown nowhere.
        relevance_score: i64 = Computed;
        /// Pages in it may be opened.
        browsable: bool = Computed;
        /// ARN of the topic that tells of its changes; null where nobody tells.
        sns_notification_arn: String = Computed;
        /// Only what is under these is indexed.
        prefixes: Vec<Value<String>> = Computed;
        /// When a scan of it was last complete; null before the first one is.
        last_indexed: String = Computed;
    }
}

attributes! {
    /// The buckets of the catalog that the provider block names, whoever may see them.
    pub struct BucketsState {
        /// What the names begin with.
        name_prefix: String = Optional;
        /// Their names, in the order of the alphabet.
        names: Vec<Value<String>> = Computed;
        /// Each of them, in the same order.
        buckets: Vec<Value<OneBucket>> = Computed;
    }
}

/// `quilt_buckets`.
pub struct BucketsSource;

fn words<'a>(words: impl IntoIterator<Item = &'a String>) -> Value<Vec<Value<String>>> {
    words.into_iter().map(known).collect::<Vec<_>>().into()
}

fn one(bucket: Bucket) -> OneBucket {
    let settings = bucket.settings;
    OneBucket {
        name: bucket.name.into(),
        title: settings.title.into(),
        description: settings.description.into(),
        tags: words(settings.tags.iter().flatten()),
        relevance_score: settings.relevance_score.into(),
        browsable: settings.browsable.into(),
        sns_notification_arn: settings.topic.filter(|topic| topic != DO_NOT_SUBSCRIBE).into(),
        prefixes: words(&settings.prefixes),
        last_indexed: bucket.last_indexed.into(),
    }
}

#[async_trait]
impl DataSource for BucketsSource {
    const NAME: &'static str = "quilt_buckets";
    type State = BucketsState;

    fn subject(_config: &BucketsState) -> String {
        "The list of buckets".into()
    }

    async fn read(
        &self,
        cx: &Cx,
        config: BucketsState,
        _d: &mut Diagnostics,
    ) -> Result<BucketsState> {
        let mut all = cx.catalog(None).await?.buckets.list().await?;
        let prefix = config.name_prefix.as_deref_option().unwrap_or_default();
        all.retain(|bucket| bucket.name.starts_with(prefix));
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(BucketsState {
            names: words(all.iter().map(|bucket| &bucket.name)),
            buckets: all.into_iter().map(|bucket| one(bucket).into()).collect::<Vec<_>>().into(),
            ..config
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::fake::Fake;
    use crate::catalog::fake::Registry;

    #[tokio::test]
    async fn buckets_are_listed_by_name() {
        let registry = Registry::default().buckets(&["raw", "lab-b", "lab-a"]);
        registry.edit_bucket("lab-a", |settings| settings.topic = Some(DO_NOT_SUBSCRIBE.into()));
        let cx = Fake::default().with_registry(&registry).cx();
        let read = async |prefix: Value<String>| {
            let config = BucketsState { name_prefix: prefix, ..BucketsState::default() };
            DataSource::read(&BucketsSource, &cx, config, &mut Diagnostics::default()).await
        };
        let names = |state: BucketsState| state.names;
        let all = read(Value::Null).await.map(names);
        assert_eq!(all, Ok(words(&["lab-a", "lab-b", "raw"].map(String::from))));
        let lab = read(known("lab-")).await.unwrap();
        let first = lab.buckets.as_ref_option().unwrap()[0].as_ref_option().unwrap();
        assert_eq!((&first.name, &first.sns_notification_arn), (&known("lab-a"), &Value::Null));
    }
}

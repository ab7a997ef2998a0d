//! A bucket as a catalog has it: its name in S3, and how the catalog shows, watches and indexes it.

use std::collections::BTreeSet;

use serde_json::Value;

/// In place of a topic: nobody is told of changes, so only a scan finds new objects.
pub const DO_NOT_SUBSCRIBE: &str = "DO_NOT_SUBSCRIBE";

/// A bucket of a catalog.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bucket {
    /// Its name in S3.
    pub name: String,
    /// How it is shown and indexed.
    pub settings: Settings,
    /// When a scan of it was complete; `None`: never yet.
    pub last_indexed: Option<String>,
}

/// How a catalog shows and indexes a bucket. What is left out of a change is gone, so all of it is sent each time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// What people see.
    pub title: String,
    /// A sentence about it.
    pub description: Option<String>,
    /// Address of its picture.
    pub icon_url: Option<String>,
    /// Kept as it is: nothing reads it any more.
    pub overview_url: Option<String>,
    /// The same.
    pub linked_data: Option<Value>,
    /// Words by which it is found.
    pub tags: Option<BTreeSet<String>>,
    /// Buckets with more come first; `None`: the registry's own number.
    pub relevance_score: Option<i64>,
    /// Pages in it are opened in the browser.
    pub browsable: bool,
    /// ARN of the topic that tells of changes, or `DO_NOT_SUBSCRIBE`; `None`: one that is there, or a new one.
    pub topic: Option<String>,
    /// How deep a scan is split; `None`: as the registry has it.
    pub shards_depth: Option<i64>,
    /// Metadata of packages are not indexed.
    pub skip_metadata: Option<bool>,
    /// Files whose text is indexed; `None`: those of the registry.
    pub extensions: Option<BTreeSet<String>>,
    /// So much of each is indexed; `None`: as the registry has it.
    pub content_bytes: Option<i64>,
    /// Only what is under these is looked at; none: everything.
    pub prefixes: BTreeSet<String>,
}

impl Settings {
    /// What the registry has is what was to be; what is left to it may be anything. The first that differs, by its argument.
    pub fn differs(&self, wanted: &Settings) -> Option<&'static str> {
        let left = |open: bool, same: bool| open || same;
        let all = [
            ("title", self.title == wanted.title),
            ("description", self.description == wanted.description),
            ("icon_url", self.icon_url == wanted.icon_url),
            ("tags", few(&self.tags) == few(&wanted.tags)),
            (
                "relevance_score",
                left(
                    wanted.relevance_score.is_none(),
                    self.relevance_score == wanted.relevance_score,
                ),
            ),
            ("browsable", self.browsable == wanted.browsable),
            ("sns_notification_arn", left(wanted.topic.is_none(), self.topic == wanted.topic)),
            ("scanner_parallel_shards_depth", self.shards_depth == wanted.shards_depth),
            (
                "skip_metadata_indexing",
                self.skip_metadata.unwrap_or(false) == wanted.skip_metadata.unwrap_or(false),
            ),
            ("file_extensions_to_index", self.extensions == wanted.extensions),
            ("index_content_bytes", self.content_bytes == wanted.content_bytes),
            ("prefixes", self.prefixes == wanted.prefixes),
        ];
        all.into_iter().find(|(_, same)| !same).map(|(name, _)| name)
    }
}

/// No tags are no tags, however that is said.
fn few(tags: &Option<BTreeSet<String>>) -> Option<&BTreeSet<String>> {
    tags.as_ref().filter(|tags| !tags.is_empty())
}

/// Why a text is no ending of files that registries index, as a sentence.
///
/// # Errors
/// It is not what registries take.
pub fn check_extension(text: &str) -> Result<(), String> {
    let rest = text.strip_prefix('.').unwrap_or_default();
    let fits =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '_' || c == '-';
    if rest.is_empty() || !rest.chars().all(fits) {
        return Err(format!(
            "`{text}` is no ending of a file: write it in lower case with its dot, as `.csv`."
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            title: "Data".into(),
            relevance_score: Some(100),
            topic: Some("arn:aws:sns:us-east-1:123456789012:t".into()),
            ..Settings::default()
        }
    }

    #[test]
    fn what_is_left_to_the_registry_may_be_anything() {
        let wanted = Settings { title: "Data".into(), ..Settings::default() };
        assert_eq!(settings().differs(&wanted), None);
        let tags = Some(BTreeSet::new());
        assert_eq!(settings().differs(&Settings { tags, ..wanted.clone() }), None);
        for (other, name) in [
            (Settings { title: "Other".into(), ..wanted.clone() }, "title"),
            (Settings { relevance_score: Some(1), ..wanted.clone() }, "relevance_score"),
            (
                Settings { topic: Some(DO_NOT_SUBSCRIBE.into()), ..wanted.clone() },
                "sns_notification_arn",
            ),
            (Settings { prefixes: ["a/".to_string()].into(), ..wanted.clone() }, "prefixes"),
            (Settings { extensions: Some(BTreeSet::new()), ..wanted }, "file_extensions_to_index"),
        ] {
            assert_eq!(settings().differs(&other), Some(name));
        }
    }

    #[test]
    fn endings_have_a_dot_and_are_lower_case() {
        assert!(check_extension(".csv").is_ok() && check_extension(".tar.gz").is_ok());
        for wrong in ["csv", ".CSV", "", ".", "*.csv"] {
            assert!(check_extension(wrong).is_err(), "{wrong}");
        }
    }
}

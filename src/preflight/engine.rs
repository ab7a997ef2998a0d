//! The version of PostgreSQL: whether AWS offers it for new databases here.

use super::{Scene, Verdict};
use crate::outcome::Result;
use crate::quilt::version::numbers;

const INPUT: &str = "engine_version";

/// Looks at what is offered.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let Some(version) = &scene.intent.engine_version else { return Ok(None) };
    Ok(Some(judge(version, &scene.aws.region, scene.versions().await?)))
}

/// A version, or the newest of a major one, among those that are offered.
pub fn named<'a>(version: &str, offered: &'a [String]) -> Option<&'a String> {
    let meant = |offered: &&String| *offered == version || major(offered) == version;
    offered.iter().filter(meant).max_by_key(|version| numbers(version))
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}

fn judge(version: &str, region: &str, offered: &[String]) -> Verdict {
    if named(version, offered).is_some() {
        return Verdict::pass(format!("PostgreSQL {version} is offered in {region}."));
    }
    let found = format!("RDS does not offer PostgreSQL {version} for new databases in {region}.");
    let fix = match newest(version, offered).as_slice() {
        [] => "Leave `engine_version` out for the default.".to_string(),
        all => format!("Write one of: {}.", all.join(", ")),
    };
    Verdict::fail(INPUT, "This version of PostgreSQL is not offered", found, fix)
}

/// What may have been meant: of the same major version, else the newest of each.
fn newest(version: &str, offered: &[String]) -> Vec<String> {
    let mut offered = offered.to_vec();
    offered.sort_by_key(|version| numbers(version));
    let near: Vec<_> =
        offered.iter().filter(|offered| major(offered) == major(version)).cloned().collect();
    if !near.is_empty() {
        return near;
    }
    let last = |(i, version): (usize, &String)| {
        let next = offered.get(i + 1).map(|next| major(next));
        (next != Some(major(version))).then(|| version.clone())
    };
    offered.iter().enumerate().filter_map(last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_is_named_where_something_else_is_written() {
        let offered = ["14.9", "15.12", "15.18", "16.4", "16.10"].map(str::to_string).to_vec();
        for (version, fix) in [
            ("15.18", ""),
            ("16", ""),
            ("15.99", "Write one of: 15.12, 15.18."),
            ("9.6", "Write one of: 14.9, 15.18, 16.10."),
            ("99.1", "Write one of: 14.9, 15.18, 16.10."),
        ] {
            assert_eq!(judge(version, "eu-west-1", &offered).fix, fix, "{version}");
        }
        assert_eq!(named("16", &offered).map(String::as_str), Some("16.10"));
    }
}

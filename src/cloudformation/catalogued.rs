//! Stacks that AWS Service Catalog launched: how one is told, by the tags that it sets itself and nobody can take away.

use std::collections::BTreeMap;

/// How each of those tags begins.
const OWN: &str = "aws:servicecatalog:";
/// The one with the ARN of the provisioned product, whose last part is its id.
const PRODUCT: &str = "aws:servicecatalog:provisionedProductArn";

/// The id of the provisioned product that a stack of this name and these tags is. Where no tag tells it the name does, which is
/// `SC-<account>-<id>`.
pub fn product(name: &str, tags: &BTreeMap<String, String>) -> Option<String> {
    if !tags.keys().any(|key| key.starts_with(OWN)) {
        return None;
    }
    let by_tag = tags.get(PRODUCT).and_then(|arn| arn.rsplit('/').next());
    let by_name = name.strip_prefix("SC-").and_then(|rest| Some(rest.split_once('-')?.1));
    by_tag.or(by_name).filter(|id| id.starts_with("pp-")).map(str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_tell_it_and_a_name_alone_does_not() {
        let arn = "arn:aws:servicecatalog:us-east-1:123456789012:stack/quilt/pp-abcdefghijklm";
        let named = "SC-123456789012-pp-nopqrstuvwxyz";
        let of = |name: &str, key: &str, value: &str| {
            product(name, &[(key.into(), value.into())].into())
        };
        assert_eq!(of("any", PRODUCT, arn).as_deref(), Some("pp-abcdefghijklm"));
        let other = "aws:servicecatalog:productArn";
        assert_eq!(of(named, other, "x").as_deref(), Some("pp-nopqrstuvwxyz"));
        for (name, key) in [("any", other), (named, "Team"), ("SC-pp", other)] {
            assert_eq!(of(name, key, "x"), None, "{name} {key}");
        }
    }
}

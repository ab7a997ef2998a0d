//! Lists of what there is of each resource, for `terraform query`.

pub mod catalog_buckets;
pub mod roles;
pub mod settings;
pub mod sign_ins;
pub mod small_stacks;
pub mod snapshots;
pub mod stacks;
pub mod tables;
pub mod users;

use std::collections::BTreeMap;
use std::vec::IntoIter;

use crate::aws::Aws;
use crate::cloudformation::stack::Stack;
use crate::outcome::Result;
use crate::tf::Value;

/// The stacks of a region, read a page at a time as they are asked for.
struct Stacks<'a> {
    aws: &'a Aws,
    page: IntoIter<Stack>,
    next: Next,
}

/// Where the next page begins.
enum Next {
    First,
    At(String),
    Nowhere,
}

impl Next {
    fn after(token: Option<String>) -> Self {
        token.map_or(Next::Nowhere, Next::At)
    }
}

impl<'a> Stacks<'a> {
    fn of(aws: &'a Aws) -> Self {
        Self { aws, page: vec![].into_iter(), next: Next::First }
    }

    /// One more that is there and is no part of another one.
    async fn next(&mut self) -> Result<Option<Stack>> {
        loop {
            let found = self.page.find(|stack| stack.status.exists() && !stack.nested);
            if found.is_some() {
                return Ok(found);
            }
            let at = match &self.next {
                Next::First => None,
                Next::At(token) => Some(token.as_str()),
                Next::Nowhere => return Ok(None),
            };
            let page = self.aws.stacks.page(at).await?;
            (self.page, self.next) = (page.items.into_iter(), Next::after(page.next));
        }
    }
}

/// A map of strings in a configuration.
type Strings = BTreeMap<String, Value<String>>;

/// The name begins so, where that is asked for.
fn begins(prefix: &Value<String>, name: &str) -> bool {
    prefix.as_deref_option().is_none_or(|prefix| name.starts_with(prefix))
}

/// It has all of these tags.
fn tagged(wanted: &Value<Strings>, tags: &BTreeMap<String, String>) -> bool {
    let has = |(key, value): (&String, &Value<String>)| {
        tags.get(key).map(String::as_str) == value.as_deref_option()
    };
    wanted.as_ref_option().is_none_or(|wanted| wanted.iter().all(has))
}

#[cfg(test)]
mod tests;

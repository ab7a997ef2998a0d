//! The people who would see less by a planned change: counted, and named up to ten.

use crate::catalog::Catalog;
use crate::outcome::Result;
use crate::quilt::access::Level;
use crate::quilt::access::loss::{Loser, World, losers};
use crate::tf::{Diagnostics, Report};

/// So many are named.
const NAMED: usize = 10;

/// Everything that decides who sees what now.
pub async fn world(catalog: &Catalog) -> Result<World> {
    Ok(World {
        roles: catalog.roles.list().await?,
        policies: catalog.policies.list().await?,
        users: catalog.users.list().await?,
    })
}

/// Warns of those who would see less after a change of `subject`.
pub fn warn(subject: &str, before: &World, after: &World, d: &mut Diagnostics) {
    let lost = losers(before, after);
    if lost.is_empty() {
        return;
    }
    let names = named(lost.iter().map(told).collect());
    let detail = format!(
        "{} would see less than now: {names}. Each change is judged by itself: another one of this plan may give it back.",
        counted(lost.len())
    );
    d.warn(format!("{subject}: people lose access"), detail);
}

fn told(loser: &Loser) -> String {
    let buckets = loser.buckets.iter().map(|(bucket, left)| match left {
        None => format!("all of {bucket}"),
        Some(Level::Read) => format!("writing in {bucket}"),
        Some(Level::ReadWrite) => bucket.clone(),
    });
    format!("{} ({})", loser.name, named(buckets.collect()))
}

/// Some names, and how many more there are.
pub fn named(names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let shown = names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

/// How many people.
pub fn counted(n: usize) -> String {
    if n == 1 { "1 user".into() } else { format!("{n} users") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_are_named_and_the_others_counted() {
        let names = |n: usize| (1..=n).map(|i| format!("u{i}")).collect::<Vec<_>>();
        assert_eq!(named(names(2)), "u1, u2");
        assert!(named(names(12)).ends_with("u10 and 2 more"));
        assert_eq!([counted(1), counted(3)], ["1 user", "3 users"]);
    }
}

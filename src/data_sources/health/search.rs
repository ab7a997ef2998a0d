//! The search domain: the colour of its cluster, and the room that is left on its nodes.

use super::rows::SearchRow;
use super::scene::Scene;
use super::seen::{Cluster, Colour, once};
use crate::aws::metrics::Metric;
use crate::cloudformation::arn::Arn;
use crate::outcome::Result;
use crate::preflight::Verdict;
use crate::tf::known;

/// Types of a search domain.
const KINDS: [&str; 2] = ["AWS::Elasticsearch::Domain", "AWS::OpenSearchService::Domain"];
/// Minutes back that CloudWatch is asked about: it is told every minute, and shows that some minutes later.
const MINUTES: i64 = 15;
/// A node with less room than this part of its volume, or than so many GiB, whichever is less, is about to take no more writes.
const LEAST: (f64, f64) = (0.2, 20.0);
/// A domain that is fuller than this part of its volumes is to be made larger, by half.
const FULL: f64 = 0.8;

impl Colour {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Colour::Green => "green",
            Colour::Yellow => "yellow",
            Colour::Red => "red",
        }
    }
}

/// Looks at the colour.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let cluster = once(&scene.cluster, gather(scene)).await?;
    Ok(cluster.as_ref().map(Cluster::judge))
}

/// Looks at the room.
pub async fn look_room(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let cluster = once(&scene.cluster, gather(scene)).await?;
    Ok(cluster.as_ref().filter(|cluster| !cluster.gone).and_then(Cluster::judge_room))
}

/// The domain that the stack has or names; `None`: neither.
async fn gather(scene: &Scene<'_>) -> Result<Option<Cluster>> {
    let beside = scene.parameter("SearchDomainArn").and_then(Arn::of);
    let name = match beside.and_then(|arn| arn.named("es", "domain/")) {
        Some(name) => name.to_string(),
        None => match scene.parts(&KINDS).await?.first() {
            Some(part) => part.physical_id.rsplit('/').next().unwrap_or_default().to_string(),
            None => return Ok(None),
        },
    };
    let aws = &scene.deploy.aws;
    let account = Arn::of(&scene.stack.id).map(|arn| arn.account.to_string()).unwrap_or_default();
    let metrics = metrics(&name, &account);
    let (domain, values) =
        tokio::join!(aws.domains.domain(&name), aws.metrics.newest(&metrics, MINUTES));
    let (domain, values) = (domain?, values?);
    let on = |n: usize| values.get(n).copied().flatten().is_some_and(|value| value >= 1.0);
    let colours = [Colour::Red, Colour::Yellow, Colour::Green];
    Ok(Some(Cluster {
        gone: domain.is_none(),
        nodes: domain.as_ref().map_or(0, |domain| domain.nodes),
        storage: domain.as_ref().and_then(|domain| domain.volume),
        doing: domain.filter(|domain| !domain.idle()).map(|domain| domain.doing()),
        colour: colours.into_iter().enumerate().find(|(n, _)| on(*n)).map(|(_, colour)| colour),
        free: values.get(3).copied().flatten().map(|mib| mib / 1024.0),
        name,
    }))
}

fn metrics(domain: &str, account: &str) -> [Metric; 4] {
    let of = |(name, statistic)| Metric {
        namespace: "AWS/ES",
        name,
        dimensions: vec![("DomainName", domain.into()), ("ClientId", account.into())],
        statistic,
    };
    [
        ("ClusterStatus.red", "Maximum"),
        ("ClusterStatus.yellow", "Maximum"),
        ("ClusterStatus.green", "Maximum"),
        ("FreeStorageSpace", "Minimum"),
    ]
    .map(of)
}

impl Cluster {
    /// As state.
    pub fn row(&self) -> SearchRow {
        SearchRow {
            domain_name: known(self.name.as_str()),
            colour: self.colour.map(|colour| colour.word().to_string()).into(),
            nodes: self.nodes.into(),
            storage_gib: self.storage.into(),
            free_storage_gib: self.free.map(|free| free.floor() as i64).into(),
        }
    }

    fn judge(&self) -> Verdict {
        let name = &self.name;
        let doing =
            self.doing.as_ref().map(|doing| format!(" Just now {doing}.")).unwrap_or_default();
        if self.gone {
            let found = format!("AWS has no search domain {name}.");
            let fix = "Make one, and point the stack at it; its search is filled again from the buckets (Re-index and Repair in the catalog's admin settings).";
            return Verdict::fail("name", "The search domain is gone", found, fix);
        }
        let Some(colour) = self.colour else {
            let found = format!(
                "CloudWatch has had no word of the search domain {name} for {MINUTES} minutes.{doing}"
            );
            return Verdict::not_known(found, "Look again in some minutes.");
        };
        let found = format!("The cluster of {name} is {}.{doing}", colour.word());
        let cause = match colour {
            Colour::Green => return Verdict::pass(found),
            _ if self.lacks_room() => format!("Its storage is full: {}", self.growth()),
            Colour::Yellow if self.nodes < 2 => {
                "A single node has no place for copies: take two nodes or more, or accept it with `accept = [\"search\"]`.".into()
            }
            _ if self.doing.is_some() => "Wait until the change is over.".into(),
            _ => "Its storage has room, so more is written than it takes in, or a node was lost: wait an hour, write less at a time, and see its page in the AWS console; then take larger nodes. Change it through the configuration alone, never by hand.".into(),
        };
        Verdict::fail("name", "The search cluster is not green", found, cause)
    }

    fn judge_room(&self) -> Option<Verdict> {
        let Some(free) = self.free else {
            let found = format!(
                "CloudWatch has had no word of the storage of {} for {MINUTES} minutes.",
                self.name
            );
            return Some(Verdict::not_known(found, "Look again in some minutes."));
        };
        let volume = self.storage?;
        let found =
            format!("The fullest data node of {} has {free:.0} of {volume} GiB free.", self.name);
        if self.lacks_room() {
            return Some(Verdict::fail("name", "The search domain is full", found, self.growth()));
        }
        let full = free < (1.0 - FULL) * volume as f64;
        let pass = Verdict::pass(found);
        Some(if full { Verdict { fix: self.growth(), ..pass } } else { pass })
    }

    /// A node is about to take no more writes.
    fn lacks_room(&self) -> bool {
        let least = |volume: i64| (volume as f64 * LEAST.0).min(LEAST.1);
        matches!((self.free, self.storage), (Some(free), Some(volume)) if free < least(volume))
    }

    fn growth(&self) -> String {
        let now = self.storage.unwrap_or_default();
        format!(
            "Make its volumes larger by half: `volume_size = {}`. That takes hours; until then write less.",
            (now * 3 + 1) / 2
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::Status;

    fn cluster(colour: Option<Colour>, free: f64, volume: i64) -> Cluster {
        let (name, doing) = ("find".into(), None);
        Cluster {
            name,
            nodes: 2,
            storage: Some(volume),
            colour,
            free: Some(free),
            doing,
            gone: false,
        }
    }

    #[test]
    fn room_is_judged_by_the_lesser_of_a_fifth_and_twenty() {
        for (free, volume, status, fix) in [
            (900.0, 1024, Status::Pass, ""),
            (21.0, 1024, Status::Pass, "volume_size = 1536"),
            (19.0, 1024, Status::Fail, "volume_size = 1536"),
            (9.0, 50, Status::Fail, "volume_size = 75"),
            (11.0, 50, Status::Pass, ""),
        ] {
            let verdict = cluster(Some(Colour::Green), free, volume).judge_room().unwrap();
            assert_eq!(verdict.status, status, "{free} of {volume}");
            assert!(verdict.fix.contains(fix) && verdict.fix.is_empty() == fix.is_empty());
        }
    }

    #[test]
    fn a_colour_has_its_cause() {
        let red = |free| cluster(Some(Colour::Red), free, 100).judge().fix;
        assert!(red(5.0).starts_with("Its storage is full"), "{}", red(5.0));
        assert!(red(50.0).starts_with("Its storage has room"), "{}", red(50.0));
        let one = Cluster { nodes: 1, ..cluster(Some(Colour::Yellow), 50.0, 100) };
        assert!(one.judge().fix.starts_with("A single node"));
        assert_eq!(cluster(None, 50.0, 100).judge().status, Status::Unknown);
        let gone = Cluster { gone: true, ..cluster(None, 0.0, 100) };
        assert_eq!(gone.judge().title, "The search domain is gone");
    }
}

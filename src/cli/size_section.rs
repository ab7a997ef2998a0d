//! The sizes of a search domain as a page shows them: nodes, volumes and what they cost, from the tables that the provider works by.

use std::fmt::Write;

use crate::quilt::cost::{MONTH, REGION, search};
use crate::quilt::search::{Cluster, SIZES, size};

/// The pages that have this section.
const PAGES: [&str; 2] = ["quilt_search", "search_size"];

/// The section, where a page has it.
pub fn size_section(page: &mut String, name: &str) {
    if !PAGES.contains(&name) {
        return;
    }
    page.push_str("## Sizes\n\n| size | data nodes | masters | zones | volume of each data node | about, a month |\n|---|---|---|---|---|---|\n");
    for name in SIZES.map(|size| size.name) {
        if let Ok(cluster) = size(name) {
            page.push_str(&row(name, &cluster));
        }
    }
    let _ = write!(
        page,
        "\nWhat a month costs are nodes, masters and the size of the volumes at list prices of {REGION}, on demand, for {MONTH} hours. Speed that is paid for by \
         itself, data transfer, other regions and reservations are not in it, and AWS changes its prices: look at [AWS's own](https://aws.amazon.com/opensearch-service/pricing/) before you decide.\n\n"
    );
}

fn row(name: &str, cluster: &Cluster) -> String {
    let bare = |kind: &str| kind.trim_end_matches(".elasticsearch").to_owned();
    let masters = cluster
        .dedicated_master_type
        .as_deref()
        .map(|kind| format!("{} × `{}`", cluster.dedicated_master_count, bare(kind)));
    let cost = search(cluster).map(|dollars| format!("${}", grouped(dollars)));
    format!(
        "| `{name}` | {} × `{}` | {} | {} | {} | {} |\n",
        cluster.instance_count,
        bare(&cluster.instance_type),
        masters.unwrap_or_else(|| "none".into()),
        if cluster.zone_awareness { 2 } else { 1 },
        volume(cluster),
        cost.unwrap_or_default(),
    )
}

fn volume(cluster: &Cluster) -> String {
    let iops = cluster.volume_iops.map(|n| format!(", {} IOPS", grouped(n)));
    let throughput = cluster.volume_throughput.map(|n| format!(", {} MiB/s", grouped(n)));
    let (iops, throughput) = (iops.unwrap_or_default(), throughput.unwrap_or_default());
    format!("{} GiB {}{iops}{throughput}", grouped(cluster.volume_size), cluster.volume_type)
}

/// A number with its thousands apart.
fn grouped(number: i64) -> String {
    match number {
        1000.. => format!("{},{:03}", grouped(number / 1000), number % 1000),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_its_nodes_its_volumes_and_its_price() {
        let mut page = String::new();
        size_section(&mut page, "quilt_search");
        for line in [
            "| `small` | 1 × `m6g.large` | none | 1 | 512 GiB gp2 | $164 |",
            "| `medium` | 2 × `m6g.xlarge` | 3 × `m6g.large` | 2 | 1,024 GiB gp2 | $943 |",
            "| `xxxx-large` | 4 × `m6g.12xlarge` | 3 × `m6g.large` | 2 | 18,432 GiB gp3, 40,000 IOPS, 1,187 MiB/s | $18,411 |",
        ] {
            assert!(page.contains(line), "{line} in {page}");
        }
        assert_eq!(page.matches("\n| `").count(), SIZES.len(), "{page}");
    }

    #[test]
    fn no_other_page_has_it() {
        let mut page = String::new();
        size_section(&mut page, "quilt_stack");
        assert!(page.is_empty());
    }
}

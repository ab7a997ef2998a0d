//! A network that is there, by its ids: two subnets of each kind, of one VPC, in the same two zones, and large enough.

use super::{Scene, Verdict};
use crate::outcome::Result;
use crate::quilt::network::existing::{Parts, Role, Survey, Vpc};
use crate::quilt::network::findings::{Finding, Weight, judge_subnets};

const INPUT: &str = "network";

/// Looks at the subnets.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let Some(parts) = &scene.intent.network else { return Ok(None) };
    let ids = parts.subnets();
    if ids.is_empty() {
        return Ok(None);
    }
    if let Some(alone) = alone(parts) {
        return Ok(Some(alone));
    }
    let subnets = scene.aws.networks.subnets(&ids).await?;
    let first = subnets.first().map(|subnet| subnet.vpc_id.clone()).unwrap_or_default();
    let vpc_id = Some(&parts.vpc_id).filter(|id| !id.is_empty()).cloned().unwrap_or(first);
    let vpc = Some(Vpc { id: vpc_id.clone(), ..Vpc::default() });
    let region = scene.aws.region.clone();
    let there = Survey { region, vpc, subnets, ..Survey::default() };
    Ok(Some(judge(&Parts { vpc_id, ..parts.clone() }, &there)))
}

/// One subnet where two are needed.
fn alone(parts: &Parts) -> Option<Verdict> {
    let role = Role::ALL.into_iter().find(|role| parts.ids(*role).len() == 1)?;
    let found = format!(
        "`{}` names {} alone. The {} subnets are for {}, and each of these needs two zones.",
        role.argument(),
        parts.ids(role)[0],
        role.word(),
        role.needs().1
    );
    let fix = "Name two subnets, in different zones.";
    Some(Verdict::fail(INPUT, "One subnet where two are needed", found, fix))
}

/// All findings in one: what is wrong, or else what somebody should know.
fn judge(parts: &Parts, there: &Survey) -> Verdict {
    let all = judge_subnets(parts, there);
    let wrong: Vec<&Finding> = all.iter().filter(|f| f.weight == Weight::Wrong).collect();
    let told = if wrong.is_empty() { all.iter().collect() } else { wrong.clone() };
    if told.is_empty() {
        let ids = parts.subnets();
        return Verdict::pass(format!("The subnets {} do.", ids.join(", ")));
    }
    let found: Vec<_> = told.iter().map(|f| format!("{}. {}", f.what, f.found)).collect();
    let mut fixes: Vec<&str> = vec![];
    for finding in &told {
        if !fixes.contains(&finding.fix.as_str()) {
            fixes.push(&finding.fix);
        }
    }
    let verdict =
        Verdict::fail(INPUT, "The network does not do for Quilt", found.join(" "), fixes.join(" "));
    if wrong.is_empty() { verdict.may_pass() } else { verdict }
}

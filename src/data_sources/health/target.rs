//! The load balancers' target groups: who answers.

use futures_util::future::join_all;

use super::rows::TargetRow;
use super::scene::Scene;
use super::seen::{Group, once};
use crate::cloudformation::stack::Part;
use crate::diagnose::words::sentence;
use crate::outcome::Result;
use crate::preflight::Verdict;
use crate::tf::known;

/// Looks at every target group.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let groups = once(&scene.groups, gather(scene)).await?;
    Ok((!groups.is_empty()).then(|| judge(groups)))
}

async fn gather(scene: &Scene<'_>) -> Result<Vec<Group>> {
    let parts = scene.parts(&["AWS::ElasticLoadBalancingV2::TargetGroup"]).await?;
    let all = join_all(parts.into_iter().map(|part| one(scene, part))).await;
    all.into_iter().collect()
}

async fn one(scene: &Scene<'_>, part: &Part) -> Result<Group> {
    let name = part.logical_id.clone();
    let Some(all) = scene.deploy.aws.balancers.targets(&part.physical_id).await? else {
        let reason = Some("the target group is gone".into());
        return Ok(Group { name, targets: 0, healthy: 0, reason });
    };
    let healthy = all.iter().filter(|target| target.state == "healthy").count();
    let ill = all.iter().find(|target| target.state == "unhealthy");
    let reason = ill.map(|target| match target.reason.as_str() {
        "" => format!("{} does not answer", target.id),
        why => format!("{}: {why}", target.id),
    });
    Ok(Group { name, targets: all.len() as i64, healthy: healthy as i64, reason })
}

impl Group {
    /// Somebody answers, and nobody fails to. Who comes or goes just now does not count.
    fn is_well(&self) -> bool {
        self.healthy > 0 && self.reason.is_none()
    }

    /// As state.
    pub fn row(&self) -> TargetRow {
        TargetRow {
            name: known(self.name.as_str()),
            targets: self.targets.into(),
            healthy: self.healthy.into(),
            reason: self.reason.clone().into(),
        }
    }
}

fn judge(groups: &[Group]) -> Verdict {
    let ill = |group: &&Group| !group.is_well();
    let say = |group: &Group| {
        let Group { name, healthy, targets, .. } = group;
        let counts = format!("{name}: {healthy} of {targets} targets answer");
        match &group.reason {
            Some(why) => format!("{counts} ({}).", why.trim_end_matches('.')),
            None => sentence(&counts),
        }
    };
    let all: Vec<_> = groups.iter().filter(ill).map(say).collect();
    if all.is_empty() {
        let of = |group: &Group| format!("{} {}", group.name, group.healthy);
        let counts: Vec<_> = groups.iter().map(of).collect();
        return Verdict::pass(format!("All targets answer: {}.", counts.join(", ")));
    }
    let fix = "See whether the service behind it runs (the check `services`) and what its log says; then whether the security groups let the load balancer through to it.";
    Verdict::fail("name", "A target does not answer", all.join(" "), fix)
}

//! Room in the account for what is to be made: VPCs, addresses of NAT gateways, and trails.

use super::{Scene, Verdict, stack};
use crate::aws::Quota;
use crate::outcome::Result;

/// Something of which an account may have so many.
struct Kind {
    /// What one is, and what several are.
    words: (&'static str, &'static str),
    /// The input that brings them.
    input: &'static str,
    /// The failure in a few words.
    title: &'static str,
    /// How many AWS gives every account in a region.
    usual: usize,
    /// Where an account's own number stands; `None`: it is the same for all.
    quota: Option<Quota>,
    /// The way to more of them.
    fix: &'static str,
}

const VPCS: Kind = Kind {
    words: ("VPC", "VPCs"),
    input: "cidr",
    title: "There is no room for another VPC",
    usual: 5,
    quota: Some(Quota { service: "vpc", code: "L-F678F1CE" }),
    fix: "Delete one that nobody uses, or have the quota raised: `aws service-quotas request-service-quota-increase --service-code vpc \
          --quota-code L-F678F1CE --desired-value 10`.",
};

const ADDRESSES: Kind = Kind {
    words: ("elastic IP address", "elastic IP addresses"),
    input: "nat_gateways",
    title: "There is no room for the addresses of the NAT gateways",
    usual: 5,
    quota: Some(Quota { service: "ec2", code: "L-0263D0A3" }),
    fix: "Release addresses that nobody uses, write `nat_gateways = \"single\"`, or have the quota raised: `aws service-quotas \
          request-service-quota-increase --service-code ec2 --quota-code L-0263D0A3 --desired-value 10`.",
};

const TRAILS: Kind = Kind {
    words: ("trail", "trails"),
    input: "template",
    title: "There is no room for another trail",
    usual: 5,
    quota: None,
    fix: "Delete one that nobody uses, or take a template with the parameter `CloudTrailBucket`, which goes on with a trail that is there.",
};

/// A VPC more.
pub async fn vpcs(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let more = scene.intent.room.vpcs;
    if more == 0 {
        return Ok(None);
    }
    let held = scene.aws.networks.vpcs(&[]).await?.len();
    VPCS.judge(scene, held, more).await.map(Some)
}

/// The addresses of NAT gateways.
pub async fn addresses(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let more = scene.intent.room.addresses;
    if more == 0 {
        return Ok(None);
    }
    let held = scene.aws.networks.addresses().await?;
    ADDRESSES.judge(scene, held, more).await.map(Some)
}

/// A trail more. Those of other regions and of the organisation count where they record this one.
pub async fn trails(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let more = scene.intent.room.trails;
    if more == 0 {
        return Ok(None);
    }
    // A stack that is there has made its trails.
    if let Some(name) = stack::askable(scene)
        && scene.aws.stacks.find(name).await?.is_some()
    {
        return Ok(None);
    }
    let held = scene.aws.trail.trails().await?;
    TRAILS.judge(scene, held, more).await.map(Some)
}

impl Kind {
    /// The account's own number is asked only where AWS's usual one would not do.
    async fn judge(&self, scene: &Scene<'_>, held: usize, more: usize) -> Result<Verdict> {
        let wanted = held + more;
        let most = match &self.quota {
            Some(quota) if wanted > self.usual => {
                scene.aws.quotas.most(quota).await?.unwrap_or(self.usual)
            }
            _ => self.usual,
        };
        let (one, several) = self.words;
        let word = if held == 1 { one } else { several };
        let region = &scene.aws.region;
        if wanted <= most {
            let found = format!("The account has {held} {word} in {region}, and may have {most}.");
            return Ok(Verdict::pass(found));
        }
        let found = format!(
            "The account has {held} {word} in {region} and may have {most}; this needs {more} more."
        );
        // Something else may go first, by this very apply.
        Ok(Verdict::fail(self.input, self.title, found, self.fix).may_pass())
    }
}

//! The certificates: issued, for every host, and good for a while.

use futures_util::future::join_all;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::rows::CertificateRow;
use super::scene::Scene;
use super::seen::{Held, once};
use crate::outcome::Result;
use crate::preflight::certificate::Serving;
use crate::preflight::{Status, Verdict};
use crate::quilt::hosts::Hosts;
use crate::tf::known;

/// Parameters that hold one, the catalog's first.
const PARAMETERS: [&str; 2] = ["CertificateArnELB", "CertificateArnConnect"];
/// Days that it must last: by then AWS has long renewed what it renews itself.
const DAYS: i64 = 30;
const DAY: i64 = 24 * 60 * 60;

/// Looks at every certificate.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let held = once(&scene.certificates, gather(scene)).await?;
    let verdicts: Vec<_> =
        held.iter().enumerate().map(|(n, held)| held.judge(scene, n == 0)).collect();
    let worst = verdicts.iter().find(|verdict| verdict.status == Status::Fail);
    Ok(worst.or(verdicts.first()).cloned())
}

async fn gather(scene: &Scene<'_>) -> Result<Vec<Held>> {
    let mut arns: Vec<_> = PARAMETERS.iter().filter_map(|name| scene.parameter(name)).collect();
    arns.dedup();
    let looks = arns.into_iter().map(|arn| async move {
        let certificate = scene.deploy.aws.certificates.certificate(arn).await?;
        Ok(Held { arn: arn.into(), certificate })
    });
    join_all(looks).await.into_iter().collect()
}

impl Held {
    fn days_left(&self, now: i64) -> Option<i64> {
        let end = self.certificate.as_ref()?.expires_at?;
        Some((end - now).div_euclid(DAY))
    }

    fn end(&self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp(self.certificate.as_ref()?.expires_at?).ok()
    }

    /// As state.
    pub fn row(&self, now: i64) -> CertificateRow {
        let found = self.certificate.as_ref();
        CertificateRow {
            arn: known(self.arn.as_str()),
            status: found.map(|found| found.status.clone()).into(),
            expires_at: self.end().and_then(|end| end.format(&Rfc3339).ok()).into(),
            days_left: self.days_left(now).into(),
        }
    }

    fn judge(&self, scene: &Scene<'_>, catalog: bool) -> Verdict {
        let hosts = scene.parameter("QuiltWebHost").and_then(Hosts::of).filter(|_| catalog);
        // It is of the stack that runs with it: neither its region nor its account is asked.
        let serving = Serving { arn: &self.arn, hosts: hosts.as_ref(), region: "", account: "" };
        let verdict = serving.judge(self.certificate.as_ref());
        let (Status::Pass, Some(certificate), Some(days)) =
            (verdict.status, &self.certificate, self.days_left(scene.now))
        else {
            return verdict;
        };
        // A day, not the days until then: what is found is no news every day.
        let day = self.end().map(|end| end.date().to_string()).unwrap_or_default();
        if days >= DAYS {
            return Verdict::pass(format!("{} It lasts until {day}.", verdict.found));
        }
        let found = match days < 0 {
            true => format!("The certificate {} expired on {day}.", self.arn),
            false => format!("The certificate {} expires on {day}, in {days} days.", self.arn),
        };
        let fix = match certificate.imported {
            true => format!("It was imported, and AWS does not renew it: `aws acm import-certificate --certificate-arn {} …` puts a new one in its place.", self.arn),
            false => "AWS renews it by itself while its DNS validation record stands: put that record back, as ACM's page of the certificate shows it.".into(),
        };
        Verdict::fail("name", "The certificate runs out", found, fix)
    }
}

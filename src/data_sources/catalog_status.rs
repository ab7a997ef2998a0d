//! Data source `quilt_catalog_status`: how a catalog is, by its own word.

use async_trait::async_trait;

use crate::attributes;
use crate::cx::Cx;
use crate::kinds::data_source::DataSource;
use crate::outcome::Result;
use crate::quilt::canary::Canary;
use crate::tf::{Diagnostics, Value};

attributes! {
    /// A canary: a small program by which the stack tests itself.
    pub struct OneCanary {
        /// Its name.
        name: String = Computed;
        /// What it looks at.
        title: String = Computed;
        /// The same in a sentence.
        description: String = Computed;
        /// What it belongs to.
        group: String = Computed;
        /// The region it runs in.
        region: String = Computed;
        /// When it runs.
        schedule: String = Computed;
        /// Whether its last run ended well; null while it runs, or before it has.
        ok: bool = Computed;
        /// When it ran last.
        last_run: String = Computed;
    }
}

attributes! {
    /// How the catalog that the provider block names is, by its own word: its version, and what its canaries found. For a `check` block, as
    /// `failed == 0`.
    pub struct CatalogStatusState {
        /// The host where people open the catalog.
        host: String = Computed;
        /// Version of the platform, as `1.68.0`; null where it is not told.
        version: String = Computed;
        /// Whether the stack tests itself. Without canaries the numbers are 0 and nothing is known.
        has_canaries: bool = Computed;
        /// Canaries whose last run ended well.
        passed: i64 = Computed;
        /// Canaries whose last run ended badly.
        failed: i64 = Computed;
        /// Canaries that run, or have not run yet.
        running: i64 = Computed;
        /// Each of them, in the order of their names.
        canaries: Vec<Value<OneCanary>> = Computed;
    }
}

/// `quilt_catalog_status`.
pub struct CatalogStatusSource;

fn one(canary: Canary) -> OneCanary {
    OneCanary {
        name: canary.name.into(),
        title: canary.title.into(),
        description: canary.description.into(),
        group: canary.group.into(),
        region: canary.region.into(),
        schedule: canary.schedule.into(),
        ok: canary.ok.into(),
        last_run: canary.last_run.into(),
    }
}

#[async_trait]
impl DataSource for CatalogStatusSource {
    const NAME: &'static str = "quilt_catalog_status";
    type State = CatalogStatusState;

    fn subject(_config: &CatalogStatusState) -> String {
        "The status of the catalog".into()
    }

    async fn read(
        &self,
        cx: &Cx,
        _config: CatalogStatusState,
        _d: &mut Diagnostics,
    ) -> Result<CatalogStatusState> {
        let catalog = cx.catalog(None).await?;
        let (canaries, version) =
            (catalog.health.canaries().await?, catalog.access.version().await?);
        let has_canaries = canaries.is_some();
        let mut all = canaries.unwrap_or_default();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        let ended = |how: Option<bool>| all.iter().filter(|one| one.ok == how).count() as i64;
        Ok(CatalogStatusState {
            host: catalog.host.clone().into(),
            version: Some(version).filter(|version| !version.is_empty()).into(),
            has_canaries: has_canaries.into(),
            passed: ended(Some(true)).into(),
            failed: ended(Some(false)).into(),
            running: ended(None).into(),
            canaries: all.into_iter().map(|canary| one(canary).into()).collect::<Vec<_>>().into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::fake::Fake;
    use crate::catalog::fake::Registry;
    use crate::tf::known;

    #[tokio::test]
    async fn canaries_are_counted_by_how_they_ended() {
        let of = |name: &str, ok| Canary { name: name.into(), ok, ..Canary::default() };
        let registry = Registry::default().at_version("1.68.0");
        let cx = Fake::default().with_registry(&registry).cx();
        let read = async || {
            let config = CatalogStatusState::default();
            let mut d = Diagnostics::default();
            DataSource::read(&CatalogStatusSource, &cx, config, &mut d).await.unwrap()
        };
        assert_eq!(read().await.has_canaries, false.into());
        registry.tests_itself(&[of("b", Some(false)), of("a", Some(true)), of("c", None)]);
        let state = read().await;
        assert_eq!((state.passed, state.failed, state.running), (1.into(), 1.into(), 1.into()));
        assert_eq!((state.version, state.host), (known("1.68.0"), known("data.example.com")));
    }
}

//! Objects of a catalog: the way to the catalog, and that it is the one that a state is of, stand here once; what each object is in a file of its own.

use std::time::Duration;

use async_trait::async_trait;

use super::origin::{self, Origin};
use super::{CatalogInput, Imported, LIMITS, imported, setting};
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Identity, Kept, Resource};
use crate::outcome::Result;
use crate::resources::timeouts::{self, Limits, Timeouts};
use crate::tf::{Diagnostics, State, Value};

/// What the state of each has.
pub struct Shared<'a> {
    /// Which catalog it is set in; null: the provider block's.
    pub catalog: &'a Value<CatalogInput>,
    /// The host that this catalog had.
    pub host: &'a Value<String>,
    /// How long an apply waits.
    pub timeouts: &'a Value<Timeouts>,
}

/// Where a change is made.
pub struct At<'a> {
    /// The call's context.
    pub cx: &'a Cx,
    /// The catalog: it answers, takes changes from us, and is the one that the state is of.
    pub catalog: &'a Catalog,
    /// How long the change may take.
    pub limit: Duration,
}

/// What sets one type of object apart from the others. Each is a `Resource` by it, and reaches no catalog by itself.
#[async_trait]
pub trait CatalogObject: Sized + Send + Sync + 'static {
    /// The resource's full type name, as `quilt_role`.
    const NAME: &'static str;
    /// Its attributes.
    type State: State;
    /// The attributes that identify it, in the order of the id that an import takes.
    const IDENTIFIED_BY: &'static [&'static str];
    /// How long an apply waits where the configuration does not say.
    const LIMITS: Limits = LIMITS;
    /// A catalog has one, whose id is the host.
    const SETTING: bool = false;
    /// A destroy only forgets it, and asks no catalog.
    const FORGOTTEN: bool = false;

    /// Where the state has what each has.
    fn shared(state: &Self::State) -> Shared<'_>;

    /// It, for a sentence: "Role Analysts".
    fn called(state: &Self::State) -> String;

    /// What it is called in its catalog; `None` while that is not known.
    fn identified(state: &Self::State) -> Option<Identity>;

    /// Checks its own arguments, offline; values may be unknown.
    fn check(config: &Self::State, d: &mut Diagnostics);

    /// Takes out of a configuration that is written from a state what a person leaves out.
    fn shortened(_config: &mut Self::State) {}

    /// What a creation meets; for its plan.
    async fn met(cx: &Cx, planned: &Self::State, d: &mut Diagnostics) -> Result<Met>;

    /// Refines a drafted change.
    async fn planned(cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()>;

    /// Says at plan what comes of its deletion, and refuses one that is known to fail.
    async fn deletion(_cx: &Cx, _state: &Self::State, _d: &mut Diagnostics) -> Result<()> {
        Ok(())
    }

    /// Makes it, or takes over what an interrupted apply left.
    async fn make(at: &At<'_>, planned: Self::State, kept: &mut Kept<Self>) -> Result<Self::State>;

    /// Looks at it; `None`: the catalog says that it does not exist.
    async fn look(catalog: &Catalog, state: Self::State) -> Result<Option<Self::State>>;

    /// Changes it.
    async fn change(at: &At<'_>, prior: Self::State, planned: Self::State) -> Result<Self::State>;

    /// Removes it, and tells what stays of it.
    async fn remove(_at: &At<'_>, _state: Self::State, _d: &mut Diagnostics) -> Result<()> {
        Ok(())
    }

    /// The state to begin with for an import; a look at it follows.
    async fn begun(found: Imported) -> Result<Self::State>;
}

#[async_trait]
impl<O: CatalogObject> Resource for O {
    const NAME: &'static str = O::NAME;
    type State = O::State;
    type Private = Origin;
    const IDENTIFIED_BY: &'static [&'static str] = O::IDENTIFIED_BY;

    fn subject(state: &O::State) -> String {
        O::called(state)
    }

    // An account of AWS says nothing of a catalog.
    fn arns(_state: &O::State) -> Vec<&Value<String>> {
        vec![]
    }

    fn identity(state: &O::State) -> Option<Identity> {
        O::identified(state)
    }

    fn validate(&self, config: &O::State, d: &mut Diagnostics) {
        O::check(config, d);
        timeouts::validate(O::shared(config).timeouts, d);
    }

    fn shorten(&self, config: &mut O::State, _d: &mut Diagnostics) {
        O::shortened(config);
    }

    async fn meets(&self, cx: &Cx, planned: &O::State, d: &mut Diagnostics) -> Result<Met> {
        O::met(cx, planned, d).await
    }

    async fn plan(&self, cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        O::planned(cx, draft, d).await
    }

    async fn plan_delete(&self, cx: &Cx, state: &O::State, d: &mut Diagnostics) -> Result<()> {
        O::deletion(cx, state, d).await
    }

    async fn create(&self, cx: &Cx, planned: O::State, kept: &mut Kept<Self>) -> Result<O::State> {
        let Shared { catalog, host, timeouts } = O::shared(&planned);
        let limit = O::LIMITS.with(timeouts).create;
        let catalog = &origin::reach(cx, catalog, limit, (host, &mut kept.private)).await?;
        O::make(&At { cx, catalog, limit }, planned, kept).await
    }

    async fn read(
        &self,
        cx: &Cx,
        state: O::State,
        private: &mut Origin,
    ) -> Result<Option<O::State>> {
        let Shared { catalog, host, .. } = O::shared(&state);
        let catalog = origin::open(cx, catalog, host, private).await?;
        O::look(&catalog, state).await
    }

    async fn update(
        &self,
        cx: &Cx,
        prior: O::State,
        planned: O::State,
        kept: &mut Kept<Self>,
    ) -> Result<O::State> {
        let Shared { catalog, timeouts, .. } = O::shared(&planned);
        let limit = O::LIMITS.with(timeouts).update;
        let held = (O::shared(&prior).host, &mut kept.private);
        let catalog = &origin::reach(cx, catalog, limit, held).await?;
        O::change(&At { cx, catalog, limit }, prior, planned).await
    }

    async fn delete(&self, cx: &Cx, state: O::State, kept: &mut Kept<Self>) -> Result<()> {
        if O::FORGOTTEN {
            return Ok(());
        }
        let Shared { catalog, host, timeouts } = O::shared(&state);
        let limit = O::LIMITS.with(timeouts).delete;
        let catalog = &origin::reach(cx, catalog, limit, (host, &mut kept.private)).await?;
        O::remove(&At { cx, catalog, limit }, state, &mut kept.diagnostics).await
    }

    async fn import(&self, cx: &Cx, id: &str, region: Option<&str>) -> Result<O::State> {
        O::begun(match O::SETTING {
            true => setting(cx, id, region).await?,
            false => imported(cx, id, region).await?,
        })
        .await
    }
}

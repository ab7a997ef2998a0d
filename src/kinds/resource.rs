//! What a resource is: its verbs over typed state, and the same with the type forgotten, as the wire sees it.

use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};

use crate::cx::Cx;
use crate::cx::claims::Said;
use crate::deploy::adoption::{self, Met};
use crate::outcome::{Error, Result, Verb, explain, name_way_to_destroy};
use crate::tf::draft::{draft, guard, with_defaults};
use crate::tf::schema::Schema;
use crate::tf::{AttributePath, Diagnostics, Object, Report, State, Tree, Value};
use ending::after_error;
use stored::{remembered, stored, to_remember, with_adopted, with_write_only};

pub use claim::{Identity, made};
pub use kept::Kept;
pub use stored::{settled, typed};

mod claim;
mod ending;
mod held;
mod kept;
mod stored;
mod twice;

/// The attribute that says whether a creation took over what was there.
const ADOPTED: &str = "adopted";

/// A type of managed object.
#[async_trait]
pub trait Resource: Send + Sync + 'static {
    /// Its full type name, as `quilt_stack`.
    const NAME: &'static str;
    /// Its attributes.
    type State: State;
    /// What is remembered beside the state and never shown.
    type Private: Serialize + DeserializeOwned + Clone + Default + Send + Sync;

    /// It, for a sentence: "Quilt stack prod".
    fn subject(state: &Self::State) -> String;

    /// The ARNs by which a state knows what it is: no verb begins before they are seen to be the caller's.
    fn arns(state: &Self::State) -> Vec<&Value<String>>;

    /// What it is in AWS, of a state or a plan; `None` while that is not known.
    fn identity(state: &Self::State) -> Option<Identity>;

    /// What a creation meets; for its plan.
    async fn meets(&self, cx: &Cx, planned: &Self::State, d: &mut Diagnostics) -> Result<Met> {
        let Some(stack) = Self::identity(planned) else { return Ok(Met::Unasked) };
        adoption::meets(
            cx,
            (&stack.name, stack.region.as_deref()),
            stack.at,
            &Self::subject(planned),
            d,
        )
        .await
    }

    /// Opens what the plan of a creation says of things that an adoption leaves as they are.
    fn adopts(_planned: &mut Self::State, _config: &Self::State) {}

    /// Checks a configuration alone, offline; values may be unknown.
    fn validate(&self, _config: &Self::State, _d: &mut Diagnostics) {}

    /// Refines a drafted change. The general rules have been followed already.
    async fn plan(&self, _cx: &Cx, _draft: &mut Draft<Self>, _d: &mut Diagnostics) -> Result<()> {
        Ok(())
    }

    /// Refuses a deletion that is known to fail, at plan.
    async fn plan_delete(
        &self,
        _cx: &Cx,
        _state: &Self::State,
        _d: &mut Diagnostics,
    ) -> Result<()> {
        Ok(())
    }

    /// Makes it. Write-only values are in `planned`.
    async fn create(
        &self,
        cx: &Cx,
        planned: Self::State,
        kept: &mut Kept<Self>,
    ) -> Result<Self::State>;

    /// Looks at it; `None`: AWS says it does not exist.
    async fn read(
        &self,
        cx: &Cx,
        state: Self::State,
        private: &mut Self::Private,
    ) -> Result<Option<Self::State>>;

    /// Changes it.
    async fn update(
        &self,
        cx: &Cx,
        prior: Self::State,
        planned: Self::State,
        kept: &mut Kept<Self>,
    ) -> Result<Self::State>;

    /// Removes it.
    async fn delete(&self, cx: &Cx, state: Self::State, kept: &mut Kept<Self>) -> Result<()>;

    /// The state to begin with for an import of `id`; `read` follows.
    async fn import(&self, _cx: &Cx, _id: &str) -> Result<Self::State> {
        Err(Error::config(
            AttributePath::root(),
            format!("{} cannot be imported.", Self::NAME),
            "Create it with Terraform.",
        ))
    }

    /// The state of an older version in today's layout.
    fn upgrade(&self, _version: i64, old: Object) -> Result<Object> {
        Ok(old)
    }

    /// The state of another resource type in this one's layout, for a `moved` block; `None`: not a type to move from.
    fn move_from(&self, _source: &Source, _old: &Object) -> Option<Self::State> {
        None
    }
}

/// Where a `moved` block moves from.
pub struct Source {
    /// The provider, as `registry.terraform.io/hashicorp/aws`.
    pub provider: String,
    /// The resource type.
    pub type_name: String,
}

/// A change as the general rules drafted it, for the resource to refine.
pub struct Draft<R: Resource + ?Sized> {
    /// What is; `None` for a creation.
    pub prior: Option<R::State>,
    /// What the configuration says, write-only values included.
    pub config: R::State,
    /// What is planned.
    pub planned: R::State,
    /// The attributes whose change replaces it.
    pub replace: Vec<AttributePath>,
    /// What is remembered.
    pub private: R::Private,
    /// The object in whose stead a creation comes.
    pub instead_of: Option<String>,
}

/// The answer to a plan.
pub struct Planned {
    /// `None` for a deletion.
    pub state: Option<Object>,
    /// The attributes whose change replaces it.
    pub replace: Vec<AttributePath>,
    /// Remembered until the apply.
    pub private: Vec<u8>,
}

/// The answer to an apply, a read or an import.
pub struct Answer {
    /// `None`: it does not exist.
    pub state: Option<Object>,
    /// Remembered beside it.
    pub private: Vec<u8>,
}

/// A proposed change, as Terraform sends it.
pub struct Change {
    /// What is; `None` for a creation.
    pub prior: Option<Object>,
    /// What is proposed or planned; `None` for a deletion.
    pub planned: Option<Object>,
    /// What the configuration says.
    pub config: Object,
    /// What is remembered.
    pub private: Vec<u8>,
}

/// A resource with its state type forgotten. In every answer `None` means that the errors say why.
#[async_trait]
pub trait AnyResource: Send + Sync {
    /// Its full type name.
    fn name(&self) -> &'static str;
    /// Its schema.
    fn schema(&self) -> &'static Schema;
    /// Checks a configuration.
    fn validate(&self, config: &Object, write_only_allowed: bool, d: &mut Diagnostics);
    /// Brings a stored state to today's layout.
    async fn upgrade(
        &self,
        cx: &Cx,
        version: i64,
        old: Object,
        d: &mut Diagnostics,
    ) -> Option<Object>;
    /// Looks at it. On an error the state stays as it was.
    async fn read(&self, cx: &Cx, state: Object, private: &[u8], d: &mut Diagnostics) -> Answer;
    /// Plans a change.
    async fn plan(&self, cx: &Cx, change: Change, d: &mut Diagnostics) -> Option<Planned>;
    /// Carries a change out. After an error the answer is what is true now.
    async fn apply(&self, cx: &Cx, change: Change, d: &mut Diagnostics) -> Answer;
    /// Begins an import.
    async fn import(&self, cx: &Cx, id: &str, d: &mut Diagnostics) -> Option<Answer>;
    /// Takes over the state of another type.
    fn move_from(&self, source: &Source, old: &Object, d: &mut Diagnostics) -> Option<Object>;
}

/// The change as the general rules draft it.
fn drafted<R: Resource>(
    change: &Change,
    proposed: Object,
    d: &mut Diagnostics,
) -> Option<Draft<R>> {
    let drafted =
        draft(&R::State::schema().attributes, change.prior.as_ref(), &change.config, proposed);
    let prior = change.prior.as_ref();
    let kept = prior.and_then(|prior| prior.get(ADOPTED)).cloned();
    let planned = with_adopted::<R>(
        drafted.planned,
        kept.unwrap_or(if prior.is_some() { Tree::Null } else { Tree::Unknown }),
    );
    Some(Draft {
        prior: match prior {
            Some(prior) => Some(typed(prior, d)?),
            None => None,
        },
        config: typed(&change.config, d)?,
        planned: typed(&planned, d)?,
        replace: drafted.replace,
        private: remembered(&change.private),
        instead_of: claim::instead_of(&change.private).filter(|_| prior.is_none()),
    })
}

/// Plans what a creation does with what is there.
async fn planned_creation<R: Resource>(
    resource: &R,
    cx: &Cx,
    draft: &mut Draft<R>,
    change: &Change,
    d: &mut Diagnostics,
) -> Tree {
    if d.failed() {
        return Tree::Unknown;
    }
    let adopts = claim::creation(resource, cx, &draft.planned, change, d).await;
    if let Ok(Tree::Bool(true)) = adopts {
        R::adopts(&mut draft.planned, &draft.config);
    }
    adopts.unwrap_or_else(|e| {
        explain(Verb::Plan, &R::subject(&draft.config), &e, d);
        Tree::Unknown
    })
}

/// Deletes, unless this run has made it.
async fn deleted<R: Resource>(
    resource: &R,
    cx: &Cx,
    prior: R::State,
    kept: &mut Kept<R>,
) -> Result<()> {
    claim::deletion::<R>(cx, &prior).await?;
    held::delete(resource, cx, prior.clone(), kept).await?;
    claim::say::<R>(cx, &prior, Said::Deleted).await;
    Ok(())
}

#[async_trait]
impl<R: Resource> AnyResource for R {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn schema(&self) -> &'static Schema {
        R::State::schema()
    }

    fn validate(&self, config: &Object, write_only_allowed: bool, d: &mut Diagnostics) {
        guard(&R::State::schema().attributes, config, write_only_allowed, d);
        if let Some(config) = typed(config, d) {
            Resource::validate(self, &config, d);
        }
    }

    async fn upgrade(
        &self,
        cx: &Cx,
        version: i64,
        old: Object,
        d: &mut Diagnostics,
    ) -> Option<Object> {
        let mut object = match Resource::upgrade(self, version, old) {
            Ok(object) => object,
            Err(e) => {
                explain(Verb::Read, R::NAME, &e, d);
                return None;
            }
        };
        with_defaults(&R::State::schema().attributes, &mut object);
        let state = typed::<R::State>(&object, d)?;
        claim::say::<R>(cx, &state, Said::Held).await;
        Some(stored(&state))
    }

    async fn read(&self, cx: &Cx, state: Object, private: &[u8], d: &mut Diagnostics) -> Answer {
        let before = Answer { state: Some(state), private: private.to_vec() };
        let Some(typed) = before.state.as_ref().and_then(|s| typed::<R::State>(s, d)) else {
            return before;
        };
        let mut memory = remembered(private);
        match held::read(self, cx, typed.clone(), &mut memory).await {
            Ok(state) => {
                match &state {
                    Some(state) => claim::say::<R>(cx, state, Said::Held).await,
                    None => claim::say::<R>(cx, &typed, Said::Gone).await,
                }
                Answer { state: state.map(|s| settled(&s)), private: to_remember(&memory) }
            }
            // Before the provider's settings are known nothing can be looked at: what is stored stands.
            Err(Error::NotYet) => before,
            Err(e) => {
                explain(Verb::Read, &R::subject(&typed), &e, d);
                before
            }
        }
    }

    async fn plan(&self, cx: &Cx, mut change: Change, d: &mut Diagnostics) -> Option<Planned> {
        let Some(proposed) = change.planned.take() else {
            let prior: R::State = typed(&change.prior?, d)?;
            claim::plan::<R>(cx, &prior, Said::Ends, d).await;
            if let Err(e) = held::plan_delete(self, cx, &prior, d).await {
                explain(Verb::Plan, &R::subject(&prior), &e, d);
            }
            return Some(Planned { state: None, replace: vec![], private: change.private });
        };
        let mut draft = drafted::<R>(&change, proposed, d)?;
        held::plan::<R>(cx, draft.prior.as_ref(), d).await?;
        let before = d.errors.len();
        let refused = Resource::plan(self, cx, &mut draft, d).await;
        if let Err(e) = &refused {
            explain(Verb::Plan, &R::subject(&draft.config), e, d);
        }
        let adopted = match &draft.prior {
            Some(prior) => {
                let said = if draft.replace.is_empty() { Said::Stays } else { Said::Replaced };
                claim::plan::<R>(cx, prior, said, d).await;
                if draft.replace.is_empty() {
                    claim::another_name::<R>(cx, prior, &draft.planned, d).await;
                }
                // What AWS did not answer is no refusal, and stops a destroy without a refresh as well.
                if !refused.is_err_and(|e| e.aws().is_some()) {
                    name_way_to_destroy(before, d);
                }
                // Terraform does not ask again for the deletion that a replacement begins with.
                if !draft.replace.is_empty()
                    && let Err(e) = self.plan_delete(cx, prior, d).await
                {
                    explain(Verb::Plan, &R::subject(prior), &e, d);
                }
                change
                    .prior
                    .as_ref()
                    .and_then(|prior| prior.get(ADOPTED))
                    .cloned()
                    .unwrap_or_default()
            }
            None => planned_creation(self, cx, &mut draft, &change, d).await,
        };
        let of = draft.prior.as_ref().and_then(R::identity).and_then(|identity| identity.id);
        let private = claim::with_instead_of(to_remember(&draft.private), of);
        Some(Planned {
            state: Some(with_adopted::<R>(stored(&draft.planned), adopted)),
            replace: draft.replace,
            private,
        })
    }

    async fn apply(&self, cx: &Cx, change: Change, d: &mut Diagnostics) -> Answer {
        let mut kept = Kept::<R>::new(remembered(&change.private));
        let schema = R::State::schema();
        let planned = change.planned.map(|p| with_write_only(schema, p, &change.config));
        let read = |o: &Option<Object>, d: &mut Diagnostics| {
            o.as_ref().and_then(|o| typed::<R::State>(o, d))
        };
        let (before, after) = (read(&change.prior, d), read(&planned, d));
        if d.failed() {
            return Answer { state: change.prior, private: change.private };
        }
        let verb = match (&before, &after) {
            (None, _) => Verb::Create,
            (Some(_), Some(_)) => Verb::Update,
            (Some(_), None) => Verb::Delete,
        };
        let subject = after.as_ref().or(before.as_ref()).map(R::subject).unwrap_or_default();
        let adopts = planned.and_then(|mut planned| planned.remove(ADOPTED)).unwrap_or_default();
        let done = match (before, after) {
            (None, Some(planned)) => {
                kept.adoption = claim::adoption::<R>(cx, &planned, &adopts).await;
                let made = self.create(cx, planned, &mut kept).await;
                if let Some(state) = made.as_ref().ok().or(kept.state.as_ref()) {
                    claim::say::<R>(cx, state, Said::Made).await;
                }
                made.map(Some)
            }
            (Some(prior), Some(planned)) => {
                held::update(self, cx, prior, planned, &mut kept).await.map(Some)
            }
            (Some(prior), None) => deleted(self, cx, prior, &mut kept).await.map(|()| None),
            (None, None) => Ok(None),
        };
        let adopted = if verb == Verb::Create && !matches!(adopts, Tree::Bool(_)) {
            Tree::Bool(kept.adopted)
        } else {
            adopts
        };
        d.warnings.append(&mut kept.diagnostics.warnings);
        cx.notes.hand_over(d);
        let private = to_remember(&kept.private);
        match done {
            Ok(state) => {
                Answer { state: state.map(|s| with_adopted::<R>(settled(&s), adopted)), private }
            }
            Err(e) => {
                let kept =
                    (kept.state.map(|s| with_adopted::<R>(settled(&s), adopted)), kept.complete);
                Answer { state: after_error(verb, &subject, &e, kept, change.prior, d), private }
            }
        }
    }

    async fn import(&self, cx: &Cx, id: &str, d: &mut Diagnostics) -> Option<Answer> {
        match Resource::import(self, cx, id).await {
            Ok(state) => Some(Answer {
                state: Some(settled(&state)),
                private: to_remember(&R::Private::default()),
            }),
            Err(e) => {
                explain(Verb::Import, &format!("{} {id}", R::NAME), &e, d);
                None
            }
        }
    }

    fn move_from(&self, source: &Source, old: &Object, d: &mut Diagnostics) -> Option<Object> {
        let state = Resource::move_from(self, source, old).map(|s| settled(&s));
        if state.is_none() {
            let detail = format!(
                "{} of {} cannot become a {}. Import the object instead.",
                source.type_name,
                source.provider,
                R::NAME
            );
            d.fail("This resource cannot be moved here", detail);
        }
        state
    }
}

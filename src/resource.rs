//! What a resource is: its verbs over typed state, and the same with the type forgotten, as the wire sees it.

use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};

use crate::cx::Cx;
use crate::deploy::Step;
use crate::deploy::foresee::{Foreseen, takes_over};
use crate::outcome::{Error, Result, Verb, explain, explain_left, explain_resumable, name_way_to_destroy};
use crate::tf::draft::{draft, guard, with_defaults, without_write_only};
use crate::tf::schema::Schema;
use crate::tf::{AttributePath, Diagnostics, Object, Report, State, Tree, Value};

mod held;

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

    /// The stack that a creation makes, where it is one and its name is known.
    fn stack(_planned: &Self::State) -> Option<Foreseen> {
        None
    }

    /// Checks a configuration alone, offline; values may be unknown.
    fn validate(&self, _config: &Self::State, _d: &mut Diagnostics) {}

    /// Refines a drafted change. The general rules have been followed already.
    async fn plan(&self, _cx: &Cx, _draft: &mut Draft<Self>, _d: &mut Diagnostics) -> Result<()> {
        Ok(())
    }

    /// Refuses a deletion that is known to fail, at plan.
    async fn plan_delete(&self, _cx: &Cx, _state: &Self::State, _d: &mut Diagnostics) -> Result<()> {
        Ok(())
    }

    /// Makes it. Write-only values are in `planned`.
    async fn create(&self, cx: &Cx, planned: Self::State, kept: &mut Kept<Self>) -> Result<Self::State>;

    /// Looks at it; `None`: AWS says it does not exist.
    async fn read(&self, cx: &Cx, state: Self::State, private: &mut Self::Private) -> Result<Option<Self::State>>;

    /// Changes it.
    async fn update(&self, cx: &Cx, prior: Self::State, planned: Self::State, kept: &mut Kept<Self>) -> Result<Self::State>;

    /// Removes it.
    async fn delete(&self, cx: &Cx, state: Self::State, kept: &mut Kept<Self>) -> Result<()>;

    /// The state to begin with for an import of `id`; `read` follows.
    async fn import(&self, _cx: &Cx, _id: &str) -> Result<Self::State> {
        Err(Error::config(AttributePath::root(), format!("{} cannot be imported.", Self::NAME), "Create it with Terraform."))
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
}

/// What an apply has done so far: saved even if it then fails.
pub struct Kept<R: Resource + ?Sized> {
    state: Option<R::State>,
    complete: bool,
    /// What is remembered beside the state; holds the last apply's at first.
    pub private: R::Private,
    /// Warnings for the person.
    pub diagnostics: Diagnostics,
}

impl<R: Resource + ?Sized> Kept<R> {
    /// Nothing done yet.
    pub fn new(private: R::Private) -> Self {
        Self { state: None, complete: false, private, diagnostics: Diagnostics::default() }
    }

    /// From here on this exists, whatever comes.
    pub fn keep(&mut self, state: R::State) {
        self.state = Some(state);
    }

    /// It is complete, whatever comes: an error leaves no state, and the next apply adopts it. With a state it would be tainted, and made anew.
    pub fn complete(&mut self) {
        self.complete = true;
    }

    /// Notes a step of a stack's creation; `begun` is its state from its ARN on.
    pub fn note(&mut self, step: Step<'_>, begun: impl FnOnce(&str) -> R::State) {
        match step {
            Step::Begun(id) => self.keep(begun(id)),
            Step::Complete => self.complete(),
        }
    }

    /// What was kept.
    pub fn kept(&self) -> Option<&R::State> {
        self.state.as_ref()
    }
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
    fn upgrade(&self, version: i64, old: Object, d: &mut Diagnostics) -> Option<Object>;
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

/// Reads an object; a value that does not fit is told.
pub fn typed<S: State>(object: &Object, d: &mut Diagnostics) -> Option<S> {
    S::read_object(object, &AttributePath::root()).map_err(|misfit| d.misfit(misfit)).ok()
}

/// An object without write-only values, as plans and states hold it.
fn stored<S: State>(state: &S) -> Object {
    let mut object = state.write_object();
    without_write_only(&S::schema().attributes, &mut object);
    object
}

/// The same with null for what is not known: an apply that ends early may save no unknown value.
pub fn settled<S: State>(state: &S) -> Object {
    stored(state).into_iter().map(|(k, v)| (k, v.settled())).collect()
}

fn remembered<P: DeserializeOwned + Default>(private: &[u8]) -> P {
    serde_json::from_slice(private).unwrap_or_default()
}

fn to_remember<P: Serialize>(private: &P) -> Vec<u8> {
    serde_json::to_vec(private).unwrap_or_default()
}

/// Puts write-only values of the configuration into a planned object, for the apply alone.
fn with_write_only(schema: &Schema, mut planned: Object, config: &Object) -> Object {
    for a in schema.attributes.iter().filter(|a| a.write_only) {
        planned.insert(a.name.into(), config.get(a.name).cloned().unwrap_or(Tree::Null));
    }
    planned
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

    fn upgrade(&self, version: i64, old: Object, d: &mut Diagnostics) -> Option<Object> {
        let mut object = match Resource::upgrade(self, version, old) {
            Ok(object) => object,
            Err(e) => {
                explain(Verb::Read, R::NAME, &e, d);
                return None;
            }
        };
        with_defaults(&R::State::schema().attributes, &mut object);
        typed::<R::State>(&object, d).map(|s| stored(&s))
    }

    async fn read(&self, cx: &Cx, state: Object, private: &[u8], d: &mut Diagnostics) -> Answer {
        let before = Answer { state: Some(state), private: private.to_vec() };
        let Some(typed) = before.state.as_ref().and_then(|s| typed::<R::State>(s, d)) else { return before };
        let mut memory = remembered(private);
        match held::read(self, cx, typed.clone(), &mut memory).await {
            Ok(state) => Answer { state: state.map(|s| settled(&s)), private: to_remember(&memory) },
            // Before the provider's settings are known nothing can be looked at: what is stored stands.
            Err(Error::NotYet) => before,
            Err(e) => {
                explain(Verb::Read, &R::subject(&typed), &e, d);
                before
            }
        }
    }

    async fn plan(&self, cx: &Cx, change: Change, d: &mut Diagnostics) -> Option<Planned> {
        let Some(proposed) = change.planned else {
            let prior: R::State = typed(&change.prior?, d)?;
            if let Err(e) = held::plan_delete(self, cx, &prior, d).await {
                explain(Verb::Plan, &R::subject(&prior), &e, d);
            }
            return Some(Planned { state: None, replace: vec![], private: change.private });
        };
        let drafted = draft(&R::State::schema().attributes, change.prior.as_ref(), &change.config, proposed);
        let mut draft = Draft::<R> {
            prior: match &change.prior {
                Some(prior) => Some(typed(prior, d)?),
                None => None,
            },
            config: typed(&change.config, d)?,
            planned: typed(&drafted.planned, d)?,
            replace: drafted.replace,
            private: remembered(&change.private),
        };
        held::plan::<R>(cx, draft.prior.as_ref(), d).await?;
        let before = d.errors.len();
        let refused = Resource::plan(self, cx, &mut draft, d).await;
        if let Err(e) = &refused {
            explain(Verb::Plan, &R::subject(&draft.config), e, d);
        }
        // What AWS did not answer is no refusal, and stops a destroy without a refresh as well.
        if draft.prior.is_some() && !refused.is_err_and(|e| e.aws().is_some()) {
            name_way_to_destroy(before, d);
        }
        // The second half of a replacement is no creation that could meet anything: it comes with what the first half remembered.
        let creation = draft.prior.is_none() && change.private.is_empty() && !d.failed();
        if let Some(stack) = R::stack(&draft.planned).filter(|_| creation)
            && let Err(e) = takes_over(cx, &stack, &R::subject(&draft.config), d).await
        {
            explain(Verb::Plan, &R::subject(&draft.config), &e, d);
        }
        // Terraform does not ask again for the deletion that a replacement begins with.
        if let Some(prior) = draft.prior.as_ref().filter(|_| !draft.replace.is_empty())
            && let Err(e) = self.plan_delete(cx, prior, d).await
        {
            explain(Verb::Plan, &R::subject(prior), &e, d);
        }
        Some(Planned { state: Some(stored(&draft.planned)), replace: draft.replace, private: to_remember(&draft.private) })
    }

    async fn apply(&self, cx: &Cx, change: Change, d: &mut Diagnostics) -> Answer {
        let mut kept = Kept::<R>::new(remembered(&change.private));
        let schema = R::State::schema();
        let planned = change.planned.map(|p| with_write_only(schema, p, &change.config));
        let read = |o: &Option<Object>, d: &mut Diagnostics| o.as_ref().and_then(|o| typed::<R::State>(o, d));
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
        let done = match (before, after) {
            (None, Some(planned)) => self.create(cx, planned, &mut kept).await.map(Some),
            (Some(prior), Some(planned)) => held::update(self, cx, prior, planned, &mut kept).await.map(Some),
            (Some(prior), None) => held::delete(self, cx, prior, &mut kept).await.map(|()| None),
            (None, None) => Ok(None),
        };
        d.warnings.append(&mut kept.diagnostics.warnings);
        let private = to_remember(&kept.private);
        match done {
            Ok(state) => Answer { state: state.map(|s| settled(&s)), private },
            Err(e) => Answer { state: after_error(verb, &subject, &e, (kept.state, kept.complete), change.prior, d), private },
        }
    }

    async fn import(&self, cx: &Cx, id: &str, d: &mut Diagnostics) -> Option<Answer> {
        match Resource::import(self, cx, id).await {
            Ok(state) => Some(Answer { state: Some(settled(&state)), private: to_remember(&R::Private::default()) }),
            Err(e) => {
                explain(Verb::Import, &format!("{} {id}", R::NAME), &e, d);
                None
            }
        }
    }

    fn move_from(&self, source: &Source, old: &Object, d: &mut Diagnostics) -> Option<Object> {
        let state = Resource::move_from(self, source, old).map(|s| settled(&s));
        if state.is_none() {
            let detail = format!("{} of {} cannot become a {}. Import the object instead.", source.type_name, source.provider, R::NAME);
            d.fail("This resource cannot be moved here", detail);
        }
        state
    }
}

/// What is saved when an apply ends in an error, and how it is told: the three endings of an interrupted operation, and plain failure.
///
/// State with an error taints a creation (the next apply makes it anew), state with a warning does not, no state leaves it to be adopted. So
/// only a creation that is known to have failed is saved with its error.
fn after_error<S: State>(
    verb: Verb,
    subject: &str,
    e: &Error,
    kept: (Option<S>, bool),
    prior: Option<Object>,
    d: &mut Diagnostics,
) -> Option<Object> {
    match (verb, e, kept) {
        (Verb::Create, Error::Interrupted { doing }, (Some(state), _)) => {
            explain_resumable(subject, doing, d);
            Some(settled(&state))
        }
        (Verb::Create, Error::Failed { .. }, (Some(state), false)) => {
            explain(verb, subject, e, d);
            Some(settled(&state))
        }
        (Verb::Create, e, (Some(_), _)) => {
            explain_left(subject, e, d);
            None
        }
        (Verb::Create, e, (None, _)) => {
            explain(verb, subject, e, d);
            None
        }
        (verb, e, _) => {
            explain(verb, subject, e, d);
            prior
        }
    }
}

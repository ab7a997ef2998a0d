//! What a resource is: its verbs over typed state, and the same with the type forgotten, as the wire sees it.

use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};

use super::stored::{remembered, settled, stored, to_remember, typed};
use crate::cx::Cx;
use crate::cx::claims::Said;
use crate::deploy::adoption::{self, Met};
use crate::outcome::{Error, Result, Verb, explain};
use crate::tf::draft::{guard, with_defaults};
use crate::tf::schema::Schema;
use crate::tf::{AttributePath, Diagnostics, Object, Report, State, Value};

use identity::IdentitySchema;

pub use claim::{Identity, is_made_now};
pub use identity::Wanted;
pub use kept::Kept;

mod adopted;
mod apply;
mod claim;
mod held;
pub mod identity;
mod kept;
mod plan;
mod replaced;
mod twice;
mod written;

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

    /// The attributes that identify it among those of its type in one account and region, in the order of the id that an import takes. None:
    /// it has no identity.
    const IDENTIFIED_BY: &'static [&'static str] = &[];
    /// Version of the identity's layout; raised when stored ones need `upgrade_identity`.
    const IDENTITY_VERSION: i64 = 0;

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

    /// What is lost with it; `None`: nothing that cannot be made again.
    fn loses(_state: &Self::State) -> Option<String> {
        None
    }

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

    /// The state to begin with for an import of `id` in this region, or the provider's; `read` follows.
    async fn import(&self, _cx: &Cx, _id: &str, _region: Option<&str>) -> Result<Self::State> {
        Err(Error::config(
            AttributePath::root(),
            format!("{} cannot be imported.", Self::NAME),
            "Create it with Terraform.",
        ))
    }

    /// Says what somebody who imports this has to know.
    fn imported(_state: &Self::State, _d: &mut Diagnostics) {}

    /// The state of an older version in today's layout.
    fn upgrade(&self, _version: i64, old: Object) -> Result<Object> {
        Ok(old)
    }

    /// Takes out of a configuration that is written from a state what a person leaves out; without it, too, nothing is planned.
    fn shorten(&self, _config: &mut Self::State, _d: &mut Diagnostics) {}

    /// The identity of an older version in today's layout.
    fn upgrade_identity(&self, _version: i64, old: Object) -> Object {
        old
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
    /// What the apply will promise, as far as the general rules say it.
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
    /// As `quilt_stack`.
    fn name(&self) -> &'static str;
    /// What Terraform may write and read, built once.
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
    /// Says what an apply will do, and changes nothing.
    async fn plan(&self, cx: &Cx, change: Change, d: &mut Diagnostics) -> Option<Planned>;
    /// Carries a change out. After an error the answer is what is true now.
    async fn apply(&self, cx: &Cx, change: Change, d: &mut Diagnostics) -> Answer;
    /// Begins an import.
    async fn import(&self, cx: &Cx, wanted: &Wanted, d: &mut Diagnostics) -> Option<Answer>;
    /// Writes the configuration of what has this state.
    async fn written(&self, cx: &Cx, state: &Object, d: &mut Diagnostics) -> Option<Object>;
    /// What its identities look like; `None`: it has none.
    fn identity_schema(&self) -> Option<IdentitySchema>;
    /// The identity of what this state or plan is of; `None` while something of it is not known.
    fn identity_of(&self, state: &Object) -> Option<Object>;
    /// Brings a stored identity to today's layout.
    fn upgrade_identity(&self, version: i64, old: Object) -> Object;
    /// Takes over the state of another type.
    fn move_from(&self, source: &Source, old: &Object, d: &mut Diagnostics) -> Option<Object>;
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

    async fn plan(&self, cx: &Cx, change: Change, d: &mut Diagnostics) -> Option<Planned> {
        plan::plan(self, cx, change, d).await
    }

    async fn apply(&self, cx: &Cx, change: Change, d: &mut Diagnostics) -> Answer {
        apply::apply(self, cx, change, d).await
    }

    async fn import(&self, cx: &Cx, wanted: &Wanted, d: &mut Diagnostics) -> Option<Answer> {
        let state = async {
            let (id, region) = identity::sought::<R>(cx, wanted).await?;
            Resource::import(self, cx, &id, region.as_deref()).await
        };
        match state.await {
            Ok(state) => {
                R::imported(&state, d);
                Some(Answer {
                    state: Some(settled(&state)),
                    private: to_remember(&R::Private::default()),
                })
            }
            Err(e) => {
                explain(
                    Verb::Import,
                    &format!("{} {}", R::NAME, identity::said::<R>(wanted)),
                    &e,
                    d,
                );
                None
            }
        }
    }

    async fn written(&self, cx: &Cx, state: &Object, d: &mut Diagnostics) -> Option<Object> {
        written::written(self, cx, state, d).await
    }

    fn identity_schema(&self) -> Option<IdentitySchema> {
        identity::schema::<R>()
    }

    fn identity_of(&self, state: &Object) -> Option<Object> {
        identity::of::<R>(state)
    }

    fn upgrade_identity(&self, version: i64, old: Object) -> Object {
        identity::whole::<R>(&Resource::upgrade_identity(self, version, old))
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

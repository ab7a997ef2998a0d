//! What one of the small stacks is: its template, its attributes and its rules.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;

use crate::aws::Aws;
use crate::cloudformation::stack::{Parameter, Stack};
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::deploy::protection::OF_STACK;
use crate::deploy::{Deploy, name_of};
use crate::outcome::{Error, Result};
use crate::quilt::templates::{self, Templates};
use crate::resources::place::Place;
use crate::resources::standing::capital;
use crate::resources::tags::Tags;
use crate::resources::timeouts::{self, Limits, Timeouts};
use crate::tf::{AttributePath, Diagnostics, State, Value};

/// Names and values of parameters.
pub type Parameters = BTreeMap<String, String>;

/// The attribute that holds the stack's ARN.
pub const ID: &str = "id";

/// What the state of each has.
pub struct View<T, F, M, L> {
    /// What the person calls it; its stack is called `<name>-<what it is>`.
    pub name: T,
    /// Where it is; the provider's region unless said.
    pub region: T,
    /// ARN of the stack; unknown until CloudFormation has given it.
    pub id: T,
    /// As CloudFormation writes it.
    pub status: T,
    /// Which of this release's templates it was made from.
    pub template_version: T,
    /// Whether the stack is protected from deletion.
    pub protection: F,
    /// What the block says.
    pub tags: M,
    /// The same with `default_tags` below it: what the stack is sent.
    pub tags_all: M,
    /// How long an apply waits.
    pub timeouts: L,
}

/// What each has, to be read.
pub type Shared<'a> = View<&'a Value<String>, &'a Value<bool>, &'a Tags, &'a Value<Timeouts>>;

/// What each has, to be set.
pub type SharedMut<'a> =
    View<&'a mut Value<String>, &'a mut Value<bool>, &'a mut Tags, &'a mut Value<Timeouts>>;

/// The part of an `impl SmallStack` that hands out what the state of each has.
#[macro_export]
macro_rules! shared {
    () => {
        fn shared(&self) -> $crate::resources::small_stack::Shared<'_> {
            $crate::shared!(self, &)
        }

        fn shared_mut(&mut self) -> $crate::resources::small_stack::SharedMut<'_> {
            $crate::shared!(self, &mut)
        }
    };
    ($state:ident, $($by:tt)+) => {
        $crate::resources::small_stack::template::View {
            name: $($by)+ $state.name,
            region: $($by)+ $state.region,
            id: $($by)+ $state.id,
            status: $($by)+ $state.status,
            template_version: $($by)+ $state.template_version,
            protection: $($by)+ $state.enable_termination_protection,
            tags: $($by)+ $state.tags,
            tags_all: $($by)+ $state.tags_all,
            timeouts: $($by)+ $state.timeouts,
        }
    };
}

/// The state of an object that is one stack from a template inside the provider, and what sets it apart from the others.
#[async_trait]
pub trait SmallStack: State + PartialEq {
    /// The resource's full type name, as `quilt_network`. A stack is then called `<name>-network`.
    const NAME: &'static str;
    /// What it is, for a sentence: "network".
    const WHAT: &'static str;
    /// Its template, in each version that stacks may have.
    const TEMPLATES: Templates;
    /// What CloudFormation must be allowed for its template.
    const CAPABILITIES: &'static [&'static str] = &[];
    /// Parameters that an update never sends: another value would replace what holds data.
    const KEPT: &'static [&'static str] = &[];
    /// How long an apply waits where the configuration does not say.
    const LIMITS: Limits = timeouts::STACK;
    /// What to do instead of a move to another network; said to who tries one.
    const MOVE: &'static str = "";
    /// What is lost with it; empty: nothing that cannot be made again.
    const LOSES: &'static str = "";
    /// The arguments that protect it from deletion.
    const PROTECTIONS: &'static [&'static str] = &[OF_STACK];

    /// Where the state has what each has; `shared!` writes it.
    fn shared(&self) -> Shared<'_>;

    /// The same, to be set.
    fn shared_mut(&mut self) -> SharedMut<'_>;

    /// A protected database instance is in the stack, as the state says.
    fn holds_protected_instance(&self) -> bool {
        false
    }

    /// Checks its own arguments, offline; values may be unknown.
    fn check(&self, d: &mut Diagnostics);

    /// The network it lives in, where it lives in one.
    fn place(&self) -> Option<Place<'_>> {
        None
    }

    /// Plans what follows from other arguments, and what stays as it was.
    fn follow(&mut self, _prior: Option<&Self>, _config: &Self) {}

    /// Plans what is its own at a creation.
    async fn plan_creation(
        &mut self,
        _cx: &Cx,
        _config: &Self,
        _d: &mut Diagnostics,
    ) -> Result<()> {
        Ok(())
    }

    /// Plans what is its own at an update, and refuses what cannot become so.
    async fn plan_update(
        &mut self,
        _cx: &Cx,
        _prior: &Self,
        _config: &Self,
        _d: &mut Diagnostics,
    ) -> Result<()> {
        Ok(())
    }

    /// Takes out of a configuration that is written from a state what a person leaves out.
    fn shorten(&mut self) {}

    /// What AWS makes of it; null as long as its creation goes on.
    fn made_by_aws(&mut self) -> Vec<&mut Value<String>>;

    /// What any update makes anew.
    fn moving(&mut self) -> Vec<&mut Value<String>> {
        vec![self.shared_mut().status]
    }

    /// Where CloudFormation allows nothing but its deletion, and it is not to be made anew unasked: how it stands, and what to do.
    fn half_deleted(&self, _status: &Status) -> Option<(&'static str, &'static str)> {
        None
    }

    /// What its stack is to have.
    fn parameters(&self) -> Result<Parameters>;

    /// The last look before a creation: itself, with what the plan did not know, and all that the creation sends.
    async fn before_create(self, _aws: &Aws) -> Result<(Self, Parameters)> {
        let parameters = self.parameters()?;
        Ok((self, parameters))
    }

    /// What an update sends; `None`: the stack has it. `template` is the text of another version, when it changes.
    fn changes(
        &self,
        live: &Stack,
        template: Option<&str>,
    ) -> Result<Option<BTreeMap<String, Parameter>>> {
        Ok(templates::changes(&self.parameters()?, &live.parameters, Self::KEPT, template))
    }

    /// Waits for what an update may not begin in.
    async fn before_update(&self, _cx: &Cx, _aws: &Aws, _limit: Duration) -> Result<()> {
        Ok(())
    }

    /// Checks what CloudFormation does not check.
    async fn after_update(&self, _aws: &Aws, _prior: &Self) -> Result<()> {
        Ok(())
    }

    /// The settings a stack was made with.
    ///
    /// # Errors
    /// Why it is another thing's stack.
    fn read_parameters(&mut self, stack: &Stack) -> Result<(), String>;

    /// What AWS made of the settings. What is not made yet stays as it is.
    async fn read_outputs(&mut self, aws: &Aws, stack: &Stack) -> Result<()>;

    /// What a complete stack lacks that each of its kind has.
    fn lacks(_stack: &Stack) -> Option<String> {
        None
    }

    /// The name of the object whose stack this is.
    ///
    /// # Errors
    /// It is another thing's.
    fn name_of(stack: &Stack) -> Result<String> {
        name_in::<Self>(stack).ok_or_else(|| super::foreign::<Self>(stack, ""))
    }
}

/// The last part of a stack's name.
fn suffix<S: SmallStack>() -> &'static str {
    S::NAME.trim_start_matches("quilt_")
}

/// The name of an object's stack.
pub fn stack_name<S: SmallStack>(name: &str) -> String {
    format!("{name}-{}", suffix::<S>())
}

/// The object's name in that of its stack; `None` where no object of this kind has such a stack.
pub fn name_in<S: SmallStack>(stack: &Stack) -> Option<String> {
    let name = name_of(&stack.id).strip_suffix(suffix::<S>())?.strip_suffix('-')?;
    Some(name.to_string())
}

/// It, for a sentence: "Network main".
pub fn subject<S: SmallStack>(state: &S) -> String {
    let name = state.shared().name.as_deref_option().unwrap_or("(name not known yet)");
    format!("{} {name}", capital(S::WHAT))
}

/// How long an apply waits for it.
pub fn limits<S: SmallStack>(state: &S) -> Limits {
    S::LIMITS.with(state.shared().timeouts)
}

/// The way to its stack.
pub async fn deploy<'a, S: SmallStack>(cx: &'a Cx, state: &S) -> Result<Deploy<'a>> {
    let Shared { id, region, .. } = state.shared();
    Deploy::of(cx, id.as_deref_option().unwrap_or_default(), region.as_deref_option()).await
}

/// The ARN of its stack.
///
/// # Errors
/// The state has none.
pub fn id<S: SmallStack>(state: &S) -> Result<&str> {
    state.shared().id.as_deref_option().ok_or_else(|| {
        let fix = format!("Import the {} again.", S::WHAT);
        Error::config(AttributePath::new(ID), "The state has no `id`.", fix)
    })
}

//! The end of a small stack: refused while it is protected or used by what stays.

use super::template::{SmallStack, deploy, id, limits, subject};
use crate::cloudformation::stack::Removal;
use crate::cx::{Cx, Staying};
use crate::deploy::name_of;
use crate::deploy::protection::Shield;
use crate::outcome::{Error, Result};
use crate::resources::place::{self, Place};
use crate::resources::{protection, usage};
use crate::tf::{Diagnostics, Report, Value};

/// How it is deleted.
fn removal<S: SmallStack>() -> Removal {
    Removal { arguments: S::PROTECTIONS, shared: true, ..Removal::default() }
}

/// Refuses to plan its deletion while it is protected, or while something that stays uses it.
pub async fn plan<S: SmallStack>(cx: &Cx, state: &S, d: &mut Diagnostics) -> Result<()> {
    let looked = async { deploy(cx, state).await?.shield(id(state)?, &removal::<S>()).await };
    protection::deletion(looked.await, shield(state), d)?;
    match deploy(cx, state).await {
        Ok(deploy) if !d.failed() => usage::goes(&deploy, id(state)?, subject(state), d).await,
        Ok(_) | Err(Error::NotYet | Error::Aws(_)) => Ok(()),
        Err(e) => Err(e),
    }
}

/// What protects it, as the state says.
fn shield<S: SmallStack>(state: &S) -> Option<Shield> {
    let it = state.shared();
    let name = it.id.as_deref_option().map_or("", name_of);
    let region = it.region.as_deref_option().unwrap_or_default();
    let stack = *it.protection == Value::Value(true);
    let stack = stack.then(|| Shield::of_stack(name, region, &removal::<S>()));
    let instance = state.holds_protected_instance();
    let instance = instance.then(|| Shield::of_instance_in(name, region, &removal::<S>()));
    stack.into_iter().chain(instance).reduce(Shield::and)
}

/// Tells a plan that it stays where it lives.
pub fn stays<S: SmallStack>(cx: &Cx, state: &S, (vpc, subnets): Place, d: &mut Diagnostics) {
    let Value::Value(id) = state.shared().id else { return };
    let parameters = [
        ("Vpc".to_string(), vpc.as_ref_option().cloned()),
        ("Subnets".into(), Some(place::joined(subnets))),
    ];
    let staying =
        Staying { id: id.clone(), subject: subject(state), parameters: parameters.into() };
    usage::stays(cx, &staying, d);
}

/// Deletes it.
pub async fn carry_out<S: SmallStack>(cx: &Cx, state: &S) -> Result<()> {
    deploy(cx, state).await?.delete(id(state)?, &removal::<S>(), limits(state).delete).await
}

//! Claims on objects: each verb says what it holds, makes and deletes, and a plan that claims one thing twice is stopped.

use std::sync::Arc;

use super::{Change, Resource};
use crate::cloudformation::arn::Arn;
use crate::cx::Cx;
use crate::cx::claims::{Coming, Object, Said, Title, clash, coming, holds};
use crate::deploy::adoption::{Adoption, Met};
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Diagnostics, Report, Tree, Value};

/// What something is in AWS: called what, and which one it is.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// Its kind, for a sentence; no two of a kind have one name in a region.
    pub kind: &'static str,
    /// The attribute that names it.
    pub at: &'static str,
    /// Its region; `None`: the provider's.
    pub region: Option<String>,
    /// What AWS calls it; no two of one kind and region share it.
    pub name: String,
    /// Its ARN, or what stands for one; `None`: it is to be made.
    pub id: Option<String>,
    /// What an `import` block takes.
    pub import: String,
    /// The catalog that it is in, by its host, where it is no object of AWS.
    pub catalog: Option<String>,
}

impl Identity {
    /// A stack of this name and ARN, as far as they are known; `at` names it.
    pub fn stack(
        at: &'static str,
        name: Option<String>,
        region: &Value<String>,
        id: &Value<String>,
    ) -> Option<Self> {
        Self::of("stack", at, name, region, id)
    }

    /// Something of this kind; `None` while its name or region is not known.
    pub fn of(
        kind: &'static str,
        at: &'static str,
        name: Option<String>,
        region: &Value<String>,
        id: &Value<String>,
    ) -> Option<Self> {
        let (name, known) = (name?, !region.is_unknown());
        let (region, id) = (region.clone().as_option(), id.clone().as_option());
        known.then(|| Self { kind, at, region, import: name.clone(), name, id, catalog: None })
    }

    /// What it is called. The account is the one of its ARN, or else ours.
    async fn title(&self, cx: &Cx) -> Result<Title> {
        let mut title = Title {
            kind: self.kind.into(),
            name: self.name.clone(),
            process: std::process::id(),
            ..Title::default()
        };
        if let Some(host) = &self.catalog {
            return Ok(Title { region: host.clone(), account: host.clone(), ..title });
        }
        if let Some(arn) = self.id.as_deref().and_then(Arn::of) {
            return Ok(Title { region: arn.region.into(), account: arn.account.into(), ..title });
        }
        let aws = cx.aws(self.region.as_deref()).await?;
        title.region = self.region.clone().unwrap_or_else(|| aws.region.clone());
        title.account = aws.identity.account().await.unwrap_or_default();
        Ok(title)
    }
}

/// What the second planning of a replacement is told by the first.
const INSTEAD_OF: &str = "instead_of";

/// The object in whose stead a creation comes: Terraform plans a replacement from what is there, and with what that left from nothing.
pub(super) fn instead_of(private: &[u8]) -> Option<String> {
    let private: serde_json::Value = serde_json::from_slice(private).ok()?;
    private.get(INSTEAD_OF)?.as_str().map(str::to_string)
}

/// Has a second planning know in whose stead it comes.
pub(super) fn with_instead_of(private: Vec<u8>, id: Option<String>) -> Vec<u8> {
    let Some(id) = id else { return private };
    let mut object = match serde_json::from_slice(&private) {
        Ok(serde_json::Value::Object(object)) => object,
        _ => Default::default(),
    };
    object.insert(INSTEAD_OF.into(), id.into());
    serde_json::to_vec(&object).unwrap_or(private)
}

/// An object that a state holds, where it is one.
async fn held<R: Resource>(cx: &Cx, state: &R::State) -> Option<Object> {
    let identity = R::identity(state)?;
    let title = identity.title(cx).await.ok()?;
    Some(Object { title, id: identity.id?, block: R::NAME.into() })
}

/// Says something of an object that a state holds.
pub(super) async fn say<R: Resource>(cx: &Cx, state: &R::State, said: impl FnOnce(Object) -> Said) {
    if let Some(object) = held::<R>(cx, state).await {
        cx.run.note(said(object));
    }
}

/// The same during a plan: what another block claims too is refused.
pub(super) async fn plan<R: Resource>(
    cx: &Cx,
    state: &R::State,
    said: impl FnOnce(Object) -> Said,
    d: &mut Diagnostics,
) {
    let Some(object) = held::<R>(cx, state).await else { return };
    let said = said(object);
    let heard = cx.run.say(said.clone());
    if is_plan(cx, &heard) {
        tell::<R>(
            &heard,
            &said,
            R::identity(state).as_ref().filter(|_| !matches!(said, Said::Ends(_))),
            d,
        );
    }
}

/// An apply plans once more what its plan has passed already, and the end of a deposed object after what came instead of it.
fn is_plan(cx: &Cx, heard: &[Arc<Said>]) -> bool {
    !cx.run.has_plan() && !heard.iter().any(|said| said.is_done())
}

/// What takes another name without being replaced comes by that name, instead of itself.
pub(super) async fn another_name<R: Resource>(
    cx: &Cx,
    prior: &R::State,
    planned: &R::State,
    d: &mut Diagnostics,
) {
    let (Some(before), Some(now)) = (held::<R>(cx, prior).await, R::identity(planned)) else {
        return;
    };
    let Ok(title) = now.title(cx).await else { return };
    if title.name == before.title.name {
        return;
    }
    let come = Coming {
        title,
        block: R::NAME.into(),
        instead_of: Some(before.id),
        adopts: Some(false),
        ..Coming::default()
    };
    let said = Said::Comes(come);
    let heard = cx.run.say(said.clone());
    if is_plan(cx, &heard) {
        tell::<R>(&heard, &said, Some(&now), d);
    }
}

/// Refuses a second claim, at what names the object.
fn tell<R: Resource>(
    heard: &[Arc<Said>],
    said: &Said,
    at: Option<&Identity>,
    d: &mut Diagnostics,
) -> bool {
    let found = heard.iter().find_map(|other| clash(other, said));
    if let Some((summary, detail)) = found.as_ref().map(|found| super::twice::words(found, R::NAME))
    {
        match at {
            Some(identity) => d.fail_at(AttributePath::new(identity.at), summary, detail),
            None => d.fail(summary, detail),
        }
    }
    found.is_some()
}

/// Plans what a creation does with what is there: whether it takes that over, which is known as soon as AWS can be asked. A creation that the
/// plan has decided on already is decided so again.
///
/// # Errors
/// What is there is somebody else's, or too old to be the remains of an apply.
pub(super) async fn creation<R: Resource>(
    resource: &R,
    cx: &Cx,
    planned: &R::State,
    change: &Change,
    d: &mut Diagnostics,
) -> Result<Tree> {
    let Some(identity) = R::identity(planned) else { return Ok(Tree::Unknown) };
    let title = match identity.title(cx).await {
        Err(Error::NotYet) => return Ok(Tree::Unknown),
        title => title?,
    };
    let before = cx.run.planned();
    let decided = coming(&before, &title).cloned();
    let come = Coming {
        title,
        block: R::NAME.into(),
        instead_of: instead_of(&change.private),
        ..Coming::default()
    };
    let come = match decided {
        Some(decided) if decided.adopts.is_some() => {
            Coming { adopts: decided.adopts, found: decided.found, ..come }
        }
        _ => decide(resource, cx, planned, come, d).await?,
    };
    let adopts = come.adopts.map_or(Tree::Unknown, Tree::Bool);
    let said = Said::Comes(come);
    let mut heard = cx.run.say(said.clone());
    if is_plan(cx, &heard) {
        tell::<R>(&heard, &said, Some(&identity), d);
    } else if !before.is_empty() && coming(&before, &title_of(&said)).is_none() {
        // Its name was not known when the plan was made.
        heard.extend(before);
        tell::<R>(&heard, &said, Some(&identity), d);
    }
    Ok(adopts)
}

fn title_of(said: &Said) -> Title {
    match said {
        Said::Comes(coming) => coming.title.clone(),
        _ => Title::default(),
    }
}

async fn decide<R: Resource>(
    resource: &R,
    cx: &Cx,
    planned: &R::State,
    come: Coming,
    d: &mut Diagnostics,
) -> Result<Coming> {
    let said = cx.run.heard_and_planned();
    // What a state holds by this name is what this comes instead of, or the plan is stopped when that is heard.
    let by_name = |one: &Said| matches!(one, Said::Held(object) | Said::Seen(object) if object.title.is(&come.title) && holds(&said, &object.id));
    if come.instead_of.is_some() || said.iter().any(|one| by_name(one)) {
        return Ok(Coming { adopts: Some(false), ..come });
    }
    Ok(match resource.meets(cx, planned, d).await? {
        Met::Unasked => come,
        Met::Nothing => Coming { adopts: Some(false), ..come },
        Met::Ours(id) => Coming { adopts: Some(!holds(&said, &id)), found: Some(id), ..come },
    })
}

/// What a creation may take over: what its plan has decided, on what it saw.
pub(super) async fn adoption<R: Resource>(cx: &Cx, planned: &R::State, adopted: &Tree) -> Adoption {
    match adopted {
        Tree::Bool(false) => Adoption::Never,
        Tree::Bool(true) => Adoption::Of(found::<R>(cx, planned).await),
        _ => Adoption::Open,
    }
}

/// The object that the plan saw where this is to be made.
async fn found<R: Resource>(cx: &Cx, planned: &R::State) -> Option<String> {
    let title = R::identity(planned)?.title(cx).await.ok()?;
    let said = cx.run.heard_and_planned();
    coming(&said, &title)?.found.clone()
}

/// Refuses to delete what this very run has made: it lives on in another block, or in this one.
pub(super) async fn deletion<R: Resource>(cx: &Cx, state: &R::State) -> Result<()> {
    match held::<R>(cx, state)
        .await
        .filter(|object| Arn::of(&object.id).is_some() && is_made(cx, object))
    {
        Some(object) => Err(super::twice::made_now(&object)),
        None => Ok(()),
    }
}

fn is_made(cx: &Cx, object: &Object) -> bool {
    cx.run.heard().iter().any(|said| matches!(&**said, Said::Made(made) if made.id == object.id && made.title.is(&object.title)))
}

/// This very run has made it, in whichever block.
pub async fn is_made_now<R: Resource>(cx: &Cx, state: &R::State) -> bool {
    held::<R>(cx, state).await.is_some_and(|object| is_made(cx, &object))
}

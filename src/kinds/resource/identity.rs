//! What identifies a resource beside its state, as Terraform stores it, compares it and imports by it: account, region and a name.
//!
//! A name and no ARN: it is what people write and know, it is the same in every partition, and whatever is made anew under it is the same
//! object to a configuration.

use super::Resource;
use crate::cloudformation::arn::Arn;
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Object, State, Tree};

const ACCOUNT: &str = "account_id";
const REGION: &str = "region";

/// What an identity of a type looks like.
pub struct IdentitySchema {
    /// Version of its layout.
    pub version: i64,
    /// Its attributes, each a string.
    pub attributes: Vec<IdentityAttribute>,
}

/// One attribute of an identity.
pub struct IdentityAttribute {
    /// Its name.
    pub name: &'static str,
    /// Its documentation.
    pub doc: String,
    /// An import has to give it; the others have a default.
    pub required: bool,
}

/// What an import is of.
pub enum Wanted {
    /// What has this id.
    Id(String),
    /// What has this identity.
    Identity(Object),
}

/// The identity of a type; `None`: it has none.
pub fn schema<R: Resource>() -> Option<IdentitySchema> {
    let attributes = &R::State::schema().attributes;
    let doc = |name: &str| attributes.iter().find(|a| a.name == name).map(|a| a.doc.clone());
    let names = R::IDENTIFIED_BY.iter().map(|name| IdentityAttribute {
        name,
        doc: first_sentence(&doc(name).unwrap_or_default()),
        required: true,
    });
    let place = [
        (ACCOUNT, "Number of the AWS account. Default: the one of the credentials."),
        (REGION, "The region. Default: the provider's."),
    ];
    let place =
        place.map(|(name, doc)| IdentityAttribute { name, doc: doc.into(), required: false });
    let attributes = names.chain(place).collect();
    (!R::IDENTIFIED_BY.is_empty())
        .then_some(IdentitySchema { version: R::IDENTITY_VERSION, attributes })
}

fn first_sentence(doc: &str) -> String {
    let doc = doc.replace('\n', " ");
    doc.split_once(". ").map_or(doc.clone(), |(first, _)| format!("{first}."))
}

/// The identity of what is called so, part by part, and has this ARN or is in what has it; without one it is in no account.
pub fn called<R: Resource>(arn: &str, called: &[String]) -> Option<Object> {
    let place = match arn {
        "" => [Tree::Null, Tree::Null],
        arn => {
            let arn = Arn::of(arn)?;
            [arn.account, arn.region].map(|part| Tree::String(part.into()))
        }
    };
    let called = called.iter().map(|name| Tree::String(name.clone()));
    let names = R::IDENTIFIED_BY.iter().copied().zip(called);
    let all = names.chain([ACCOUNT, REGION].into_iter().zip(place));
    Some(all.map(|(k, v)| (k.to_string(), v)).collect())
}

/// The identity of what a state or plan is of. Unless all of it is known there is none: Terraform allows no unknown one on an update, and
/// cannot show one.
pub fn of<R: Resource>(object: &Object) -> Option<Object> {
    let state = R::State::read_object(object, &AttributePath::root()).ok()?;
    let arns = R::arns(&state);
    let place = match arns.first() {
        None => [Tree::Null, Tree::Null],
        Some(arn) => {
            let arn = Arn::of(arn.as_ref_option()?)?;
            [arn.account, arn.region].map(|part| Tree::String(part.into()))
        }
    };
    let place = [ACCOUNT, REGION].into_iter().zip(place);
    let names = R::IDENTIFIED_BY.iter().map(|name| Some((*name, named(object, name)?)));
    let names = names.collect::<Option<Vec<_>>>().filter(|names| !names.is_empty())?;
    Some(names.into_iter().chain(place).map(|(k, v)| (k.to_string(), v)).collect())
}

fn named(object: &Object, name: &str) -> Option<Tree> {
    object.get(name).filter(|value| matches!(value, Tree::String(_))).cloned()
}

/// Every attribute of the identity and no other: what is not there is null.
pub fn whole<R: Resource>(identity: &Object) -> Object {
    let attributes = schema::<R>().map(|schema| schema.attributes).unwrap_or_default();
    let value = |name: &str| identity.get(name).cloned().unwrap_or_default().settled();
    attributes.iter().map(|a| (a.name.to_string(), value(a.name))).collect()
}

/// The id that is meant, and its region where that is said.
///
/// # Errors
/// The identity lacks something, or is of another account than the caller's.
pub async fn sought<R: Resource>(cx: &Cx, wanted: &Wanted) -> Result<(String, Option<String>)> {
    let identity = match wanted {
        Wanted::Id(id) => return Ok((id.clone(), None)),
        Wanted::Identity(identity) => identity,
    };
    for name in R::IDENTIFIED_BY {
        text(identity, name).ok_or_else(|| lacking(name))?;
    }
    let region = text(identity, REGION);
    if let Some(account) = text(identity, ACCOUNT) {
        let own = cx.aws(region).await?.identity.account().await?;
        if !own.is_empty() && own != account {
            return Err(elsewhere(account, &own));
        }
    }
    Ok((id::<R>(identity), region.map(str::to_string)))
}

/// The id that means the same.
fn id<R: Resource>(identity: &Object) -> String {
    let parts = R::IDENTIFIED_BY.iter().filter_map(|name| text(identity, name));
    parts.collect::<Vec<_>>().join("/")
}

/// What is wanted, for a sentence.
pub fn said<R: Resource>(wanted: &Wanted) -> String {
    match wanted {
        Wanted::Id(id) => id.clone(),
        Wanted::Identity(identity) => id::<R>(identity),
    }
}

fn text<'a>(identity: &'a Object, name: &str) -> Option<&'a str> {
    match identity.get(name) {
        Some(Tree::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

fn lacking(name: &str) -> Error {
    Error::config(
        AttributePath::root(),
        format!("The identity does not say `{name}`."),
        format!("Write `{name}` in `identity`."),
    )
}

fn elsewhere(account: &str, own: &str) -> Error {
    Error::Failed {
        state: format!(
            "The identity is of the AWS account {account}, and the credentials in use belong to the account {own}. Nothing was imported."
        ),
        next: format!(
            "Use credentials of {account} (another profile, or `assume_role` in the provider block), or take `account_id` out of `identity`."
        ),
    }
}

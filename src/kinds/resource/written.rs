//! The configuration that is written from a state: one that plans nothing, and that a person would have written.

use super::Resource;
use crate::cx::Cx;
use crate::kinds::stored::{stored, typed};
use crate::tf::schema::Attribute;
use crate::tf::{Diagnostics, Object, State, Tree};

const REGION: &str = "region";

/// Writes it. What the provider gives, what is secret, what holds anyway and limits of time are left out.
pub async fn written<R: Resource>(
    resource: &R,
    cx: &Cx,
    state: &Object,
    d: &mut Diagnostics,
) -> Option<Object> {
    let attributes = &R::State::schema().attributes;
    let mut config = given(attributes, state);
    let own = cx.aws(None).await.ok().map(|aws| Tree::String(aws.region.clone()));
    if let Some(region) = config.get_mut(REGION)
        && own.as_ref() == Some(region)
    {
        *region = Tree::Null;
    }
    let mut config = typed::<R::State>(&config, d)?;
    resource.shorten(&mut config, d);
    Some(stored(&config))
}

fn given(attributes: &[Attribute], state: &Object) -> Object {
    let value = |a: &Attribute| {
        let value = state.get(a.name).cloned().unwrap_or_default();
        let left_out = a.computed_only()
            || a.write_only
            || a.sensitive
            || a.block
            || a.default.as_ref() == Some(&value);
        match (left_out, a.nested(), value) {
            (true, ..) => Tree::Null,
            (false, Some(nested), Tree::Map(object)) => Tree::Map(given(nested, &object)),
            (false, _, value) => value.settled(),
        }
    };
    attributes.iter().map(|a| (a.name.to_string(), value(a))).collect()
}

//! How states, plans and private data are kept: what goes in, what stays out.

use serde::{Serialize, de::DeserializeOwned};

use crate::tf::draft::without_write_only;
use crate::tf::schema::Schema;
use crate::tf::{AttributePath, Diagnostics, Object, Report, State};

/// Reads an object; a value that does not fit is told.
pub fn typed<S: State>(object: &Object, d: &mut Diagnostics) -> Option<S> {
    S::read_object(object, &AttributePath::root()).map_err(|misfit| d.misfit(misfit)).ok()
}

/// A state without write-only values, as plans and states hold it.
pub fn stored<S: State>(state: &S) -> Object {
    let mut object = state.write_object();
    without_write_only(&S::schema().attributes, &mut object);
    object
}

/// The same with null for what is not known: an apply that ends early may save no unknown value.
pub fn settled<S: State>(state: &S) -> Object {
    stored(state).into_iter().map(|(k, v)| (k, v.settled())).collect()
}

/// Private data as it is remembered; nothing of it where there is none.
pub fn remembered<P: DeserializeOwned + Default>(private: &[u8]) -> P {
    serde_json::from_slice(private).unwrap_or_default()
}

/// Private data as Terraform keeps it.
pub fn to_remember<P: Serialize>(private: &P) -> Vec<u8> {
    serde_json::to_vec(private).unwrap_or_default()
}

/// Puts write-only values of the configuration into a planned object, for the apply alone.
pub fn with_write_only(
    schema: &Schema,
    planned: Option<Object>,
    config: &Object,
) -> Option<Object> {
    let mut planned = planned?;
    for a in schema.attributes.iter().filter(|a| a.write_only) {
        planned.insert(a.name.into(), config.get(a.name).cloned().unwrap_or_default());
    }
    Some(planned)
}

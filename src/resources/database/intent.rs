//! What the table of checks is asked of a database that is to be made or changed.

use super::DatabaseState;
use super::source::Source;
use crate::preflight::{Instance, Intent};

/// Of one that is to be made. What is restored has the snapshot's version at first, which may be offered no more.
pub fn creation(planned: &DatabaseState, source: &Source) -> Intent {
    let new = matches!(source, Source::New);
    Intent {
        engine_version: planned.engine_version.as_ref_option().filter(|_| new).cloned(),
        instance: instance(planned),
        kms_key_id: planned.kms_key_id.as_ref_option().cloned(),
        ..Intent::default()
    }
}

/// Of one that is there: what changes.
pub fn update(prior: &DatabaseState, planned: &DatabaseState) -> Intent {
    let (before, after) = (instance(prior), instance(planned));
    let grows = prior.allocated_storage != planned.allocated_storage;
    Intent {
        grown: prior.db_instance_identifier.as_ref_option().filter(|_| grows).cloned(),
        instance: after.filter(|after| before.as_ref() != Some(after)),
        ..Intent::default()
    }
}

/// The instance, once all of it is known.
fn instance(state: &DatabaseState) -> Option<Instance> {
    Some(Instance {
        class: state.instance_class.as_ref_option()?.clone(),
        version: state.engine_version.as_ref_option()?.clone(),
        storage_type: state.storage_type.as_ref_option()?.clone(),
        storage: *state.allocated_storage.as_ref_option()?,
        multi_az: *state.multi_az.as_ref_option()?,
    })
}

//! A stack that was launched through AWS Service Catalog: what Terraform may do with it, told where it is imported, changed or deleted.

use super::state::StackState;
use crate::tf::{Diagnostics, Report};

/// Says at an import whose the stack is, and the two ways to go on.
pub fn imported(state: &StackState, d: &mut Diagnostics) {
    let Some(product) = product(state) else { return };
    let release = release(state, product);
    let detail = format!(
        "There it is the provisioned product {product}. Service Catalog does not hear of what Terraform changes: an update there puts the \
         template of the product's version in again, and a termination there deletes the stack and its data.\n\n\
         Terraform reads it, and may update it. One of the two should own it:\n\
         1. Terraform: release it from Service Catalog, which changes nothing of the stack: `{release}`. Without \
         `--retain-physical-resources` that command deletes the stack.\n\
         2. Service Catalog: take the block and its `import` out again (`terraform state rm`, where it was imported already), and look the stack up \
         with the data source `quilt_stack`.\n\n\
         The tags by which it is recognised stay after a release. If it was released already, nothing is to be done."
    );
    d.warn(format!("{} was launched through Service Catalog", state.subject()), detail);
}

/// Says at the plan of an update that Service Catalog may undo it.
pub fn updated(prior: &StackState, d: &mut Diagnostics) {
    let Some(product) = product(prior) else { return };
    let detail = format!(
        "It was launched as the provisioned product {product}. If it was not released from there, the next update there undoes this one. Release it, \
         which changes nothing of the stack: `{}`. If it was released, nothing is to be done.",
        release(prior, product)
    );
    d.warn(format!("Service Catalog does not hear of this update of {}", name(prior)), detail);
}

/// Says at the plan of a deletion what stays in Service Catalog.
pub fn deleted(state: &StackState, d: &mut Diagnostics) {
    let Some(product) = product(state) else { return };
    let detail = format!(
        "It was launched as the provisioned product {product}, which stays there without a stack if it was not released. Take it out afterwards: \
         `{} --ignore-errors`.",
        terminate(state, product)
    );
    d.warn(format!("Service Catalog does not hear of this deletion of {}", name(state)), detail);
}

fn product(state: &StackState) -> Option<&str> {
    state.provisioned_product_id.as_deref_option()
}

fn name(state: &StackState) -> &str {
    state.name.as_deref_option().unwrap_or("the stack")
}

fn release(state: &StackState, product: &str) -> String {
    format!("{} --retain-physical-resources", terminate(state, product))
}

fn terminate(state: &StackState, product: &str) -> String {
    let region = state.region.as_deref_option().unwrap_or_default();
    format!(
        "aws servicecatalog terminate-provisioned-product --region {region} --provisioned-product-id {product}"
    )
}

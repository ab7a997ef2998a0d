//! What a plan says of the deployment that a new one takes over from, for as long as both are there.

use std::collections::BTreeMap;

use crate::cloudformation::stack::Stack;
use crate::cloudformation::template::Template;
use crate::quilt::beside::{Beside, Deployment};
use crate::quilt::variant::Variant;
use crate::tf::{AttributePath, Diagnostics, Report};

/// Warns of what cannot be there twice and of what people must know. `theirs` is the template of `old`; `parameters` are those that the new
/// stack will have, as far as they are known.
pub fn tell(
    (name, template): (&str, &Template),
    (old, theirs): (&Stack, &Template),
    parameters: &BTreeMap<String, Option<String>>,
    d: &mut Diagnostics,
) {
    let has =
        old.parameters.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect();
    let met = Beside::of(
        &Deployment::of(name, template, parameters),
        &Deployment::of(&old.name, theirs, &has),
    );
    let at = || AttributePath::new("inherit_parameters_from");
    if !met.taken.is_empty() {
        let names: Vec<_> = met.taken.iter().map(String::as_str).collect();
        let detail = format!(
            "Both templates make these, and such a name is there once in a region: {}. As long as {} has them, the creation fails there and is rolled \
             back. Ask Quilt for another build of the template, or have them removed from {} first.",
            names.join(", "),
            old.name,
            old.name
        );
        d.warn_at(at(), format!("Names are taken by {}", old.name), detail);
    }
    if let Some(host) = &met.host {
        d.warn_at(
            at(),
            format!("{} goes on serving {host}", old.name),
            known(&old.name, template, met.trails),
        );
    }
}

/// What people must know while both are there.
fn known(old: &str, template: &Template, trails: bool) -> String {
    let external = Variant::of(|p| template.declares(p)).external_database;
    let content = match external {
        true => format!(
            "Users, roles, buckets and settings that are changed in {old} after the snapshot of its database are not here: stop such changes."
        ),
        false => format!(
            "The database of this stack begins empty: users, roles, buckets and settings of {old} are not here."
        ),
    };
    let mut lines = vec![
        content,
        "This stack builds its search index anew, which takes minutes to days.".to_string(),
        format!(
            "Its roles are new: policies of keys, buckets and roles that name those of {old} must name them as well before the switch."
        ),
    ];
    if external {
        lines.push(format!("Administrators sign in as in {old}. A password made here is for an address that {old} does not know."));
        let room = "Both networks are there at once: the region must have room for one more VPC and, with NAT gateways, for two more elastic IP addresses.";
        lines.push(room.into());
    }
    if trails {
        lines.push("Both make a trail, and a region has room for five.".into());
    }
    lines.push(format!(
        "Deleting {old} may take the buckets' notifications along: look at them afterwards."
    ));
    let lines: String = lines.iter().map(|line| format!("\n- {line}")).collect();
    format!(
        "That lasts until the DNS records are switched. The guide \"Migrate to network 2.0\" goes through it:{lines}"
    )
}

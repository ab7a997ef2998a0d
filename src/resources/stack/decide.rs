//! What a plan decides by what was gathered: what is refused or warned about, and what the stack will be.

use crate::outcome::{Error, Result};
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::quilt::{beside, inherit, network, upgrade, wiring};
use crate::resources::stack::state::Draft;
use crate::tf::{AttributePath, Diagnostics, Report};

pub mod foreseen;
pub mod lasting;
pub mod planned;
pub mod problems;
pub mod rules;
pub mod silent;
pub mod stays;
pub mod stuck;
pub mod template;
pub mod touched;
pub mod validation;

/// Checks the draft against its template and against what AWS says.
pub fn check(g: &Gathered, draft: &Draft, d: &mut Diagnostics) -> Result<()> {
    let Some(loaded) = &g.loaded else { return Ok(()) };
    template::check(loaded, g.refused.as_deref(), d)?;
    objects(g, draft, d)?;
    if let Some(template) = g.template() {
        problems::check(g, draft, template, d);
        problems::leave(draft, loaded, template, d);
        rules::check(g, draft, template, d);
    }
    upgraded(g, draft, loaded, d)?;
    silent::tell(g, draft, loaded, d)?;
    if let (Some(serving), Some(aws)) = (&g.serving, &g.aws) {
        serving.check(&aws.region, d);
    }
    policy(g, d)?;
    login(g, d)
}

/// Refuses a stack policy that is not there.
fn policy(g: &Gathered, d: &mut Diagnostics) -> Result<()> {
    let Err(Error::Config { at, what, fix }) = &g.policy else { return g.policy.clone() };
    d.fail_at(at.clone(), "The stack policy cannot be read", format!("{what}\n\n{fix}"));
    Ok(())
}

/// The network, the other stack, and the objects beside this one.
fn objects(g: &Gathered, draft: &Draft, d: &mut Diagnostics) -> Result<()> {
    let Some(template) = g.template() else {
        let settled = g.first.as_ref().is_some_and(|first| first.inherited.is_some());
        if draft.prior.is_none() && !settled && draft.config.inherit_parameters_from.is_value() {
            let detail = "It was not understood here. Give its parameters in `parameters`.";
            let at = AttributePath::new(inherit::ARGUMENT);
            d.fail_at(at, "The template cannot be matched with this", detail);
        }
        wiring::unread(&draft.config, d);
        return Ok(());
    };
    network::check(draft.prior.is_none(), &draft.config, template, d);
    network::generation(draft.prior.as_ref(), template, g.loaded.as_ref(), d);
    if let Some(inheritance) = g.inheritance.as_ref().map_err(Error::clone)? {
        inherit::tell(&inheritance.name, &inheritance.found, d);
        let theirs = inheritance.template.as_ref().map_err(Error::clone)?;
        if let Some((theirs, name)) = theirs.as_ref().zip(draft.config.name.as_deref_option()) {
            beside::tell(
                (name, template),
                (&inheritance.source, theirs),
                &inheritance.parameters,
                d,
            );
        }
    }
    let (live, inherited) = (&draft.private.parameters, &draft.private.inherited);
    let has = |name: &str| {
        live.contains_key(name) || inherited.iter().any(|values| values.contains_key(name))
    };
    wiring::check(&draft.config, has, template, d);
    Ok(())
}

/// The way from the template that the stack has to this one.
fn upgraded(g: &Gathered, draft: &Draft, loaded: &Loaded, d: &mut Diagnostics) -> Result<()> {
    let Some(after) = g.template().filter(|template| upgrade::says_what_it_brings(template)) else {
        return Ok(());
    };
    if let Some(before) = g.before.as_ref().map_err(Error::clone)? {
        upgrade::check((before, after), loaded.at, &draft.config.allow_version_skip, d);
    }
    Ok(())
}

/// Warns of a database's secret that will not do: it may be corrected before the stack's turn.
fn login(g: &Gathered, d: &mut Diagnostics) -> Result<()> {
    let Err(Error::Config { at, what, fix }) = &g.login else { return g.login.clone() };
    let detail = format!(
        "{what} {fix} If this is not corrected before the apply reaches the stack, the apply fails there."
    );
    d.warn_at(at.clone(), "The database's secret cannot be used as it is", detail);
    Ok(())
}

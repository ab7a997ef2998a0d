//! What a change of sign-in will do to its stack's resources, shown at plan as for a `quilt_stack`.

use super::{SsoResource, SsoState, alive, change, name, provider};
use crate::cloudformation::stack::Stack;
use crate::cloudformation::template::Template;
use crate::cx::PlannedStack;
use crate::deploy::Deploy;
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::Result;
use crate::resources::{preview, watching};
use crate::tf::{AttributePath, Diagnostics, Report, State};

/// Shows what the change would do, where that can be known: everything is known, the stack is there and idle, and this plan does not change it
/// itself. The second planning, within the apply, says nothing again, and one that may be thrown away says nothing yet.
pub async fn show(
    deploy: &Deploy<'_>,
    draft: &Draft<SsoResource>,
    coming: Option<&PlannedStack>,
    d: &mut Diagnostics,
) -> Result<()> {
    let again = deploy.cx.run.has_plan() || !deploy.cx.first.is_empty();
    let known = draft.config.write_object().values().all(|value| value.is_known());
    let shows = known && !again && !d.failed() && draft.replace.is_empty();
    let shows = shows && !deploy.cx.provisional;
    if !shows || provider(&draft.planned).is_none() {
        return Ok(());
    }
    let Ok(Some(stack)) = deploy.aws.stacks.find(name(&draft.planned)).await else { return Ok(()) };
    let Ok(text) = deploy.aws.stacks.template(&stack.id).await else { return Ok(()) };
    let template = Template::parse(&text).ok();
    let stays = coming.is_none_or(|coming| is_as_it_is(coming, &stack, template.as_ref()));
    if !stays || !alive(&stack) || !stack.status.updatable() {
        return Ok(());
    }
    let planned = SsoState {
        client_secret_wo: draft.config.client_secret_wo.clone(),
        ..draft.planned.clone()
    };
    let live = &stack.parameters;
    let prior = draft.prior.as_ref();
    let values = change::values(prior, &planned, &draft.private, live, template.as_ref())?;
    let Some(order) = change::order(&stack, values) else { return Ok(()) };
    let subject = SsoResource::subject(&draft.planned);
    match deploy.preview(&stack, &order).await {
        // That nothing becomes of it is no news of a sign-in.
        Ok(previewed) if previewed.changes.is_empty() => {}
        Ok(previewed) => {
            let settings = &deploy.cx.settings;
            let watch = watching::sentence(
                settings,
                &stack.name.clone().into(),
                &deploy.aws.region.clone().into(),
            );
            let at = AttributePath::new("identity_provider");
            preview::tell(&subject, &previewed, (at, watch), d);
        }
        Err(e) => preview::blind(&subject, &preview::bearable(e)?, "", d),
    }
    Ok(())
}

/// The plan leaves the stack as it stands: what is shown of it now is what the apply then meets.
fn is_as_it_is(coming: &PlannedStack, stack: &Stack, template: Option<&Template>) -> bool {
    let same = template.is_some_and(|template| template.digest() == coming.template.digest());
    let stays = |(name, value): (&String, &Option<String>)| {
        let live = stack.parameters.get(name);
        live.is_some_and(|live| live == "****" || value.as_ref() == Some(live))
    };
    same && coming.parameters.iter().all(stays)
}

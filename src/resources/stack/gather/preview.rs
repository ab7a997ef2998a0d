//! What an update will do, shown at plan: a change set that is made, read, judged and deleted again. Nothing of the stack is touched.

use std::sync::Arc;

use crate::aws::Aws;
use crate::cloudformation::changes::Consequence;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::{Deploy, Previewed, barred};
use crate::outcome::{Error, Result};
use crate::resources::preview::{bearable, blind, tell};
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::order::place::placeable;
use crate::resources::stack::order::sent::Change;
use crate::resources::stack::state::{Draft, StackState};
use crate::resources::watching::sentence;
use crate::tf::{AttributePath, Diagnostics, Report, State, Value};

/// Shows what the update would do, where that can be known: everything is known, the stack is idle, and this process has just looked at it.
/// So a plan makes one change set at most, and the second planning inside an apply none. `template`: it is another one.
pub async fn show(
    cx: &Cx,
    aws: Option<&Arc<Aws>>,
    loaded: Option<&Loaded>,
    draft: &Draft,
    template: bool,
    d: &mut Diagnostics,
) -> Result<Option<Previewed>> {
    let (Some(prior), Some(aws), Some(loaded)) = (&draft.prior, aws, loaded) else {
        return Ok(None);
    };
    let looked_at = prior.id.as_ref_option().and_then(|id| cx.refreshed.take(id));
    let wanted = draft.config.preview != Value::Value(false);
    let shows = wanted && !d.failed() && draft.replace.is_empty();
    let live = looked_at.filter(|live| live.status.updatable() && shows);
    let Some(live) = live else { return Ok(None) };
    let (subject, deploy) = (prior.subject(), Deploy::over(cx, aws.clone()));
    match ask(&deploy, draft, prior, loaded, live).await {
        Ok(Answer::Shown(previewed)) => {
            policed(&subject, &previewed, &draft.config, d);
            let at = at(&draft.config, loaded, template);
            let watch = sentence(&cx.settings, &prior.name, &prior.region);
            tell(&subject, &previewed, (at, watch), d);
            return Ok(Some(previewed));
        }
        Ok(Answer::Nothing) => {}
        Ok(Answer::Blind(why)) => blind(&subject, &why, SILENCE, d),
        Err(e) => blind(&subject, &bearable(e)?, SILENCE, d),
    }
    Ok(None)
}

/// What the update would do to the stack's resources, without a word: for a plan that comes without a refresh, as within the apply of a saved
/// plan before Terraform 1.16. `None`: that cannot be told.
pub async fn compare(
    cx: &Cx,
    aws: &Arc<Aws>,
    loaded: &Loaded,
    draft: &Draft,
) -> Option<Vec<Consequence>> {
    let prior = draft.prior.as_ref()?;
    if draft.config.preview == Value::Value(false) || !draft.replace.is_empty() {
        return None;
    }
    let deploy = Deploy::over(cx, aws.clone());
    let live = aws.stacks.find(prior.id.as_ref_option()?).await.ok()??;
    match ask(&deploy, draft, prior, loaded, Some(live).filter(|l| l.status.updatable())?).await {
        Ok(Answer::Shown(previewed)) => Some(previewed.changes),
        Ok(Answer::Nothing) => Some(vec![]),
        _ => None,
    }
}

/// Arguments that are not known before the apply.
fn unknown(config: &StackState) -> Vec<String> {
    config
        .write_object()
        .into_iter()
        .filter(|(_, value)| !value.is_known())
        .map(|(name, _)| format!("`{name}`"))
        .collect()
}

const SILENCE: &str = "`preview = false` silences this.";
const NO_BUCKET: &str = "The template is too large for a call, and there is no bucket for large ones yet: a plan does not make it, the apply does.";

enum Answer {
    Shown(Previewed),
    Nothing,
    Blind(String),
}

async fn ask(
    deploy: &Deploy<'_>,
    draft: &Draft,
    prior: &StackState,
    loaded: &Loaded,
    live: Stack,
) -> Result<Answer> {
    let unknown = unknown(&draft.config).join(", ");
    if !unknown.is_empty() {
        let why = format!("What it will be is known only during the apply: {unknown}.");
        return Ok(Answer::Blind(why));
    }
    if !placeable(deploy, loaded).await? {
        return Ok(Answer::Blind(NO_BUCKET.into()));
    }
    let planned =
        StackState { parameters_wo: draft.config.parameters_wo.clone(), ..draft.planned.clone() };
    let change = Change {
        deploy,
        prior,
        planned: &planned,
        loaded,
        private: &draft.private,
        brought: Default::default(),
        ends: None,
    };
    match change.order(live.clone()).await? {
        Some(order) => deploy.preview(&live, &order).await.map(Answer::Shown),
        None => Ok(Answer::Nothing),
    }
}

/// Where a refusal is pointed at: what could allow it, else what asks for it.
fn at(config: &StackState, loaded: &Loaded, template: bool) -> AttributePath {
    let parameters = config.parameters.is_value() && !template;
    AttributePath::new(match &config.allow_replacement {
        Value::Value(_) => "allow_replacement",
        _ if parameters => "parameters",
        _ => loaded.at,
    })
}

/// Refuses what no stack policy around the update allows.
fn policed(subject: &str, previewed: &Previewed, config: &StackState, d: &mut Diagnostics) {
    let at = if config.policy_url.is_value() { "policy_url" } else { "policy_body" };
    if let Some(Error::Failed { state, next }) = previewed.turn.as_ref().err().map(barred) {
        d.fail_at(
            AttributePath::new(at),
            format!("{subject}: the stack policy does not allow the update"),
            format!("{state}\n\n{next}"),
        );
    }
}

//! The table of checks, asked of what a stack's plan makes or changes.

use crate::cloudformation::template::MAX_BODY;
use crate::cx::Cx;
use crate::preflight::{Intent, at_plan};
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::state::Draft;
use crate::tf::{AttributePath, Diagnostics};

/// Makes the checks; the second plan of a change relies on those of the first.
pub async fn check(cx: &Cx, gathered: &Gathered, draft: &Draft, d: &mut Diagnostics) {
    let (Some(aws), None) = (&gathered.aws, &gathered.first) else { return };
    let loaded = gathered.loaded.as_ref();
    let intent = Intent {
        template_bucket: loaded
            .filter(|loaded| is_stored(loaded, draft))
            .and(cx.settings.template_bucket.clone()),
        iam_role_arn: role(draft),
        ..Intent::default()
    };
    let template = loaded.map_or("template_file", |loaded| loaded.at);
    let at = |input| match input {
        "template_bucket" => AttributePath::new(template),
        input => AttributePath::new(input),
    };
    at_plan(cx, aws, &intent, at, d).await;
}

/// The template goes through the bucket.
fn is_stored(loaded: &Loaded, draft: &Draft) -> bool {
    let new = draft.prior.as_ref().is_none_or(|prior| loaded.changes(prior));
    new && loaded.url.is_none() && loaded.text.len() > MAX_BODY
}

/// The role that CloudFormation is to work as from now on.
fn role(draft: &Draft) -> Option<String> {
    let before = draft.prior.as_ref().map(|prior| &prior.iam_role_arn);
    let role = draft.config.iam_role_arn.as_ref_option()?;
    (before != Some(&draft.config.iam_role_arn)).then(|| role.clone())
}

//! The table of checks, asked of what a stack's plan makes or changes.

use crate::cloudformation::template::MAX_BODY;
use crate::cx::Cx;
use crate::preflight::{Intent, Room, at_plan, trails};
use crate::quilt::network::existing::Parts;
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::inputs::NetworkInput;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::state::Draft;
use crate::tf::{AttributePath, Diagnostics, Value};

/// Makes the checks; the second plan of a change relies on those of the first.
pub async fn check(cx: &Cx, gathered: &Gathered, draft: &Draft, d: &mut Diagnostics) {
    let (Some(aws), None) = (&gathered.aws, &gathered.first) else { return };
    let loaded = gathered.loaded.as_ref();
    let intent = Intent {
        template_bucket: loaded
            .filter(|loaded| is_stored(loaded, draft))
            .and(cx.settings.template_bucket.clone()),
        iam_role_arn: role(draft),
        network: network(draft),
        room: Room { trails: new_trails(loaded, draft), ..Room::default() },
        ..Intent::default()
    };
    let template = loaded.map_or("template_file", |loaded| loaded.at);
    let at = |input| match input {
        "template_bucket" | "template" => AttributePath::new(template),
        input => AttributePath::new(input),
    };
    at_plan(cx, aws, &intent, at, d).await;
}

/// The template goes through the bucket.
fn is_stored(loaded: &Loaded, draft: &Draft) -> bool {
    let new = draft.prior.as_ref().is_none_or(|prior| loaded.changes(prior));
    new && loaded.url.is_none() && loaded.text.len() > MAX_BODY
}

/// The subnets that are named from now on, by ids that are known.
fn network(draft: &Draft) -> Option<Parts> {
    let named = draft.config.network.as_ref_option()?;
    let before = draft.prior.as_ref().and_then(|prior| prior.network.as_ref_option());
    let parts = parts(named);
    (before.map(self::parts).as_ref() != Some(&parts)).then_some(parts)
}

fn parts(network: &NetworkInput) -> Parts {
    let ids = |list: &Value<Vec<Value<String>>>| -> Vec<String> {
        let all = list.as_ref_option().into_iter().flatten();
        // A list of which one is not known yet is not looked at.
        all.map(|id| id.as_ref_option().cloned()).collect::<Option<_>>().unwrap_or_default()
    };
    Parts {
        vpc_id: network.vpc_id.as_ref_option().cloned().unwrap_or_default(),
        private: ids(&network.private_subnet_ids),
        public: ids(&network.public_subnet_ids),
        intra: ids(&network.intra_subnet_ids),
        user: ids(&network.user_subnet_ids),
        ..Parts::default()
    }
}

/// The trails that a creation makes.
fn new_trails(loaded: Option<&Loaded>, draft: &Draft) -> usize {
    let Some(template) = loaded.and_then(Loaded::known).filter(|_| draft.prior.is_none()) else {
        return 0;
    };
    let given = draft.config.parameters.as_ref_option().into_iter().flatten();
    let known =
        given.filter_map(|(name, value)| Some((name.clone(), value.as_ref_option()?.clone())));
    trails(template, &known.collect())
}

/// The role that CloudFormation is to work as from now on.
fn role(draft: &Draft) -> Option<String> {
    let before = draft.prior.as_ref().map(|prior| &prior.iam_role_arn);
    let role = draft.config.iam_role_arn.as_ref_option()?;
    (before != Some(&draft.config.iam_role_arn)).then(|| role.clone())
}

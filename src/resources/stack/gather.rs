//! What a plan has to know: everything that is asked of AWS, in one place, before anything is decided.

use std::sync::Arc;

use crate::aws::Aws;
use crate::cloudformation::stack::{Part, Skip};
use crate::cloudformation::status::Status;
use crate::cloudformation::template::{MAX_BODY, Template};
use crate::cx::{Cx, PlannedStack};
use crate::deploy::Deploy;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::hosts::{Hosts, bare};
use crate::quilt::sso::Claim;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::order::secrets::{hide, sends};
use crate::resources::stack::order::wanted::{Wanted, will_be};
use crate::resources::stack::quilt::certificate::Serving;
use crate::resources::stack::quilt::{login, upgrade};
use crate::resources::stack::state::{Draft, StackPrivate, StackState, Values};
use crate::resources::stack_policy;
use crate::tf::{AttributePath, Value};
use inheritance::Inheritance;

pub mod checks;
pub mod first;
pub mod inheritance;
pub mod preview;
pub mod source;

const HOST: &str = "QuiltWebHost";
const CERTIFICATE: &str = "CertificateArnELB";

/// What a plan knows beside its draft. What AWS did not answer is an error that is told in its turn.
pub struct Gathered {
    /// AWS in the stack's region; `None` while the provider's settings are not known.
    pub aws: Option<Arc<Aws>>,
    /// The template; `None` while that is not known.
    pub loaded: Option<Loaded>,
    /// What the first plan of this very change remembered, in the second one: what that has looked at is not looked at again.
    pub first: Option<StackPrivate>,
    /// The parameters that are wanted.
    pub wanted: Wanted,
    /// CloudFormation's word against a template that was not understood here.
    pub refused: Option<String>,
    /// What is taken over from another stack.
    pub inheritance: Result<Option<Inheritance>>,
    /// What each `quilt_sso` of the stack sets.
    pub claims: Vec<Claim>,
    /// The template that the stack has, where it is asked about.
    pub before: Result<Option<Template>>,
    /// The certificate, where it or a host is a new one.
    pub serving: Option<Serving>,
    /// Whether the database's secret will do.
    pub login: Result<()>,
    /// Whether there is a stack policy where it is newly said to be.
    pub policy: Result<()>,
    /// What a rollback that failed has left.
    pub unrestored: Vec<Part>,
}

impl Gathered {
    /// The template, as far as it was understood.
    pub fn template(&self) -> Option<&Template> {
        self.loaded.as_ref().and_then(Loaded::known)
    }
}

/// Looks at everything that the plan of a draft is decided by. What a creation takes over is remembered in the draft at once.
pub async fn gather(cx: &Cx, aws: Option<Arc<Aws>>, draft: &mut Draft) -> Result<Gathered> {
    draft.private.found = None;
    let loaded = source::load(aws.as_deref(), &draft.config, draft.prior.as_ref()).await?;
    let first = first::plan(cx, draft);
    if let (Some(found), Some(loaded)) = (first.as_ref().and_then(|f| f.found.as_ref()), &loaded) {
        loaded.same(&found.template)?;
    }
    let template = loaded.as_ref().and_then(Loaded::known);
    for state in [Some(&draft.config), draft.prior.as_ref()].into_iter().flatten() {
        hide(&cx.veil, state, template, &draft.private);
    }
    let looks = aws.as_deref().filter(|_| first.is_none());
    let refused = match &loaded {
        Some(loaded) => refused(looks, loaded).await,
        None => None,
    };
    let inheritance = inheritance(cx, aws.as_deref(), draft, first.as_ref(), template).await;
    if loaded.is_some() {
        draft.private.inherited = inherited(first.as_ref(), &inheritance);
    }
    let nothing = Values::new();
    let wanted = Wanted::of(&draft.config, template)
        .inherit(draft.private.inherited.as_ref().unwrap_or(&nothing));
    let claims = if inheritance.is_ok() { claims(cx, draft, &wanted, template) } else { vec![] };
    let looks = looks.filter(|_| inheritance.is_ok()).zip(loaded.as_ref());
    let (before, serving, login) = looked(cx, looks, draft, &wanted).await;
    let policy = policy(looks.map(|(aws, _)| aws), draft).await;
    let unrestored = unrestored(cx, aws.as_ref(), draft).await;
    Ok(Gathered {
        aws,
        loaded,
        first,
        wanted,
        refused,
        inheritance,
        claims,
        before,
        serving,
        login,
        policy,
        unrestored,
    })
}

/// A template that we cannot read may still be one: then CloudFormation is asked.
async fn refused(aws: Option<&Aws>, loaded: &Loaded) -> Option<String> {
    let misread = loaded.template.as_ref().err()?;
    let asks = !misread.certain && !loaded.unread() && loaded.text.len() <= MAX_BODY;
    match aws.filter(|_| asks)?.stacks.validate(&loaded.text).await {
        Err(Error::Aws(e)) if e.kind == AwsErrorKind::Invalid => Some(e.message),
        _ => None,
    }
}

/// What a creation takes over, where no plan has settled that.
async fn inheritance(
    cx: &Cx,
    aws: Option<&Aws>,
    draft: &Draft,
    first: Option<&StackPrivate>,
    template: Option<&Template>,
) -> Result<Option<Inheritance>> {
    let settled = draft.prior.is_some() || first.is_some_and(|first| first.inherited.is_some());
    match (aws, template) {
        (Some(aws), Some(template)) if !settled => {
            inheritance::look(cx, aws, &draft.config, template).await
        }
        _ => Ok(None),
    }
}

/// What is taken over: what the first plan has settled, else what was found now.
fn inherited(
    first: Option<&StackPrivate>,
    inheritance: &Result<Option<Inheritance>>,
) -> Option<Values> {
    let settled = first.and_then(|first| first.inherited.clone());
    settled.or_else(|| {
        inheritance.as_ref().ok()?.as_ref().map(|inheritance| inheritance.found.values.clone())
    })
}

/// The template before, the certificate and whether the database's secret will do; after a failure nothing more is asked.
async fn looked(
    cx: &Cx,
    looks: Option<(&Aws, &Loaded)>,
    draft: &Draft,
    wanted: &Wanted,
) -> (Result<Option<Template>>, Option<Serving>, Result<()>) {
    let Some((aws, loaded)) = looks else { return (Ok(None), None, Ok(())) };
    let (before, template) = (before(aws, draft, wanted, loaded).await, loaded.known());
    if before.is_err() {
        return (before, None, Ok(()));
    }
    let serving = certificate(aws, draft, wanted, template).await;
    let login = match tells(draft, template) {
        true => login::look(cx, aws, &draft.config, template).await,
        false => Ok(()),
    };
    (before, serving, login)
}

/// Tells each `quilt_sso` of the stack what the stack will be, and hears what they set.
fn claims(cx: &Cx, draft: &Draft, wanted: &Wanted, template: Option<&Template>) -> Vec<Claim> {
    let (Some(name), Some(template)) = (draft.config.name.as_ref_option(), template) else {
        return vec![];
    };
    let region = draft.planned.region.as_ref_option().cloned().unwrap_or_default();
    let values = wanted.with_secrets(&draft.config).0;
    let stack = PlannedStack {
        template: template.clone(),
        parameters: will_be(template, &values, &draft.private.parameters),
        set: draft.config.written(template),
    };
    cx.plans.stack(&(region, name.clone()), stack).claims
}

/// The template that the stack has, where it gets another one. It must be had where that says what it brings, or may change a default that
/// the stack does not follow.
async fn before(
    aws: &Aws,
    draft: &Draft,
    wanted: &Wanted,
    loaded: &Loaded,
) -> Result<Option<Template>> {
    let (Some(prior), Some(template)) = (&draft.prior, loaded.known()) else { return Ok(None) };
    let stays = || wanted.stays(draft, prior, template).1;
    let asks = upgrade::says_what_it_brings(template) || !stays().is_empty();
    let Some(id) = prior.id.as_ref_option().filter(|_| loaded.changes(prior)) else {
        return Ok(None);
    };
    match aws.stacks.template(id).await {
        Err(e) if asks => Err(e),
        // What lasts of the outputs is then seen after the apply alone.
        text => Ok(text.ok().and_then(|text| Template::parse(&text).ok())),
    }
}

/// The certificate that is to serve the hosts, where both are known and one of them is new.
async fn certificate(
    aws: &Aws,
    draft: &Draft,
    wanted: &Wanted,
    template: Option<&Template>,
) -> Option<Serving> {
    let live = &draft.private.parameters;
    template.filter(|t| t.declares(HOST) && t.declares(CERTIFICATE))?;
    let (host, arn) = (wanted.or_live(HOST, live)?, wanted.or_live(CERTIFICATE, live)?);
    let same = draft.prior.is_some()
        && live.get(HOST) == Some(&host)
        && live.get(CERTIFICATE) == Some(&arn);
    let hosts = Hosts::checked(&bare(&host)).ok().filter(|_| !same)?;
    let at = wanted.at.get(CERTIFICATE).or(wanted.at.get(HOST)).cloned();
    let at = at.unwrap_or_else(|| AttributePath::new("certificate_arn"));
    let account = aws.identity.account().await.unwrap_or_default();
    let mut serving = Serving { arn, hosts, at, account, found: None };
    if serving.of(&aws.region).foreign().is_none() {
        serving.found = aws.certificates.certificate(&serving.arn).await.ok();
    }
    Some(serving)
}

/// Whether there is a stack policy at a URL that is new.
async fn policy(aws: Option<&Aws>, draft: &Draft) -> Result<()> {
    let Some(aws) = aws else { return Ok(()) };
    let none = (&Value::Null, &Value::Null);
    let prior = draft.prior.as_ref().map_or(none, StackState::policy);
    stack_policy::exists(aws, prior, draft.planned.policy()).await
}

/// The stack is to be told the database's password.
fn tells(draft: &Draft, template: Option<&Template>) -> bool {
    let private = &draft.private;
    let sends = |prior| sends(prior, &draft.planned, template, private, &private.parameters);
    draft.prior.as_ref().is_none_or(sends)
}

/// What a rollback that failed has left, where nobody has said how to go on, or all of it is to be skipped.
async fn unrestored(cx: &Cx, aws: Option<&Arc<Aws>>, draft: &Draft) -> Vec<Part> {
    let stuck = draft.prior.as_ref().filter(|prior| prior.status() == Status::UpdateRollbackFailed);
    let id = stuck.and_then(|prior| prior.id.as_ref_option());
    let skips_all = draft.planned.skip() == Skip::Forced;
    match id.zip(aws).filter(|_| !draft.planned.continues() || skips_all) {
        Some((id, aws)) => Deploy::over(cx, aws.clone()).unrestored(id).await.unwrap_or_default(),
        None => vec![],
    }
}

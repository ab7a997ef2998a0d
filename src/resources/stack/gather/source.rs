//! Where a stack's template comes from: a file, the configuration or S3.

use sha2::{Digest, Sha256};

use crate::aws::Aws;
use crate::cloudformation::template::{Misread, hex};
use crate::outcome::{AwsErrorKind, Error, Result, unread};
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::state::StackState;
use crate::tf::{AttributePath, Value};

/// Looks at the template of a configuration; `None` while it is not known which one. `aws` is needed for a URL alone.
pub async fn load(
    aws: Option<&Aws>,
    state: &StackState,
    prior: Option<&StackState>,
) -> Result<Option<Loaded>> {
    Ok(look(aws, state, prior).await?.map(|loaded| loaded.known_by(prior)))
}

async fn look(
    aws: Option<&Aws>,
    state: &StackState,
    prior: Option<&StackState>,
) -> Result<Option<Loaded>> {
    match (&state.template_file, &state.template_body, &state.template_url) {
        (Value::Value(path), ..) => match read_file(path).await {
            Err(e) => kept(aws, path, prior).await?.ok_or(e).map(Some),
            read => read.map(Some),
        },
        (_, Value::Value(body), _) => Loaded::new("template_body", body.clone(), None).map(Some),
        (.., Value::Value(url)) => match aws {
            Some(aws) => fetch(aws, url).await.map(Some),
            None => Ok(None),
        },
        (Value::Null, Value::Null, Value::Null) => match prior {
            Some(prior) => stays(aws, prior).await.map(Some),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

/// The template of a stack whose configuration names none.
async fn stays(aws: Option<&Aws>, prior: &StackState) -> Result<Loaded> {
    let text = match aws.zip(prior.id.as_ref_option()) {
        Some((aws, id)) => match aws.stacks.template(id).await {
            Err(e) if e.aws() == Some(AwsErrorKind::Denied) => String::new(),
            text => text?,
        },
        None => String::new(),
    };
    Loaded::staying(text, prior.template_sha256.as_ref_option())
}

async fn read_file(path: &str) -> Result<Loaded> {
    let failed = |e: std::io::Error| {
        let what = format!("The template file {path} cannot be read: {}.", unread(&e));
        let fix = "A relative path counts from the folder Terraform runs in; `${path.module}/…` counts from the module's.";
        Error::config(AttributePath::new("template_file"), what, fix)
    };
    let bytes = tokio::fs::read(path).await.map_err(failed)?;
    if matches!(bytes[..], [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..]) {
        return Err(failed(std::io::Error::other(
            "it is text in UTF-16; save it as UTF-8, which CloudFormation reads",
        )));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| failed(std::io::Error::other("it is not text in UTF-8")))?;
    Loaded::new("template_file", text, None)
}

/// The template that the stack has, where the file it came from is gone: Terraform plans the configuration once more before it destroys,
/// and a deletion needs no file.
async fn kept(aws: Option<&Aws>, path: &str, prior: Option<&StackState>) -> Result<Option<Loaded>> {
    let (
        Some(aws),
        Some(StackState { template_file: Value::Value(before), id: Value::Value(id), .. }),
    ) = (aws, prior)
    else {
        return Ok(None);
    };
    if before != path || tokio::fs::try_exists(path).await.unwrap_or(true) {
        return Ok(None);
    }
    let text = aws.stacks.template(id).await?;
    Loaded::new("template_file", text, None).map(|loaded| Some(Loaded { kept: true, ..loaded }))
}

async fn fetch(aws: &Aws, url: &str) -> Result<Loaded> {
    match aws.objects.fetch(url).await {
        Ok(text) => Loaded::new("template_url", text, Some(url.into())),
        // CloudFormation may be allowed to read what we are not: then the URL alone tells templates apart.
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => Ok(Loaded {
            at: "template_url",
            text: "".into(),
            digest: hex(&Sha256::digest(url)),
            template: Err(Misread { why: "it could not be read".into(), certain: false }),
            kept: false,
            stays: false,
            url: Some(url.into()),
        }),
        Err(Error::Config { what, fix, .. }) => {
            Err(Error::config(AttributePath::new("template_url"), what, fix))
        }
        Err(Error::Aws(e)) if matches!(e.kind, AwsErrorKind::Gone | AwsErrorKind::Invalid) => {
            let what = format!(
                "The template at {url} cannot be read: {}.",
                e.message.trim_end_matches('.')
            );
            let fix = "Check bucket, key and region, and that the credentials may read it.";
            Err(Error::config(AttributePath::new("template_url"), what, fix))
        }
        Err(e) => Err(e),
    }
}

/// The template that was planned, for its apply.
pub async fn planned(
    aws: &Aws,
    planned: &StackState,
    prior: Option<&StackState>,
) -> Result<Loaded> {
    let loaded = load(Some(aws), planned, prior).await?.ok_or_else(missing)?;
    loaded.same(planned.template_sha256.as_deref_option().unwrap_or_default())?;
    Ok(loaded)
}

/// A creation without a template.
pub fn missing() -> Error {
    let what = "A stack that is to be made needs a template.";
    let fix = "Set one of `template_file`, `template_body` and `template_url`. A stack that exists keeps the one it has: import it.";
    Error::config(AttributePath::new("template_file"), what, fix)
}

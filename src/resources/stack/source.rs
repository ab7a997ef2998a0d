//! Where a stack's template comes from: a file, the configuration or S3; and where CloudFormation reads it.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::StackState;
use crate::aws::{Aws, Stored};
use crate::cloudformation::stack::Template as Place;
use crate::cloudformation::template::{
    MAX_BODY, MAX_OBJECT, Misread, Template, digest, given_back, hex,
};
use crate::deploy::Deploy;
use crate::outcome::{AwsError, AwsErrorKind, Error, Result};
use crate::tf::{AttributePath, Value};

/// A template that was looked at.
pub struct Loaded {
    /// The attribute that names it.
    pub at: &'static str,
    /// Its text; empty when its URL could not be read.
    pub text: Arc<str>,
    /// Its digest by meaning.
    pub digest: String,
    /// What it says, or why that was not understood.
    pub template: Result<Template, Misread>,
    /// The file is gone; this is what the stack has.
    pub kept: bool,
    url: Option<String>,
}

impl Loaded {
    fn new(at: &'static str, text: String, url: Option<String>) -> Result<Self> {
        if text.len() > MAX_OBJECT {
            let what = format!(
                "The template has {} bytes; CloudFormation takes {MAX_OBJECT} at most.",
                text.len()
            );
            return Err(Error::config(
                AttributePath::new(at),
                what,
                "Split it into nested stacks.",
            ));
        }
        let template = Template::parse(&text);
        let digest = template.as_ref().map_or_else(|_| digest(&text), Template::digest);
        Ok(Self { at, text: text.into(), digest, template, kept: false, url })
    }

    /// What it says, if that was understood.
    pub fn known(&self) -> Option<&Template> {
        self.template.as_ref().ok()
    }

    /// The digest of what CloudFormation gives back of it; `None`: it gives it back as it is.
    pub fn given_back(&self) -> Option<String> {
        (!self.text.is_ascii()).then(|| digest(&given_back(&self.text)))
    }

    /// Where the state knows no more of this template than CloudFormation gives back, that stands for it.
    fn known_by(self, prior: Option<&StackState>) -> Self {
        let known = prior
            .and_then(|prior| prior.template_sha256.as_ref_option())
            .filter(|known| **known != self.digest);
        match known.filter(|known| self.given_back().as_ref() == Some(known)) {
            Some(known) => Self { digest: known.clone(), ..self },
            None => self,
        }
    }

    /// It stands in S3 and could not be read there.
    pub fn unread(&self) -> bool {
        self.url.is_some() && self.text.is_empty()
    }
}

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
        _ => Ok(None),
    }
}

/// What went wrong with a file, in words.
fn spoken(e: &std::io::Error) -> String {
    use std::io::ErrorKind::{
        InvalidFilename, IsADirectory, NotADirectory, NotFound, PermissionDenied,
    };
    match e.kind() {
        NotFound | NotADirectory => "there is no such file".into(),
        IsADirectory => "it is a folder".into(),
        PermissionDenied => "this user may not read it".into(),
        InvalidFilename => "that is not the name of a file".into(),
        _ => {
            let text = e.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_string()
        }
    }
}

async fn read_file(path: &str) -> Result<Loaded> {
    let failed = |e: std::io::Error| {
        let what = format!("The template file {path} cannot be read: {}.", spoken(&e));
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

/// There is no template, which the plan has ruled out.
pub fn missing() -> Error {
    Error::config(
        AttributePath::new("template_file"),
        "No template is given.",
        "Set `template_file`, `template_body` or `template_url`.",
    )
}

/// Refuses a template that is not the one that was planned.
pub fn unchanged(loaded: &Loaded, planned: &StackState) -> Result<()> {
    match &planned.template_sha256 {
        Value::Value(digest) if *digest != loaded.digest => Err(Error::config(
            AttributePath::new(loaded.at),
            "The template changed since the plan was made.",
            "Plan again.",
        )),
        _ => Ok(()),
    }
}

/// Where CloudFormation reads the template: inside the call, or in S3 when it is too large for that.
pub async fn place(deploy: &Deploy<'_>, loaded: &Loaded) -> Result<Place> {
    if let Some(url) = &loaded.url {
        return Ok(Place::Url(url.clone()));
    }
    if loaded.text.len() <= MAX_BODY {
        return Ok(Place::Body(loaded.text.clone()));
    }
    let account = deploy.aws.identity.account().await?;
    let bucket = bucket(deploy, &account).await?;
    let key = format!("{}.template", hex(&Sha256::digest(loaded.text.as_bytes())));
    let stored = deploy.aws.objects.store(&bucket, &key, loaded.text.clone(), &account).await;
    let Stored { url, fixed } = stored.map_err(|e| unfit(&bucket, deploy, e))?;
    Ok(if fixed { Place::Url(url) } else { Place::Loose { url, digest: digest(&loaded.text) } })
}

/// What is said of a bucket that does not take the template.
fn unfit(bucket: &str, deploy: &Deploy<'_>, e: Error) -> Error {
    let Error::Aws(AwsError { kind: AwsErrorKind::Gone | AwsErrorKind::Invalid, .. }) = &e else {
        return e;
    };
    Error::Failed {
        state: format!(
            "The template has more than 51,200 bytes and goes through a bucket, and {bucket} does not take it: it does not exist, or is in another region \
             than the stack ({}). AWS said: {e}.",
            deploy.aws.region
        ),
        next: "Correct `template_bucket` in the provider block, or leave it out: the provider then makes a bucket of its own. Then apply again.".into(),
    }
}

/// The template can be placed without a bucket being made for it.
pub async fn placeable(deploy: &Deploy<'_>, loaded: &Loaded) -> Result<bool> {
    if loaded.url.is_some()
        || loaded.text.len() <= MAX_BODY
        || deploy.cx.settings.template_bucket.is_some()
    {
        return Ok(true);
    }
    let account = deploy.aws.identity.account().await?;
    deploy.aws.objects.has_bucket(&own_bucket(deploy, &account), &account).await
}

/// The name of the provider's own bucket.
fn own_bucket(deploy: &Deploy<'_>, account: &str) -> String {
    let region = &deploy.aws.region;
    let mark = hex(&Sha256::digest(format!("quilt templates of {account} in {region}")));
    format!("cfn-templates-{account}-{region}-{}", &mark[..8])
}

/// The bucket for large templates: the one given, or one of the provider's own, made when it is first needed.
async fn bucket(deploy: &Deploy<'_>, account: &str) -> Result<String> {
    if let Some(bucket) = &deploy.cx.settings.template_bucket {
        return Ok(bucket.clone());
    }
    let bucket = own_bucket(deploy, account);
    deploy.aws.objects.ensure_bucket(&bucket, account).await?;
    Ok(bucket)
}

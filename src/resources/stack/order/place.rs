//! Where CloudFormation reads a template: inside the call, or in S3.

use sha2::{Digest, Sha256};

use crate::aws::Stored;
use crate::cloudformation::stack::Template;
use crate::cloudformation::template::{MAX_BODY, digest, hex};
use crate::deploy::Deploy;
use crate::outcome::{AwsError, AwsErrorKind, Error, Result};
use crate::resources::stack::loaded::Loaded;

/// Where CloudFormation reads the template: inside the call, or in S3 when it is too large for that.
pub async fn place(deploy: &Deploy<'_>, loaded: &Loaded) -> Result<Template> {
    if let Some(url) = &loaded.url {
        return Ok(Template::Url(url.clone()));
    }
    if loaded.text.len() <= MAX_BODY {
        return Ok(Template::Body(loaded.text.clone()));
    }
    let account = deploy.aws.identity.account().await?;
    let bucket = bucket(deploy, &account).await?;
    let key = format!("{}.template", hex(&Sha256::digest(loaded.text.as_bytes())));
    let stored = deploy.aws.objects.store(&bucket, &key, loaded.text.clone(), &account).await;
    let Stored { url, fixed } = stored.map_err(|e| unfit(&bucket, deploy, e))?;
    Ok(if fixed {
        Template::Url(url)
    } else {
        Template::Loose { url, digest: digest(&loaded.text) }
    })
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
        || loaded.stays
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

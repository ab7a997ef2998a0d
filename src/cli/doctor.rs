//! `doctor`: what stands in the way of a deployment, before anything exists or beside a stack that does.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Args;

use super::options::Options;
use super::{block_on, say, tell, unless_interrupted};
use crate::aws::Aws;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::data_sources::preflight::{
    DatabaseWish, NetworkWish, PreflightLookup, SearchWish, intent,
};
use crate::preflight::{CHECKS, Finding, Scene, look};
use crate::quilt::names::check_stack_name;
use crate::tf::{Set, Value, known};

mod report;

/// What is asked.
#[derive(Args, Clone, Debug, Default)]
pub struct Arguments {
    /// Name of the stack that is to be made or updated
    stack: Option<String>,
    /// Its template
    #[arg(long, value_name = "FILE")]
    template: Option<String>,
    /// A parameter of the template; may come more than once. Of a secret one give any value that fits
    #[arg(long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// Host name of the catalog
    #[arg(long, value_name = "HOST")]
    web_host: Option<String>,
    /// ARN of the certificate
    #[arg(long, value_name = "ARN")]
    certificate: Option<String>,
    /// The bucket for large templates
    #[arg(long, value_name = "BUCKET")]
    template_bucket: Option<String>,
    /// ARN of the role that CloudFormation works as
    #[arg(long, value_name = "ARN")]
    service_role: Option<String>,
    /// ARN of the key that encrypts the database
    #[arg(long, value_name = "ARN")]
    kms_key: Option<String>,
    /// A secret that is to be read, by name or ARN; may come more than once
    #[arg(long = "secret", value_name = "SECRET")]
    secrets: Vec<String>,
    /// Version of PostgreSQL of a new database
    #[arg(long, value_name = "VERSION")]
    engine_version: Option<String>,
    /// Class of the database's instance
    #[arg(long, value_name = "CLASS")]
    instance_class: Option<String>,
    /// Size of the search domain by name
    #[arg(long, value_name = "SIZE")]
    search_size: Option<String>,
    /// IPv4 range of a new network
    #[arg(long, value_name = "RANGE")]
    cidr: Option<String>,
    /// A zone of a new network, by name; may come more than once
    #[arg(long = "zone", value_name = "ZONE")]
    zones: Vec<String>,
    /// Print JSON
    #[arg(long, conflicts_with = "report")]
    json: bool,
    /// Print a report for an issue: accounts, hosts and addresses are struck out
    #[arg(long)]
    report: bool,
    #[command(flatten)]
    options: Options,
}

/// Tells what stands in the way. The exit code is 0 where nothing failed, 130 after Ctrl-C, else 1.
///
/// # Errors
/// AWS is not reached, or the template cannot be read.
pub fn run(asked: &Arguments) -> anyhow::Result<ExitCode> {
    block_on(async {
        let cx = asked.options.cx().await?;
        unless_interrupted(&cx, answer(&cx, asked)).await
    })?
}

async fn answer(cx: &Cx, asked: &Arguments) -> anyhow::Result<ExitCode> {
    let aws = cx.aws(asked.options.region.as_deref()).await?;
    let found = examine(cx, &aws, asked).await?;
    match (asked.json, asked.report) {
        (true, _) => say(&report::json(&found, &aws.region)?)?,
        (_, true) => say(&report::issue(&found, &aws.region))?,
        _ => tell(&report::text(&found, &aws.region))?,
    }
    Ok(if report::ready(&found) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes every check that concerns what is asked. A stack that is there says itself what is not asked, and has its network, database and
/// search domain already.
async fn examine(cx: &Cx, aws: &Aws, asked: &Arguments) -> anyhow::Result<Vec<Finding>> {
    let live = match &asked.stack {
        // Where it may not be looked at, its check says so.
        Some(name) if check_stack_name(name).is_ok() => aws.stacks.find(name).await.ok().flatten(),
        _ => None,
    };
    let lookup = lookup(asked, live.as_ref())?;
    let intent = intent::of(cx, aws, &lookup).await?;
    Ok(look(&Scene::new(aws, cx.web.as_ref(), &intent), CHECKS.iter()).await)
}

fn lookup(asked: &Arguments, live: Option<&Stack>) -> anyhow::Result<PreflightLookup> {
    let own = |parameter: &str| live.and_then(|stack| stack.parameters.get(parameter)).cloned();
    let new = live.is_none();
    Ok(PreflightLookup {
        stack_name: asked.stack.clone().into(),
        template_file: asked.template.clone().into(),
        parameters: parameters(asked)?.into(),
        template_bucket: asked.template_bucket.clone().into(),
        web_host: asked.web_host.clone().or_else(|| own("QuiltWebHost")).into(),
        certificate_arn: asked.certificate.clone().or_else(|| own("CertificateArnELB")).into(),
        iam_role_arn: asked.service_role.clone().into(),
        kms_key_id: asked.kms_key.clone().into(),
        secret_arns: Set(texts(&asked.secrets)).into(),
        database: Some(database(asked)).filter(|_| new || asked.instance_class.is_some()).into(),
        search: Some(search(asked)).filter(|_| new || asked.search_size.is_some()).into(),
        network: Some(network(asked)).filter(|_| new || asked.cidr.is_some()).into(),
        ..PreflightLookup::default()
    })
}

fn texts(all: &[String]) -> Vec<Value<String>> {
    all.iter().map(|text| known(text.as_str())).collect()
}

fn parameters(asked: &Arguments) -> anyhow::Result<BTreeMap<String, Value<String>>> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) => Ok((name.to_string(), known(value))),
        None => anyhow::bail!("--parameter {text} has no value. Write --parameter NAME=VALUE."),
    };
    asked.parameters.iter().map(pair).collect()
}

fn database(asked: &Arguments) -> DatabaseWish {
    DatabaseWish {
        engine_version: asked.engine_version.clone().into(),
        instance_class: asked.instance_class.clone().into(),
        ..DatabaseWish::default()
    }
}

fn search(asked: &Arguments) -> SearchWish {
    SearchWish { size: asked.search_size.clone().into(), ..SearchWish::default() }
}

fn network(asked: &Arguments) -> NetworkWish {
    let zones = (!asked.zones.is_empty()).then(|| texts(&asked.zones));
    NetworkWish {
        cidr: asked.cidr.clone().into(),
        availability_zones: zones.into(),
        ..NetworkWish::default()
    }
}

#[cfg(test)]
mod tests;

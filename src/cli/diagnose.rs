//! `diagnose`: why the last operation on a stack failed, told afterwards.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;
use tokio::time::Instant;

use super::options::Options;
use super::{block_on, say, tell, unless_interrupted};
use crate::aws::Aws;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::diagnose::past::{self, Past};
use crate::diagnose::{Diagnosis, Look, PATIENCE, link, words};
use crate::outcome::AwsErrorKind;

mod drift;
#[cfg(test)]
mod tests;

/// What is asked.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The stack's name, or its ARN. Where none of the name is there, the one that was deleted last
    stack: String,
    /// Instead, say what is otherwise than the template says, by CloudFormation's look for drift, which takes minutes. What Quilt itself writes
    /// into its policies is left out. The exit code is 1 where something is otherwise
    #[arg(long)]
    drift: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    options: Options,
}

/// What is answered with `--json`.
#[derive(Serialize)]
struct Answer<'a> {
    stack: &'a str,
    status: &'a str,
    failed: Option<&'static str>,
    #[serde(flatten)]
    diagnosis: &'a Diagnosis,
    events: String,
}

/// Tells why it failed. The exit code is 0 where a cause was found, 1 where nothing failed or nothing was found, 130 after Ctrl-C.
///
/// # Errors
/// The stack is not there, or may not be read.
pub fn run(asked: &Arguments) -> anyhow::Result<ExitCode> {
    block_on(async {
        let cx = asked.options.cx().await?;
        unless_interrupted(&cx, answer(&cx, asked)).await
    })?
}

async fn answer(cx: &Cx, asked: &Arguments) -> anyhow::Result<ExitCode> {
    if asked.drift {
        return drift::look(cx, &asked.stack, asked.json).await;
    }
    let (stack, past) = look(cx, &asked.stack).await?;
    match asked.json {
        true => say(&json(&stack, &past)?)?,
        false => tell(&told(&asked.stack, &stack, &past))?,
    }
    let found = past.diagnosis.first_cause.is_some();
    Ok(if found { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn look(cx: &Cx, name: &str) -> anyhow::Result<(Stack, Past)> {
    let aws = cx.aws_of(name, None).await?;
    let stack = there_or_deleted(&aws, name).await?;
    let look =
        Look { aws: &aws, veil: &cx.veil, stop: &cx.stop, end: Instant::now() + 4 * PATIENCE };
    let past = past::look(&look, &stack).await;
    Ok((stack, past))
}

/// The stack, where AWS has it.
async fn find(cx: &Cx, name: &str) -> anyhow::Result<(Arc<Aws>, Stack)> {
    let aws = cx.aws_of(name, None).await?;
    let found = aws.stacks.find(name).await?;
    let stack = found
        .with_context(|| format!("There is no stack {name} in {}. Give --region.", aws.region))?;
    Ok((aws, stack))
}

/// The stack, or else the one of this name that was deleted last.
async fn there_or_deleted(aws: &Aws, name: &str) -> anyhow::Result<Stack> {
    if let Some(found) = aws.stacks.find(name).await? {
        return Ok(found);
    }
    let region = &aws.region;
    let deleted = match aws.stacks.last_deleted(name).await {
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => bail!(
            "There is no stack {name} in {region}. Whether one was deleted these credentials may not ask: allow cloudformation:ListStacks, or give its \
             ARN. Or give --region."
        ),
        deleted => deleted?,
    };
    let gone = match deleted {
        Some(id) => aws.stacks.find(&id).await?,
        None => None,
    };
    gone.with_context(|| {
        format!(
            "There is no stack {name} in {region}, and none of this name was deleted in the last 90 days. Give --region."
        )
    })
}

fn json(stack: &Stack, past: &Past) -> anyhow::Result<String> {
    let answer = Answer {
        stack: &stack.id,
        status: stack.status.as_str(),
        failed: past.what.map(past::What::name),
        diagnosis: &past.diagnosis,
        events: link::events(&stack.id),
    };
    Ok(serde_json::to_string_pretty(&answer)? + "\n")
}

fn told(asked: &str, stack: &Stack, past: &Past) -> String {
    let mut text = format!("Stack {} ({})\n", stack.name, stack.status);
    if asked == stack.name && !stack.status.exists() {
        text += "No stack of this name is there. This is the one that was deleted last.\n";
    }
    let Some(what) = past.what else { return text + past.nothing(&stack.status) + "\n" };
    text += &format!("{}\n\n", what.words(&stack.status));
    match &past.diagnosis.first_cause {
        Some(cause) => text += &format!("First cause: {}", words::sentence(cause)),
        None => {
            text += "CloudFormation does not tell the cause, or it may not be read (guide \"Permissions\")."
        }
    }
    text += &words::behind(&past.diagnosis);
    if let Some(fix) = past.diagnosis.fix {
        text += &format!("\n\n{fix}");
    }
    text + &format!("\n\nEvents: {}\n", link::events(&stack.id))
}

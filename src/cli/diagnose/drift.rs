//! `diagnose --drift`: what is otherwise than the template says.

use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};

use super::find;
use crate::cli::{say, tell};
use crate::cloudformation::drift::Drift;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::{Deploy, Drifted};
use crate::wait::Pace;

/// How long CloudFormation may take.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// Has CloudFormation look, and tells. The exit code is 0 where all is as the template says, else 1.
///
/// # Errors
/// The stack is not there, or may not be looked at.
pub async fn look(cx: &Cx, name: &str, as_json: bool) -> anyhow::Result<ExitCode> {
    let (aws, stack) = find(cx, name).await?;
    let drifted = Deploy::over(cx, aws).drift(&stack, Pace::within(LIMIT)).await?;
    match as_json {
        true => say(&json(&stack, &drifted)?)?,
        false => tell(&text(&stack, &drifted))?,
    }
    Ok(if drifted.found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn json(stack: &Stack, drifted: &Drifted) -> anyhow::Result<String> {
    let row = |drift: &Drift| -> Value {
        json!({
            "logical_id": drift.logical_id, "type": drift.kind, "physical_id": drift.physical_id,
            "deleted": drift.deleted, "properties": drift.properties,
        })
    };
    let rows: Vec<_> = drifted.found.iter().map(row).collect();
    let answer = json!({
        "stack": stack.id, "drifted": rows, "left_out": drifted.meant, "not_looked_at": drifted.overlooked,
    });
    Ok(serde_json::to_string_pretty(&answer)? + "\n")
}

fn text(stack: &Stack, drifted: &Drifted) -> String {
    let mut text = format!("Stack {} ({})\n", stack.name, stack.status);
    text += &match drifted.found.len() {
        0 => "It is as its template says.\n".to_string(),
        1 => "1 resource is otherwise than its template says:\n\n".to_string(),
        n => format!("{n} resources are otherwise than its template says:\n\n"),
    };
    for drift in &drifted.found {
        text += &format!("- {}\n", drift.line());
    }
    if drifted.meant > 0 {
        text +=
            &format!("\nPolicies that Quilt itself writes into are left out: {}.\n", drifted.meant);
    }
    if let Some(why) = &drifted.overlooked {
        text += &format!("\nNot all was looked at: {}.\n", why.trim_end_matches('.'));
    }
    if !drifted.found.is_empty() {
        text += "\nAn update of the stack changes only what its template changes: bring these back by hand, or take them into the template.\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_drifted_is_told_with_what_is_left_out() {
        let stack = Stack { name: "prod".into(), ..Stack::default() };
        let drift = Drift { logical_id: "Queue".into(), deleted: true, ..Drift::default() };
        let drifted =
            Drifted { found: vec![drift], meant: 2, overlooked: Some("Failed on [DB]".into()) };
        let told = text(&stack, &drifted);
        for words in ["1 resource is", "- Queue", "left out: 2.", "looked at: Failed on [DB]."] {
            assert!(told.contains(words), "{words}: {told}");
        }
        let json: Value = serde_json::from_str(&json(&stack, &drifted).unwrap()).unwrap();
        assert_eq!((&json["drifted"][0]["deleted"], &json["left_out"]), (&json!(true), &json!(2)));
        assert!(text(&stack, &Drifted::default()).contains("as its template says"));
    }
}

//! One life of a deployment: plan, apply (interrupted, if asked), nothing left to do, destroy.

use std::fs;
use std::process::{Child, Command};

use serde_json::{Value, json};

use super::Stage;
use super::show::{quietly, say, step, story};

/// The stack of the example, as its variables name it.
const STACK: &str = "quilt-demo";

/// Plays it.
pub fn play(stage: &Stage, interrupt: bool, keep: bool) -> anyhow::Result<()> {
    let folder = &stage.folder;
    let mut values: Value = serde_json::from_str(&stage.cloud.values_for(&stage.template)?)?;
    values["name"] = json!(STACK);
    fs::write(folder.join("demo.auto.tfvars.json"), values.to_string())?;
    stage.cloud.ask("PUT", "/_cloud/plan", slow().to_string().as_bytes())?;
    stage.init(folder)?;
    step("terraform plan: examples/complete");
    stage.plan()?;
    step("terraform apply, and `terraform-provider-quilt watch` beside it");
    let watch = stage.watch(STACK)?;
    let applied = if interrupt { interrupted(stage) } else { stage.apply(folder, &["plan"]) };
    watch.end()?;
    applied?;
    step("What came out: the URL, and the CNAME records to make");
    for name in ["url", "cnames"] {
        print!("{}", quietly(&mut stage.command(&["output", "-no-color", name]))?);
    }
    step("A second plan: nothing may be left to do");
    stage.no_changes(folder, &[])?;
    if keep {
        return Ok(());
    }
    step("terraform destroy");
    stage.destroy(folder, &[])?;
    summary(interrupt);
    Ok(())
}

/// Real stacks take 30 to 90 minutes. This one is slowed down as far as there is something to see.
fn slow() -> Value {
    json!({"rules": [{"stack": format!("^{STACK}$"), "resource": ".*", "on": "create", "hold": 0.09}]})
}

/// Ctrl-C as soon as the stack is being made; then the same apply again.
fn interrupted(stage: &Stage) -> anyhow::Result<()> {
    let mut sent = false;
    let arguments = ["apply", "-input=false", "-no-color", "plan"];
    story(&mut stage.command(&arguments), |line, terraform| {
        if !sent && line.starts_with("quilt_stack.this: Still creating") {
            say("(Ctrl-C)");
            sent = press_ctrl_c(terraform);
        }
    })?;
    anyhow::ensure!(sent, "the creation was over before Ctrl-C could be sent");
    step("terraform apply, again: it goes on waiting for the same stack");
    stage.apply(&stage.folder, &[])
}

/// What a terminal sends; Terraform asks the provider to stop then.
fn press_ctrl_c(terraform: &Child) -> bool {
    let sent = Command::new("kill").args(["-INT", &terraform.id().to_string()]).status();
    sent.is_ok_and(|status| status.success())
}

fn summary(interrupt: bool) {
    step("What you have seen");
    say("- network, database, search domain and stack made in one apply, in the right order");
    say("- nothing left to do afterwards: the second plan was empty");
    if interrupt {
        say("- an interrupted creation that went on: nothing was made twice, nothing was lost");
    }
    say("- everything removed again");
    step("What to try next");
    if !interrupt {
        say("cargo xtask demo --interrupt        Ctrl-C in the middle of it, and apply again");
    }
    say("cargo xtask demo --migration        from network 1.0 to 2.0 in one apply");
    say("cargo xtask demo --template FILE    your own template");
    say("cargo xtask demo --keep             everything stays, to play with");
}

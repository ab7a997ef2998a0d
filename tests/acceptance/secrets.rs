//! No secret is left lying about: not in state, plan, private data, logs or anything that is printed.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::terraform::Project;
use super::{BROKEN, QUEUES, stack};
use crate::cloud::{Cloud, Rule};

/// Secrets that no escaping leaves as they are.
const CANARIES: [&str; 3] =
    ["canary/key+\"0ne\"&<tw0>", "canary w0 'one' %41 \\ {x}", "canary w0 'two' %42 \\ {y}"];

/// A project whose credentials and write-only parameters are canaries, with everything logged.
fn watched(cloud: &Cloud) -> Project {
    let mut project = Project::new(cloud);
    project.write("template.yaml", QUEUES);
    project.set("AWS_SECRET_ACCESS_KEY", CANARIES[0]);
    project.set("TF_VAR_secret", CANARIES[1]);
    watch(&mut project);
    project
}

/// Everything is logged from now on.
pub fn watch(project: &mut Project) {
    project.set("TF_LOG", "trace");
    let log = project.path("trace.log").display().to_string();
    project.set("TF_LOG_PATH", &log);
}

fn main(version: u32, more: &str) -> String {
    let secret = "variable \"secret\" {\n  type      = string\n  sensitive = true\n  ephemeral = true\n}\n\n";
    let arguments = format!(
        "  template_file = \"template.yaml\"\n  enable_termination_protection = false\n  parameters_wo = {{ Password = var.secret }}\n  \
         parameters_wo_version = {version}\n{more}"
    );
    format!("{secret}{}", stack(&arguments))
}

#[test]
fn no_secret_is_left_anywhere() {
    let cloud = Cloud::start();
    let mut project = watched(&cloud);
    project.main(&main(1, ""));
    let mut printed = String::new();
    let mut run = |project: &Project, arguments: &[&str]| {
        let outcome = project.run(arguments);
        printed.push_str(&outcome.text);
        outcome.code
    };
    assert_eq!(run(&project, &["plan", "-no-color", "-out=plan.bin"]), 0);
    assert_eq!(run(&project, &["show", "-json", "plan.bin"]), 0);
    assert_eq!(run(&project, &["apply", "-no-color", "plan.bin"]), 0);
    assert_eq!(cloud.calls_of("CreateStack")[0].sent("Parameters.Password"), Some(CANARIES[1]));
    assert_eq!(run(&project, &["show", "-json"]), 0);
    project.set("TF_VAR_secret", CANARIES[2]);
    project.main(&main(2, "  parameters = { Size = 2048 }"));
    assert_eq!(run(&project, &["plan", "-no-color", "-out=plan.bin"]), 0);
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN).times(1));
    assert_eq!(run(&project, &["apply", "-no-color", "-auto-approve"]), 1);
    assert_eq!(run(&project, &["apply", "-no-color", "-auto-approve"]), 0);
    assert_eq!(
        cloud
            .calls_of("CreateChangeSet")
            .last()
            .expect("there was an update")
            .sent("Parameters.Password"),
        Some(CANARIES[2])
    );
    assert!(
        fs::metadata(project.path("trace.log")).is_ok_and(|log| log.len() > 100_000),
        "everything is logged"
    );
    let found = search(&project, &printed, &CANARIES);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_secret_among_the_parameters_is_found() {
    let cloud = Cloud::start();
    let project = watched(&cloud);
    project.main(
        &main(1, "")
            .replace("parameters_wo_version = 1", "")
            .replace("parameters_wo", "parameters")
            .replace("  ephemeral = true\n", ""),
    );
    project.apply().ok();
    let found = search(&project, "", &CANARIES);
    assert!(
        found.iter().any(|place| place.starts_with("terraform.tfstate")),
        "the search is blind: {found:?}"
    );
    assert!(
        !found.iter().any(|place| place.starts_with("trace.log") || place.starts_with("private")),
        "{found:?}"
    );
}

#[test]
fn the_search_sees_every_form() {
    let secret = CANARIES[0];
    let json = serde_json::to_string(secret).unwrap_or_default();
    let twice = serde_json::to_string(&json).unwrap_or_default();
    let url: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for text in [
        secret.to_owned(),
        json,
        twice,
        url,
        STANDARD.encode(format!("x{secret}")),
        STANDARD.encode(format!("{{\"a\":{secret:?}}}")),
    ] {
        assert!(forms(secret).iter().any(|form| holds(text.as_bytes(), form)), "{text}");
    }
}

/// Where a secret is found, in any form.
pub fn search(project: &Project, printed: &str, secrets: &[&str]) -> Vec<String> {
    let mut places = vec![("what was printed".to_owned(), printed.as_bytes().to_vec())];
    for file in ["terraform.tfstate", "terraform.tfstate.backup", "trace.log"] {
        places.push((file.into(), fs::read(project.path(file)).unwrap_or_default()));
    }
    if project.path("plan.bin").exists() {
        places.extend(unzipped(project));
    }
    let private = project.instance("quilt_stack.this")["private"]
        .as_str()
        .map(|text| STANDARD.decode(text).expect("private data is base64"));
    places.push(("private data".into(), private.unwrap_or_default()));
    let hit = |(place, text): &(String, Vec<u8>)| {
        let seen = secrets
            .iter()
            .find_map(|secret| forms(secret).into_iter().find(|form| holds(text, form)));
        seen.map(|form| format!("{place}: {form}"))
    };
    places.iter().filter_map(hit).collect()
}

/// The files inside the plan, which is an archive.
fn unzipped(project: &Project) -> Vec<(String, Vec<u8>)> {
    let folder = project.path("plan");
    let mut unzip = Command::new("python3");
    unzip.args(["-m", "zipfile", "-e"]).arg(project.path("plan.bin")).arg(&folder);
    assert!(unzip.status().is_ok_and(|status| status.success()), "python3 unpacks the plan");
    let mut files = Vec::new();
    read_all(&folder, &mut files);
    assert!(files.len() > 2, "a plan holds files");
    files
}

fn read_all(folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("it was unpacked").flatten() {
        match entry.path() {
            path if path.is_dir() => read_all(&path, files),
            path => files.push((
                format!("plan: {}", entry.file_name().to_string_lossy()),
                fs::read(path).unwrap_or_default(),
            )),
        }
    }
}

fn holds(text: &[u8], form: &str) -> bool {
    text.windows(form.len()).any(|window| window.eq_ignore_ascii_case(form.as_bytes()))
}

/// A secret as it may be written: raw, in JSON (once, twice, as Go does), in URLs, in base64 wherever it begins.
fn forms(secret: &str) -> Vec<String> {
    let json =
        |text: &str| serde_json::to_string(text).unwrap_or_default().trim_matches('"').to_owned();
    let go = json(secret).replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    let escape =
        |keep: fn(&u8) -> bool| -> String {
            secret
                .bytes()
                .map(|byte| {
                    if keep(&byte) { char::from(byte).to_string() } else { format!("%{byte:02x}") }
                })
                .collect()
        };
    let strict = escape(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte));
    let mut forms = vec![secret.to_owned(), json(secret), json(&json(secret)), json(&go), go];
    forms.extend([strict.replace("%20", "+"), strict, escape(|_| false)]);
    let written: Vec<_> = forms.iter().take(2).cloned().collect();
    forms.extend(
        written.iter().flat_map(|form| (0..3).map(move |offset| inside_base64(form, offset))),
    );
    forms
}

/// The characters that a secret gives to base64 when it begins `offset` bytes after a group of three, its uncertain ends cut off.
fn inside_base64(secret: &str, offset: usize) -> String {
    let text = STANDARD_NO_PAD.encode(format!("{}{secret}", "\0".repeat(offset)));
    let whole = (offset + secret.len()) / 3 * 4;
    text[(offset * 8).div_ceil(6)..whole].to_owned()
}

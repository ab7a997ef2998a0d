//! What README shows: three scenes in real Terraform, drawn as a terminal. `UPDATE_EXPECT=1` draws them anew; without it they must still be what is said today.

use std::fmt::Write;
use std::thread;
use std::time::{Duration, Instant};

use expect_test::{ExpectFile, expect_file};

use super::migration;
use super::terraform::{APPLY, Project};
use super::{examples, free, queues, until_held};
use crate::cloud::{Cloud, Rule};

/// A stack whose bucket holds data: `name` is what its bucket is called.
fn catalog(name: &str) -> String {
    format!(
        "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: {name}\n"
    )
}

#[test]
fn a_plan_that_refuses_to_replace_a_bucket() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("template.yaml", &catalog("acme-data"));
    project.main(&free("").replace("\"queues\"", "\"quilt-prod\""));
    project.apply().ok();
    project.write("template.yaml", &catalog("acme-datasets"));
    let plan = project.plan().failed();
    let mut scene = Scene::default();
    scene.typed("terraform plan");
    scene.said(plan.text.lines().skip_while(|line| !line.starts_with("Error: ")));
    scene.is(expect_file!["../../.github/images/refused.svg"]);
}

#[test]
fn ctrl_c_and_the_same_creation_goes_on() {
    let (cloud, project) = queues();
    project.main(&free(""));
    cloud.hold(Rule::stack("queues").resource("Second").on("create").hold(600.0));
    let running = project.start(&APPLY);
    until_held(&cloud, &running, "queues", "Second", "create");
    let (stopped, _) = running.interrupt();
    let before = cloud.calls_of("DescribeStacks").len();
    let running = project.start(&APPLY);
    let end = Instant::now() + Duration::from_secs(60);
    while cloud.calls_of("DescribeStacks").len() < before + 5 {
        assert!(Instant::now() < end, "nobody waits for the stack");
        thread::sleep(Duration::from_millis(50));
    }
    cloud.let_go();
    let resumed = running.wait().ok();
    let mut scene = Scene::default();
    scene.typed("terraform apply");
    scene.said(stopped.text.lines().filter(|line| line.ends_with(": Creating...")));
    scene.typed_over("^C");
    let told = stopped.text.lines().skip_while(|line| !line.contains("is not finished"));
    scene.said(told.take_while(|line| !line.contains("Error: execution halted")));
    scene.typed("terraform apply");
    scene.said(resumed.text.lines().filter(|line| line.starts_with("Apply complete!")));
    scene.is(expect_file!["../../.github/images/resumed.svg"]);
}

#[test]
fn from_network_1_to_2_in_one_apply() {
    let cloud = Cloud::start();
    migration::old(&cloud);
    let mut project = Project::new(&cloud);
    examples::place(&project, "migration");
    project.set("TF_VAR_client_secret", "not-a-secret");
    migration::values(&project, |_| {});
    let plan = project.run(&["plan", "-no-color", "-input=false", "-out=plan.bin"]).ok();
    let applied = project.run(&["apply", "-no-color", "-input=false", "plan.bin"]).ok();
    let mut scene = Scene::default();
    scene.typed("terraform plan -out=plan");
    scene.said(plan.text.lines().filter(|l| l.starts_with("  # ") || l.starts_with("Plan: ")));
    scene.typed("terraform apply plan");
    scene.said(applied.text.lines().filter(|line| line.starts_with("Apply complete!")));
    scene.typed("terraform plan");
    scene.said(project.plan().ok().text.lines().filter(|line| line.starts_with("No changes.")));
    scene.is(expect_file!["../../.github/images/migrated.svg"]);
}

/// Lines of a terminal, each with what it is.
#[derive(Default)]
struct Scene(Vec<(&'static str, String)>);

impl Scene {
    /// A command at the prompt.
    fn typed(&mut self, command: &str) {
        if !self.0.is_empty() {
            self.0.push(("", String::new()));
        }
        self.0.push(("typed", format!("$ {command}")));
    }

    /// A key, while a command runs.
    fn typed_over(&mut self, key: &str) {
        self.0.push(("typed", key.to_owned()));
    }

    /// What was printed, coloured as Terraform does where somebody looks.
    fn said<'a>(&mut self, lines: impl Iterator<Item = &'a str>) {
        let colour = |line: &str| match line {
            _ if line.contains("Error: ") => "error",
            _ if line.contains("Warning: ") => "warning",
            _ if line.starts_with("Apply complete!") || line.starts_with("No changes.") => "good",
            _ if line.starts_with("Plan: ") => "typed",
            _ => "",
        };
        self.0.extend(lines.map(|line| (colour(line), line.trim_end().to_owned())));
        while self.0.last().is_some_and(|(_, line)| line.is_empty()) {
            self.0.pop();
        }
    }

    /// Fails unless this is what is drawn there.
    fn is(&self, file: ExpectFile) {
        file.assert_eq(&self.drawn());
    }

    /// As SVG: a dark terminal, readable on any page.
    fn drawn(&self) -> String {
        let widest = self.0.iter().map(|(_, line)| line.chars().count()).max().unwrap_or_default();
        let (width, height) = (32.0 + 8.0 * widest.max(60) as f64, 24 + 19 * self.0.len());
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, monospace\" font-size=\"13\">\n  \
             <style>text {{ fill: #d1d7e0; white-space: pre }} .typed {{ fill: #ffffff; font-weight: 600 }} .error {{ fill: #ff7b72 }} .warning {{ fill: #e3b341 }} .good {{ fill: #56d364 }}</style>\n  \
             <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#151b23\"/>\n"
        );
        for (row, (class, line)) in
            self.0.iter().enumerate().filter(|(_, (_, line))| !line.is_empty())
        {
            let line = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let class =
                if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
            let _ = writeln!(
                svg,
                "  <text{class} x=\"16\" y=\"{}\" xml:space=\"preserve\">{line}</text>",
                29 + 19 * row
            );
        }
        svg + "</svg>\n"
    }
}

//! Whole lives in bad weather: throttling, errors, lost answers and delays on every call, and the end is as if the sky had been clear.

use std::path::Path;

use super::templates;
use super::terraform::Project;
use super::{free, queues, writes};
use crate::cloud::{Cloud, Fault};

/// What AWS is like on a bad day; each rule hits only so often that no call meets the same fault five times running.
fn bad_day(cloud: &Cloud, seed: u64) {
    cloud.seed(seed);
    cloud.weather(
        Fault::Reset
            .on("(Create|Update|Delete)Stack|ExecuteChangeSet|CreateChangeSet")
            .after()
            .odds(0.5)
            .times(4),
    );
    cloud.weather(
        Fault::Truncated
            .on("PutObject|CreateBucket|CreateStack|UpdateTerminationProtection")
            .odds(0.4)
            .times(4),
    );
    cloud.weather(Fault::Throttled.on(".*").odds(0.15));
    cloud.weather(Fault::Unavailable.on(".*").odds(0.05));
    cloud.weather(Fault::Html { status: 502 }.on(".*").odds(0.05));
    cloud.weather(Fault::Reset.on("Describe.*|Get.*|List.*|Head.*").odds(0.05));
    cloud.weather(Fault::Slow { seconds: 0.2 }.on(".*").odds(0.05));
}

#[test]
fn the_fixtures_in_bad_weather() {
    lives(&templates::fixture("gen_c_terraform.yaml"), 11);
}

#[test]
fn the_real_templates_in_bad_weather() {
    for (file, seed) in templates::real().iter().zip(21..) {
        lives(file, seed);
    }
}

/// Made, changed and destroyed; after each nothing is left to do, and AWS did each thing once.
fn lives(file: &Path, seed: u64) {
    let template = std::fs::read_to_string(file).expect("the template is text");
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("quilt.yaml", &template);
    let mut wanted = templates::wanted(&cloud, &template);
    cloud.forget();
    bad_day(&cloud, seed);
    project.main(&templates::main("template_file = \"quilt.yaml\"", &wanted));
    project.apply().ok();
    project.plan_is_empty();
    let made = cloud.stack("quilt").expect("it was made");
    wanted.plain.insert("AdminEmail".into(), "other@example.com".into());
    project.main(&templates::main("template_file = \"quilt.yaml\"", &wanted));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    let changed = cloud.stack("quilt").expect("it is there");
    assert_eq!(
        (&changed.id, changed.parameters["AdminEmail"].as_str()),
        (&made.id, "other@example.com")
    );
    let operations = ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"].map(|status| {
        cloud
            .events(&made.id)
            .iter()
            .filter(|event| event.resource == "quilt" && event.status == status)
            .count()
    });
    assert_eq!(operations, [1, 1], "{:#?}", writes(&cloud));
    project.destroy().ok();
    assert!(cloud.stack("quilt").is_none());
    let struck = cloud.calls().iter().filter(|call| call.weather.is_some()).count();
    assert!(struck >= 5, "{struck} calls met the weather");
    cloud.nothing_masked_was_sent();
}

#[test]
fn credentials_that_may_only_read_still_get_a_plan() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    cloud.weather(crate::cloud::Weather::read_only());
    project.plan_is_empty();
    project.main(&free("  parameters = { Size = 4096 }"));
    project.apply().failed().says("not authorized to perform: cloudformation:");
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "1024");
    cloud.clear_up();
    project.apply().ok();
    project.plan_is_empty();
}

//! Every message, played and held whole in `tests/messages.txt`. `UPDATE_EXPECT=1 cargo test --lib messages` writes the file.

use std::fmt::Write;

use expect_test::expect_file;
use serde_json::Value as Json;

use crate::kinds::resource::Source;
use crate::provider::Provider;
use crate::provider::config::tests::{object, tree};
use crate::provider::environment::Environment;
use crate::provider::served::Served;
use crate::tf::{Diagnostic, Diagnostics, Object};
use scene::{Scene, filled};

mod behind;
mod block;
mod catalog_objects;
mod catalogs;
mod connect;
mod later;
mod life;
mod lookups;
mod networks;
mod objects;
mod others;
mod runs;
mod scene;
mod room;
mod stack;

/// How a part of the file begins.
fn part(book: &mut String, of: &str) {
    writeln!(book, "\n{0}\n{of}\n{0}", "=".repeat(120)).unwrap();
}

/// A situation, and all that is said in it.
fn page(book: &mut String, title: &str, said: Vec<(&'static str, Diagnostics)>) {
    writeln!(book, "\n--- {title} ---").unwrap();
    for (at, d) in &said {
        d.errors.iter().for_each(|e| line(book, at, "Error", e));
        d.warnings.iter().for_each(|w| line(book, at, "Warning", w));
    }
    if said.iter().all(|(_, d)| d.errors.is_empty() && d.warnings.is_empty()) {
        writeln!(book, "\nNothing is said.").unwrap();
    }
}

fn line(book: &mut String, at: &str, kind: &str, told: &Diagnostic) {
    let place = match told.attribute.steps.is_empty() {
        true => "the block".to_string(),
        false => told.attribute.to_string(),
    };
    writeln!(book, "\n{kind} at {at}, at {place}:\n  {}", told.summary).unwrap();
    for paragraph in told.detail.lines() {
        writeln!(book, "{}", format!("    {paragraph}").trim_end()).unwrap();
    }
}

/// A provider block with mistakes.
fn provider_block(book: &mut String, title: &str, block: Json, variables: &[(&str, &str)]) {
    let mut d = Diagnostics::default();
    let env = Environment {
        variables: variables.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
        machine: Some("this machine".into()),
        directory: "/nowhere".into(),
    };
    let block = filled(&Provider::default().schema().attributes, object(block));
    Provider::default().configure_in(&env, "1.11.4", &block, &mut d);
    page(book, title, vec![("plan", d)]);
}

/// A call of a function with a wrong argument.
fn function(book: &mut String, name: &str, arguments: Json) {
    let function =
        Served::default().functions.into_iter().find(|f| f.name() == name).expect("it is");
    let given: Vec<_> = arguments.as_array().unwrap().iter().cloned().map(tree).collect();
    let wrong = function.call(&given).expect_err("a wrong argument");
    let at = wrong.argument.map_or("the call".into(), |i| format!("argument {}", i + 1));
    writeln!(book, "\n{name}{arguments}\n  At {at}: {}", wrong.text).unwrap();
}

/// A `moved` block from a type of hashicorp/aws.
fn moved(book: &mut String, title: &str, to: &str, from: &str) {
    let resource = Served::default().resources.into_iter().find(|r| r.name() == to).expect("it is");
    let source =
        Source { provider: "registry.terraform.io/hashicorp/aws".into(), type_name: from.into() };
    let mut d = Diagnostics::default();
    resource.move_from(&source, &Object::new(), &mut d);
    page(book, title, vec![("plan", d)]);
}

/// A look at something that is not as it should be.
async fn data_source(
    book: &mut String,
    name: &str,
    title: &str,
    fake: crate::aws::fake::Fake,
    config: Json,
) {
    let source =
        Served::default().data_sources.into_iter().find(|s| s.name() == name).expect("it is");
    let (mut d, config) =
        (Diagnostics::default(), filled(&source.schema().attributes, object(config)));
    source.validate(&config, &mut d);
    if d.errors.is_empty() {
        source.read(&fake.cx(), config, &mut d).await;
    }
    page(book, title, vec![("plan", d)]);
}

async fn resource(book: &mut String, of: &'static str, scenes: Vec<Scene>) {
    part(book, of);
    for scene in scenes {
        let title = scene.title;
        assert_eq!(scene.of, of, "{title}");
        page(book, title, scene.play().await);
    }
}

#[tokio::test(start_paused = true)]
async fn every_message_is_held_whole() {
    let mut book = String::from(
        "Every message of the provider, each with the situation that brings it. Written by `UPDATE_EXPECT=1 cargo test --lib messages`.\n",
    );
    block::write(&mut book);
    resource(
        &mut book,
        "quilt_stack",
        [stack::scenes(), room::scenes(), life::scenes(), behind::scenes(), later::scenes()]
            .into_iter()
            .flatten()
            .collect(),
    )
    .await;
    resource(&mut book, "quilt_network", networks::scenes()).await;
    resource(&mut book, "quilt_database", objects::databases()).await;
    resource(&mut book, "quilt_search", objects::searches()).await;
    resource(&mut book, "quilt_snapshot", others::snapshots()).await;
    resource(&mut book, "quilt_sso", others::sign_ins()).await;
    resource(&mut book, "quilt_bucket", catalog_objects::buckets()).await;
    resource(&mut book, "quilt_user", catalog_objects::users()).await;
    resource(&mut book, "quilt_tabulator_table", catalog_objects::tables()).await;
    resource(&mut book, "quilt_role", catalogs::roles()).await;
    resource(&mut book, "quilt_policy", catalogs::policies()).await;
    resource(&mut book, "quilt_default_role", catalogs::default_roles()).await;
    resource(&mut book, "quilt_sso_mapping", catalogs::mappings()).await;
    others::data_sources(&mut book).await;
    others::moves(&mut book);
    lookups::networks(&mut book).await;
    lookups::others(&mut book).await;
    runs::ephemerals(&mut book).await;
    runs::actions(&mut book).await;
    runs::lists(&mut book);
    others::functions(&mut book);
    expect_file![concat!(env!("CARGO_MANIFEST_DIR"), "/tests/messages.txt")].assert_eq(&book);
}

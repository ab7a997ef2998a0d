//! Owners: by backend, by environment, by machine and by workspace.

use std::fs;

use tempfile::TempDir;

use super::*;

struct Place(TempDir, Environment);

fn place(backend: &str) -> Place {
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join(".terraform")).unwrap();
    if !backend.is_empty() {
        fs::write(
            dir.path().join(".terraform/terraform.tfstate"),
            format!(r#"{{"version":3,"backend":{backend}}}"#),
        )
        .unwrap();
    }
    let env = Environment {
        directory: dir.path().into(),
        machine: Some("m".into()),
        ..Environment::default()
    };
    Place(dir, env)
}

fn owner(backend: &str) -> String {
    derive(&place(backend).1).unwrap().name
}

#[test]
fn a_remote_state_has_one_owner_on_every_machine() {
    let one = owner(
        r#"{"type":"s3","config":{"bucket":"b","key":"k","profile":"me","access_key":"A","secret_key":null}}"#,
    );
    let other = owner(
        r#"{"type":"s3","config":{"key":"k","endpoints":{"s3":null},"bucket":"b","token":"T","region":"eu-west-1"}}"#,
    );
    assert_eq!(one, other);
    assert!(one.len() == LENGTH && one.bytes().all(|b| b.is_ascii_hexdigit()), "{one}");
    assert_ne!(one, owner(r#"{"type":"s3","config":{"bucket":"b","key":"other"}}"#));
    assert_ne!(one, owner(r#"{"type":"gcs","config":{"bucket":"b","key":"k"}}"#));
}

#[test]
fn secrets_in_addresses_and_unlisted_backends_make_no_difference() {
    let pg = |user: &str| {
        owner(&format!(
            r#"{{"type":"pg","config":{{"conn_str":"postgres://{user}db/x","schema_name":"s"}}}}"#
        ))
    };
    assert_eq!(pg("me:secret@"), pg(""));
    let new = |token: &str| {
        owner(&format!(r#"{{"type":"new","config":{{"place":"p","api_token":"{token}"}}}}"#))
    };
    assert_eq!(new("a"), new("b"));
    let cloud = |tags: &str| {
        owner(&format!(
            r#"{{"type":"cloud","config":{{"organization":"o","workspaces":{{"name":"w","tags":{tags}}}}}}}"#
        ))
    };
    assert_eq!(cloud("null"), cloud("[]"));
}

#[test]
fn a_local_state_belongs_to_its_directory() {
    let (one, other) = (place(""), place(r#"{"type":"local","config":{"path":"x"}}"#));
    assert_ne!(derive(&one.1), derive(&other.1));
    assert_eq!(derive(&one.1), derive(&one.1));
    let mut roundabout = one.1.clone();
    roundabout.directory = one.0.path().join(".terraform/..");
    assert_eq!(derive(&one.1), derive(&roundabout));
    let moved = place("");
    fs::rename(one.0.path().join(".terraform"), moved.0.path().join("renamed")).unwrap();
    assert_ne!(derive(&one.1), derive(&moved.1));
}

#[test]
fn workspaces_are_owners_of_their_own() {
    let mut place = place(r#"{"type":"s3","config":{"bucket":"b","key":"k"}}"#);
    let default = derive(&place.1).unwrap();
    fs::write(place.0.path().join(".terraform/environment"), "blue\n").unwrap();
    let blue = derive(&place.1).unwrap();
    assert_ne!(default, blue);
    place.1.variables.insert("TF_WORKSPACE".into(), "default".into());
    assert_eq!(derive(&place.1).unwrap(), default);
    place.1.variables.insert("TF_WORKSPACE".into(), "blue".into());
    assert_eq!(derive(&place.1).unwrap(), blue);
}

#[test]
fn the_data_directory_may_be_elsewhere() {
    let mut place = place("");
    let elsewhere = self::place(r#"{"type":"s3","config":{"bucket":"b","key":"k"}}"#);
    place.1.variables.insert(
        "TF_DATA_DIR".into(),
        elsewhere.0.path().join(".terraform").to_str().unwrap().into(),
    );
    assert_eq!(derive(&place.1), derive(&elsewhere.1));
}

#[test]
fn damaged_settings_are_an_error() {
    let place = place("");
    fs::write(place.0.path().join(".terraform/terraform.tfstate"), "{").unwrap();
    assert!(derive(&place.1).unwrap_err().contains("terraform.tfstate cannot be read"));
}

#[test]
fn a_local_state_belongs_to_its_machine() {
    let mut place = place("");
    let here = derive(&place.1).unwrap();
    place.1.machine = Some("another".into());
    let there = derive(&place.1).unwrap();
    assert_ne!(here.name, there.name);
    assert!(!here.anywhere && !there.anywhere);
    place.1.machine = None;
    assert!(derive(&place.1).unwrap().anywhere, "nothing tells the machine");
}

#[test]
fn what_the_environment_says_of_the_place_counts_where_the_block_is_silent() {
    let with = |backend: &str, variables: &[(&str, &str)]| {
        let mut place = place(backend);
        place.1.machine = None;
        place.1.variables = variables.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        let owner = derive(&place.1).unwrap();
        assert!(!owner.anywhere, "a remote state is one everywhere");
        owner.name
    };
    for (kind, variable) in [
        ("http", "TF_HTTP_ADDRESS"),
        ("pg", "PG_CONN_STR"),
        ("pg", "PG_SCHEMA_NAME"),
        ("pg", "PGHOST"),
        ("kubernetes", "KUBE_NAMESPACE"),
        ("kubernetes", "KUBE_HOST"),
        ("cloud", "TF_CLOUD_ORGANIZATION"),
        ("cloud", "TF_CLOUD_HOSTNAME"),
        ("cloud", "TF_CLOUD_PROJECT"),
        ("cloud", "TF_WORKSPACE"),
        ("consul", "CONSUL_HTTP_ADDR"),
        ("s3", "AWS_ENDPOINT_URL_S3"),
    ] {
        let empty = format!(r#"{{"type":"{kind}","config":{{"x":null}}}}"#);
        let (one, other) = (
            with(&empty, &[(variable, "https://one")]),
            with(&empty, &[(variable, "https://other")]),
        );
        assert_ne!(one, other, "{kind} {variable}");
    }
    let address = r#"{"type":"http","config":{"address":"https://a"}}"#;
    assert_eq!(
        with(address, &[]),
        with(address, &[("TF_HTTP_ADDRESS", "https://b")]),
        "the block goes first"
    );
    let silent = r#"{"type":"http","config":{"address":null}}"#;
    assert_eq!(with(address, &[]), with(silent, &[("TF_HTTP_ADDRESS", "https://me:secret@a")]));
    let words = |password: &str| {
        with(
            r#"{"type":"pg","config":{}}"#,
            &[("PG_CONN_STR", &format!("host=db password={password}"))],
        )
    };
    assert_eq!(words("one"), words("other"));
}

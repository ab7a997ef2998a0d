//! Whose objects these are, unless the block says so: the place of the state and the workspace, the same on every machine.

use std::path::Path;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::environment::Environment;

/// Hexadecimal digits of a derived owner.
const LENGTH: usize = 20;

/// What of a backend's settings says where the state is. Credentials and ways to get there differ between machines.
const PLACES: &[(&str, &[&str])] = &[
    ("azurerm", &["container_name", "environment", "key", "storage_account_name"]),
    ("cloud", &["hostname", "organization", "workspaces"]),
    ("consul", &["address", "datacenter", "path"]),
    ("cos", &["bucket", "key", "prefix", "region"]),
    ("gcs", &["bucket", "prefix"]),
    ("http", &["address"]),
    ("kubernetes", &["namespace", "secret_suffix"]),
    ("oci", &["bucket", "key", "namespace", "region", "workspace_key_prefix"]),
    ("oss", &["bucket", "key", "prefix", "region"]),
    ("pg", &["conn_str", "schema_name", "table_name"]),
    ("remote", &["hostname", "organization", "workspaces"]),
    ("s3", &["bucket", "endpoint", "endpoints", "key", "workspace_key_prefix"]),
];

/// Parts of names that speak of secrets and persons, for backends that are not listed.
const PRIVATE: &[&str] = &["access_key", "client", "credential", "password", "profile", "secret", "token", "user"];

/// The owner by the backend's settings, or else the working directory, and the workspace's name.
///
/// # Errors
/// Why the backend's settings cannot be read.
pub fn derive(env: &Environment) -> Result<String, String> {
    let data = env.directory.join(env.first(&["TF_DATA_DIR"]).unwrap_or_else(|| ".terraform".into()));
    let place = match backend(&data.join("terraform.tfstate"))? {
        Some(place) => place,
        None => Value::from(env.directory.canonicalize().unwrap_or_else(|_| env.directory.clone()).to_string_lossy()),
    };
    let digest = Sha256::digest(Value::from(vec![place, workspace(env, &data).into()]).to_string());
    Ok(digest.iter().map(|b| format!("{b:02x}")).collect::<String>()[..LENGTH].to_string())
}

fn workspace(env: &Environment, data: &Path) -> String {
    let chosen = || std::fs::read_to_string(data.join("environment")).ok().map(|s| s.trim().to_string());
    env.first(&["TF_WORKSPACE"]).or_else(chosen).filter(|name| !name.is_empty()).unwrap_or_else(|| "default".into())
}

/// Where a remote backend keeps the state; `None` without one.
fn backend(file: &Path) -> Result<Option<Value>, String> {
    let wrong = |e: String| format!("{} cannot be read: {e}", file.display());
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(wrong(e.to_string())),
    };
    let mut state: Value = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
    let kind = state["backend"]["type"].as_str().unwrap_or("local").to_string();
    match state["backend"]["config"].take() {
        _ if kind == "local" => Ok(None),
        Value::Object(config) => Ok(Some(Value::from(vec![kind.clone().into(), Value::Object(place(&kind, config))]))),
        _ => Ok(Some(kind.into())),
    }
}

/// The settings that say where; keys in order, nothing that is null.
fn place(kind: &str, config: Map<String, Value>) -> Map<String, Value> {
    let listed = PLACES.iter().find(|(name, _)| *name == kind).map(|(_, keys)| *keys);
    let says_where = |key: &str| match listed {
        Some(keys) => keys.contains(&key),
        None => !PRIVATE.iter().any(|p| key.contains(p)),
    };
    let kept = config.into_iter().filter(|(k, v)| says_where(k) && !is_empty(v)).map(|(k, v)| (k, without_user(v)));
    let sorted: std::collections::BTreeMap<_, _> = kept.collect();
    sorted.into_iter().collect()
}

/// Terraform writes nulls for what is not set, and how many depends on its version.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(s) => s.is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(entries) => entries.values().all(is_empty),
        _ => false,
    }
}

/// An address without the user and password in it, at any depth.
fn without_user(value: Value) -> Value {
    match value {
        Value::String(s) => match s.split_once("://") {
            Some((scheme, rest)) => {
                let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                Value::from(format!("{scheme}://{}{path}", host.rsplit('@').next().unwrap_or_default()))
            }
            None => Value::from(s),
        },
        Value::Array(items) => items.into_iter().map(without_user).collect(),
        Value::Object(entries) => {
            let sorted: std::collections::BTreeMap<_, _> = entries.into_iter().filter(|(_, v)| !is_empty(v)).collect();
            Value::Object(sorted.into_iter().map(|(k, v)| (k, without_user(v))).collect())
        }
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    struct Place(TempDir, Environment);

    fn place(backend: &str) -> Place {
        let dir = TempDir::new().unwrap();
        fs::create_dir(dir.path().join(".terraform")).unwrap();
        if !backend.is_empty() {
            fs::write(dir.path().join(".terraform/terraform.tfstate"), format!(r#"{{"version":3,"backend":{backend}}}"#)).unwrap();
        }
        let env = Environment { directory: dir.path().into(), ..Environment::default() };
        Place(dir, env)
    }

    fn owner(backend: &str) -> String {
        derive(&place(backend).1).unwrap()
    }

    #[test]
    fn a_remote_state_has_one_owner_on_every_machine() {
        let one = owner(r#"{"type":"s3","config":{"bucket":"b","key":"k","profile":"me","access_key":"A","secret_key":null}}"#);
        let other = owner(r#"{"type":"s3","config":{"key":"k","endpoints":{"s3":null},"bucket":"b","token":"T","region":"eu-west-1"}}"#);
        assert_eq!(one, other);
        assert!(one.len() == LENGTH && one.bytes().all(|b| b.is_ascii_hexdigit()), "{one}");
        assert_ne!(one, owner(r#"{"type":"s3","config":{"bucket":"b","key":"other"}}"#));
        assert_ne!(one, owner(r#"{"type":"gcs","config":{"bucket":"b","key":"k"}}"#));
    }

    #[test]
    fn secrets_in_addresses_and_unlisted_backends_make_no_difference() {
        let pg = |user: &str| owner(&format!(r#"{{"type":"pg","config":{{"conn_str":"postgres://{user}db/x","schema_name":"s"}}}}"#));
        assert_eq!(pg("me:secret@"), pg(""));
        let new = |token: &str| owner(&format!(r#"{{"type":"new","config":{{"place":"p","api_token":"{token}"}}}}"#));
        assert_eq!(new("a"), new("b"));
        let cloud =
            |tags: &str| owner(&format!(r#"{{"type":"cloud","config":{{"organization":"o","workspaces":{{"name":"w","tags":{tags}}}}}}}"#));
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
        place.1.variables.insert("TF_DATA_DIR".into(), elsewhere.0.path().join(".terraform").to_str().unwrap().into());
        assert_eq!(derive(&place.1), derive(&elsewhere.1));
    }

    #[test]
    fn damaged_settings_are_an_error() {
        let place = place("");
        fs::write(place.0.path().join(".terraform/terraform.tfstate"), "{").unwrap();
        assert!(derive(&place.1).unwrap_err().contains("terraform.tfstate cannot be read"));
    }
}

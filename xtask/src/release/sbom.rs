//! The bill of materials of a binary in CycloneDX: every package that cargo takes for its platform, what is in the binary and what only helps to build it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::Context;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::sums::sha256;
use super::{BINARY, Binary, Release};
use crate::{programs, root};

/// The packages of a build.
struct Packages {
    /// By cargo's ids.
    told: BTreeMap<String, Value>,
    /// What each rests on, with the words that say whether it is built in.
    rests: BTreeMap<String, Vec<(String, bool)>>,
    first: String,
}

/// The bill as JSON. The same sources give the same one.
pub fn write(binary: &Binary, bytes: &[u8], release: &Release) -> anyhow::Result<String> {
    let packages = packages(binary.target)?;
    let (inside, all) = packages.reached();
    let sums = sums()?;
    let name = |id: &String| reference(&packages.told[id]);
    let others = all.iter().filter(|id| **id != packages.first);
    let components: Vec<_> =
        others.map(|id| component(&packages.told[id], inside.contains(id), &sums)).collect();
    let rests: Vec<_> = all
        .iter()
        .map(|id| {
            let on: BTreeSet<_> = packages.rests[id].iter().map(|(on, _)| name(on)).collect();
            json!({"ref": name(id), "dependsOn": on})
        })
        .collect();
    let mut bill = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": OffsetDateTime::from_unix_timestamp(release.time)?.format(&Rfc3339)?,
            "component": {
                "type": "application",
                "bom-ref": name(&packages.first),
                "name": BINARY,
                "version": release.version,
                "licenses": [{"expression": "MPL-2.0"}],
                "hashes": [{"alg": "SHA-256", "content": sha256(bytes)}],
                "properties": [{"name": "platform", "value": binary.platform.to_string()}],
            },
        },
        "components": components,
        "dependencies": rests,
    });
    bill["serialNumber"] = serial(&bill).into();
    Ok(format!("{bill:#}\n"))
}

fn packages(target: &str) -> anyhow::Result<Packages> {
    let words = ["metadata", "--format-version", "1", "--locked", "--filter-platform", target];
    let told = programs::cargo_with(words).current_dir(root()).output()?;
    let told: Value = serde_json::from_slice(&told.stdout).with_context(|| {
        format!(
            "cargo does not tell the packages: {}",
            String::from_utf8_lossy(&told.stderr).trim()
        )
    })?;
    let rows = |rows: &Value| rows.as_array().cloned().unwrap_or_default();
    let id = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let named: BTreeMap<_, _> =
        rows(&told["packages"]).into_iter().map(|package| (id(&package["id"]), package)).collect();
    let rests = rows(&told["resolve"]["nodes"]).into_iter().map(|node| {
        let on = rows(&node["deps"]).into_iter().filter_map(|on| {
            let kinds = rows(&on["dep_kinds"]);
            let is = |kind: &Value| kinds.iter().any(|one| one["kind"] == *kind);
            let (normal, build) = (is(&Value::Null), is(&"build".into()));
            (normal || build).then(|| (id(&on["pkg"]), normal))
        });
        (id(&node["id"]), on.collect())
    });
    let first = named.iter().find(|(_, package)| package["name"] == BINARY);
    let first = first.context("cargo does not tell of the provider")?.0.clone();
    Ok(Packages { rests: rests.collect(), told: named, first })
}

impl Packages {
    /// What is in the binary, and all that is needed to build it.
    fn reached(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut inside, mut all) = (BTreeSet::new(), BTreeSet::new());
        let mut waiting = vec![(self.first.clone(), true)];
        while let Some((id, within)) = waiting.pop() {
            let within = within && !self.is_macro(&id);
            let new = all.insert(id.clone());
            if (within && inside.insert(id.clone())) || new {
                let on = self.rests.get(&id).into_iter().flatten();
                waiting.extend(on.map(|(on, normal)| (on.clone(), within && *normal)));
            }
        }
        (inside, all)
    }

    /// A procedural macro runs in the compiler alone.
    fn is_macro(&self, id: &str) -> bool {
        let targets = self.told[id]["targets"].as_array();
        targets.into_iter().flatten().any(|target| target["kind"][0] == "proc-macro")
    }
}

fn component(package: &Value, inside: bool, sums: &BTreeMap<String, String>) -> Value {
    let reference = reference(package);
    let mut told = json!({
        "type": "library",
        "bom-ref": reference,
        "name": package["name"],
        "version": package["version"],
        "scope": if inside { "required" } else { "excluded" },
        "purl": reference,
    });
    if let Some(license) = package["license"].as_str() {
        told["licenses"] = json!([{"expression": license.replace('/', " OR ")}]);
    }
    if let Some(sum) = sums.get(&reference) {
        told["hashes"] = json!([{"alg": "SHA-256", "content": sum}]);
    }
    told
}

/// A package's name for everybody.
fn reference(package: &Value) -> String {
    let text = |key: &str| package[key].as_str().unwrap_or_default();
    // In such a name a plus sign is written out.
    format!("pkg:cargo/{}@{}", text("name"), text("version").replace('+', "%2B"))
}

/// The sums of the packages' archives, from `Cargo.lock`.
fn sums() -> anyhow::Result<BTreeMap<String, String>> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let packages = lock.split("[[package]]").skip(1).filter_map(|package| {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key))?;
            Some(line.trim_start_matches(" = ").trim_matches('"').to_owned())
        };
        let named = json!({"name": value("name")?, "version": value("version")?});
        Some((reference(&named), value("checksum")?))
    });
    Ok(packages.collect())
}

/// A number that this bill has and no other: its own digest, in the shape of a UUID of version 8.
fn serial(bill: &Value) -> String {
    let sum = sha256(bill.to_string().as_bytes());
    format!(
        "urn:uuid:{}-{}-8{}-8{}-{}",
        &sum[..8],
        &sum[8..12],
        &sum[13..16],
        &sum[17..20],
        &sum[20..32]
    )
}

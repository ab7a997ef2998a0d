//! Every identity provider on every family of templates: on, nothing to do, imported, off.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use super::{LEGACY, MULTI, PROVIDERS, SECRET, SINGLE, live, quilt, sent, sso};
use crate::acceptance::templates::fixture;
use crate::acceptance::writes;

/// What the names of sign-in parameters have in them, in every family.
const OWN: [&str; 6] =
    ["Auth", "ClientId", "ClientSecret", "BaseUrl", "SingleSignOn", "IdentityProvider"];

/// On, nothing to do, imported, off, for one identity provider.
fn lives(
    template: &Path,
    family: &str,
    (word, label, arguments, issuer): (&str, &str, &str, &str),
) {
    let (cloud, project) = quilt(template, &[]);
    let (before, address) =
        (cloud.stack("quilt").expect("it is there"), format!("quilt_sso.{word}"));
    let secret = if family == "legacy" { "" } else { SECRET };
    project.main(&sso(word, &format!("{arguments}{secret}")));
    project.apply().ok().says("1 added");
    project.plan_is_empty();
    let of = |name| project.attribute(&address, name);
    assert_eq!((of("id"), of("family")), (json!(format!("quilt/{word}")), json!(family)));
    assert_eq!(of("issuer_url"), if issuer.is_empty() { json!(null) } else { json!(issuer) });
    assert_eq!(
        of("redirect_uri"),
        json!(format!("https://{}/oauth-callback", live(&cloud)["QuiltWebHost"]))
    );
    let now = cloud.stack("quilt").expect("it is there");
    let sorted = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(
        (&now.tags, sorted(&now.capabilities)),
        (&before.tags, sorted(&before.capabilities))
    );
    let values = now.parameters;
    let expected = match family {
        "multi" => {
            (values[&format!("{label}Auth")].as_str(), values[&format!("{label}ClientId")].as_str())
        }
        "single" => (
            if values["SingleSignOnProvider"] == label { "Enabled" } else { "" },
            values["SingleSignOnClientId"].as_str(),
        ),
        _ if word == "google" => (
            if values["IdentityProvider"] == label { "Enabled" } else { "" },
            values["GoogleClientId"].as_str(),
        ),
        _ => (values["AuthType"].as_str(), values["AuthClientId"].as_str()),
    };
    assert_eq!(expected, ("Enabled", "id"));
    assert!(issuer.is_empty() || values.values().any(|value| value == issuer), "{values:?}");
    let updates = sent(&cloud);
    assert_eq!(updates.len(), 2, "what the plan shows, and the update");
    let own = |name: &String| OWN.iter().any(|part| name.contains(part)) && name != "PasswordAuth";
    assert!(
        updates.iter().all(|update| update.keys().all(own)),
        "only its own parameters are sent: {updates:?}"
    );

    let other = project.again(&cloud);
    cloud.forget();
    other.main(&sso(word, arguments));
    other.import(&address, &format!("quilt/{word}")).ok();
    other.apply().ok();
    other.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);

    project.destroy().ok().says("1 destroyed");
    let after = cloud.stack("quilt").expect("it stays");
    assert_eq!((after.status.as_str(), after.parameters), ("UPDATE_COMPLETE", before.parameters));
    sent(&cloud);
}

fn each(template: &Path, family: &str) {
    std::thread::scope(|scope| {
        PROVIDERS
            .iter()
            .for_each(|provider| drop(scope.spawn(|| lives(template, family, *provider))))
    });
}

#[test]
fn every_provider_of_a_legacy_template() {
    each(&fixture(LEGACY), "legacy");
}

#[test]
fn every_provider_of_a_template_with_one_sign_in() {
    each(&fixture(SINGLE), "single");
}

#[test]
fn every_provider_of_a_template_with_many() {
    each(&fixture(MULTI), "multi");
}

#[test]
fn the_real_templates_sign_in() {
    let Some(folder) = std::env::var_os("QUILT_REAL_TEMPLATES") else { return };
    let folder = std::path::PathBuf::from(folder);
    each(&folder.join("quilt-1.62-cloudformation.yaml"), "single");
    each(&folder.join("quilt-1.64-terraform.yaml"), "multi");
}

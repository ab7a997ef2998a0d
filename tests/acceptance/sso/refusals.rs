//! What a sign-in cannot be, told at plan.

use super::{LEGACY, MULTI, PROVIDERS, SECRET, SINGLE, TENANT, google, live, okta, quilt, sso};
use crate::acceptance::templates::fixture;
use crate::acceptance::writes;

#[test]
fn what_cannot_be_is_refused_at_plan() {
    let (cloud, project) = quilt(&fixture(LEGACY), &[]);
    project.main(&okta(""));
    project
        .plan()
        .failed()
        .says("takes no client secret for Okta")
        .says("identity_provider = \"okta\"");
    let table = [
        ("okta", "base_url = \"http://example.okta.com\"", "encrypted connection"),
        ("okta", "base_url = \"https://example-admin.okta.com\"", "administrators' console"),
        ("onelogin", "base_url = \"https://example.onelogin.com\"", "/oidc/2"),
        ("google", "base_url = \"https://accounts.google.com\"", "Google needs no URL"),
        ("azure", "base_url = \"https://login.microsoftonline.com/common\"", "every organisation"),
        ("okta", "tenant_id = \"example.com\"", "Only Azure has tenants"),
    ];
    for (word, argument, why) in table {
        project.main(&sso(word, &format!("  {argument}\n")));
        project.plan().failed().says(why);
    }
    project.main(&sso("azure", &format!("  tenant_id = \"{TENANT}\"\n  base_url = \"https://login.microsoftonline.us/{TENANT}\"\n")));
    project.plan().failed().says("Tenant given twice");
    project.main(&okta("  client_secret = \"other\"\n"));
    project.plan().failed().says("Secret given twice");
    project.main(&okta("").replace("\"quilt\"", "\"nothing\""));
    project.apply().failed().says("There is no stack nothing");
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn a_second_provider_needs_a_template_that_takes_it() {
    let (cloud, project) = quilt(&fixture(SINGLE), &[]);
    project.main(&okta(""));
    project.apply().ok();
    project.main(&format!("{}{}", okta(""), google("")));
    project
        .plan()
        .failed()
        .says("takes one identity provider, and Okta is on already")
        .says("identity_provider = \"google\"");
    project.main(&google("").replace("\"quilt_sso\" \"google\"", "\"quilt_sso\" \"okta\""));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(
        (
            live(&cloud)["SingleSignOnProvider"].as_str(),
            live(&cloud)["SingleSignOnBaseUrl"].as_str()
        ),
        ("Google", "")
    );
}

/// What a family cannot do is refused for every identity provider, at its argument, with nothing sent.
#[test]
fn every_family_refuses_what_it_cannot_do() {
    std::thread::scope(|scope| {
        for (template, family) in [(LEGACY, "legacy"), (SINGLE, "single"), (MULTI, "multi")] {
            scope.spawn(move || refuses(template, family));
        }
    });
}

fn refuses(template: &str, family: &str) {
    let (cloud, project) = quilt(&fixture(template), &[]);
    let refused = |word: &str, arguments: &str, why: &str| {
        project.main(&sso(word, arguments));
        project.plan().failed().says(why).says("on main.tf line");
    };
    for (word, label, arguments, _) in PROVIDERS {
        match family {
            "legacy" => {
                refused(
                    word,
                    &format!("{arguments}{SECRET}"),
                    &format!("takes no client secret for {label}"),
                );
                refused(
                    word,
                    &format!("{arguments}  password_auth = false\n"),
                    "people can always sign in with a password",
                );
            }
            _ => refused(word, arguments, &format!("{label} needs a client secret")),
        }
    }
    if family != "multi" {
        let other = PROVIDERS[2];
        let secret = if family == "legacy" { "" } else { SECRET };
        project.main(&sso(other.0, &format!("{}{secret}", other.2)));
        project.apply().ok();
        cloud.forget();
        for (word, label, arguments, _) in
            PROVIDERS.into_iter().filter(|(word, ..)| *word != other.0)
        {
            let both = format!(
                "{}{}",
                sso(other.0, &format!("{}{secret}", other.2)),
                sso(word, &format!("{arguments}{secret}"))
            );
            project.main(&both);
            project
                .plan()
                .failed()
                .says(&format!("identity_provider = \"{word}\""))
                .says(&format!("{label} cannot be turned on"));
        }
    }
    assert_eq!(writes(&cloud), [""; 0]);
}

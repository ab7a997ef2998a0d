//! Issuers and parameters as tables: what is typed and what becomes of it, what is asked of each family and what is sent.

use super::IdentityProvider::{Azure, Google, Okta, OneLogin};
use super::issuer::{alike, normalised, of_tenant, whose};
use super::*;

const TENANT: &str = "01234567-89ab-cdef-0123-456789abcdef";

#[test]
fn issuers_are_brought_to_one_form() {
    let azure = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
    let bare = format!("login.microsoftonline.com/{TENANT}");
    for typed in [
        "https://{}",
        "{}",
        " https://{}/ ",
        "https://{}/v2.0",
        "{}/V2.0/",
        "HTTPS://{}/v2.0/.well-known/openid-configuration",
    ] {
        assert_eq!(normalised(Azure, &typed.replace("{}", &bare)), Ok(azure.clone()), "{typed}");
    }
    let table = [
        (
            Azure,
            "https://login.microsoftonline.us/example.com",
            "https://login.microsoftonline.us/example.com/v2.0",
        ),
        (
            Azure,
            "login.partner.microsoftonline.cn/example.cn/v2.0/",
            "https://login.partner.microsoftonline.cn/example.cn/v2.0",
        ),
        (Okta, "Example.okta.com/oauth2/default/", "https://example.okta.com/oauth2/default"),
        (Okta, "https://example.okta.com", "https://example.okta.com"),
        (
            Okta,
            "https://login.example.com/oauth2/aus1x/.well-known/oauth-authorization-server",
            "https://login.example.com/oauth2/aus1x",
        ),
        (OneLogin, "https://example.onelogin.com/oidc/2/", "https://example.onelogin.com/oidc/2"),
        (
            OneLogin,
            "example.onelogin.com/oidc/2/.well-known/openid-configuration",
            "https://example.onelogin.com/oidc/2",
        ),
    ];
    for (provider, typed, sent) in table {
        assert_eq!(normalised(provider, typed).as_deref(), Ok(sent), "{typed}");
        assert_eq!(normalised(provider, sent).as_deref(), Ok(sent), "what is sent stays as it is");
    }
    assert_eq!(of_tenant(TENANT), Ok(azure));
}

#[test]
fn issuers_that_cannot_work_are_refused_with_what_to_write() {
    let table = [
        (Okta, "http://example.okta.com", "write `https://example.okta.com`"),
        (Okta, "ftp://example.okta.com", "no URL that begins with"),
        (Okta, "https://", "has no host"),
        (Okta, "https://example.okta.com/?a=b", "a host and a path"),
        (
            Okta,
            "https://example-admin.okta.com/oauth2/default",
            "Write `https://example.okta.com/oauth2/default`",
        ),
        (
            Okta,
            "https://example-admin.oktapreview.com",
            "Write `https://example.oktapreview.com/oauth2/default`",
        ),
        (
            Okta,
            "https://example.okta.com/oauth2/default/v1/authorize",
            "write `https://example.okta.com/oauth2/default`",
        ),
        (
            Okta,
            "https://example.okta.com/oauth2",
            "write `https://example.okta.com/oauth2/default`",
        ),
        (OneLogin, "https://example.onelogin.com", "write `https://example.onelogin.com/oidc/2`"),
        (OneLogin, "https://example.onelogin.com/oidc", "ends in `/oidc/2`"),
        (Azure, "https://login.microsoftonline.com/common", "every organisation"),
        (Azure, "https://login.microsoftonline.com/Organizations/v2.0", "every organisation"),
        (Azure, "https://login.microsoftonline.com", "No tenant is given"),
        (Azure, "https://login.microsoftonline.com/v2.0", "not a tenant"),
        (Azure, "https://login.microsoftonline.com/mine/v2.0", "`mine` is not a tenant"),
        (
            Azure,
            "https://login.microsoftonline.com/example.com/oauth2/v2.0/authorize",
            "ends after the tenant",
        ),
        (
            Azure,
            "https://sts.windows.net/example.com/",
            "write `https://login.microsoftonline.com/example.com/v2.0`",
        ),
        (Google, "https://accounts.google.com", "Google needs no URL"),
    ];
    for (provider, typed, why) in table {
        let said = normalised(provider, typed).unwrap_err();
        assert!(said.contains(why), "{typed}: {said}");
    }
    assert!(of_tenant("common").is_err() && of_tenant("").is_err() && of_tenant("a/b.c").is_err());
}

#[test]
fn what_means_the_same_issuer_is_alike() {
    assert!(alike(
        Okta,
        "example.okta.com/oauth2/default/",
        "https://example.okta.com/oauth2/default"
    ));
    assert!(!alike(Okta, "https://example.okta.com/oauth2/default", "https://example.okta.com"));
    assert!(alike(Okta, "nonsense", "nonsense") && !alike(Okta, "nonsense", "other"));
    assert_eq!(whose("https://example.onelogin.com/oidc/2"), Some(OneLogin));
    assert_eq!(whose("https://login.example.com/oauth2/default"), None);
}

fn pairs(all: &[(&str, &str)]) -> BTreeMap<String, String> {
    all.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
}

fn legacy() -> BTreeMap<String, String> {
    let switches = [("IdentityProvider", "Quilt"), ("AuthType", "Disabled"), ("Other", "x")];
    let fields =
        ["SingleSignOnDomains", "GoogleClientId", "AuthClientId", "AuthBaseUrl", "AzureBaseUrl"]
            .map(|name| (name, ""));
    pairs(&[&switches[..], &fields].concat())
}

fn single() -> BTreeMap<String, String> {
    let switches = [
        ("PasswordAuth", "Enabled"),
        ("SingleSignOnProvider", "(Disabled)"),
        ("SingleSignOnClientSecret", "****"),
        ("Other", "x"),
    ];
    let fields = ["SingleSignOnDomains", "SingleSignOnClientId", "SingleSignOnBaseUrl"]
        .map(|name| (name, ""));
    pairs(&[&switches[..], &fields].concat())
}

fn multi() -> BTreeMap<String, String> {
    let mut all =
        pairs(&[("PasswordAuth", "Enabled"), ("SingleSignOnDomains", ""), ("Other", "x")]);
    for p in IdentityProvider::ALL.map(IdentityProvider::label) {
        all.extend(pairs(&[
            (&format!("{p}Auth"), "Disabled"),
            (&format!("{p}ClientId"), ""),
            (&format!("{p}ClientSecret"), "****"),
        ]));
        if p != "Google" {
            all.insert(format!("{p}BaseUrl"), String::new());
        }
    }
    all
}

fn wanted(provider: IdentityProvider, secret: bool) -> Wanted {
    let secret = secret.then(|| "s3cr3t".to_string());
    let issuer = (provider != Google).then(|| format!("https://{}.example.com", provider.word()));
    Wanted {
        client_id: Some("id".into()),
        has_secret: secret.is_some(),
        client_secret: secret,
        issuer,
        ..Wanted::default()
    }
}

/// What is sent to turn a provider on, as one line.
fn sent(live: &BTreeMap<String, String>, provider: IdentityProvider, wanted: &Wanted) -> String {
    match SignIn::of(live).turned_on(provider, wanted) {
        Ok(values) => values.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(" "),
        Err(why) => why,
    }
}

#[test]
fn every_provider_is_written_as_its_family_has_it() {
    let table = [
        (legacy(), Google, "GoogleClientId=id IdentityProvider=Google"),
        (
            legacy(),
            Azure,
            "AuthClientId=id AuthType=Enabled AzureBaseUrl=https://azure.example.com",
        ),
        (legacy(), Okta, "AuthBaseUrl=https://okta.example.com AuthClientId=id AuthType=Enabled"),
        (
            legacy(),
            OneLogin,
            "AuthBaseUrl=https://onelogin.example.com AuthClientId=id AuthType=Enabled",
        ),
        (
            single(),
            Google,
            "SingleSignOnClientId=id SingleSignOnClientSecret=s3cr3t SingleSignOnProvider=Google",
        ),
        (
            single(),
            Azure,
            "SingleSignOnBaseUrl=https://azure.example.com SingleSignOnClientId=id SingleSignOnClientSecret=s3cr3t SingleSignOnProvider=Azure",
        ),
        (
            single(),
            OneLogin,
            "SingleSignOnBaseUrl=https://onelogin.example.com SingleSignOnClientId=id SingleSignOnClientSecret=s3cr3t SingleSignOnProvider=OneLogin",
        ),
        (multi(), Google, "GoogleAuth=Enabled GoogleClientId=id GoogleClientSecret=s3cr3t"),
        (
            multi(),
            Azure,
            "AzureAuth=Enabled AzureBaseUrl=https://azure.example.com AzureClientId=id AzureClientSecret=s3cr3t",
        ),
        (
            multi(),
            Okta,
            "OktaAuth=Enabled OktaBaseUrl=https://okta.example.com OktaClientId=id OktaClientSecret=s3cr3t",
        ),
    ];
    for (live, provider, line) in table {
        let secret = SignIn::of(&live).family() != Some(Family::Legacy);
        assert_eq!(sent(&live, provider, &wanted(provider, secret)), line);
        // Once it is so, only a secret is sent again.
        let mut live = live;
        live.extend(SignIn::of(&live).turned_on(provider, &wanted(provider, secret)).unwrap());
        assert_eq!(sent(&live, provider, &wanted(provider, false)), "");
        assert!(SignIn::of(&live).on().contains(&provider), "{line}");
        let off = SignIn::of(&live).turned_off(provider, true);
        live.extend(off.values);
        assert_eq!((SignIn::of(&live).on(), off.password), (vec![], false), "{line}");
    }
}

#[test]
fn what_a_family_cannot_do_is_said() {
    let mut one = single();
    one.extend(SignIn::of(&single()).turned_on(Okta, &wanted(Okta, true)).unwrap());
    let taken = sent(&one, Google, &wanted(Google, true));
    assert_eq!(taken, "The stack's template takes one identity provider, and Okta is on already");
    assert!(sent(&legacy(), Okta, &wanted(Okta, true)).contains("takes no client secret for Okta"));
    let no_password = Wanted { password: Some(false), ..wanted(Okta, false) };
    assert!(sent(&legacy(), Okta, &no_password).contains("can always sign in with a password"));
    assert!(
        sent(&pairs(&[("Other", "x")]), Okta, &wanted(Okta, true))
            .contains("takes no identity provider")
    );
    assert_eq!(
        sent(&pairs(&[("GoogleAuth", ""), ("GoogleClientId", "")]), Okta, &wanted(Okta, false)),
        "The stack's template does not take Okta"
    );
}

#[test]
fn another_provider_takes_the_place_in_one_change() {
    for live in [single(), multi()] {
        let mut live = live;
        live.extend(SignIn::of(&live).turned_on(Okta, &wanted(Okta, true)).unwrap());
        let other = Wanted { instead_of: Some(Okta), ..wanted(Google, true) };
        live.extend(SignIn::of(&live).turned_on(Google, &other).unwrap());
        assert_eq!(SignIn::of(&live).on(), [Google]);
        assert_eq!(SignIn::of(&live).issuer(Okta), None);
    }
}

#[test]
fn domains_and_password_are_left_alone_unless_asked() {
    let asked = Wanted {
        domains: Some(["b.com", "a.com"].map(Into::into).into()),
        password: Some(false),
        ..wanted(Google, false)
    };
    let line = "GoogleAuth=Enabled GoogleClientId=id PasswordAuth=Disabled SingleSignOnDomains=a.com,b.com";
    assert_eq!(sent(&multi(), Google, &asked), line);
    let mut live = multi();
    live.extend(pairs(&[("SingleSignOnDomains", "b.com, a.com"), ("PasswordAuth", "Disabled")]));
    assert_eq!(sent(&live, Google, &asked), "GoogleAuth=Enabled GoogleClientId=id");
}

#[test]
fn the_last_way_to_sign_in_is_replaced_by_the_password() {
    let mut live = multi();
    live.insert("PasswordAuth".into(), "Disabled".into());
    live.extend(SignIn::of(&live).turned_on(Okta, &wanted(Okta, true)).unwrap());
    live.extend(SignIn::of(&live).turned_on(Google, &wanted(Google, true)).unwrap());
    let off = SignIn::of(&live).turned_off(Okta, false);
    assert!(
        !off.password
            && off.values["OktaAuth"] == "Disabled"
            && off.values["OktaClientSecret"].is_empty()
    );
    live.extend(off.values);
    let off = SignIn::of(&live).turned_off(Google, false);
    assert!(off.password && off.values["PasswordAuth"] == "Enabled");
    live.extend(off.values);
    assert_eq!(SignIn::of(&live).turned_off(Google, false), Off::default());
}

#[test]
fn nobody_signs_in_through_a_provider_without_a_client() {
    let live = pairs(&[
        ("SingleSignOnProvider", "Okta"),
        ("SingleSignOnClientId", ""),
        ("PasswordAuth", "Disabled"),
    ]);
    assert!(SignIn::of(&live).locked_out());
}

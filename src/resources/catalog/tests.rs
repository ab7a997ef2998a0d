//! The way to a catalog, and what tests of everything in one have together.

use super::*;
use crate::aws::fake::Fake;
use crate::cx::Settings;
use crate::tf::{Diagnostics, known};

const SECRET: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:admin-AbCdEf";

/// An AWS with a catalog.
pub fn fake() -> Fake {
    Fake::default()
}

/// What leads to the catalog.
pub fn members() -> CatalogInput {
    CatalogInput {
        web_host: known("data.example.com"),
        admin_email: known("admin@example.com"),
        admin_password_secret_arn: known(SECRET),
        ..CatalogInput::default()
    }
}

/// The same as an argument.
pub fn input() -> Value<CatalogInput> {
    members().into()
}

/// Everything that was said.
pub fn said(d: &Diagnostics) -> String {
    let all = d.errors.iter().chain(&d.warnings);
    all.map(|x| format!("{} | {} | {}\n", x.attribute, x.summary, x.detail)).collect()
}

/// What the registry was told to change.
pub fn writes(fake: &Fake) -> Vec<String> {
    fake.catalog().writes()
}

#[tokio::test]
async fn the_provider_blocks_sign_in_goes_before_a_stacks_password() {
    let key = SignIn::Key("qk_1".to_string().into());
    let at = |host: &str| Site { host: host.into(), sign_in: key.clone() };
    let with = |catalog| {
        let cx = fake().cx();
        Cx { settings: std::sync::Arc::new(Settings { catalog, ..Settings::default() }), ..cx }
    };
    let none = with(None);
    let by_password = site(&none, &input()).unwrap().unwrap().sign_in;
    assert!(
        matches!(by_password, SignIn::Password { username, .. } if username == "admin@example.com")
    );
    assert_eq!(
        site(&with(Some(at("data.example.com"))), &input()),
        Ok(Some(at("data.example.com")))
    );
    assert!(matches!(
        site(&with(Some(at("other.example.com"))), &input()),
        Ok(Some(Site { sign_in: SignIn::Password { .. }, .. }))
    ));
    assert_eq!(
        (site(&none, &Value::Null), site(&none, &Value::Unknown)),
        (Ok(None), Err(Error::NotYet))
    );
}

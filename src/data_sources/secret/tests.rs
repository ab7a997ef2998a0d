//! Looks at secrets in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::kinds::data_source::AnyDataSource;
use crate::tf::{State, known};

const LOGIN: &str = r#"{"username": "root", "password": "s3cr\"et", "port": 5432}"#;

async fn read(key: Option<&str>, id: &str) -> Result<String, String> {
    let fake = Fake::default().holding("login", LOGIN);
    let config = SecretLookup {
        secret_id: known(id),
        key: key.map(str::to_string).into(),
        value: Value::Unknown,
    };
    let mut d = Diagnostics::default();
    let object =
        AnyDataSource::read(&SecretSource, &fake.cx(), config.write_object(), &mut d).await;
    let state = object.map(|o| SecretLookup::read_object(&o, &AttributePath::root()).unwrap());
    state.map(|s| s.value.unwrap()).ok_or_else(|| {
        format!("{}: {} {}", d.errors[0].attribute, d.errors[0].summary, d.errors[0].detail)
    })
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_told_whole_or_a_member_of_it() {
    let told = [
        read(None, "login").await,
        read(Some("password"), "login").await,
        read(Some("username"), "login").await,
    ];
    assert_eq!(told, [LOGIN, "s3cr\"et", "root"].map(|t| Ok(t.to_string())));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_told_at_its_argument_and_nothing_is_shown() {
    let none = read(None, "other").await.unwrap_err();
    assert!(none.starts_with("secret_id: There is no secret other in us-east-1"), "{none}");
    for key in ["host", "port"] {
        let none = read(Some(key), "login").await.unwrap_err();
        assert!(
            none.starts_with(&format!("key: The secret's JSON has no text `{key}`."))
                && !none.contains("s3cr"),
            "{none}"
        );
    }
}

//! Keys of a shared file, read again in the middle of a long wait: whoever renews them there need not stop it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::profile::{self, ProfileFileCredentialsProvider};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, Result, future};
use aws_runtime::env_config::file::EnvConfigFiles;

/// How long keys that say nothing of their end are used before the file is looked at again.
const FRESH: Duration = Duration::from_secs(60);

/// The credentials of a profile. The SDK reads the files once; this reads them at each question.
#[derive(Debug)]
pub struct Renewed {
    sources: ProviderConfig,
    files: EnvConfigFiles,
    profile: Option<String>,
    /// Keys that the file held.
    last: Mutex<Option<Credentials>>,
}

impl Renewed {
    /// Those of this profile in these files; `None`: of the usual one.
    pub fn new(sources: &ProviderConfig, files: &EnvConfigFiles, profile: Option<&str>) -> Self {
        Self {
            sources: sources.clone(),
            files: files.clone(),
            profile: profile.map(Into::into),
            last: Mutex::default(),
        }
    }

    async fn ask(&self) -> Result {
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(&self.sources)
            .profile_files(self.files.clone());
        let provider = match &self.profile {
            Some(name) => provider.profile_name(name).build(),
            None => provider.build(),
        };
        let found = provider.provide_credentials().await?;
        if !self.in_the_file().await {
            return Ok(found);
        }
        *self.last() = Some(found.clone());
        Ok(for_now(found))
    }

    /// The keys stand in the file itself, rather than that it says where to get some.
    async fn in_the_file(&self) -> bool {
        let name = self.profile.clone().map(Into::into);
        let Ok(profiles) =
            profile::load(&Default::default(), &Default::default(), &self.files, name).await
        else {
            return false;
        };
        let elsewhere =
            ["credential_process", "role_arn", "sso_session", "sso_start_url", "login_session"];
        profiles.get("aws_access_key_id").is_some()
            && elsewhere.iter().all(|key| profiles.get(key).is_none())
    }

    /// A file that is just being written is no reason to stop: what was read before stands.
    async fn renew(&self) -> Result {
        let asked = self.ask().await;
        asked.or_else(|e| self.last().clone().map(for_now).ok_or(e))
    }

    fn last(&self) -> MutexGuard<'_, Option<Credentials>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ProvideCredentials for Renewed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.renew())
    }
}

/// The same, to be asked for anew in a while.
fn for_now(mut found: Credentials) -> Credentials {
    *found.expiry_mut() = Some(SystemTime::now() + FRESH);
    found
}

#[cfg(test)]
mod tests {
    use aws_runtime::env_config::file::EnvConfigFileKind;

    use super::*;

    fn keys(id: &str) -> String {
        format!(
            "[work]\naws_access_key_id = {id}\naws_secret_access_key = not-a-secret\naws_session_token = t\n"
        )
    }

    fn asked(found: Result) -> (String, bool) {
        let found = found.unwrap();
        let soon = found.expiry().is_some_and(|end| end <= SystemTime::now() + FRESH);
        (found.access_key_id().to_string(), soon)
    }

    #[tokio::test]
    async fn keys_renewed_in_the_file_are_taken_up() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("credentials");
        let files =
            EnvConfigFiles::builder().with_file(EnvConfigFileKind::Credentials, &file).build();
        let renewed = Renewed::new(&ProviderConfig::empty(), &files, Some("work"));
        assert!(renewed.provide_credentials().await.is_err());
        for id in ["ONE", "TWO"] {
            std::fs::write(&file, keys(id)).unwrap();
            assert_eq!(asked(renewed.provide_credentials().await), (id.to_string(), true));
        }
        for damaged in ["", "[work]\n", "[work"] {
            std::fs::write(&file, damaged).unwrap();
            assert_eq!(
                asked(renewed.provide_credentials().await),
                ("TWO".to_string(), true),
                "{damaged}"
            );
        }
    }

    #[tokio::test]
    async fn keys_of_a_program_last_as_long_as_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        let said = r#"{"Version": 1, "AccessKeyId": "ONE", "SecretAccessKey": "not-a-secret"}"#;
        std::fs::write(folder.path().join("keys.json"), said).unwrap();
        let program = format!(
            "[default]\ncredential_process = cat {}\n",
            folder.path().join("keys.json").display()
        );
        std::fs::write(&file, program).unwrap();
        let files = EnvConfigFiles::builder().with_file(EnvConfigFileKind::Config, &file).build();
        let found = Renewed::new(&ProviderConfig::empty(), &files, None)
            .provide_credentials()
            .await
            .unwrap();
        assert_eq!((found.access_key_id(), found.expiry()), ("ONE", None));
    }
}

//! An ephemeral thing of tests: what every one of its kind does.

use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::attributes;
use crate::cx::fake;
use crate::outcome::{AwsError, AwsErrorKind};
use crate::tf::known;

attributes! {
    /// A key that lasts an hour.
    pub struct KeyState {
        /// Whose.
        name: String = Required;
        /// The key.
        value: String = Computed.sensitive();
    }
}

/// What was done, and whether it fails.
#[derive(Default)]
struct Key {
    done: Mutex<Vec<String>>,
    fails: Option<Error>,
}

impl Key {
    fn note(&self, what: &str, of: &str) -> Result<()> {
        self.done.lock().unwrap().push(format!("{what} {of}"));
        self.fails.clone().map_or(Ok(()), Err)
    }
}

fn later() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(3600)
}

#[async_trait]
impl Ephemeral for Key {
    const NAME: &'static str = "quilt_key";
    type State = KeyState;

    fn subject(config: &KeyState) -> String {
        format!("Key {}", config.name.as_deref_option().unwrap_or_default())
    }

    fn validate(&self, config: &KeyState, d: &mut Diagnostics) {
        if config.name.as_deref_option() == Some("") {
            d.fail("No name", "Write one.");
        }
    }

    async fn open(&self, _cx: &Cx, config: KeyState) -> Result<(KeyState, Lease)> {
        let name = config.name.clone().unwrap_or_default();
        self.note("open", &name)?;
        let lease = Lease { renew_at: Some(later()), private: name.into() };
        Ok((KeyState { value: known("k3y"), ..config }, lease))
    }

    async fn renew(&self, _cx: &Cx, private: &[u8]) -> Result<Lease> {
        self.note("renew", &String::from_utf8_lossy(private))?;
        Ok(Lease { renew_at: Some(later()), private: private.to_vec() })
    }

    async fn close(&self, _cx: &Cx, private: &[u8]) -> Result<()> {
        self.note("close", &String::from_utf8_lossy(private))
    }
}

fn config(name: &str) -> Object {
    KeyState { name: known(name), value: crate::tf::Value::Null }.write_object()
}

#[tokio::test(start_paused = true)]
async fn what_is_opened_is_renewed_and_closed_by_what_was_left() {
    let (key, cx, mut d) = (Key::default(), fake::cx(), Diagnostics::default());
    let (told, lease) = AnyEphemeral::open(&key, &cx, config("a"), &mut d).await.unwrap();
    assert_eq!(
        (told["value"].clone(), lease.renew_at),
        (Tree::String("k3y".into()), Some(later()))
    );
    let lease = AnyEphemeral::renew(&key, &cx, &lease.private, &mut d).await.unwrap();
    AnyEphemeral::close(&key, &cx, &lease.private, &mut d).await.unwrap();
    assert_eq!(*key.done.lock().unwrap(), ["open a", "renew a", "close a"]);
    assert!(d.errors.is_empty() && d.warnings.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_done_is_told() {
    let refused = AwsError {
        kind: AwsErrorKind::Denied,
        doing: "make the key",
        code: "AccessDenied".into(),
        message: "no".into(),
    };
    let (key, cx) = (Key { fails: Some(Error::Aws(refused)), ..Key::default() }, fake::cx());
    let mut d = Diagnostics::default();
    assert_eq!(AnyEphemeral::open(&key, &cx, config("a"), &mut d).await, None);
    assert_eq!(AnyEphemeral::renew(&key, &cx, b"a", &mut d).await, None);
    assert_eq!(AnyEphemeral::close(&key, &cx, b"a", &mut d).await, None);
    let told: Vec<_> = d.errors.iter().map(|e| e.summary.to_string()).collect();
    assert_eq!(
        told,
        [
            "Key a was not read",
            "An ephemeral quilt_key was not renewed",
            "An ephemeral quilt_key was not closed"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn before_the_provider_is_known_nothing_but_the_configuration_is() {
    let (key, cx) = (Key { fails: Some(Error::NotYet), ..Key::default() }, fake::cx());
    let mut d = Diagnostics::default();
    let (told, lease) = AnyEphemeral::open(&key, &cx, config("a"), &mut d).await.unwrap();
    assert_eq!(
        told,
        Object::from([("name".into(), Tree::String("a".into())), ("value".into(), Tree::Unknown)])
    );
    assert_eq!((lease, d.errors.len()), (Lease::default(), 0));
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_is_never_opened() {
    let (key, cx, mut d) = (Key::default(), fake::cx(), Diagnostics::default());
    assert_eq!(AnyEphemeral::open(&key, &cx, config(""), &mut d).await, None);
    let mut given = config("a");
    given.insert("value".into(), Tree::String("mine".into()));
    AnyEphemeral::validate(&key, &given, &mut d);
    assert_eq!(d.errors.len(), 2);
    assert!(key.done.lock().unwrap().is_empty());
}

//! A resource that lives in memory and does what its name says.

use async_trait::async_trait;
use quilt_provider::attributes;
use quilt_provider::cx::Cx;
use quilt_provider::kinds::resource::{Kept, Resource, Source};
use quilt_provider::outcome::{Error, Result};
use quilt_provider::tf::{Number, Object, Tree, Value};

attributes! {
    /// A rule.
    pub struct Rule {
        /// A port.
        port: i64 = Required;
        /// Made by the provider.
        made: String = Computed;
    }
}

attributes! {
    /// A thing.
    pub struct ThingState (version 2) {
        /// What it does: `slow` waits to be stopped, `deaf` waits for ever, `panic` panics.
        name: String = Required.replaces();
        /// How many.
        size: i64 = Optional.default(3);
        /// A text of any length.
        text: String = Optional;
        /// Never kept.
        secret_wo: String = Optional.write_only();
        /// One rule.
        first: Rule = Optional;
        /// Rules.
        rule: Vec<Rule> = Optional.block();
        /// The last rule.
        last: Rule = Optional.block();
        /// The name again.
        id: String = Computed.stable();
        /// Letters in the secret.
        letters: i64 = Computed;
    }
}

/// The resource.
pub struct Thing;

fn text(value: &Value<String>) -> String {
    match value {
        Value::Value(text) => text.clone(),
        _ => String::new(),
    }
}

fn panics(state: &ThingState) {
    assert!(text(&state.name) != "panic", "asked to");
}

#[async_trait]
impl Resource for Thing {
    const NAME: &'static str = "quilt_thing";
    type State = ThingState;
    type Private = u32;
    const IDENTIFIED_BY: &'static [&'static str] = &["name"];
    const IDENTITY_VERSION: i64 = 1;

    fn arns(_state: &ThingState) -> Vec<&Value<String>> {
        vec![]
    }

    fn identity(_state: &Self::State) -> Option<quilt_provider::kinds::resource::Identity> {
        None
    }

    fn subject(state: &ThingState) -> String {
        format!("Thing {}", text(&state.name))
    }

    async fn create(
        &self,
        cx: &Cx,
        mut planned: ThingState,
        kept: &mut Kept<Self>,
    ) -> Result<ThingState> {
        planned.id = planned.name.clone();
        planned.letters = (text(&planned.secret_wo).len() as i64).into();
        kept.private += 1;
        panics(&planned);
        match text(&planned.name).as_str() {
            "deaf" => std::future::pending().await,
            "slow" => {
                kept.keep(planned);
                cx.stop.cancelled().await;
                Err(Error::Interrupted { doing: "it grows".into() })
            }
            _ => Ok(planned),
        }
    }

    async fn read(
        &self,
        _cx: &Cx,
        state: ThingState,
        private: &mut u32,
    ) -> Result<Option<ThingState>> {
        *private += 1;
        panics(&state);
        Ok(Some(state).filter(|s| text(&s.name) != "gone"))
    }

    async fn update(
        &self,
        _cx: &Cx,
        prior: ThingState,
        planned: ThingState,
        kept: &mut Kept<Self>,
    ) -> Result<ThingState> {
        kept.private += 1;
        panics(&planned);
        Ok(ThingState { letters: prior.letters, ..planned })
    }

    async fn delete(&self, _cx: &Cx, state: ThingState, _kept: &mut Kept<Self>) -> Result<()> {
        panics(&state);
        Ok(())
    }

    async fn import(&self, _cx: &Cx, id: &str, _region: Option<&str>) -> Result<ThingState> {
        Ok(ThingState {
            name: id.to_string().into(),
            id: id.to_string().into(),
            ..ThingState::default()
        })
    }

    fn upgrade(&self, version: i64, mut old: Object) -> Result<Object> {
        if version < 2 {
            let size = old.remove("count").unwrap_or(Tree::Number(Number::Int(version)));
            old.insert("size".into(), size);
        }
        Ok(old)
    }

    fn upgrade_identity(&self, version: i64, mut old: Object) -> Object {
        if version < 1 {
            let name = old.remove("title").unwrap_or_default();
            old.insert("name".into(), name);
        }
        old
    }

    fn move_from(&self, source: &Source, old: &Object) -> Option<ThingState> {
        match (source.type_name.as_str(), old.get("title")) {
            ("other_thing", Some(Tree::String(title))) => {
                Some(ThingState { name: title.clone().into(), ..ThingState::default() })
            }
            _ => None,
        }
    }
}

//! A situation that somebody comes into with one object, played against an AWS in memory.

use serde_json::{Value as Json, json};

use crate::aws::fake::Fake;
use crate::cx::{Cx, Refreshed, Run, Settings};
use crate::kinds::resource::{AnyResource, Change, Wanted};
use crate::outcome::Long;
use crate::provider::config::tests::object;
use crate::provider::served::Served;
use crate::tf::schema::Attribute;
use crate::tf::{Diagnostics, Object, Report, Tree};

/// What comes to pass, in order.
enum Step {
    Plan(Json),
    Apply(Json),
    Destroy,
    Import(Wanted),
    Write,
    /// The time is over, or a person presses Ctrl-C, so many seconds into the next apply.
    StopAfter(u64),
    World(Box<dyn Fn(Fake) -> Fake>),
    /// What was said so far was only the way here.
    Forget,
    /// The state is lost.
    Lose,
}

/// A situation: an AWS, and what a person does.
pub struct Scene {
    pub of: &'static str,
    pub title: &'static str,
    fake: Fake,
    settings: Settings,
    steps: Vec<Step>,
}

/// A situation of one resource type, in plain words.
pub fn scene(of: &'static str, title: &'static str) -> Scene {
    let settings = Settings { owner: "owner".into(), ..Settings::default() };
    Scene { of, title, fake: Fake::default(), settings, steps: vec![] }
}

/// The first object with the members of the second.
pub fn with(mut base: Json, more: Json) -> Json {
    for (key, value) in more.as_object().unwrap() {
        base[key] = value.clone();
    }
    base
}

impl Scene {
    fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// AWS is like this from the start.
    pub fn over(mut self, world: impl Fn(Fake) -> Fake) -> Self {
        self.fake = world(self.fake);
        self
    }

    /// The provider block says so.
    pub fn under(mut self, settings: impl Fn(&mut Settings)) -> Self {
        settings(&mut self.settings);
        self
    }

    /// What AWS is like from here on.
    pub fn world(self, world: impl Fn(Fake) -> Fake + 'static) -> Self {
        self.then(Step::World(Box::new(world)))
    }

    pub fn plan(self, config: Json) -> Self {
        self.then(Step::Plan(config))
    }

    pub fn apply(self, config: Json) -> Self {
        self.then(Step::Apply(config))
    }

    /// Such an object was made, and nothing of that is told.
    pub fn made(self, config: Json) -> Self {
        self.then(Step::Apply(config)).then(Step::Forget)
    }

    pub fn destroy(self) -> Self {
        self.then(Step::Destroy)
    }

    pub fn import(self, id: &str) -> Self {
        self.then(Step::Import(Wanted::Id(id.into())))
    }

    pub fn import_by(self, identity: &[(&str, &str)]) -> Self {
        let tree = |(k, v): &(&str, &str)| (k.to_string(), Tree::String(v.to_string()));
        self.then(Step::Import(Wanted::Identity(identity.iter().map(tree).collect())))
    }

    /// Its configuration is written.
    pub fn write(self) -> Self {
        self.then(Step::Write)
    }

    pub fn stop_after(self, seconds: u64) -> Self {
        self.then(Step::StopAfter(seconds))
    }

    pub fn forget(self) -> Self {
        self.then(Step::Forget)
    }

    /// Terraform knows nothing of the object any more, and is started anew.
    pub fn forget_state(self) -> Self {
        self.then(Step::Lose)
    }

    /// What was said, each with the step at which it was.
    pub async fn play(self) -> Vec<(&'static str, Diagnostics)> {
        let resource = Served::default()
            .resources
            .into_iter()
            .find(|r| r.name() == self.of)
            .expect("a resource");
        let mut stage = Stage {
            resource,
            fake: self.fake,
            settings: self.settings,
            state: None,
            private: vec![],
            refreshed: Refreshed::default(),
            run: Run::default(),
            stop_after: None,
        };
        let mut said = vec![];
        for step in self.steps {
            let mut d = Diagnostics::default();
            let at = stage.take(step, &mut d).await;
            match at {
                "forget" => {
                    let failed = said.iter().any(|(_, d): &(_, Diagnostics)| d.failed());
                    assert!(!failed, "{}: the way here: {said:?}", self.title);
                    said.clear();
                }
                "" => {}
                at => said.push((at, d)),
            }
        }
        said
    }
}

/// One object as Terraform keeps it, its type forgotten.
struct Stage {
    resource: Box<dyn AnyResource>,
    fake: Fake,
    settings: Settings,
    state: Option<Object>,
    private: Vec<u8>,
    refreshed: Refreshed,
    run: Run,
    stop_after: Option<u64>,
}

impl Stage {
    fn cx(&self) -> Cx {
        Cx {
            refreshed: self.refreshed.clone(),
            run: self.run.clone(),
            settings: self.settings.clone().into(),
            ..self.fake.cx()
        }
    }

    fn attributes(&self) -> &'static [Attribute] {
        &self.resource.schema().attributes
    }

    async fn take(&mut self, step: Step, d: &mut Diagnostics) -> &'static str {
        match step {
            Step::Plan(config) => {
                self.plan(&self.written(config), d).await;
                "plan"
            }
            Step::Apply(config) => {
                self.apply(self.written(config), d).await;
                "apply"
            }
            Step::Destroy => {
                self.destroy(d).await;
                "destroy"
            }
            Step::Import(wanted) => {
                let answer = self.resource.import(&self.cx(), &wanted, d).await;
                self.state = answer.as_ref().and_then(|a| a.state.clone());
                self.private = answer.map(|a| a.private).unwrap_or_default();
                self.read(d).await;
                "import"
            }
            Step::Write => {
                let state = self.state.clone().unwrap_or_default();
                self.resource.written(&self.cx(), &state, d).await;
                "write"
            }
            Step::StopAfter(seconds) => {
                self.stop_after = Some(seconds);
                ""
            }
            Step::World(change) => {
                self.fake = change(self.fake.clone());
                ""
            }
            Step::Lose => {
                (self.state, self.private) = (None, vec![]);
                (self.run, self.refreshed) = (Run::default(), Refreshed::default());
                ""
            }
            Step::Forget => "forget",
        }
    }

    /// A configuration as Terraform sends it: what is not written is null.
    fn written(&self, config: Json) -> Object {
        filled(self.attributes(), object(config))
    }

    async fn read(&mut self, d: &mut Diagnostics) {
        let Some(state) = self.state.take() else { return };
        let answer = self.resource.read(&self.cx(), state, &self.private, d).await;
        (self.state, self.private) = (answer.state, answer.private);
    }

    /// Validates, looks and plans, as `terraform plan` does.
    async fn plan(&mut self, config: &Object, d: &mut Diagnostics) -> Option<Change> {
        let cx = self.cx();
        [Some(config), self.state.as_ref()]
            .into_iter()
            .flatten()
            .for_each(|object| cx.veil.learn_of(self.attributes(), object));
        self.resource.validate(config, true, d);
        if !d.failed() {
            self.run.begin();
            self.read(d).await;
        }
        let planned = match d.failed() {
            true => None,
            false => {
                let change = Change {
                    prior: self.state.clone(),
                    planned: Some(self.proposed(config)),
                    config: config.clone(),
                    private: self.private.clone(),
                };
                self.resource.plan(&cx, change, d).await
            }
        };
        *d = cx.veil.cover(self.attributes(), config, &Long::default(), std::mem::take(d));
        let planned = planned.filter(|_| !d.failed())?;
        Some(Change {
            prior: self.state.clone(),
            planned: planned.state,
            config: config.clone(),
            private: planned.private,
        })
    }

    /// What Terraform proposes: the configuration, with computed values of the state where it says nothing.
    fn proposed(&self, config: &Object) -> Object {
        let mut proposed = config.clone();
        for a in self.attributes().iter().filter(|a| a.computed()) {
            if let (Tree::Null, Some(state)) = (&proposed[a.name], &self.state) {
                proposed.insert(a.name.into(), state[a.name].clone());
            }
        }
        proposed
    }

    async fn apply(&mut self, config: Object, d: &mut Diagnostics) {
        let Some(change) = self.plan(&config, d).await else { return };
        self.run.begin();
        let cx = self.cx();
        cx.veil.learn_of(self.attributes(), &config);
        if let Some(seconds) = self.stop_after.take() {
            cx.stops_after(std::time::Duration::from_secs(seconds));
        }
        let mut said = Diagnostics::default();
        let answer = self.resource.apply(&cx, change, &mut said).await;
        (self.state, self.private) = (answer.state, answer.private);
        let said = cx.veil.cover(self.attributes(), &config, &Long::default(), said);
        d.errors.extend(said.errors);
        d.warnings.extend(said.warnings);
    }

    async fn destroy(&mut self, d: &mut Diagnostics) {
        let change = |private: &[u8], state: &Option<Object>| Change {
            prior: state.clone(),
            planned: None,
            config: Object::new(),
            private: private.to_vec(),
        };
        self.run.begin();
        self.read(d).await;
        let planned = change(&self.private, &self.state);
        let _ = self.resource.plan(&self.cx(), planned, d).await;
        if !d.failed() {
            self.run.begin();
            let planned = change(&self.private, &self.state);
            self.state = self.resource.apply(&self.cx(), planned, d).await.state;
        }
    }
}

/// An object with null for what is not written, at every depth.
pub fn filled(attributes: &[Attribute], mut object: Object) -> Object {
    for a in attributes {
        let value = object.remove(a.name).unwrap_or_default();
        let value = match (value, a.nested()) {
            (Tree::Map(inner), Some(nested)) => Tree::Map(filled(nested, inner)),
            (value, _) => value,
        };
        object.insert(a.name.into(), value);
    }
    object
}

/// A Quilt template's parameters as people meet them, with nothing behind them.
pub fn template(parameters: Json) -> String {
    json!({
        "Parameters": parameters,
        "Resources": { "T": { "Type": "AWS::SNS::Topic" } },
        "Outputs": { "Url": { "Value": { "Ref": "T" } } },
    })
    .to_string()
}

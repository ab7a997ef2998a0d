//! A stage for life tests: one object as Terraform keeps it, and an AWS in memory.

use crate::aws::fake::Fake;
use crate::cx::{Cx, Refreshed, Run};
use crate::kinds::resource::{Answer, AnyResource, Change, Planned, Resource, Wanted};
use crate::outcome::Long;
use crate::tf::{AttributePath, Diagnostics, Object, Report, State, Tree};

/// An object of one type, its state and private data, and what was said last.
pub struct Stage<R> {
    resource: R,
    /// AWS.
    pub fake: Fake,
    /// What Terraform keeps; `None`: it does not exist.
    pub state: Option<Object>,
    /// What is kept beside it.
    pub private: Vec<u8>,
    /// What the last call said.
    pub said: Diagnostics,
    /// What this process has looked at.
    pub refreshed: Refreshed,
    /// What this run of Terraform has said.
    pub run: Run,
}

impl<R: Resource> Stage<R> {
    /// An empty stage.
    pub fn of(resource: R, fake: Fake) -> Self {
        Self {
            resource,
            fake,
            state: None,
            private: vec![],
            said: Diagnostics::default(),
            refreshed: Refreshed::default(),
            run: Run::default(),
        }
    }

    /// A call's context in this process.
    pub fn cx(&self) -> Cx {
        Cx { refreshed: self.refreshed.clone(), run: self.run.clone(), ..self.fake.cx() }
    }

    /// What Terraform proposes: the configuration, with computed values of the state where it says nothing.
    fn proposed(&self, config: &R::State) -> Object {
        let mut proposed = config.write_object();
        for a in R::State::schema().attributes.iter().filter(|a| a.computed()) {
            if let (Tree::Null, Some(state)) = (&proposed[a.name], &self.state) {
                proposed.insert(a.name.into(), state[a.name].clone());
            }
        }
        proposed
    }

    /// Plans.
    pub async fn plan(&mut self, config: &R::State) -> Planned {
        self.run.begin();
        self.plan_in(&self.cx(), config).await
    }

    /// Plans in `cx`.
    pub async fn plan_in(&mut self, cx: &Cx, config: &R::State) -> Planned {
        self.planned_in(cx, config).await.unwrap()
    }

    /// Plans in `cx`; `None`: it was refused before it began.
    pub async fn planned_in(&mut self, cx: &Cx, config: &R::State) -> Option<Planned> {
        let change = Change {
            prior: self.state.clone(),
            planned: Some(self.proposed(config)),
            config: config.write_object(),
            private: self.private.clone(),
        };
        self.said = Diagnostics::default();
        self.learn(cx, config);
        let planned = AnyResource::plan(&self.resource, cx, change, &mut self.said).await;
        self.cover(cx, config);
        planned
    }

    /// What the wire knows to be secret.
    fn learn(&self, cx: &Cx, config: &R::State) {
        let attributes = &R::State::schema().attributes;
        [Some(&config.write_object()), self.state.as_ref()]
            .into_iter()
            .flatten()
            .for_each(|object| cx.veil.learn_of(attributes, object));
    }

    /// What was said, as the wire tells it.
    fn cover(&mut self, cx: &Cx, config: &R::State) {
        self.said = cx.veil.cover(
            &R::State::schema().attributes,
            &config.write_object(),
            &Long::default(),
            std::mem::take(&mut self.said),
        );
    }

    /// Plans and applies in `cx`. Without an error the outcome must be what was planned, as Terraform demands.
    pub async fn apply_in(&mut self, cx: &Cx, config: &R::State) {
        self.run.begin();
        let planned = self.plan(config).await;
        self.carry_out(cx, config, planned).await;
    }

    /// Applies what was planned.
    pub async fn carry_out(&mut self, cx: &Cx, config: &R::State, planned: Planned) {
        self.run.begin();
        let cx = &Cx { run: self.run.clone(), ..cx.clone() };
        self.learn(cx, config);
        let change = Change {
            prior: self.state.clone(),
            planned: planned.state.clone(),
            config: config.write_object(),
            private: planned.private,
        };
        let Answer { state, private } =
            AnyResource::apply(&self.resource, cx, change, &mut self.said).await;
        (self.state, self.private) = (state, private);
        self.cover(cx, config);
        assert!(
            self.state.is_none() || self.says_whose(),
            "a state without an account: {:?}",
            self.state
        );
        if !self.said.failed() && !cx.stop.is_cancelled() {
            let (planned, state) =
                (Tree::Map(planned.state.unwrap()), Tree::Map(self.state.clone().unwrap()));
            assert!(as_planned(&planned, &state), "planned {planned:?}\nbecame {state:?}");
        }
    }

    /// Plans and applies without an error.
    pub async fn apply(&mut self, config: &R::State) {
        self.apply_in(&self.fake.cx(), config).await;
        assert!(!self.said.failed(), "{:?}", self.said);
    }

    /// Plans a deletion and, unless that is refused, carries it out.
    pub async fn destroy(&mut self) {
        self.said = Diagnostics::default();
        self.run.begin();
        let change = |private: &[u8]| Change {
            prior: self.state.clone(),
            planned: None,
            config: Object::new(),
            private: private.to_vec(),
        };
        let _ =
            AnyResource::plan(&self.resource, &self.cx(), change(&self.private), &mut self.said)
                .await;
        if !self.said.failed() {
            self.run.begin();
            let answer = AnyResource::apply(
                &self.resource,
                &self.cx(),
                change(&self.private),
                &mut self.said,
            )
            .await;
            self.state = answer.state;
        }
    }

    /// Carries a deletion out that was planned before.
    pub async fn remove(&mut self) {
        self.remove_in(&self.fake.cx()).await
    }

    /// The same in `cx`.
    pub async fn remove_in(&mut self, cx: &Cx) {
        self.said = Diagnostics::default();
        let change = Change {
            prior: self.state.take(),
            planned: None,
            config: Object::new(),
            private: self.private.clone(),
        };
        let answer = AnyResource::apply(&self.resource, cx, change, &mut self.said).await;
        (self.state, self.private) = (answer.state, answer.private);
    }

    /// Plans its end in `cx`.
    pub async fn plan_end_in(&mut self, cx: &Cx) {
        let change = Change {
            prior: self.state.clone(),
            planned: None,
            config: Object::new(),
            private: self.private.clone(),
        };
        self.said = Diagnostics::default();
        let _ = AnyResource::plan(&self.resource, cx, change, &mut self.said).await;
    }

    /// Looks at it.
    pub async fn refresh(&mut self) {
        self.run.begin();
        self.refresh_in(&self.cx()).await;
    }

    /// Looks at it in `cx`.
    pub async fn refresh_in(&mut self, cx: &Cx) {
        let Some(state) = self.state.take() else { return };
        let answer =
            AnyResource::read(&self.resource, cx, state, &self.private, &mut self.said).await;
        (self.state, self.private) = (answer.state, answer.private);
    }

    /// Forgets the object and takes it over again.
    pub async fn import(&mut self, id: &str) {
        self.import_by(Wanted::Id(id.into())).await
    }

    /// The same by what is wanted.
    pub async fn import_by(&mut self, wanted: Wanted) {
        let answer =
            AnyResource::import(&self.resource, &self.fake.cx(), &wanted, &mut self.said).await;
        self.state = answer.as_ref().and_then(|a| a.state.clone());
        self.private = answer.map(|a| a.private).unwrap_or_default();
    }

    /// Refreshes and plans; the names of the attributes that would change.
    pub async fn changes(&mut self, config: &R::State) -> Vec<String> {
        self.refresh().await;
        let planned = self.plan(config).await.state.unwrap();
        let state = self.state.as_ref().unwrap();
        planned.into_iter().filter(|(k, v)| state[k] != *v).map(|(k, _)| k).collect()
    }

    /// Its state says in which account it is, or is of what no account holds.
    fn says_whose(&self) -> bool {
        let state = self.get();
        let arns = R::arns(&state);
        arns.is_empty() || arns.into_iter().any(|arn| arn.is_value())
    }

    /// Its state.
    pub fn get(&self) -> R::State {
        R::State::read_object(self.state.as_ref().unwrap(), &AttributePath::root()).unwrap()
    }
}

/// Everything that was known at plan came out so.
fn as_planned(planned: &Tree, state: &Tree) -> bool {
    match (planned, state) {
        (Tree::Unknown, _) => true,
        (Tree::List(planned), Tree::List(state)) => {
            planned.len() == state.len() && planned.iter().zip(state).all(|(p, s)| as_planned(p, s))
        }
        (Tree::Map(planned), Tree::Map(state)) => {
            planned.len() == state.len()
                && planned.iter().all(|(k, p)| state.get(k).is_some_and(|s| as_planned(p, s)))
        }
        (planned, state) => planned == state,
    }
}

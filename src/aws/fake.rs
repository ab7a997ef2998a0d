//! An AWS in memory: stacks walk through the statuses they are given, and every call is noted. For tests.

use std::any::{Any, type_name};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;

use changes::{ChangeSets, sent, sent_removal, sent_skip};
use databases::Rds;
pub use databases::old_database;
use domains::Domains;
pub use identity::Login;
use refused::error;
use secrets::Vault;
use shown::Shown;

use super::{Hook, Page, Stacks};
use crate::cloudformation::changes::Proposal;
use crate::cloudformation::stack::{
    Creation, Event, Order, Parameter, Part, Removal, Skip, Stack, Template,
};
use crate::cloudformation::status::Status;
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::certificate::Certificate;
use crate::quilt::network::existing::Survey;

mod age;
mod certificates;
mod changes;
mod databases;
mod death;
mod secrets;
mod domains;
mod drift;
mod foreign;
mod gone;
pub mod health;
mod identity;
mod networks;
mod objects;
mod pages;
mod refused;
mod regions;
mod room;
mod runtime;
mod setup;
mod shown;
mod timeline;

/// The account and region of every fake, unless a test says otherwise.
pub const ACCOUNT: &str = "123456789012";
const REGION: &str = "us-east-1";

/// An AWS in memory.
#[derive(Clone, Default)]
pub struct Fake(Arc<Mutex<World>>);

#[derive(Default)]
struct World {
    caller: Login,
    stacks: HashMap<String, Held>,
    made: usize,
    age: Option<Duration>,
    script: VecDeque<Vec<&'static str>>,
    outputs: BTreeMap<String, String>,
    failures: Vec<(&'static str, AwsErrorKind)>,
    skips: HashMap<&'static str, usize>,
    fate: death::Fate,
    events: Vec<Event>,
    refused: Vec<Event>,
    calls: Vec<String>,
    objects: objects::Shelf,
    secrets: Vec<String>,
    parts: BTreeMap<(String, String), Part>,
    rds: Rds,
    sets: ChangeSets,
    buckets: BTreeMap<String, usize>,
    shown: Shown,
    vault: Vault,
    domains: Domains,
    drift: drift::Looks,
    limits: BTreeMap<String, Option<crate::quilt::search::Limits>>,
    certificates: BTreeMap<String, Option<Certificate>>,
    network: Survey,
    room: room::Room,
    quote: Option<String>,
    runtime: runtime::Runtime,
    timeline: timeline::Timeline,
    vitals: health::Vitals,
    beside: BTreeMap<&'static str, Arc<dyn Any + Send + Sync>>,
}

struct Held {
    stack: Stack,
    template: String,
    policy: Option<String>,
    creation_token: String,
    next: VecDeque<&'static str>,
    /// What it becomes with its next status in progress, and its parameters before its last update, which a rollback gives back.
    later: Option<Stack>,
    former: Option<BTreeMap<String, String>>,
    /// The token of its last operation, and when that began.
    token: String,
    began: i64,
}

impl Fake {
    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    /// Something that this account has beside AWS, one of each type.
    pub fn beside<T: Any + Send + Sync + Clone + Default>(&self) -> T {
        let mut world = self.world();
        let kept = world.beside.entry(type_name::<T>()).or_insert_with(|| Arc::new(T::default()));
        kept.downcast_ref::<T>().cloned().unwrap_or_default()
    }

    fn call(&self, name: &'static str, with: String) -> Result<MutexGuard<'_, World>> {
        self.is_alive(name);
        let mut world = self.world();
        world.make_anew_before(name);
        world.calls.push(format!("{name} {with}").trim_end().to_string());
        if let Some(left) = world.skips.get_mut(name).filter(|left| **left > 0) {
            *left -= 1;
            return Ok(world);
        }
        if let Some(i) = world.failures.iter().position(|(call, _)| *call == name) {
            let (_, kind) = world.failures.remove(i);
            return Err(refused::worded(&world.quote, kind));
        }
        Ok(world)
    }
}

impl World {
    fn insert(&mut self, order: &Order, token: &str, next: Vec<&'static str>) -> String {
        self.made += 1;
        let id = format!(
            "arn:aws:cloudformation:{REGION}:{}:stack/{}/{}",
            self.caller.account(),
            order.name,
            self.made
        );
        let stack = Stack {
            id: id.clone(),
            name: order.name.clone(),
            status: Status::CreateInProgress,
            ..Stack::default()
        };
        let held = Held {
            stack,
            template: String::new(),
            policy: order.policy_body.clone(),
            creation_token: token.into(),
            next: next.into(),
            later: None,
            former: None,
            token: token.into(),
            began: 0,
        };
        self.stacks.insert(order.name.clone(), held);
        self.put(order);
        id
    }

    fn put(&mut self, order: &Order) {
        let (outputs, tick, secrets, moved_at) =
            (self.outputs.clone(), self.calls.len(), self.secrets.clone(), self.tick());
        let objects = self.objects.clone();
        let Some(held) = self.stacks.get_mut(&order.name) else { return };
        match &order.template {
            Template::Body(body) => held.template = body.to_string(),
            Template::Url(url) | Template::Loose { url, .. } => {
                held.template = objects.get(url).cloned().unwrap_or_default()
            }
            Template::Previous => {}
        }
        let old = std::mem::take(&mut held.stack.parameters);
        held.stack.parameters = (order.parameters.iter())
            .map(|(k, p)| match p {
                Parameter::Value(_) if secrets.contains(k) => (k.clone(), "****".into()),
                Parameter::Value(v) => (k.clone(), v.clone()),
                Parameter::Previous => (k.clone(), old.get(k).cloned().unwrap_or_default()),
            })
            .collect();
        if let Some(protected) = held.stack.parameters.get("DeletionProtection") {
            self.rds.protect(protected == "true");
        }
        held.stack.tags = order.tags.clone().unwrap_or_default();
        held.stack.role = order.role.clone();
        held.stack.capabilities = order.capabilities.clone();
        held.stack.notification_arns = order.notification_arns.clone().unwrap_or_default();
        held.stack.outputs = outputs;
        held.stack.timeout_in_minutes = order.timeout_in_minutes.or(held.stack.timeout_in_minutes);
        held.stack.disable_rollback = order.disable_rollback.unwrap_or(held.stack.disable_rollback);
        held.stack.moved_at = moved_at;
        held.stack.changed_at = format!("2026-01-01T00:00:{tick:02}Z");
    }

    fn find(&mut self, stack: &str) -> Option<&mut Held> {
        self.stacks.values_mut().find(|h| h.stack.name == stack || h.stack.id == stack)
    }
}

#[async_trait]
impl Stacks for Fake {
    async fn find(&self, stack: &str) -> Result<Option<Stack>> {
        self.look(stack)
    }

    async fn list(&self) -> Result<Vec<Stack>> {
        Ok(self.call("list", String::new())?.by_name())
    }

    async fn last_deleted(&self, name: &str) -> Result<Option<String>> {
        self.newest_gone(name)
    }

    async fn page(&self, next: Option<&str>) -> Result<Page<Stack>> {
        Ok(pages::page(self.call("page", next.unwrap_or_default().into())?.by_name(), next))
    }

    async fn create(&self, order: &Order, token: &str) -> Result<String> {
        let mut world = self.call("create", order.name.clone())?;
        if let Some(held) =
            world.stacks.get(&order.name).filter(|held| held.creation_token == token)
        {
            return Ok(held.stack.id.clone());
        }
        if world.stacks.contains_key(&order.name) {
            return Err(error(AwsErrorKind::Exists));
        }
        let next = world.script.pop_front().unwrap_or(vec!["CREATE_COMPLETE"]);
        let id = world.insert(order, token, next);
        world.made_anew(&id);
        Ok(id)
    }

    async fn update(&self, stack: &str, order: &Order, token: &str) -> Result<bool> {
        match self.call("update", sent(order)) {
            Err(e) if e.aws() == Some(AwsErrorKind::NoChange) => Ok(false),
            Err(e) if e.aws() == Some(AwsErrorKind::Exists) => {
                self.world().begin_update(stack, order, token).and(Err(e))
            }
            world => world?.begin_update(stack, order, token).map(|()| true),
        }
    }

    async fn propose(&self, stack: &str, order: &Order, name: &str) -> Result<()> {
        self.make_set(stack, order, name)
    }

    async fn draft(&self, order: &Order, name: &str) -> Result<String> {
        self.make_draft(order, name)
    }

    async fn proposed_template(&self, _stack: &str, name: &str) -> Result<String> {
        self.template_of_set(name)
    }

    async fn proposal(&self, _stack: &str, name: &str) -> Result<Option<Proposal>> {
        self.see_set(name)
    }

    async fn execute(
        &self,
        _stack: &str,
        name: &str,
        _disable_rollback: bool,
        token: &str,
    ) -> Result<()> {
        self.execute_set(name, token)
    }

    async fn withdraw(&self, _stack: &str, name: &str) -> Result<()> {
        self.drop_set(name)
    }

    async fn proposals(&self, stack: &str) -> Result<Vec<String>> {
        self.list_sets(stack)
    }

    async fn delete(&self, stack: &str, removal: &Removal, token: &str) -> Result<()> {
        let mut world = self.call("delete", sent_removal(removal))?;
        let next = world.script.pop_front().unwrap_or(vec!["DELETE_COMPLETE"]);
        let tick = world.tick();
        world.written(stack, token);
        if let Some(held) = world.find(stack) {
            held.stack.moved_at = tick;
            held.next = next.into();
        }
        Ok(())
    }

    async fn protect(&self, stack: &str, on: bool) -> Result<()> {
        let mut world = self.call("protect", on.to_string())?;
        if let Some(held) = world.find(stack) {
            held.stack.protected = on;
        }
        Ok(())
    }

    async fn set_policy(&self, stack: &str, body: Option<&str>, url: Option<&str>) -> Result<()> {
        let mut world = self.call("set_policy", body.or(url).unwrap_or_default().into())?;
        if let Some(held) = world.find(stack) {
            held.policy = body.map(Into::into);
        }
        Ok(())
    }

    async fn policy(&self, stack: &str) -> Result<Option<String>> {
        Ok(self.call("policy", String::new())?.find(stack).and_then(|h| h.policy.clone()))
    }

    async fn template(&self, stack: &str) -> Result<String> {
        let mut world = self.call("template", String::new())?;
        world.find(stack).map(|h| h.template.clone()).ok_or_else(|| error(AwsErrorKind::Gone))
    }

    async fn events(&self, stack: &str, _began: &Status) -> Result<Vec<Event>> {
        let world = self.call("events", String::new())?;
        Ok(world.timeline.told(stack).unwrap_or_else(|| world.events.clone()))
    }

    async fn recent(&self, stack: &str) -> Result<Vec<Event>> {
        self.list_recent(stack)
    }

    async fn failures(&self, operation: &str) -> Result<Vec<Event>> {
        self.refused_in("failures", operation)
    }

    async fn objections(&self, _stack: &str, _name: &str) -> Result<Vec<Event>> {
        self.refused_in("objections", "")
    }

    async fn validation(&self, _stack: &str, _name: &str) -> Result<Vec<Event>> {
        self.refused_in("validation", "")
    }

    async fn hook(&self, invocation: &str) -> Result<Hook> {
        self.hook_result(invocation)
    }

    async fn validate(&self, _body: &str) -> Result<()> {
        self.call("validate", String::new()).map(drop)
    }

    async fn part(&self, stack: &str, logical_id: &str) -> Result<Option<Part>> {
        let mut world = self.call("part", format!("{stack} {logical_id}"))?;
        let Some(name) = world.find(stack).map(|held| held.stack.name.clone()) else {
            return Err(error(AwsErrorKind::Gone));
        };
        Ok(world.parts.get(&(name, logical_id.to_string())).cloned())
    }

    async fn parts(&self, stack: &str) -> Result<Vec<Part>> {
        let mut world = self.call("parts", String::new())?;
        let name = world.find(stack).map_or(stack.to_string(), |held| held.stack.name.clone());
        Ok(world
            .parts
            .iter()
            .filter(|((of, _), _)| *of == name)
            .map(|(_, part)| part.clone())
            .collect())
    }

    async fn continue_rollback(
        &self,
        stack: &str,
        skip: &Skip,
        _role: Option<&str>,
        token: &str,
    ) -> Result<()> {
        let mut world = self.call("continue_rollback", sent_skip(skip))?;
        let next = world.script.pop_front().unwrap_or(vec!["UPDATE_ROLLBACK_COMPLETE"]);
        world.written(stack, token);
        if let Some(held) = world.find(stack) {
            held.next = next.into();
        }
        Ok(())
    }

    async fn creation(&self, stack: &str) -> Result<Creation> {
        let mut world = self.call("creation", String::new())?;
        let age = world.age;
        Ok(world
            .find(stack)
            .map(|h| Creation { token: Some(h.creation_token.clone()), age })
            .unwrap_or_default())
    }
}

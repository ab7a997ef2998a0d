//! `quilt_database`: the PostgreSQL instance of a Quilt deployment, new or restored from a snapshot, from a template inside the provider.

use std::collections::BTreeMap;
use std::future::ready;

use async_trait::async_trait;

use super::inside::{self, Inside};
use super::timeouts::{self, Timeouts};
use super::{protection, tags};
use crate::attributes;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::Step;
use crate::kinds::resource::{Draft, Identity, Kept, Resource};
use crate::outcome::Result;
use crate::quilt::database::{self, TEMPLATES};
use crate::quilt::templates::Templates;
use crate::tf::{Diagnostics, Value};

mod check;
mod order;
mod plan;
mod seen;
mod source;

attributes! {
    /// Where a database lives: a whole `quilt_network`, or an object with the ids of an existing network.
    pub struct DatabaseNetwork {
        /// The VPC.
        vpc_id: String = Optional;
        /// Two subnets in different zones, without a route out.
        intra_subnet_ids: Vec<Value<String>> = Optional;
        /// Whether the subnets have IPv6 addresses too.
        ipv6: bool = Optional;
    }
}

attributes! {
    /// What a database is restored from: a whole `quilt_snapshot`.
    pub struct DatabaseSnapshot {
        /// Identifier of the snapshot.
        id: String = Optional;
        /// Engine of the database it is of.
        engine: String = Optional;
        /// Version of the engine.
        engine_version: String = Optional;
        /// Name of the master user.
        username: String = Optional;
        /// Storage in GiB.
        allocated_storage: i64 = Optional;
        /// Whether it is encrypted.
        encrypted: bool = Optional;
    }
}

attributes! {
    /// The PostgreSQL database of a Quilt deployment, new or restored from a snapshot. It is the CloudFormation stack `<name>-database`, made
    /// from a template inside the provider. Hand the whole of it to `quilt_stack`.
    ///
    /// Nothing ever replaces the instance. Its password is made by AWS, kept in Secrets Manager, and never in Terraform's state. A restored
    /// database keeps the snapshot's user and data, and gets a new password. A creation takes 10 to 30 minutes. When the stack is deleted,
    /// AWS takes a last snapshot, which stays.
    pub struct DatabaseState {
        /// Name of the database, 3 to 20 characters: lower-case letters, digits and hyphens.
        name: String = Required.replaces();
        /// The region, when it is not the provider's.
        region: String = OptionalComputed.replaces();
        /// Where it lives: a whole `quilt_network`, or an object with ids. A change is refused: it would replace the instance.
        network: DatabaseNetwork = Required.refused();
        /// Identifier of the manual snapshot to restore from, or the ARN of a shared one. Used once, at creation: a later change or removal
        /// is warned about and changes nothing.
        snapshot_identifier: String = OptionalComputed;
        /// The snapshot to restore from as a whole `quilt_snapshot`, which may be taken by the same apply. Like `snapshot_identifier`, used once.
        snapshot: DatabaseSnapshot = Optional;
        /// Class of the instance.
        instance_class: String = Optional.default("db.t3.small".to_string());
        /// Whether a second zone holds a standby.
        multi_az: bool = Optional.default(true);
        /// Version of PostgreSQL, which only goes up. Default: 15.18, or the snapshot's where that is newer; then it is kept.
        engine_version: String = OptionalComputed;
        /// Storage in GiB, which only grows. Default: 100, or the snapshot's size.
        allocated_storage: i64 = OptionalComputed;
        /// Type of the storage: `gp2` or `gp3`.
        storage_type: String = Optional.default("gp2".to_string());
        /// `DUAL`, or `IPV4`. Default: `DUAL` where the network has IPv6.
        network_type: String = OptionalComputed;
        /// How many days automatic backups are kept, 1 to 35.
        backup_retention_days: i64 = Optional.default(7);
        /// Whether the instance cannot be deleted.
        enable_deletion_protection: bool = Optional.default(true);
        /// ARN of the key that encrypts a new database. Default: the account's key for RDS; a restored one has its snapshot's. A change is
        /// refused.
        kms_key_id: String = OptionalComputed.refused();
        /// Version of the template inside the provider. A database keeps the one that made it until a newer one is written here.
        template_version: String = OptionalComputed;
        /// Tags of the stack and everything in it.
        tags: BTreeMap<String, Value<String>> = Optional;
        /// How long an apply waits. Defaults: create 3 h, update 3 h, delete 2 h.
        timeouts: Timeouts = Optional.block();
        /// ARN of the stack.
        id: String = Computed.stable();
        /// CloudFormation's status of the stack.
        status: String = Computed;
        /// Identifier of the instance.
        db_instance_identifier: String = Computed.stable();
        /// ARN of the instance.
        arn: String = Computed.stable();
        /// Its host name, without a port.
        endpoint: String = Computed.stable();
        /// Its port.
        port: i64 = Computed.stable();
        /// Name of the master user.
        username: String = Computed.stable();
        /// Name of the database inside.
        database_name: String = Computed.stable();
        /// ARN of the secret that holds user and password, as JSON with `username` and `password`.
        password_secret_arn: String = Computed.stable();
        /// Id of the security group whose members may reach the database.
        accessor_security_group_id: String = Computed.stable();
        /// The version of PostgreSQL that runs.
        engine_version_actual: String = Computed;
        /// Whether the creation took over what an interrupted apply of this configuration had left, instead of making it. Null after an import.
        adopted: bool = Computed.stable();
        /// All tags, those of the provider block included.
        tags_all: BTreeMap<String, Value<String>> = Computed;
    }
}

/// `quilt_database`.
pub struct DatabaseResource {
    templates: Templates,
}

impl Default for DatabaseResource {
    fn default() -> Self {
        Self { templates: TEMPLATES }
    }
}

/// A text that is known.
fn text(value: &Value<String>) -> Option<&str> {
    value.as_ref_option().map(String::as_str)
}

/// Its stack.
fn inside(state: &DatabaseState) -> Inside<'_> {
    let limits = timeouts::STACK.with(&state.timeouts);
    Inside {
        what: "database",
        id: ("id", &state.id),
        region: &state.region,
        limits,
        protection: (protection::OF_INSTANCE, &state.enable_deletion_protection),
    }
}

#[async_trait]
impl Resource for DatabaseResource {
    const NAME: &'static str = "quilt_database";
    type State = DatabaseState;
    type Private = ();

    fn subject(state: &DatabaseState) -> String {
        format!("Database {}", text(&state.name).unwrap_or("(name not known yet)"))
    }

    fn arns(state: &DatabaseState) -> Vec<&Value<String>> {
        vec![&state.id]
    }

    fn identity(state: &DatabaseState) -> Option<Identity> {
        Identity::stack(
            "name",
            text(&state.name).map(database::stack_name),
            &state.region,
            &state.id,
        )
    }

    fn adopts(planned: &mut DatabaseState, config: &DatabaseState) {
        inside::adopts(&mut planned.template_version, &config.template_version);
    }

    fn validate(&self, config: &DatabaseState, d: &mut Diagnostics) {
        check::validate(config, d);
        inside::validate(self.templates, &config.template_version, d);
        tags::validate(&config.tags, d);
        timeouts::validate(&config.timeouts, d);
    }

    async fn plan(&self, cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, self.templates, draft, d).await
    }

    async fn plan_delete(&self, cx: &Cx, state: &DatabaseState, d: &mut Diagnostics) -> Result<()> {
        inside(state).plan_delete(cx, Self::subject(state), d).await
    }

    async fn create(
        &self,
        cx: &Cx,
        planned: DatabaseState,
        kept: &mut Kept<Self>,
    ) -> Result<DatabaseState> {
        let deploy = inside(&planned).to(cx).await?;
        let (planned, encrypted) = source::before_create(&deploy.aws, planned).await?;
        let order = order::creation(&cx.settings, self.templates, &planned, encrypted)?;
        let adoption = kept.adoption();
        let told = |step: Step<'_>| {
            kept.note(step, |id| seen::begun(planned.clone(), id, &deploy.aws.region))
        };
        let adopt =
            |live: Stack| ready(order::update(&cx.settings, self.templates, &planned, &live));
        let stack =
            deploy.create(&order, inside(&planned).limits.create, (&adoption, adopt), told).await?;
        seen::after(&deploy.aws, planned, &stack).await
    }

    async fn read(
        &self,
        cx: &Cx,
        state: DatabaseState,
        _private: &mut (),
    ) -> Result<Option<DatabaseState>> {
        let Some((deploy, stack)) = inside(&state).look(cx).await? else { return Ok(None) };
        seen::read(&cx.settings, &deploy.aws, state, &stack).await.map(Some)
    }

    async fn update(
        &self,
        cx: &Cx,
        prior: DatabaseState,
        planned: DatabaseState,
        _kept: &mut Kept<Self>,
    ) -> Result<DatabaseState> {
        let deploy = inside(&prior).to(cx).await?;
        let limit = inside(&planned).limits.update;
        let stack = deploy
            .update(inside(&prior).id()?, limit, |live| {
                ready(order::update(&cx.settings, self.templates, &planned, &live))
            })
            .await?;
        seen::after(&deploy.aws, planned, &stack).await
    }

    async fn delete(&self, cx: &Cx, state: DatabaseState, _kept: &mut Kept<Self>) -> Result<()> {
        inside(&state).delete(cx).await
    }

    async fn import(&self, cx: &Cx, id: &str) -> Result<DatabaseState> {
        seen::import(cx, id).await
    }
}

#[cfg(test)]
mod tests;

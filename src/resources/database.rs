//! `quilt_database`: the PostgreSQL instance of a Quilt deployment, new or restored from a snapshot, from a template inside the provider.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::place::Place;
use super::protection::{OF_INSTANCE, OF_STACK};
use super::small_stack::template::name_in;
use super::small_stack::{Parameters, SmallStack, SmallStackResource, way_to_import};
use super::timeouts::Timeouts;
use crate::aws::Aws;
use crate::cloudformation::{stack::Stack, status::Status};
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::quilt::database::{INSTANCE_CLASS, KEPT, STORAGE_TYPE, TEMPLATES};
use crate::quilt::templates::Templates;
use crate::tf::{AttributePath, Diagnostics, Value};
use crate::{attributes, shared};

mod check;
mod intent;
mod plan;
mod seen;
mod sent;
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
        instance_class: String = Optional.default(INSTANCE_CLASS.to_string());
        /// Whether a second zone holds a standby.
        multi_az: bool = Optional.default(true);
        /// Version of PostgreSQL, which only goes up. Default: 15.18, or the snapshot's where that is newer; then it is kept.
        engine_version: String = OptionalComputed;
        /// Storage in GiB, which only grows. Default: 100, or the snapshot's size.
        allocated_storage: i64 = OptionalComputed;
        /// Type of the storage: `gp2` or `gp3`.
        storage_type: String = Optional.default(STORAGE_TYPE.to_string());
        /// `DUAL`, or `IPV4`. Default: `DUAL` where the network has IPv6.
        network_type: String = OptionalComputed;
        /// How many days automatic backups are kept, 1 to 35.
        backup_retention_days: i64 = Optional.default(7);
        /// Whether the stack cannot be deleted. Default: true, switched on once the creation is complete; after an import it stays as it is.
        enable_termination_protection: bool = OptionalComputed;
        /// Whether the instance cannot be deleted, by whichever way: RDS refuses it.
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
pub type DatabaseResource = SmallStackResource<DatabaseState>;

#[async_trait]
impl SmallStack for DatabaseState {
    const NAME: &'static str = "quilt_database";
    const WHAT: &'static str = "database";
    const TEMPLATES: Templates = TEMPLATES;
    const KEPT: &'static [&'static str] = &KEPT;
    const LOSES: &'static str = "the database with all users, settings and metadata in it. CloudFormation takes a last snapshot where it can; take a `quilt_snapshot` first to be sure.";
    const MOVE: &'static str = "It would be replaced by an empty one. For a move, take a `quilt_snapshot` of it and restore that as a second `quilt_database` in the other network.";
    const PROTECTIONS: &'static [&'static str] = &[OF_STACK, OF_INSTANCE];
    shared!();

    fn holds_protected_instance(&self) -> bool {
        self.enable_deletion_protection == Value::Value(true)
    }

    fn check(&self, d: &mut Diagnostics) {
        check::validate(self, d);
    }

    fn place(&self) -> Option<Place<'_>> {
        self.network.as_ref_option().map(|network| (&network.vpc_id, &network.intra_subnet_ids))
    }

    fn follow(&mut self, prior: Option<&Self>, _config: &Self) {
        let Some(prior) = prior else { return };
        // A snapshot is used once.
        self.snapshot_identifier = prior.snapshot_identifier.clone();
        // Ids written out are the same network as the whole resource.
        if let (Value::Value(now), Value::Value(before)) = (&self.network, &prior.network)
            && now.ipv6.is_null()
            && (&now.vpc_id, &now.intra_subnet_ids) == (&before.vpc_id, &before.intra_subnet_ids)
        {
            self.network = prior.network.clone();
        }
        if prior.port.is_null() {
            self.port = Value::Unknown;
        }
    }

    fn shorten(&mut self) {
        self.network_type = Value::Null;
    }

    async fn plan_creation(&mut self, cx: &Cx, config: &Self, d: &mut Diagnostics) -> Result<()> {
        plan::creation(cx, self, config, d).await
    }

    async fn plan_update(
        &mut self,
        cx: &Cx,
        prior: &Self,
        config: &Self,
        d: &mut Diagnostics,
    ) -> Result<()> {
        plan::update(cx, self, prior, config, d).await
    }

    fn made_by_aws(&mut self) -> Vec<&mut Value<String>> {
        vec![
            &mut self.arn,
            &mut self.db_instance_identifier,
            &mut self.endpoint,
            &mut self.database_name,
            &mut self.password_secret_arn,
            &mut self.accessor_security_group_id,
            &mut self.kms_key_id,
        ]
    }

    fn moving(&mut self) -> Vec<&mut Value<String>> {
        vec![&mut self.status, &mut self.engine_version_actual]
    }

    fn half_deleted(&self, status: &Status) -> Option<(&'static str, &'static str)> {
        plan::half_deleted(self, status)
    }

    fn parameters(&self) -> Result<Parameters> {
        Ok(sent::changeable(self))
    }

    async fn before_create(self, aws: &Aws) -> Result<(Self, Parameters)> {
        let (planned, encrypted) = source::before_create(aws, self).await?;
        let parameters = sent::all(&planned, encrypted);
        Ok((planned, parameters))
    }

    fn read_parameters(&mut self, stack: &Stack) -> Result<(), String> {
        seen::settings(self, stack);
        Ok(())
    }

    async fn read_outputs(&mut self, aws: &Aws, stack: &Stack) -> Result<()> {
        seen::outputs(aws, self, stack).await
    }

    fn name_of(stack: &Stack) -> Result<String> {
        let name =
            name_in::<Self>(stack).filter(|_| stack.parameters.contains_key("SnapshotIdentifier"));
        name.ok_or_else(|| {
            let what = format!("The stack {} is not a Quilt database's.", stack.name);
            Error::config(AttributePath::root(), what, way_to_import::<Self>())
        })
    }
}

#[cfg(test)]
mod tests;

//! What protects a stack from its deletion: its own termination protection, and the deletion protection of a database instance in it.

use std::time::Duration;

use super::{Deploy, region_of};
use crate::cloudformation::stack::{Part, Removal, Stack};
use crate::cloudformation::template::Template;
use crate::outcome::{Error, Result};

/// The type of a database instance.
const INSTANCE: &str = "AWS::RDS::DBInstance";
/// The argument for a stack's termination protection.
pub const OF_STACK: &str = "enable_termination_protection";
/// The argument for a database instance's deletion protection.
pub const OF_INSTANCE: &str = "enable_deletion_protection";

/// A protection that is on, and how it is removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Shield {
    /// What is on, as "Termination protection is on for the stack prod".
    pub what: String,
    /// The resource's arguments that remove it, where it has them.
    arguments: Vec<&'static str>,
    /// The commands that do it without Terraform.
    commands: Vec<String>,
}

impl Shield {
    /// A stack's own.
    pub fn of_stack(name: &str, region: &str, removal: &Removal) -> Self {
        let command = format!(
            "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name {name} --region {region}"
        );
        Self::of(
            format!("Termination protection is on for the stack {name}"),
            OF_STACK,
            command,
            removal,
        )
    }

    /// That of a database instance.
    pub fn of_instance(instance: &str, region: &str, removal: &Removal) -> Self {
        let command = format!(
            "aws rds modify-db-instance --no-deletion-protection --apply-immediately --db-instance-identifier {instance} --region {region}"
        );
        let what = format!("The database instance {instance} is protected from deletion");
        Self::of(what, OF_INSTANCE, command, removal)
    }

    /// That of a stack's database instance whose identifier is not at hand.
    pub fn of_instance_in(stack: &str, region: &str, removal: &Removal) -> Self {
        let what = format!("The database of the stack {stack} is protected from deletion");
        Self { what, ..Self::of_instance("<its identifier>", region, removal) }
    }

    fn of(what: String, argument: &'static str, command: String, removal: &Removal) -> Self {
        let arguments = removal.arguments.iter().copied().filter(|one| *one == argument).collect();
        Self { what, arguments, commands: vec![command] }
    }

    /// This one and another.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let second = other.what.replacen("The database", "the database", 1);
        self.what = format!("{}, and {second}", self.what);
        self.arguments.extend(other.arguments);
        self.commands.extend(other.commands);
        self
    }

    /// The two steps that remove it, in words that are right for a destroy, a replacement, a tainted object and one whose block was taken out.
    pub fn steps(&self) -> String {
        let command = self.commands.join("` and `");
        if self.arguments.is_empty() {
            return format!("1. Switch it off: `{command}`.\n2. Delete or replace it again.");
        }
        format!(
            "1. Set `{} = false` and run `terraform apply`. Its block must stand in the configuration for that, `-replace` is left out, and \
             what is tainted is untainted first (`terraform untaint`).\n2. Delete or replace it again.\n\nWhere it has no block any more, 1. is \
             `{command}`.",
            self.arguments.join(" = false` and `")
        )
    }

    /// The deletion is refused.
    fn refusal(self) -> Error {
        let next = self.steps();
        Error::Failed { state: format!("{}; nothing was deleted.", self.what), next }
    }
}

impl Deploy<'_> {
    /// What protects a stack from this removal as AWS sees it now; `None`: nothing, or there is no stack.
    pub async fn shield(&self, id: &str, removal: &Removal) -> Result<Option<Shield>> {
        match self.aws.stacks.glance(id).await? {
            Some(stack) if !stack.status.going() => self.shield_of(&stack, removal).await,
            _ => Ok(None),
        }
    }

    /// Refuses to delete a stack that is protected itself.
    pub(super) async fn terminable(&self, stack: &Stack, removal: &Removal) -> Result<()> {
        if !stack.protected || stack.status.going() {
            return Ok(());
        }
        match self.shield_of(stack, removal).await? {
            Some(shield) => Err(shield.refusal()),
            None => Ok(()),
        }
    }

    /// Refuses to delete what CloudFormation would fail to delete half-way, or take from under others: a stack that is protected, that holds a
    /// database instance which is, or that another one uses.
    pub(super) async fn deletable(
        &self,
        stack: &Stack,
        removal: &Removal,
        limit: Duration,
    ) -> Result<()> {
        if let Some(shield) = self.shield_of(stack, removal).await? {
            return Err(shield.refusal());
        }
        if removal.shared { self.unused(stack, limit).await } else { Ok(()) }
    }

    /// All that protects it. What is in a protected stack is looked at where one change of the configuration removes both.
    async fn shield_of(&self, stack: &Stack, removal: &Removal) -> Result<Option<Shield>> {
        let own = Shield::of_stack(&stack.name, &self.aws.region, removal);
        Ok(match (stack.protected, removal.arguments.contains(&OF_INSTANCE)) {
            (true, false) => Some(own),
            (true, true) => match self.shield_inside(stack, removal).await {
                Ok(Some(inside)) => Some(own.and(inside)),
                _ => Some(own),
            },
            (false, _) => self.shield_inside(stack, removal).await?,
        })
    }

    /// The protection of a database instance in it.
    async fn shield_inside(&self, stack: &Stack, removal: &Removal) -> Result<Option<Shield>> {
        for (owner, part) in self.parts_with_owner(&stack.id).await? {
            let left =
                removal.force || (owner == stack.id && removal.retain.contains(&part.logical_id));
            if !left && self.takes_protected(&owner, &part).await? {
                let region = region_of(&stack.id).unwrap_or(&self.aws.region);
                return Ok(Some(Shield::of_instance(&part.physical_id, region, removal)));
            }
        }
        Ok(None)
    }

    /// A part is a protected database instance, and its template does not leave it behind. A last snapshot is no way around the protection.
    async fn takes_protected(&self, owner: &str, part: &Part) -> Result<bool> {
        if part.kind != INSTANCE || part.physical_id.is_empty() || !part.status.exists() {
            return Ok(false);
        }
        let instance = self.aws.databases.instance(&part.physical_id).await?;
        if !instance.is_some_and(|instance| instance.protected) {
            return Ok(false);
        }
        // Where the template cannot be read, the instance is taken for one that goes.
        let template =
            self.aws.stacks.template(owner).await.ok().and_then(|text| Template::parse(&text).ok());
        let policy = template.and_then(|template| template.deletion_policy(&part.logical_id));
        Ok(!policy.is_some_and(|policy| policy.starts_with("Retain")))
    }
}

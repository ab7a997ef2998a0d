//! Action `quilt_rotate_database_password`: gives a database another password, and tells it to the stack that signs in with it.

// The steps, in an order in which whoever is interrupted leaves something that the next invocation finishes:
//
// 1. The new password is added to the database's secret, in a version of its own beside the current one, which takes the turn from whichever
//    invocation had it (`turn.rs`), and gets the label of what comes. Nobody uses it yet. From here on every password that the database has or
//    may get is in the secret.
// 2. The stack's update is compared with the stack. What would be refused is refused here, where nothing has been touched.
// 3. RDS is asked to set the password. Open connections stay; new ones with the former password are refused from some moment on. So from
//    here until CloudFormation has taken the update (6) the word to stop is not heard: it comes into effect after that.
// 4. As soon as RDS has accepted, the new version is the current one: an apply of the stack or of the database reads what RDS will have.
// 5. RDS is waited for.
// 6. The stack is updated. Once CloudFormation has taken that, it goes on by itself and the word to stop is heard again.
// 7. The labels are taken off: it is over.
//
// Killed between any two of these, the label is still there, and its version holds the new password. The next invocation takes that one and
// does each step from 2 on once more, which changes nothing where it is done already.
// An update that is refused or rolled back leaves the stack with the former password, and so the database gets it back: 3, 4, 5 and 7 the
// other way round. Where it is not certain which one the stack has, nothing is turned back, and the error says so.

use std::time::Duration;

use async_trait::async_trait;

use super::timeout::{self, HOUR};
use crate::attributes;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::action::Action;
use crate::outcome::Result;
use crate::tf::{AttributePath, Diagnostics, Report};

mod found;
mod looks;
mod refusals;
mod steps;
mod turn;

/// RDS needs minutes, the stack about as long as for any update.
const LIMIT: Duration = HOUR.saturating_mul(2);

attributes! {
    /// The database whose password is replaced: a whole `quilt_database`, or an object with what leads to another one.
    pub struct RotatedDatabase {
        /// Identifier of the instance.
        db_instance_identifier: String = Required;
        /// Its host name, as the stack is told it, without a port.
        endpoint: String = Required;
        /// Its port. Default: 5432.
        port: i64 = Optional;
        /// Its master user. Default: the one in the secret.
        username: String = Optional;
        /// Name of the database inside. Default: `quilt`.
        database_name: String = Optional;
        /// ARN of the secret that holds user and password, as JSON with `username` and `password`.
        password_secret_arn: String = Required;
        /// The security group whose members may reach it: the stack must have been given the same one.
        accessor_security_group_id: String = Optional;
    }
}

attributes! {
    /// Gives the database of a Quilt stack a new password: in its secret, in RDS and in the stack, one after the other. For a stack that takes its
    /// database from outside, as from a `quilt_database`.
    ///
    /// The services of the stack start anew with the new password. Until they have, for some minutes, they keep the connections that they have and
    /// get no new ones. If the stack's update fails and is rolled back, the database gets its former password again.
    ///
    /// An invocation that was interrupted is gone on with by the next one, whatever it had come to: invoke it again. Ctrl-C between the change of
    /// the database and that of the stack comes into effect once CloudFormation has begun with the latter. Of invocations that meet, the last one
    /// goes on with the password that the first one has drawn, and the others end with an error that says so.
    pub struct RotateDatabasePasswordConfig {
        /// Name or ARN of the stack that uses the database.
        stack_name: String = Required;
        /// The database, as the stack is given it: a whole `quilt_database`, or an object with what leads to another one.
        database: RotatedDatabase = Required;
        /// The region, when it is not the provider's. An ARN has its own.
        region: String = Optional;
        /// How long each of its steps waits, as `90m`. Default `2h`. What has begun goes on in AWS after that.
        timeout: String = Optional;
    }
}

/// Action `quilt_rotate_database_password`.
pub struct RotateDatabasePassword;

#[async_trait]
impl Action for RotateDatabasePassword {
    const NAME: &'static str = "quilt_rotate_database_password";
    type Config = RotateDatabasePasswordConfig;

    fn subject(config: &RotateDatabasePasswordConfig) -> String {
        let stack = config.stack_name.as_deref_option().unwrap_or("a stack");
        format!("The new database password of {stack}")
    }

    fn validate(&self, config: &RotateDatabasePasswordConfig, d: &mut Diagnostics) {
        timeout::validate(&config.timeout, d);
        let detail = "It is replaced in its secret, in RDS and in the stack. Until the stack's services have started anew, for some minutes, \
                      they get no new connections to the database. Whoever else uses the password reads the secret again.";
        d.warn_at(AttributePath::new("database"), "The database gets a new password", detail);
    }

    async fn invoke(
        &self,
        cx: &Cx,
        config: RotateDatabasePasswordConfig,
        d: &mut Diagnostics,
    ) -> Result<String> {
        let name = config.stack_name.clone().unwrap_or_default();
        let region = config.region.as_deref_option();
        let (deploy, stack) = Deploy::named(cx, "stack_name", &name, region).await?;
        let database = config.database.clone().unwrap_or_default();
        let instance = database.db_instance_identifier.clone().unwrap_or_default();
        let _turn = cx.turns.take(&format!("password of {instance}")).await;
        let limit = timeout::of(&config.timeout, LIMIT);
        looks::rotation(&deploy, &stack, &database, limit, d).await?.run().await?;
        Ok(format!(
            "The database {instance} has a new password, and stack {} signs in with it",
            stack.name
        ))
    }
}

#[cfg(test)]
mod tests;

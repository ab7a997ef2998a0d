//! Why a password is not replaced, and who has which one when its replacement did not come to its end.

use crate::cloudformation::stack::Stack;
use crate::cloudformation::template::Template;
use crate::outcome::Error;
use crate::quilt::database::Instance;
use crate::quilt::wiring::makes_database;
use crate::tf::AttributePath;

fn refused(member: &'static str, what: String, fix: impl Into<String>) -> Error {
    Error::config(AttributePath::new("database").attribute(member), what, fix)
}

/// A sentence of a refusal that comes before anything was changed.
const NOTHING: &str = "Nothing was changed.";

/// What to do once something else has been put right.
const AGAIN: &str = "Then invoke the action again.";

/// The stack takes no database from outside.
pub fn no_way(stack: &Stack, template: Option<&Template>) -> Error {
    let what = format!("Stack {} takes no database from outside. {NOTHING}", stack.name);
    let fix = match template.is_some_and(makes_database) {
        true => {
            "It makes its own: give `DBPassword` another value in `parameters_wo` of its `quilt_stack`, raise `parameters_wo_version` and apply. \
             CloudFormation then changes database and services in one update."
        }
        false => "Name the stack that the database was given to.",
    };
    Error::config(AttributePath::new("stack_name"), what, fix)
}

/// The stack was given another database than this one.
pub fn another_database(stack: &Stack, told: &str, group: &str) -> Error {
    let what = format!(
        "Stack {} was given another database: its `DBAccessorSecurityGroup` is {told}, and this one's is {group}. {NOTHING}",
        stack.name
    );
    refused("accessor_security_group_id", what, "Give the database that the stack uses.")
}

/// There is no such instance.
pub fn no_instance(id: &str, region: &str) -> Error {
    let what = format!("There is no database {id} in {region}.");
    refused("db_instance_identifier", what, "Give the identifier of the instance, as RDS shows it.")
}

/// RDS itself makes and keeps the password.
pub fn kept_by_rds(instance: &Instance) -> Error {
    let what = format!("RDS keeps the password of {} itself. {NOTHING}", instance.id);
    let fix = "Let RDS rotate it; `quilt_stack` tells it to the stack with the next change, or when `parameters_wo_version` is raised.";
    refused("db_instance_identifier", what, fix)
}

/// The instance does not take a password as it is.
pub fn unable(instance: &Instance) -> Error {
    Error::Failed {
        state: format!(
            "The database {} is {}, and takes no new password.",
            instance.id, instance.status
        ),
        next: format!(
            "Bring the database back (start it, or see the RDS console for what it lacks). {AGAIN}"
        ),
    }
}

/// The instance never has time.
pub fn busy(id: &str) -> Error {
    Error::Failed {
        state: format!("The database {id} does not let its password be changed now."),
        next: format!("See the RDS console for what it is doing. {AGAIN}"),
    }
}

/// The address leads to another instance.
pub fn another_host(host: &str, instance: &Instance) -> Error {
    let what = format!(
        "The database {} is at {}, and not at {host}. {NOTHING}",
        instance.id, instance.host
    );
    refused("endpoint", what, "Give identifier and address of one database.")
}

/// The secret is another user's.
pub fn another_user(user: &str, instance: &Instance) -> Error {
    let what = format!(
        "The secret is of the user `{user}`, and the master user of {} is `{}`, whose password alone RDS can change. {NOTHING}",
        instance.id, instance.facts.username
    );
    refused("password_secret_arn", what, "Give the secret of the master user.")
}

/// There is no such secret.
pub fn no_secret(secret: &str, region: &str) -> Error {
    let what = format!("There is no secret {secret} in {region}, or it holds nothing.");
    let fix = "Give the ARN of the secret with the database's user and password.";
    refused("password_secret_arn", what, fix)
}

/// The secret holds something else.
pub fn unread(why: String) -> Error {
    refused("password_secret_arn", why, "Correct the secret, or give the one of the database.")
}

/// The secret is being deleted.
pub fn going(secret: &str) -> Error {
    Error::Failed {
        state: format!("The secret {secret} is about to be deleted. {NOTHING}"),
        next: format!("Call that off with `aws secretsmanager restore-secret`. {AGAIN}"),
    }
}

/// Something else changes the secret.
pub fn rotates(secret: &str) -> Error {
    let what = format!(
        "Secrets Manager changes the password in {secret} by itself, and the two would be in each other's way. {NOTHING}"
    );
    let fix = "Leave it to that, or switch it off with `aws secretsmanager cancel-rotate-secret`.";
    refused("password_secret_arn", what, fix)
}

/// How far an invocation has come that lets another one go on.
#[derive(Clone, Copy, Debug)]
pub enum Stands {
    /// The database has its former password.
    Untouched,
    /// The database has the new one.
    Turned,
    /// It was being given the former one again.
    Turning,
}

const WAIT: &str = "Wait for that one. If it fails or was interrupted, invoke the action again: it goes on with what is left.";

/// A later invocation goes on instead of this one.
pub fn another_rotation(secret: &str, stands: Stands) -> Error {
    let stands = match stands {
        Stands::Untouched => "This one has changed nothing in the database and the stack.",
        Stands::Turned => {
            "This one has given the database its new password, and that one goes on with the same."
        }
        Stands::Turning => {
            "This one was about to give the database its former password again, and that one looks itself which one it needs."
        }
    };
    Error::Failed {
        state: format!(
            "Another invocation rotates the password in {secret} since this one has begun, and it alone goes on. {stands}"
        ),
        next: WAIT.into(),
    }
}

/// Something failed here, and a later invocation goes on.
pub fn goes_on(secret: &str, e: Error) -> Error {
    match e {
        Error::Failed { state, next } if next == WAIT => Error::Failed { state, next },
        e => Error::Failed {
            state: format!(
                "{}\n\nAnother invocation rotates the password in {secret} since this one has begun, and goes on with the same new password.",
                told(&e)
            ),
            next: WAIT.into(),
        },
    }
}

/// This machine gives no random numbers.
pub fn nothing_drawn() -> Error {
    Error::Failed {
        state: format!(
            "This machine gives no random numbers, and without them there is no password. {NOTHING}"
        ),
        next: "Invoke the action on another machine.".into(),
    }
}

/// Another stack would be left with the former password.
pub fn shared(other: &Stack, by: Option<(&str, &str)>) -> Error {
    let by = by.map(|(parameter, id)| format!(" ({parameter}: {id})")).unwrap_or_default();
    Error::Failed {
        state: format!(
            "Stack {}{by} signs in to the database too, and could not any more. {NOTHING}",
            other.name
        ),
        next: format!("Give it another database, or delete it. {AGAIN}"),
    }
}

/// The database has the new password, and what the stack has is not certain.
pub fn halfway(instance: &str, e: Error) -> Error {
    match e {
        Error::Failed { state, next } => Error::Failed {
            state: format!("{state}\n\nThe database {instance} has its new password already."),
            next: format!(
                "{next} Then invoke the action again: it brings the stack to that password."
            ),
        },
        e => e,
    }
}

/// All is as before.
pub fn restored(instance: &str, e: Error) -> Error {
    let why = told(&e);
    Error::Failed {
        state: format!(
            "{why}\n\nThe stack has kept the former password, so the database {instance} was given it again, and the secret holds it: all is as before."
        ),
        next: format!("Put right what stopped it. {AGAIN}"),
    }
}

/// The database has the new password, and the stack the former one.
pub fn torn(instance: &str, e: &Error, not: &Error) -> Error {
    Error::Failed {
        state: format!(
            "{}\n\nThe stack has kept the former password, and the database {instance} could not be given it again: {}\n\nThe stack gets no new connections to the database.",
            told(e),
            told(not)
        ),
        next: "Put right what stopped it, and invoke the action again at once: it brings both to one password.".into(),
    }
}

fn told(e: &Error) -> String {
    match e {
        Error::Failed { state, next } => format!("{state} {next}"),
        e => e.to_string(),
    }
}

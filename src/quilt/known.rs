//! Failures that Quilt's users have met before: where each lies, and what cures it.

use serde::Serialize;

/// Where a cause lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// In the template or its parameters.
    Template,
    /// In the account, its network or its limits.
    Environment,
    /// In Quilt itself.
    Quilt,
}

impl Class {
    /// For a sentence after "Kind of cause: ".
    pub fn words(self) -> &'static str {
        match self {
            Class::Template => {
                "template. The template or a parameter asks for something that cannot be."
            }
            Class::Environment => {
                "environment. The account, its network, its permissions or its limits; the template is right."
            }
            Class::Quilt => "Quilt. One of Quilt's own programs did not start or did not answer.",
        }
    }
}

/// A failure that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// What is said when it happens.
    says: &'static str,
    /// Where it lies.
    pub class: Class,
    /// What to do next.
    pub fix: &'static str,
}

/// All of them, the narrower words first.
#[rustfmt::skip]
const KNOWN: [Known; 14] = [
    Known { says: "CannotPullContainerError", class: Class::Environment, fix: "The task could not fetch its image: its subnets have no way to ECR. Check that the private subnets route to a NAT gateway or a transit gateway that is up before the stack is made, and that no policy keeps the account from Quilt's registry. Then apply again." },
    Known { says: "ResourceInitializationError", class: Class::Environment, fix: "The task could not fetch its secrets, its image or its log group before it began. Check that the private subnets route out (NAT or transit gateway, or endpoints), and that the task's execution role may read what the message names. Then apply again." },
    Known { says: "OutOfMemoryError", class: Class::Quilt, fix: "The container used up its memory. Send the lines above to Quilt's support; a newer template may give it more. Then apply again." },
    Known { says: "should not contain uppercase", class: Class::Quilt, fix: "Templates before 1.62 make a bucket's name from the stack's name, and a bucket takes no capital letters. Update to 1.62 or later; where the rollback failed too, go on with `on_rollback_failed` first." },
    Known { says: "Autotune is not supported", class: Class::Template, fix: "Machines of the types t2 and t3 know no Auto-Tune. Choose a type of the m family for the search domain. Then apply again." },
    Known { says: "A change/update is in progress", class: Class::Environment, fix: "The search domain is busy with an earlier change. Wait until it is at rest (AWS console: OpenSearch), then apply again." },
    Known { says: "Cannot upgrade postgres", class: Class::Template, fix: "PostgreSQL cannot go from that version to the other in one step. Upgrade over a version in between, as the guide \"Migrate to network 2.0\" shows. Then apply again." },
    Known { says: "password authentication failed", class: Class::Environment, fix: "The database does not take the password that the stack has. If the database was restored or its password was changed by hand, hand the right secret on. Then apply again." },
    Known { says: "could not translate host name", class: Class::Environment, fix: "A host name could not be resolved inside the network. Check that the VPC has DNS support and DNS host names on, and no DNS servers of its own that do not know AWS's private names. Then apply again." },
    Known { says: "could not connect to server", class: Class::Environment, fix: "The database could not be reached from the task. Check the security groups on both sides and that the database runs. Then apply again." },
    Known { says: "connection to server at", class: Class::Environment, fix: "The database could not be reached from the task. Check the security groups on both sides and that the database runs. Then apply again." },
    Known { says: "failed ELB health checks", class: Class::Quilt, fix: "The container runs, and does not answer the load balancer. Read the lines of its log above; if they tell nothing, send them to Quilt's support. Then apply again." },
    Known { says: "failed container health checks", class: Class::Quilt, fix: "The container runs, and does not pass its own health check. Read the lines of its log above; if they tell nothing, send them to Quilt's support. Then apply again." },
    Known { says: "Task timed out after", class: Class::Environment, fix: "The function was not done in time: mostly it waits for something that its subnets cannot reach. Check routes and security groups. Then apply again." },
];

/// The failure that a text tells of.
pub fn of(text: &str) -> Option<Known> {
    KNOWN.into_iter().find(|known| text.contains(known.says))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_failures_are_recognised_and_end_in_what_to_do() {
        let pull =
            of("CannotPullContainerError: pull image manifest has been retried 5 time(s)").unwrap();
        assert_eq!(pull.class, Class::Environment);
        assert!(KNOWN.iter().all(|known| known.fix.ends_with('.')));
        assert_eq!(of("DB: no zones"), None);
    }
}

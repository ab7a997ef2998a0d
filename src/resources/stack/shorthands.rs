//! The arguments that stand for one parameter each.

use super::state::StackState;
use crate::quilt::admin::EMAIL;
use crate::tf::Value;

/// An argument and the parameter it stands for.
pub struct Shorthand {
    /// Where a person writes it, and where errors point.
    pub attribute: &'static str,
    /// The template's name for it.
    pub parameter: &'static str,
    /// Its value in a configuration, a plan or a state.
    pub value: fn(&StackState) -> &Value<String>,
    /// The same place, to be filled with what the stack has.
    pub slot: fn(&mut StackState) -> &mut Value<String>,
}

/// Every argument that is one parameter.
pub const SHORTHANDS: [Shorthand; 3] = [
    Shorthand {
        attribute: "web_host",
        parameter: "QuiltWebHost",
        value: |state| &state.web_host,
        slot: |state| &mut state.web_host,
    },
    Shorthand {
        attribute: "certificate_arn",
        parameter: "CertificateArnELB",
        value: |state| &state.certificate_arn,
        slot: |state| &mut state.certificate_arn,
    },
    Shorthand {
        attribute: "admin_email",
        parameter: EMAIL,
        value: |state| &state.admin_email,
        slot: |state| &mut state.admin_email,
    },
];

//! The arguments that stand for one parameter each.

use super::state::StackState;
use crate::quilt::admin::EMAIL;
use crate::tf::Value;

/// An argument and the parameter it stands for.
pub struct Shorthand {
    /// The argument.
    pub attribute: &'static str,
    /// The parameter.
    pub parameter: &'static str,
    /// The argument's value.
    pub value: fn(&StackState) -> &Value<String>,
    /// Where its value stands.
    pub slot: fn(&mut StackState) -> &mut Value<String>,
}

/// All of them.
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

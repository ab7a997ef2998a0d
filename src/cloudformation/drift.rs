//! Drift: what CloudFormation finds to be otherwise than a stack's template says.

/// How far a look for drift has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Detection {
    /// Not yet.
    Underway,
    /// Everything that can be looked at was looked at.
    Complete,
    /// Some resources could not be looked at; what was found of the others holds.
    Partial(String),
}

/// A resource that is otherwise than the template says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drift {
    /// Its logical id.
    pub logical_id: String,
    /// Its type, as `AWS::SQS::Queue`.
    pub kind: String,
    /// Its id in AWS.
    pub physical_id: String,
    /// It is gone.
    pub deleted: bool,
    /// The properties that are otherwise, by path. Their values are never told: a secret may be among them.
    pub properties: Vec<String>,
}

impl Drift {
    /// It, on one line.
    pub fn line(&self) -> String {
        let how = match (self.deleted, self.properties.is_empty()) {
            (true, _) => "deleted".to_string(),
            (false, true) => "changed".to_string(),
            (false, false) => format!("changed: {}", self.properties.join(", ")),
        };
        format!("{} ({}, {}): {how}", self.logical_id, self.kind, self.physical_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_otherwise() {
        let of = |deleted, properties: &[&str]| Drift {
            logical_id: "First".into(),
            kind: "AWS::SQS::Queue".into(),
            physical_id: "first-1".into(),
            deleted,
            properties: properties.iter().map(ToString::to_string).collect(),
        };
        let lines =
            [of(true, &[]), of(false, &[]), of(false, &["/Tags", "/Size"])].map(|d| d.line());
        assert_eq!(
            lines,
            ["deleted", "changed", "changed: /Tags, /Size"]
                .map(|how| format!("First (AWS::SQS::Queue, first-1): {how}"))
        );
    }
}

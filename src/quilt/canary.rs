//! Canaries: small programs by which a stack tests itself, again and again.

/// One of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Canary {
    /// Its name.
    pub name: String,
    /// What it looks at, for people.
    pub title: String,
    /// The same in a sentence.
    pub description: String,
    /// What it belongs to.
    pub group: String,
    /// The region it runs in.
    pub region: String,
    /// When it runs, as CloudWatch Synthetics writes it.
    pub schedule: String,
    /// Whether its last run ended well; `None`: it runs, or has not run yet.
    pub ok: Option<bool>,
    /// When it ran last.
    pub last_run: Option<String>,
}

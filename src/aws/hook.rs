//! Hooks of the account that refuse what they find wrong.

/// A hook that refused something.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hook {
    /// Its type, as `Acme::Security::Hook`.
    pub name: String,
    /// Why, in its own words.
    pub reason: Option<String>,
    /// What it found, one by one.
    pub notes: Vec<HookNote>,
}

/// Something that a hook found wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HookNote {
    /// Its name.
    pub name: String,
    /// What is wrong.
    pub message: String,
    /// What would make it right.
    pub remedy: Option<String>,
    /// Where that is explained.
    pub link: Option<String>,
    /// How much it matters, as `high`.
    pub severity: Option<String>,
}

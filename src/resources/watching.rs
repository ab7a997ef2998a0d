//! How a person watches what an apply waits for: told by its plan, because Terraform prints nothing of a provider's before an apply is over.

use crate::cx::Settings;
use crate::tf::{Diagnostics, Report, Value};

/// A creation of Quilt, as long as it takes.
pub const QUILT: &str = "Quilt is made in 30 to 90 minutes. ";

/// The sentence that names the command; `None`: where this program lies, or what the stack is called, is not known.
pub fn sentence(
    settings: &Settings,
    name: &Value<String>,
    region: &Value<String>,
) -> Option<String> {
    let name = name.as_ref_option()?;
    let command = settings.by_hand.as_ref()?.watch(name, region.as_deref_option());
    Some(format!("To watch it, in another terminal: `{command}`"))
}

/// Tells it of a creation. `lasts` is how long that takes, where it is known.
pub fn creation(subject: &str, lasts: &str, sentence: Option<String>, d: &mut Diagnostics) {
    if let Some(sentence) = sentence.filter(|_| !d.failed()) {
        d.warn(format!("{subject} can be watched while it is made"), format!("{lasts}{sentence}"));
    }
}

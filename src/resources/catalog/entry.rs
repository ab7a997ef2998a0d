//! What a creation in a catalog meets by its name, and a change that may have been stored although it failed.

use crate::deploy::adoption::{Adoption, INCONSISTENT, Met};
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Diagnostics, Report};

/// Something that is there by the name that is wanted.
pub struct There<'a> {
    /// What it is, as "role Analysts".
    pub what: String,
    /// The resource type.
    pub block: &'static str,
    /// The attribute that names it.
    pub at: &'static str,
    /// Its id.
    pub id: &'a str,
    /// What an import takes.
    pub import: String,
    /// It is what is wanted, to the letter; `None`: what is wanted is not known yet.
    pub alike: Option<bool>,
}

impl There<'_> {
    /// What a plan makes of it: what is just as wanted is taken over, because an apply that was interrupted may have left it, and taking it
    /// over changes nothing.
    ///
    /// # Errors
    /// It is another one.
    pub fn met(&self, d: &mut Diagnostics) -> Result<Met> {
        match self.alike {
            Some(true) => {
                let detail = format!(
                    "It is as an interrupted apply of this configuration, or a destroy, leaves it: the apply takes it over.\n\n{INCONSISTENT}"
                );
                d.warn(format!("There is a {} already", self.what), detail);
                Ok(Met::Ours(self.id.into()))
            }
            None => Ok(Met::Unasked),
            Some(false) => Err(self.taken()),
        }
    }

    /// The same in an apply.
    ///
    /// # Errors
    /// It may not be taken over.
    pub fn adopted(&self, adoption: &Adoption) -> Result<()> {
        match (adoption, self.alike) {
            (_, Some(false) | None) => Err(self.taken()),
            (Adoption::Never, _) => Err(self.unseen()),
            (Adoption::Of(Some(id)), _) if id != self.id => Err(self.unseen()),
            _ => Ok(()),
        }
    }

    /// It is what is wanted, and the plan said that nothing was there, or that this comes in its stead.
    fn unseen(&self) -> Error {
        Error::Failed {
            state: format!(
                "There is a {} already, which the plan did not reckon with. Nothing was changed.",
                self.what
            ),
            next: "Two cannot have one name at once. If this block is replaced: take `create_before_destroy` out of its `lifecycle`. Otherwise it was made after the \
                   plan: plan again."
                .into(),
        }
    }

    fn taken(&self) -> Error {
        let Self { what, block, import, .. } = self;
        let what =
            format!("There is a {what} already, and it is not just as this configuration has it.");
        let fix = format!(
            "Import it, and the plan shows what would change: `import {{ to = {block}.<name>, id = \"{import}\" }}`. Or choose another name."
        );
        Error::config(AttributePath::new(self.at), what, fix)
    }
}

/// What came of a change: where it failed in a way that leaves it open, what is there tells.
///
/// # Errors
/// The change's own, where nothing is there.
pub async fn settled<T, F: Future<Output = Result<Option<T>>>>(
    changed: Result<T>,
    look: impl FnOnce() -> F,
) -> Result<T> {
    let e = match changed {
        Err(e) if e.is_in_doubt() => e,
        changed => return changed,
    };
    match look().await {
        Ok(Some(found)) => Ok(found),
        _ => Err(e),
    }
}

/// The registry took a change twice, and has something else still.
pub fn otherwise(what: &str) -> Error {
    Error::Failed {
        state: format!("The registry has stored {what} otherwise than it was told to, twice."),
        next: "Apply again. If it stays so, look at it in the catalog: something there does not let this be.".into(),
    }
}

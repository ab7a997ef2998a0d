//! What an apply has done so far: saved even if it then fails.

use super::Resource;
use crate::deploy::Step;
use crate::deploy::adoption::Adoption;
use crate::tf::Diagnostics;

/// What an apply has done so far: saved even if it then fails.
pub struct Kept<R: Resource + ?Sized> {
    pub(super) state: Option<R::State>,
    pub(super) complete: bool,
    pub(super) adoption: Adoption,
    pub(super) adopted: bool,
    /// A change or a deletion of what is there has begun.
    pub(super) begun: bool,
    /// What is remembered beside the state; holds the last apply's at first.
    pub private: R::Private,
    /// Warnings for the person.
    pub diagnostics: Diagnostics,
}

impl<R: Resource + ?Sized> Kept<R> {
    /// Nothing done yet.
    pub fn new(private: R::Private) -> Self {
        let (adoption, diagnostics) = (Adoption::default(), Diagnostics::default());
        Self {
            state: None,
            complete: false,
            adoption,
            adopted: false,
            begun: false,
            private,
            diagnostics,
        }
    }

    /// From here on this exists, whatever comes.
    pub fn keep(&mut self, state: R::State) {
        self.state = Some(state);
    }

    /// It is complete, whatever comes: an error leaves no state, and the next apply adopts it. With a state it would be tainted, and made anew.
    pub fn complete(&mut self) {
        self.complete = true;
    }

    /// Notes a step of a stack's creation; `begun` is its state from its ARN on.
    pub fn note(&mut self, step: Step<'_>, begun: impl FnOnce(&str) -> R::State) {
        match step {
            Step::Begun(id) => self.keep(begun(id)),
            Step::Adopted(id) => {
                self.adopted();
                self.keep(begun(id));
            }
            Step::Complete => self.complete(),
        }
    }

    /// What was there is taken over.
    pub fn adopted(&mut self) {
        self.adopted = true;
    }

    /// What was kept.
    pub fn kept(&self) -> Option<&R::State> {
        self.state.as_ref()
    }

    /// What a creation may take over.
    pub fn adoption(&self) -> Adoption {
        self.adoption.clone()
    }
}

//! What one process has said, in its order, and what of that holds. Judged word by word as they are said: whoever says something hears all of it.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Object, Said};

/// The words of one process. Terraform may plan from a state that nobody has looked at, and then look at it and plan once more
/// (`-minimal-refresh`): with that look the first plan is thrown away. A plan that comes after its look holds. So does a deletion: Terraform plans
/// that of a block which is no more before it looks, and of one object two are one.
#[derive(Default)]
pub struct Words {
    /// Each with whether it holds.
    all: Vec<(Arc<Said>, bool)>,
    /// By object: looks that no plan has followed yet.
    looks: HashMap<String, usize>,
    /// By object: its last plan, and whether a look went before that.
    plans: HashMap<String, (usize, bool)>,
}

impl Words {
    /// What of them holds.
    pub fn standing(&self) -> impl Iterator<Item = &Arc<Said>> {
        self.all.iter().filter_map(|(one, holds)| holds.then_some(one))
    }

    /// Adds one.
    pub fn say(&mut self, said: Arc<Said>) {
        let anew = matches!(*said, Said::Anew(_));
        match &*said {
            Said::Stays(object) | Said::Replaced(object) => self.planned(object),
            Said::Seen(object) | Said::Gone(object) | Said::Anew(object) => self.seen(object, anew),
            _ => {}
        }
        self.all.push((said, !anew));
    }

    fn planned(&mut self, object: &Object) {
        let left = self.looks.entry(object.key()).or_default();
        self.plans.insert(object.key(), (self.all.len(), *left > 0));
        *left = left.saturating_sub(1);
    }

    /// A look, or the word that what was planned is planned `anew`.
    fn seen(&mut self, object: &Object, anew: bool) {
        let key = object.key();
        let left = self.looks.entry(key.clone()).or_default();
        *left += usize::from(!anew);
        match self.plans.get(&key).copied() {
            Some((first, looked)) if anew || !looked => {
                *left += usize::from(looked);
                self.plans.remove(&key);
                self.void(first, object);
            }
            _ => {}
        }
    }

    /// A plan of an object does not hold, nor does what it said comes in its stead.
    fn void(&mut self, first: usize, object: &Object) {
        let instead = Some(&object.id);
        for (n, (one, holds)) in self.all.iter_mut().enumerate().skip(first) {
            let comes = matches!(&**one, Said::Comes(c) if c.instead_of.as_ref() == instead);
            *holds &= n != first && !comes;
        }
    }
}

impl FromIterator<Said> for Words {
    fn from_iter<I: IntoIterator<Item = Said>>(all: I) -> Self {
        let mut words = Self::default();
        all.into_iter().for_each(|said| words.say(Arc::new(said)));
        words
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{comes, object};
    use super::*;

    fn standing(words: &[Said]) -> Vec<Said> {
        let words: Words = words.iter().cloned().collect();
        words.standing().map(|said| (**said).clone()).collect()
    }

    #[test]
    fn a_look_throws_the_plan_before_it_away() {
        let (seen, stays) = (|| Said::Seen(object("a")), || Said::Stays(object("a")));
        let held = || Said::Held(object("a"));
        let anew = || Said::Anew(object("a"));
        let (replaced, comes) = (|| Said::Replaced(object("a")), || comes("b", Some("a")));
        let ends = || Said::Ends(object("a"));
        for (words, left) in [
            // Looked at and planned, as always; by two blocks as well.
            (vec![seen(), stays()], vec![seen(), stays()]),
            (vec![seen(), stays(), seen(), stays()], vec![seen(), stays(), seen(), stays()]),
            (vec![stays(), stays()], vec![stays(), stays()]),
            // A block that is no more beside one that is.
            (vec![ends(), seen(), stays(), seen()], vec![ends(), seen(), stays(), seen()]),
            (vec![seen(), stays(), ends(), seen()], vec![seen(), stays(), ends(), seen()]),
            // Planned from the state first, which every state is read from.
            (vec![held(), stays(), seen(), stays()], vec![held(), seen(), stays()]),
            (vec![stays(), seen(), stays()], vec![seen(), stays()]),
            (vec![stays(), comes(), seen(), stays()], vec![seen(), stays()]),
            (
                vec![replaced(), comes(), seen(), replaced(), comes()],
                vec![seen(), replaced(), comes()],
            ),
            (vec![stays(), seen(), stays(), stays()], vec![seen(), stays(), stays()]),
            (vec![stays(), Said::Gone(object("a"))], vec![Said::Gone(object("a"))]),
            // The plan itself has looked, before Terraform did.
            (vec![stays(), anew(), replaced()], vec![replaced()]),
            (vec![stays(), anew(), replaced(), seen(), stays()], vec![seen(), stays()]),
            (vec![seen(), stays(), anew(), stays(), seen()], vec![seen(), stays(), seen()]),
            (vec![stays(), Said::Seen(object("c"))], vec![stays(), Said::Seen(object("c"))]),
        ] {
            assert_eq!(standing(&words), left, "{words:?}");
        }
    }
}

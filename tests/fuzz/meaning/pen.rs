//! A hand that writes: its choices come from outside, so that a case can be repeated and made smaller.

use super::Value;

/// Choices, one after the other, and again from the first.
pub struct Pen<'a> {
    choices: &'a [u8],
    at: usize,
}

impl<'a> Pen<'a> {
    pub fn new(choices: &'a [u8]) -> Self {
        Self { choices, at: 0 }
    }

    /// A number below `of`; with nothing but zeros among the choices always 0.
    pub fn choose(&mut self, of: usize) -> usize {
        let turn = self.at / self.choices.len();
        let choice = usize::from(self.choices[self.at % self.choices.len()]);
        self.at += 1;
        // Another way through the same choices, or a template of many values repeats itself.
        if choice == 0 { 0 } else { (choice + turn) % of }
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.choose(of.len())]
    }

    /// Once in so many times, and never where nothing is chosen.
    pub fn sometimes(&mut self, of: usize) -> bool {
        self.choose(of) == of - 1
    }

    /// The entries of a mapping in any order.
    pub fn shuffled<'v>(
        &mut self,
        entries: impl Iterator<Item = (&'v String, &'v Value)>,
    ) -> Vec<(&'v String, &'v Value)> {
        let mut rest: Vec<_> = entries.collect();
        let mut order = vec![];
        while !rest.is_empty() {
            let next = self.choose(rest.len());
            order.push(rest.remove(next));
        }
        order
    }
}

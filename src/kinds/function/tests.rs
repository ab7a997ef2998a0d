//! A function of the test's own, asked rightly and wrongly.

use super::*;
use crate::tf::Number;

arguments! {
    /// Says words
    /// so often.
    ///
    /// And more.
    pub struct Sayings {
        /// The words.
        words: Vec<String>;
        /// What stands between.
        between: Option<String>;
        /// How often.
        times: Extra<i64>;
    }
}

struct Say;

impl Function for Say {
    const NAME: &'static str = "say";
    const RETURNS: &'static str = "What was said.";
    type Arguments = Sayings;
    type Answer = String;

    fn answer(Sayings { words, between, times: Extra(times) }: Sayings) -> Result<String, Refused> {
        let times = usize::try_from(times.unwrap_or(1))
            .map_err(|_| at("times")("It is below zero.".into()))?;
        Ok(words.join(&between.unwrap_or_default()).repeat(times))
    }
}

fn words(words: &[&str]) -> Tree {
    Tree::List(words.iter().map(|word| Tree::from(*word)).collect())
}

fn times(n: i64) -> Tree {
    Tree::Number(Number::Int(n))
}

fn say(given: &[Tree]) -> Result<Tree, Wrong> {
    AnyFunction::call(&Say, given)
}

#[test]
fn the_last_argument_may_be_left_out_and_one_may_be_null() {
    assert_eq!(say(&[words(&["a", "b"]), "-".into(), times(2)]), Ok("a-ba-b".into()));
    assert_eq!(say(&[words(&["a", "b"]), Tree::Null]), Ok("ab".into()));
    assert_eq!(say(&[words(&["a"]), Tree::Null, Tree::Null]), Ok("a".into()));
}

#[test]
fn what_is_wrong_is_told_with_its_argument() {
    let cases: [(&[Tree], Option<usize>, &str); 8] = [
        (&[], None, "The argument `words` is missing."),
        (&[words(&[])], None, "The argument `between` is missing."),
        (&["a".into(), Tree::Null], Some(0), "Expected here: a list."),
        (
            &[Tree::List(vec!["a".into(), Tree::Null]), Tree::Null],
            Some(0),
            "Expected at [1]: a string.",
        ),
        (&[Tree::Unknown, Tree::Null], Some(0), "Expected here: a list."),
        (&[words(&[]), Tree::Unknown], Some(1), "Expected here: a string."),
        (&[words(&[]), Tree::Null, times(-1)], Some(2), "It is below zero."),
        (
            &[words(&[]), Tree::Null, times(1), times(1)],
            Some(3),
            "There are 3 arguments at the most. Leave this one out.",
        ),
    ];
    for (given, argument, text) in cases {
        assert_eq!(say(given), Err(Wrong { argument, text: text.into() }), "{given:?}");
    }
}

#[test]
fn one_list_makes_the_signature() {
    let signature = Say.signature();
    assert_eq!(
        (signature.doc.as_str(), signature.returns.as_str()),
        ("Says words\nso often.\n\nAnd more.", "What was said.")
    );
    let parameters: Vec<_> =
        signature.parameters.iter().map(|p| (p.name, p.doc.as_str(), p.takes)).collect();
    let expected = [
        ("words", "The words.", Takes::Value),
        ("between", "What stands between.", Takes::Null),
        ("times", "How often.", Takes::Nothing),
    ];
    assert_eq!(parameters, expected);
}

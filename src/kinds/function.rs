//! What a function is: a pure answer to arguments, and the same with its types forgotten, as the wire sees it.

use crate::tf::schema::Shape;
use crate::tf::{AttributePath, Kind, Misfit, Tree};

/// A function. It knows its arguments and nothing else, so it serves offline and before the provider is configured.
pub trait Function: Send + Sync + 'static {
    /// Its name, as it stands after `provider::quilt::`.
    const NAME: &'static str;
    /// What it answers, for the documentation.
    const RETURNS: &'static str;
    /// What it is asked with, made by [`arguments!`](crate::arguments).
    type Arguments: Arguments;
    /// The type of its answer: a Kind, or an object made by `attributes!`.
    type Answer: Kind;

    /// Answers.
    ///
    /// # Errors
    /// An argument is wrong: which and why.
    fn answer(arguments: Self::Arguments) -> Result<Self::Answer, Refused>;
}

/// An argument that a function does not take.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Its name.
    pub parameter: &'static str,
    /// What is wrong and what to write instead, as sentences.
    pub why: String,
}

/// Turns a sentence into a refusal of this argument.
pub fn at(parameter: &'static str) -> impl Fn(String) -> Refused {
    move |why| Refused { parameter, why }
}

/// Why a call has no answer, as Terraform is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// Which argument, counted from 0; `None` where it is none of them.
    pub argument: Option<usize>,
    /// What is wrong, as sentences.
    pub text: String,
}

/// A function with its types forgotten.
pub trait AnyFunction: Send + Sync {
    /// As it stands after `provider::quilt::`.
    fn name(&self) -> &'static str;
    /// What it takes and gives.
    fn signature(&self) -> Signature;
    /// Answers.
    ///
    /// # Errors
    /// What is wrong, and with which argument.
    fn call(&self, given: &[Tree]) -> Result<Tree, Wrong>;
}

impl<F: Function> AnyFunction for F {
    fn name(&self) -> &'static str {
        F::NAME
    }

    fn signature(&self) -> Signature {
        Signature {
            doc: F::Arguments::doc(),
            parameters: F::Arguments::parameters(),
            answer: <F::Answer as Kind>::shape(),
            returns: F::RETURNS.into(),
        }
    }

    fn call(&self, given: &[Tree]) -> Result<Tree, Wrong> {
        let mut given = Passed { values: given, next: 0 };
        let arguments = F::Arguments::read(&mut given)?;
        given.end()?;
        let answer = F::answer(arguments).map_err(|refused| {
            let argument =
                F::Arguments::parameters().iter().position(|p| p.name == refused.parameter);
            Wrong { argument, text: refused.why }
        });
        Ok(answer?.write())
    }
}

/// What a function takes and gives.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Its documentation; the first paragraph is the summary.
    pub doc: String,
    /// Its parameters in order; one that may be left out is the last.
    pub parameters: Vec<Parameter>,
    /// The type of the answer.
    pub answer: Shape,
    /// What the answer is.
    pub returns: String,
}

impl Signature {
    /// The first paragraph of the documentation, on one line.
    pub fn summary(&self) -> String {
        self.doc.split("\n\n").next().unwrap_or_default().replace('\n', " ")
    }
}

/// A parameter of a function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// As messages call it: the argument's name in the signature.
    pub name: &'static str,
    /// Its documentation.
    pub doc: String,
    /// Its type.
    pub shape: Shape,
    /// What may be given for it.
    pub takes: Takes,
}

/// What may be given for a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A value, and never null.
    Value,
    /// A value or null.
    Null,
    /// A value, null or nothing at all. Only the last parameter can be so.
    Nothing,
}

impl Parameter {
    /// A parameter as `arguments!` makes it.
    pub fn of<A: Argument>(name: &'static str, doc: &[&str]) -> Self {
        Self { name, doc: documentation(doc), shape: A::shape(), takes: A::TAKES }
    }
}

/// The text of a doc comment.
pub fn documentation(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n")
}

/// What a function is asked with: a struct made by [`arguments!`](crate::arguments).
pub trait Arguments: Sized {
    /// The function's documentation.
    fn doc() -> String;
    /// The parameters, in order.
    fn parameters() -> Vec<Parameter>;
    /// Takes each argument's value.
    ///
    /// # Errors
    /// One is missing, or does not fit.
    fn read(given: &mut Passed) -> Result<Self, Wrong>;
}

/// The type of one argument: any [`Kind`]; in an `Option` it may be null, in an [`Extra`] left out.
pub trait Argument: Sized {
    /// What may be given for it.
    const TAKES: Takes;
    /// Its type to Terraform.
    fn shape() -> Shape;
    /// Reads it; null stands for nothing.
    ///
    /// # Errors
    /// It does not fit.
    fn read(tree: &Tree) -> Result<Self, Misfit>;
}

/// The last argument, where it may be left out. To Terraform it is a variadic one, which is given once at the most.
#[derive(Clone, Debug, PartialEq)]
pub struct Extra<T>(pub Option<T>);

impl<T: Kind> Argument for T {
    const TAKES: Takes = Takes::Value;
    fn shape() -> Shape {
        <T as Kind>::shape()
    }
    fn read(tree: &Tree) -> Result<Self, Misfit> {
        <T as Kind>::read(tree, &AttributePath::root())
    }
}

impl<T: Kind> Argument for Option<T> {
    const TAKES: Takes = Takes::Null;
    fn shape() -> Shape {
        <T as Kind>::shape()
    }
    fn read(tree: &Tree) -> Result<Self, Misfit> {
        if *tree == Tree::Null { Ok(None) } else { <T as Argument>::read(tree).map(Some) }
    }
}

impl<T: Kind> Argument for Extra<T> {
    const TAKES: Takes = Takes::Nothing;
    fn shape() -> Shape {
        <T as Kind>::shape()
    }
    fn read(tree: &Tree) -> Result<Self, Misfit> {
        <Option<T> as Argument>::read(tree).map(Extra)
    }
}

/// Arguments as they came, taken one by one.
pub struct Passed<'a> {
    values: &'a [Tree],
    next: usize,
}

impl Passed<'_> {
    /// The next argument.
    ///
    /// # Errors
    /// It is missing, or does not fit.
    pub fn take<A: Argument>(&mut self, name: &str) -> Result<A, Wrong> {
        let (index, value) = (self.next, self.values.get(self.next));
        self.next += 1;
        let tree = match value {
            None if A::TAKES == Takes::Nothing => &Tree::Null,
            None => {
                return Err(Wrong {
                    argument: None,
                    text: format!("The argument `{name}` is missing."),
                });
            }
            Some(tree) => tree,
        };
        A::read(tree).map_err(|misfit| Wrong { argument: Some(index), text: misplaced(&misfit) })
    }

    /// There is no other argument.
    fn end(&self) -> Result<(), Wrong> {
        if self.values.len() <= self.next {
            return Ok(());
        }
        Err(Wrong {
            argument: Some(self.next),
            text: format!("There are {} arguments at the most. Leave this one out.", self.next),
        })
    }
}

fn misplaced(misfit: &Misfit) -> String {
    match misfit.at.steps.is_empty() {
        true => format!("Expected here: {}.", misfit.expected),
        false => format!("Expected at {}: {}.", misfit.at, misfit.expected),
    }
}

/// Declares what a function is asked with: a struct whose fields are its parameters, in order. The struct's comment documents the function,
/// a field's the parameter. A field's type is an [`Argument`](crate::kinds::function::Argument).
#[macro_export]
macro_rules! arguments {
    ($(#[doc = $doc:literal])* pub struct $name:ident { $( $(#[doc = $adoc:literal])* $arg:ident : $ty:ty ; )* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $( $(#[doc = $adoc])* pub $arg: $ty, )* }

        impl $crate::kinds::function::Arguments for $name {
            fn doc() -> String {
                $crate::kinds::function::documentation(&[$($doc),*])
            }
            fn parameters() -> Vec<$crate::kinds::function::Parameter> {
                vec![ $( $crate::kinds::function::Parameter::of::<$ty>(stringify!($arg), &[$($adoc),*]) ),* ]
            }
            fn read(given: &mut $crate::kinds::function::Passed) -> Result<Self, $crate::kinds::function::Wrong> {
                Ok(Self { $( $arg: given.take(stringify!($arg))?, )* })
            }
        }
    };
}

#[cfg(test)]
mod tests;

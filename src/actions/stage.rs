//! A stage for life tests: an action invoked against an AWS in memory, with its lines heard.

use std::sync::{Arc, Mutex};

use crate::aws::fake::Fake;
use crate::cx::Cx;
use crate::cx::progress::Progress;
use crate::kinds::action::{Action, AnyAction};
use crate::tf::{Diagnostics, State};

/// What an invocation has said.
pub struct Invoked {
    /// Lines, the last one says what came of it.
    pub lines: Vec<String>,
    /// Warnings and errors.
    pub d: Diagnostics,
}

impl Invoked {
    /// The errors as one text.
    pub fn errors(&self) -> String {
        let all = self.d.errors.iter().map(|e| format!("{}\n{}", e.summary, e.detail));
        all.collect::<Vec<_>>().join("\n")
    }

    /// The last line, without the time at its end.
    #[track_caller]
    pub fn result(&self) -> &str {
        assert!(self.d.errors.is_empty(), "{}", self.errors());
        let last = self.lines.last().map(String::as_str).unwrap_or_default();
        last.rsplit_once(" (").map_or(last, |(text, _)| text)
    }
}

/// Invokes an action.
pub async fn invoke<A: Action>(action: &A, fake: &Fake, config: &A::Config) -> Invoked {
    invoke_in(action, fake.cx(), config).await
}

/// The same in a context.
pub async fn invoke_in<A: Action>(action: &A, cx: Cx, config: &A::Config) -> Invoked {
    let (lines, mut d) = (Arc::new(Mutex::new(vec![])), Diagnostics::default());
    let to = lines.clone();
    let cx = Cx { progress: Progress::to(move |line| to.lock().unwrap().push(line)), ..cx };
    AnyAction::invoke(action, &cx, config.write_object(), &mut d).await;
    let lines = lines.lock().unwrap().clone();
    Invoked { lines, d }
}

//! What was: answers as they were before a write, for reads that are not up to date.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::message::Message;
use super::sky::Call;

/// Answers that are still given.
#[derive(Default)]
pub struct Past(Mutex<Vec<Shown>>);

/// One of them.
struct Shown {
    account: String,
    read: Read,
    answer: Message,
    left: u32,
    until: Instant,
}

/// A read of a stack: what it asks, and of what.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    action: String,
    /// The stack's name; none in a listing.
    stack: Option<String>,
    set: Option<String>,
}

impl Read {
    /// What a request asks, where it asks for a stack.
    fn of(action: &str, request: &Message) -> Option<Self> {
        let named = |name| request.field(name).filter(|value| !value.is_empty());
        let (stack, set) =
            (named("StackName").map(|stack| name_of(&stack)), named("ChangeSetName"));
        let set = set.filter(|_| action == "DescribeChangeSet");
        let reads = ["DescribeStacks", "DescribeStackEvents", "DescribeChangeSet"];
        (reads.contains(&action) && named("NextToken").is_none()).then(|| Self {
            action: action.into(),
            stack,
            set,
        })
    }

    /// The forms by which everything that a write may change is read.
    pub fn all_about(write: &Message) -> Vec<(Self, String)> {
        let Some(stack) = write.field("StackName") else { return vec![] };
        let (name, encoded) =
            (Some(name_of(&stack)), stack.replace(':', "%3A").replace('/', "%2F"));
        let read = |action: &str, stack: &Option<String>, set: Option<String>| Self {
            action: action.into(),
            stack: stack.clone(),
            set,
        };
        let form = |action: &str, more: &str| format!("Action={action}&Version=2010-05-15{more}");
        let of_stack = format!("&StackName={encoded}");
        let mut all = vec![
            (read("DescribeStacks", &None, None), form("DescribeStacks", "")),
            (read("DescribeStacks", &name, None), form("DescribeStacks", &of_stack)),
            (read("DescribeStackEvents", &name, None), form("DescribeStackEvents", &of_stack)),
        ];
        if let Some(set) = write.field("ChangeSetName") {
            let more = format!("{of_stack}&ChangeSetName={set}&IncludePropertyValues=true");
            all.push((
                read("DescribeChangeSet", &name, Some(set)),
                form("DescribeChangeSet", &more),
            ));
        }
        all
    }
}

fn name_of(stack: &str) -> String {
    stack
        .split_once(":stack/")
        .map_or(stack, |(_, rest)| rest.split('/').next().unwrap_or(rest))
        .into()
}

impl Past {
    /// Gives these answers for a while, in place of what was given for the same reads so far.
    pub fn keep(&self, account: &str, answers: Vec<(Read, Message)>, reads: u32, seconds: f64) {
        let mut all = self.all();
        let until = Instant::now() + Duration::from_secs_f64(seconds);
        for (read, answer) in answers {
            all.retain(|shown| shown.account != account || shown.read != read);
            all.push(Shown { account: account.into(), read, answer, left: reads, until });
        }
    }

    /// The answer from before, where a read still gets it.
    pub fn shows(&self, call: &Call, request: &Message) -> Option<Message> {
        let read = Read::of(&call.action, request).filter(|_| call.service == "cloudformation")?;
        let mut all = self.all();
        let shown =
            all.iter_mut().find(|shown| shown.account == call.account && shown.read == read)?;
        if shown.left == 0 || shown.until <= Instant::now() {
            return None;
        }
        shown.left -= 1;
        Some(shown.answer.clone())
    }

    /// Forgets an account.
    pub fn clear(&self, account: &str) {
        self.all().retain(|shown| shown.account != account);
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Vec<Shown>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

//! What a list of a resource's type is: what there is of it in AWS, one after the other, and the same with its type forgotten, as the wire sees it.

use async_trait::async_trait;
use futures_util::future::BoxFuture;

use super::resource::{Resource, identity};
use super::stored::{settled, typed};
use crate::cx::Cx;
use crate::outcome::{Error, Result, Verb, explain};
use crate::tf::draft::guard;
use crate::tf::schema::Schema;
use crate::tf::{Diagnostics, Object, Report, State};

/// A list of what there is of a resource's type.
#[async_trait]
pub trait ListResource: Send + Sync + 'static {
    /// What is listed; the list has its name.
    type Of: Resource;
    /// What narrows the list down.
    type Filter: State;

    /// The resource that is listed, to look at each.
    fn resource(&self) -> &Self::Of;

    /// Checks a configuration alone, offline; values may be unknown.
    fn validate(&self, _filter: &Self::Filter, _d: &mut Diagnostics) {}

    /// Looks for them, a page at a time, until there are enough: `found` says so.
    async fn list(
        &self,
        cx: &Cx,
        filter: Self::Filter,
        found: &mut Found<'_, '_, Self::Of>,
    ) -> Result<()>;
}

/// Something that was found.
pub struct Entry {
    /// ARN of it, or of the stack it is in; empty for what is in a catalog.
    pub arn: String,
    /// What it is called, part by part, as `Resource::IDENTIFIED_BY` has them.
    pub called: Vec<String>,
    /// It, for people.
    pub title: String,
}

/// What a list tells of one object. Without an identity nothing is told but what was wrong with it.
#[derive(Default)]
pub struct Listed {
    /// Its identity.
    pub identity: Option<Object>,
    /// It, for people.
    pub title: String,
    /// Its state, where that is asked for.
    pub state: Option<Object>,
    /// Why there is none.
    pub diagnostics: Diagnostics,
}

/// Takes what is listed; `false`: nobody wants more.
pub type Teller<'a> = &'a (dyn Fn(Listed) -> BoxFuture<'a, bool> + Send + Sync);

/// How much is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// With the state of each.
    pub states: bool,
    /// Not more than so many.
    pub limit: usize,
}

/// What was found so far, and who is told.
pub struct Found<'a, 't, R: Resource> {
    resource: &'a R,
    cx: &'a Cx,
    wish: Wish,
    teller: Teller<'t>,
}

impl<R: Resource> Found<'_, '_, R> {
    /// One more; `false`: it is enough.
    pub async fn add(&mut self, entry: Entry) -> bool {
        let Some(left) = self.wish.limit.checked_sub(1) else { return false };
        let listed = self.listed(&entry).await;
        if listed.identity.is_some() {
            self.wish.limit = left;
        }
        (self.teller)(listed).await && self.wish.limit > 0
    }

    async fn listed(&self, entry: &Entry) -> Listed {
        let mut listed = Listed {
            identity: identity::called::<R>(&entry.arn, &entry.called),
            title: entry.title.clone(),
            ..Listed::default()
        };
        if self.wish.states {
            match self.state(entry).await {
                Ok(state) => listed.state = state,
                Err(e) => return self.passed_over(entry, &e),
            }
            // It went away meanwhile.
            listed.identity = listed.identity.filter(|_| listed.state.is_some());
        }
        listed
    }

    /// Its state as an import and the refresh after it make it.
    async fn state(&self, entry: &Entry) -> Result<Option<Object>> {
        let (id, region) =
            (entry.called.join("/"), crate::cloudformation::arn::region_of(&entry.arn));
        let state = self.resource.import(self.cx, &id, region).await?;
        let seen = self.resource.read(self.cx, state, &mut R::Private::default()).await?;
        Ok(seen.map(|state| settled(&state)))
    }

    /// One that cannot be read is no reason to tell nothing of the others.
    fn passed_over(&self, entry: &Entry, e: &Error) -> Listed {
        let mut told = Diagnostics::default();
        explain(Verb::Read, &format!("{} {}", R::NAME, entry.title), e, &mut told);
        let mut diagnostics = Diagnostics::default();
        for error in told.errors {
            diagnostics.warn(error.summary, error.detail);
        }
        Listed { diagnostics, ..Listed::default() }
    }
}

/// A list with its types forgotten.
#[async_trait]
pub trait AnyListResource: Send + Sync {
    /// The full name of the type that it lists.
    fn name(&self) -> &'static str;
    /// The schema of what narrows it down.
    fn schema(&self) -> &'static Schema;
    /// Checks a configuration.
    fn validate(&self, filter: &Object, d: &mut Diagnostics);
    /// Tells what there is, and at last in `d` why no more is.
    async fn list(
        &self,
        cx: &Cx,
        filter: &Object,
        wish: Wish,
        teller: Teller<'_>,
        d: &mut Diagnostics,
    );
}

#[async_trait]
impl<L: ListResource> AnyListResource for L {
    fn name(&self) -> &'static str {
        L::Of::NAME
    }

    fn schema(&self) -> &'static Schema {
        L::Filter::schema()
    }

    fn validate(&self, filter: &Object, d: &mut Diagnostics) {
        guard(&L::Filter::schema().attributes, filter, true, d);
        if let Some(filter) = typed(filter, d) {
            ListResource::validate(self, &filter, d);
        }
    }

    async fn list(
        &self,
        cx: &Cx,
        filter: &Object,
        wish: Wish,
        teller: Teller<'_>,
        d: &mut Diagnostics,
    ) {
        AnyListResource::validate(self, filter, d);
        let Some(filter) = typed(filter, d).filter(|_| !d.failed() && wish.limit > 0) else {
            return;
        };
        let mut found = Found { resource: self.resource(), cx, wish, teller };
        if let Err(e) = ListResource::list(self, cx, filter, &mut found).await {
            explain(Verb::List, L::Of::NAME, &e, d);
        }
    }
}

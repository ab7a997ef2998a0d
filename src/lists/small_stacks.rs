//! The lists of `quilt_network`, `quilt_database` and `quilt_search`: stacks from a template inside the provider.

use std::marker::PhantomData;

use async_trait::async_trait;

use super::{Stacks, Strings, begins, tagged};
use crate::attributes;
use crate::cx::Cx;
use crate::kinds::list_resource::{Entry, Found, ListResource};
use crate::outcome::Result;
use crate::resources::database::DatabaseState;
use crate::resources::network::NetworkState;
use crate::resources::search::SearchState;
use crate::resources::small_stack::{SmallStack, SmallStackResource, recognised};
use crate::tf::{State, Value};

attributes! {
    /// The networks of the account in one region that a `quilt_network` made.
    pub struct NetworkFilter {
        /// The region, when it is not the provider's.
        region: String = Optional;
        /// What the names begin with.
        name_prefix: String = Optional;
        /// Tags that the stack of each has, those of AWS itself left out.
        tags: Strings = Optional;
    }
}

attributes! {
    /// The databases of the account in one region that a `quilt_database` made. The database inside a Quilt deployment is none of them.
    pub struct DatabaseFilter {
        /// The region, when it is not the provider's.
        region: String = Optional;
        /// What the names begin with.
        name_prefix: String = Optional;
        /// Tags that the stack of each has, those of AWS itself left out.
        tags: Strings = Optional;
    }
}

attributes! {
    /// The search domains of the account in one region that a `quilt_search` made. The domain inside a Quilt deployment is none of them.
    pub struct SearchFilter {
        /// The region, when it is not the provider's.
        region: String = Optional;
        /// What the names begin with.
        name_prefix: String = Optional;
        /// Tags that the stack of each has, those of AWS itself left out.
        tags: Strings = Optional;
    }
}

/// What narrows such a list down.
pub trait Narrows: State {
    /// The state of what is listed.
    type Of: SmallStack;
    /// The region, what the names begin with, and the tags.
    fn parts(&self) -> (&Value<String>, &Value<String>, &Value<Strings>);
}

macro_rules! narrows {
    ($($filter:ident: $state:ident),*) => { $(
        impl Narrows for $filter {
            type Of = $state;
            fn parts(&self) -> (&Value<String>, &Value<String>, &Value<Strings>) {
                (&self.region, &self.name_prefix, &self.tags)
            }
        }
    )* };
}

narrows!(NetworkFilter: NetworkState, DatabaseFilter: DatabaseState, SearchFilter: SearchState);

/// The list of one of them.
pub struct SmallStackList<F: Narrows> {
    resource: SmallStackResource<F::Of>,
    by: PhantomData<fn() -> F>,
}

impl<F: Narrows> Default for SmallStackList<F> {
    fn default() -> Self {
        Self { resource: SmallStackResource::default(), by: PhantomData }
    }
}

#[async_trait]
impl<F: Narrows> ListResource for SmallStackList<F> {
    type Of = SmallStackResource<F::Of>;
    type Filter = F;

    fn resource(&self) -> &Self::Of {
        &self.resource
    }

    async fn list(&self, cx: &Cx, filter: F, found: &mut Found<'_, '_, Self::Of>) -> Result<()> {
        let (region, prefix, tags) = filter.parts();
        let aws = cx.aws(region.as_deref_option()).await?;
        let mut stacks = Stacks::of(&aws);
        while let Some(stack) = stacks.next().await? {
            let Some(name) = recognised::<F::Of>(&stack) else { continue };
            if begins(prefix, &name) && tagged(tags, &stack.tags) {
                let title = format!("{name} ({})", stack.status);
                let entry = Entry { arn: stack.id, called: vec![name], title };
                if !found.add(entry).await {
                    break;
                }
            }
        }
        Ok(())
    }
}

//! Which catalog a state is of. A host may be given up for another one, and may come to lead to another catalog; the bucket of the catalog's own
//! stack tells them apart.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::CatalogInput;
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Value};

/// What is remembered of the catalog that a state is of.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Origin {
    /// The bucket of its own stack; `None`: it was never told.
    service_bucket: Option<String>,
}

impl Origin {
    /// Notes that this catalog is the one. Nothing is noted where it does not tell.
    pub async fn note(&mut self, catalog: &Catalog) {
        if let Ok(bucket) = catalog.access.service_bucket().await
            && !bucket.is_empty()
        {
            self.service_bucket = Some(bucket);
        }
    }

    /// Sees that this is the one, and notes it.
    async fn meets(&mut self, catalog: &Catalog, host: &Value<String>) -> Result<()> {
        self.holds(catalog, host).await?;
        self.note(catalog).await;
        Ok(())
    }

    /// Sees that `catalog` is the one that a state with `host` is of.
    ///
    /// # Errors
    /// It is another one, or that cannot be told.
    pub async fn holds(&self, catalog: &Catalog, host: &Value<String>) -> Result<()> {
        let before = match host.as_deref_option() {
            Some(before) if before != catalog.host => before,
            _ => return Ok(()),
        };
        let now = catalog.access.service_bucket().await?;
        match &self.service_bucket {
            Some(bucket) if *bucket == now => Ok(()),
            Some(_) => Err(another(before, &catalog.host, "is another catalog")),
            None => {
                let open = "may be another catalog: nothing tells that it is the same one";
                Err(another(before, &catalog.host, open))
            }
        }
    }
}

fn another(before: &str, now: &str, what: &str) -> Error {
    Error::config(
        AttributePath::new("catalog"),
        format!(
            "By the state this is in the catalog {before}, and {now} {what}. Nothing was changed in either."
        ),
        format!(
            "Name {before} again, where that was not meant. To have it in both, write a block for each: `catalog`, a provider alias or a workspace tells them apart. \
             To give up that in {before}, destroy it before you name {now}, or take it out of the state: `terraform state rm`. What is in {now} already is imported."
        ),
    )
}

/// The catalog that a state is of, without a change of it.
///
/// # Errors
/// What is named now is another one.
pub async fn open(
    cx: &Cx,
    input: &Value<CatalogInput>,
    host: &Value<String>,
    origin: &mut Origin,
) -> Result<Arc<Catalog>> {
    let catalog = super::open(cx, input).await?;
    origin.meets(&catalog, host).await.map(|()| catalog)
}

/// The catalog that a state is of, or will be, once it answers and takes changes from us.
///
/// # Errors
/// What is named now is another one; it did not answer within `limit`.
pub async fn reach(
    cx: &Cx,
    input: &Value<CatalogInput>,
    limit: Duration,
    (host, origin): (&Value<String>, &mut Origin),
) -> Result<Arc<Catalog>> {
    let catalog = super::reach(cx, input, limit).await?;
    origin.meets(&catalog, host).await.map(|()| catalog)
}

/// The host that a plan knows, of what is in the catalog of `host` now; `None`: it is not made yet.
///
/// # Errors
/// The host that is named now leads to another catalog. Where it does not answer yet the apply sees.
pub async fn host(
    cx: &Cx,
    input: &Value<CatalogInput>,
    state: Option<(&Value<String>, &Origin)>,
) -> Result<Value<String>> {
    let planned = super::host(cx, input).await?;
    let Some((before, origin)) = state else { return Ok(planned) };
    if planned.is_unknown() || planned == *before {
        return Ok(planned);
    }
    let Some(catalog) = super::open_if_known(cx, input).await? else { return Ok(planned) };
    match origin.holds(&catalog, before).await {
        Err(e) if e.is_in_doubt() => Ok(planned),
        held => held.map(|()| planned),
    }
}

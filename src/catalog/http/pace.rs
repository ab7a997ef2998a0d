//! Asking again what was not answered: a registry that restarts is back within seconds.

use std::time::Duration;

use tokio::time::timeout;

use crate::outcome::{CatalogErrorKind, Result};

/// Before each repetition.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// Asks until there is an answer, a few times. For what only reads.
pub async fn again<T, F: Future<Output = Result<T>>>(mut ask: impl FnMut() -> F) -> Result<T> {
    for pause in PAUSES {
        match ask().await {
            Err(e) if e.catalog() == Some(CatalogErrorKind::Unreached) => {
                let _ = timeout(pause, std::future::pending::<()>()).await;
            }
            answer => return answer,
        }
    }
    ask().await
}

//! Answers of more than one message.

use std::pin::Pin;

use futures_util::stream;
use tokio_stream::Stream;
use tonic::Status;

/// What is told one after the other.
pub type Events<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// One event and no more.
pub fn once<T: Send + 'static>(event: T) -> Events<T> {
    Box::pin(stream::iter([Ok(event)]))
}

//! Answers of more than one message.

use std::pin::Pin;

use futures_util::stream::{self, StreamExt};
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

/// What is told one after the other.
pub type Events<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// One event and no more.
pub fn once<T: Send + 'static>(event: T) -> Events<T> {
    Box::pin(stream::iter([Ok(event)]))
}

/// What this work sends. It goes on as the caller reads, no faster, and ends where the caller hangs up.
pub fn driven<T, W>(work: impl FnOnce(Sender<Result<T, Status>>) -> W) -> Events<T>
where
    T: Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let (events, told) = channel(1);
    let silent = stream::once(work(events)).filter_map(|()| async { None });
    Box::pin(stream::select(ReceiverStream::new(told), silent))
}

//! The services every plugin of HashiCorp's kind has: an end, two streams nobody uses, a health check.

use std::pin::Pin;

use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

use super::goplugin::grpc_broker_server::GrpcBroker;
use super::goplugin::grpc_controller_server::GrpcController;
use super::goplugin::grpc_stdio_server::GrpcStdio;
use super::goplugin::{ConnInfo, Empty, StdioData};
use super::health::health_check_response::ServingStatus;
use super::health::health_server::Health;
use super::health::{HealthCheckRequest, HealthCheckResponse};
use super::life::Life;

/// All of them.
#[derive(Clone)]
pub struct Plugin(pub Life);

type Silence<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

impl Plugin {
    /// A stream that says nothing until the server ends; an open one would hold the end up.
    fn silence<T: Send + 'static>(&self) -> Response<Silence<T>> {
        let end = self.0.end.clone();
        let silence = futures_util::stream::once(async move { end.cancelled_owned().await });
        Response::new(Box::pin(futures_util::StreamExt::filter_map(silence, async |()| None)))
    }
}

#[tonic::async_trait]
impl GrpcController for Plugin {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        tracing::debug!("Terraform is done");
        self.0.leave();
        Ok(Response::new(Empty {}))
    }
}

#[tonic::async_trait]
impl GrpcStdio for Plugin {
    type StreamStdioStream = Silence<StdioData>;
    async fn stream_stdio(
        &self,
        _: Request<()>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(self.silence())
    }
}

#[tonic::async_trait]
impl GrpcBroker for Plugin {
    type StartStreamStream = Silence<ConnInfo>;
    async fn start_stream(
        &self,
        _: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        Ok(self.silence())
    }
}

#[tonic::async_trait]
impl Health for Plugin {
    async fn check(
        &self,
        r: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        match r.into_inner().service.as_str() {
            "" | "plugin" => {
                Ok(Response::new(HealthCheckResponse { status: ServingStatus::Serving.into() }))
            }
            other => Err(Status::not_found(format!("no service {other}"))),
        }
    }
}

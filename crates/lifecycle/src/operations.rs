//! The operations port: `/livez`, `/readyz`, `/metrics`. Must not be routed to users.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use telemetry::Metrics;

use crate::{Lifecycle, Readiness, ServerOptions, server};

#[derive(Clone)]
struct Operations {
    metrics: Metrics,
    readiness: Readiness,
}

impl Lifecycle {
    /// Serves the operations port, with `more` beside its own three paths; gives the address that was bound.
    pub async fn serve_operations(
        &self,
        address: SocketAddr,
        metrics: Metrics,
        more: Router,
    ) -> std::io::Result<SocketAddr> {
        let state = Operations { metrics, readiness: self.readiness().clone() };
        let router = Router::new()
            // Says only that the process turns requests around: a restart mends nothing else.
            .route("/livez", get(async || "ok\n"))
            .route("/readyz", get(readyz))
            .route("/metrics", get(render))
            .with_state(state)
            .merge(more);
        let listener = server::bind(address).await?;
        let bound = listener.local_addr()?;
        tracing::info!(address = %bound, "serving operations");
        // It goes last: probes and scrapes read it while the program drains.
        let options = ServerOptions { linger: true, ..ServerOptions::with_drain(Duration::ZERO) };
        self.serve("operations", listener, router, options);
        Ok(bound)
    }
}

async fn readyz(State(operations): State<Operations>) -> Response {
    let (ready, body) = operations.readiness.report();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, body).into_response()
}

async fn render(State(operations): State<Operations>) -> Response {
    match operations.metrics.render() {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

//! An HTTP server that loses no request when its program is replaced.
//!
//! At the soft token it goes on accepting for a while (routers learn late that a pod goes away), asks clients to
//! close each connection after the answer, then stops accepting and finishes what is in flight. At the hard token
//! it drops what is left. It must not know what it serves.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, header};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use crate::{Lifecycle, Tokens};

/// How a server behaves.
#[derive(Debug, Clone, Copy)]
pub struct ServerOptions {
    /// How long it goes on accepting after the soft token.
    pub drain: Duration,
    /// Connections at once; more wait in the listener's queue.
    pub connections: usize,
    /// Serve until every other tracked task has ended, and only then stop.
    pub linger: bool,
}

impl ServerOptions {
    /// The usual options with this drain time.
    pub fn with_drain(drain: Duration) -> Self {
        Self { drain, connections: 1_024, linger: false }
    }
}

/// Binds a listener whose address can be taken again at once after a restart.
pub async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .map_err(|error| std::io::Error::new(error.kind(), format!("listening on {address}: {error}")))
}

impl Lifecycle {
    /// Serves `router` as a tracked task named `name`. Handlers find the peer as `ConnectInfo<SocketAddr>`.
    pub fn serve(&self, name: &'static str, listener: TcpListener, router: Router, options: ServerOptions) {
        let tokens = self.tokens();
        let server =
            Server { listener, router, options, tokens: tokens.clone(), graceful: GracefulShutdown::new() };
        if options.linger {
            self.spawn_lingering(name, async move {
                server.run(tokens.idle.clone().cancelled_owned()).await;
                Ok(())
            });
        } else {
            self.spawn(name, async move {
                server.run(tokens.soft.clone().cancelled_owned()).await;
                Ok(())
            });
        }
    }
}

struct Server {
    listener: TcpListener,
    router: Router,
    options: ServerOptions,
    tokens: Tokens,
    graceful: GracefulShutdown,
}

impl Server {
    async fn run(self, stop: impl Future<Output = ()>) {
        let permits = Arc::new(Semaphore::new(self.options.connections));
        let drain = self.options.drain;
        let mut end = pin!(async move {
            stop.await;
            tokio::time::sleep(drain).await;
        });
        loop {
            let accepted = tokio::select! {
                accepted = accept(&self.listener, &permits) => accepted,
                () = &mut end => break,
                () = self.tokens.hard.cancelled() => break,
            };
            match accepted {
                Ok((stream, peer, permit)) => self.connection(stream, peer, permit),
                Err(error) => {
                    // Out of file descriptors, mostly: the next accept fails at once, so breathe.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(self.listener);
        tokio::select! {
            () = self.graceful.shutdown() => {}
            () = self.tokens.hard.cancelled() => {}
        }
    }

    fn connection(&self, stream: TcpStream, peer: SocketAddr, permit: OwnedSemaphorePermit) {
        let (router, soft, hard) = (self.router.clone(), self.tokens.soft.clone(), self.tokens.hard.clone());
        let service = tower::service_fn(move |mut request: Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let (router, soft) = (router.clone(), soft.clone());
            async move {
                let answer = router.oneshot(request.map(axum::body::Body::new)).await;
                answer.map(|mut response| {
                    if soft.is_cancelled() && response.version() < axum::http::Version::HTTP_2 {
                        let close = HeaderValue::from_static("close");
                        response.headers_mut().insert(header::CONNECTION, close);
                    }
                    response
                })
            }
        });
        let mut builder = Builder::new(TokioExecutor::new());
        // Slow senders of headers hold a connection for 10 s and no longer.
        builder.http1().timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(10));
        let connection =
            builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).into_owned();
        let connection = self.graceful.watch(connection);
        tokio::spawn(async move {
            let _permit = permit;
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(%error, %peer, "a connection ended early");
                },
                () = hard.cancelled() => {}
            }
        });
    }
}

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = permits.clone().acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, peer, permit))
}

//! The client: what it connects to is checked after names are resolved, and what it reads is bounded.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ipnet::IpNet;
use reqwest::Client;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::{Host, Url};

use crate::address::{is_allowed, is_public};

/// A person waits for most answers: nobody's page hangs for a server that does not answer.
const LONGEST: Duration = Duration::from_secs(5);
/// More is no document, no token and no answer to a webhook.
const MOST_BYTES: usize = 1 << 20;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// Not `https`, and not an address where the platform allows `http`.
    #[error("only https addresses are asked")]
    Scheme,
    /// The address, or every address of the name, is private and the platform does not allow it.
    #[error("the address is private, which the platform does not allow")]
    Private,
    /// The answer is too large.
    #[error("the answer is larger than {MOST_BYTES} bytes")]
    TooLarge,
    /// No connection, no TLS, no answer in time.
    #[error("no answer: {}", chain(.0))]
    Network(#[source] reqwest::Error),
    /// Not a request.
    #[error("not a request: {0}")]
    Request(#[from] http::Error),
}

/// Asks addresses that customers name. The clients, each with its certificates, are made when they are first needed: most
/// instances ask nobody.
pub struct Outbound {
    allowed: Arc<[IpNet]>,
    secure: OnceLock<Client>,
    plain: OnceLock<Client>,
}

/// What a name may resolve to.
struct Checked {
    allowed: Arc<[IpNet]>,
    /// Public addresses too; without it, only what the platform allows.
    public: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("every address of the name is private")]
struct EveryAddressIsPrivate;

impl Outbound {
    /// One that may also ask these private networks.
    pub fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed: allowed.into(), secure: OnceLock::new(), plain: OnceLock::new() }
    }

    /// Sends a request and reads the answer whole; a redirect is an answer like any other.
    pub async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, OutboundError> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| OutboundError::Scheme)?;
        let client = self.client(&url)?;
        let request = client.request(parts.method, url).headers(parts.headers).body(body);
        let mut response = request.send().await.map_err(failed)?;
        let mut answer = http::Response::builder().status(response.status());
        if let Some(headers) = answer.headers_mut() {
            *headers = response.headers().clone();
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if bytes.len() + chunk.len() > MOST_BYTES {
                return Err(OutboundError::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(answer.body(bytes)?)
    }

    /// The client for an address. Addresses that are written as numbers are never resolved, so they are checked here.
    fn client(&self, url: &Url) -> Result<Client, OutboundError> {
        let (cell, public) = match url.scheme() {
            "https" => (&self.secure, true),
            "http" => (&self.plain, false),
            _ => return Err(OutboundError::Scheme),
        };
        let checked = Checked { allowed: self.allowed.clone(), public };
        let number = match url.host().ok_or(OutboundError::Scheme)? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(IpAddr::from(address)),
            Host::Ipv6(address) => Some(IpAddr::from(address)),
        };
        if number.is_some_and(|address| !checked.takes(address)) {
            return Err(checked.refusal());
        }
        if !public && self.allowed.is_empty() {
            return Err(OutboundError::Scheme);
        }
        if let Some(client) = cell.get() {
            return Ok(client.clone());
        }
        let client = Client::builder()
            .dns_resolver(Arc::new(checked))
            .redirect(Policy::none())
            .no_proxy()
            .timeout(LONGEST)
            .user_agent("abetworks")
            // A connection that is kept costs an idle instance memory, and outlives what its name resolved to.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(OutboundError::Network)?;
        Ok(cell.get_or_init(|| client).clone())
    }
}

impl Checked {
    fn takes(&self, address: IpAddr) -> bool {
        (self.public && is_public(address)) || is_allowed(&self.allowed, address)
    }

    fn refusal(&self) -> OutboundError {
        if self.public { OutboundError::Private } else { OutboundError::Scheme }
    }
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let checked = Self { allowed: self.allowed.clone(), public: self.public };
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let taken: Vec<SocketAddr> = found.filter(|address| checked.takes(address.ip())).collect();
            if taken.is_empty() {
                return Err(Box::from(EveryAddressIsPrivate));
            }
            Ok(Box::new(taken.into_iter()) as Addrs)
        })
    }
}

fn failed(error: reqwest::Error) -> OutboundError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if inner.is::<EveryAddressIsPrivate>() {
            return OutboundError::Private;
        }
        cause = inner.source();
    }
    OutboundError::Network(error)
}

/// A failure in a line, without the address: it may hold a secret of the customer's.
fn chain(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut text = String::new();
    while let Some(inner) = cause {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    if text.is_empty() { "the request failed".to_owned() } else { text }
}

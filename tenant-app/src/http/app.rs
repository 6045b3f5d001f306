//! The state of handlers: the context, and what only serving needs.

use std::ops::Deref;
use std::sync::Arc;

use identity::{PasswordError, PasswordHasher};

use super::client_address::TrustedProxies;
use super::mail_requests::MailRequests;
use super::metrics::HttpMetrics;
use crate::context::Context;

/// The path below which the API lives.
pub const BASE: &str = "/api/v1";

/// What serving needs beside the context.
pub struct AppOptions {
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// What is measured.
    pub metrics: HttpMetrics,
    /// Where requests for links by mail go.
    pub mail_requests: MailRequests,
}

/// What handlers share.
pub struct App {
    context: Arc<Context>,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) metrics: HttpMetrics,
    pub(crate) mail_requests: MailRequests,
    pub(crate) passwords: PasswordHasher,
}

impl App {
    /// Takes as long as one password hash.
    pub fn new(context: Arc<Context>, options: AppOptions) -> Result<Arc<Self>, PasswordError> {
        let AppOptions { trusted_proxies, metrics, mail_requests } = options;
        Ok(Arc::new(Self {
            context,
            trusted_proxies,
            metrics,
            mail_requests,
            passwords: PasswordHasher::new()?,
        }))
    }
}

impl Deref for App {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.context
    }
}

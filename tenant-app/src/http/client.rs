//! Where a request comes from, as history, limits and mails say it.

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Client {
    pub(crate) address: Option<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) request_id: Option<String>,
}

//! Where a request comes from, as history, limits and mails say it.

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub(super) struct Client {
    pub(super) address: Option<String>,
    pub(super) prefix: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) request_id: Option<String>,
}

//! Around every request of the API: its id and log line, who asks, limits, measures.

pub(crate) mod authenticate;
pub(crate) mod bearer_token;
pub(crate) mod limits;
pub(crate) mod read_only;
pub(crate) mod request_context;
pub(crate) mod view_as_role;

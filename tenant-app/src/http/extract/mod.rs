//! What handlers ask a request for: who asks, paths and query strings, the key of a repeated request.

pub(crate) mod caller;
pub(crate) mod idempotency_key;
pub(crate) mod manages;
pub(crate) mod parameters;

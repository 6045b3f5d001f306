//! What serving and working share: made once, passed in.

pub(crate) mod limiter;
pub(crate) mod mailer;

//! From the outbox to its readers.

pub(crate) mod relay;

//! The hash chain over the audit log.

pub mod hash_chain;

//! The audit log: its hash chain, and who may read what of it.

pub mod hash_chain;
pub mod reader;

//! What happened: entries, changes of records, events, and the hash chain over them.

pub mod entries;
pub mod hash_chain;
pub mod history;
pub mod outbox;

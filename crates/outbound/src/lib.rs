//! Requests to addresses that customers name: issuers, later webhooks and imports.
//!
//! They reach nothing private, whatever a name resolves to, and follow no redirect. Must not know what is asked for.

mod address;
mod client;

pub use client::{Outbound, OutboundError};

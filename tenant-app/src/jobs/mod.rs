//! Background jobs: one handler a kind. Must not answer requests.

pub mod export;
pub mod wake;

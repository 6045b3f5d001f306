//! Real servers for tests: API server, Postgres, Redis.

pub mod programs;

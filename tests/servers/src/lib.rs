//! Real servers for tests: API server, Postgres, Redis.

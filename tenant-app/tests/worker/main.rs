//! The worker, the real program against a real Postgres and Redis: killed, alone, and told to end.
#![expect(clippy::disallowed_methods, reason = "tests make times and ids of their own")]

mod hand_over;
mod instance;
mod kills;
mod outbox;
mod points;
mod rates;
mod schedules;
mod wakes;
mod writer;

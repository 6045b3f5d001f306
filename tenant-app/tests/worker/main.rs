//! The worker, the real program against a real Postgres and Redis: killed, alone, and told to end.

mod hand_over;
mod instance;
mod kills;
mod outbox;
mod points;
mod rates;
mod schedules;
mod wakes;

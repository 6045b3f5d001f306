//! The filter language: in SQL it means what it means in memory, and nothing of it reaches the text of a statement.
#![expect(clippy::disallowed_methods, reason = "tests make times and ids of their own")]

mod agreement;
mod arbitrary;
mod faults;
mod injection;
mod plans;
mod pools;
mod terms;
mod world;

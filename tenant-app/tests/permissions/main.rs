//! Who sees what: the engine's SQL against a plain evaluator that knows nothing of it.
#![expect(clippy::disallowed_methods, reason = "tests make times and ids of their own")]

mod matrix;
mod reference;
mod sweep;
mod world;

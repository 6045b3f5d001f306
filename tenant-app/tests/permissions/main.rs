//! Who sees what: the engine's SQL against a plain evaluator that knows nothing of it.

mod matrix;
mod reference;
mod sweep;
mod world;

//! What holds on a real cluster, tried from outside. Everything is in `tests/`; this crate has no code of its own.

//! The organisation, its settings and what belongs to it.

pub mod currency_rate;
pub mod details;
pub mod image;
pub mod settings;

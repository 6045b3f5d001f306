//! The organisation, its settings, currency rates and usage.

pub mod currency_rates;
pub mod details;
pub mod settings;
pub mod usage;

//! The organisation: its settings, logo and currency rates.

pub mod currency_rates;
pub mod logo;
pub mod settings;

//! The organisation and what belongs to it.

pub(crate) mod currency_rates;
pub(crate) mod logo;
pub(crate) mod settings;

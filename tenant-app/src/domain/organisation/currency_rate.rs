//! How much of the organisation's currency one unit of another is worth, from a day on. Pure.

use chrono::NaiveDate;
use http_conventions::FieldError;
use rust_decimal::Decimal;

use crate::domain::value::currency::is_currency;
use crate::domain::value::plain_decimal;

/// Rates in history; they hang on no record.
pub const OBJECT: &str = "currency_rate";

/// Digits of `numeric(19, 8)`.
const SCALE: u32 = 8;
const LARGEST: i64 = 100_000_000_000;

/// Of which currency, from which day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateKey {
    /// ISO 4217.
    pub currency: String,
    /// In the organisation's timezone.
    pub valid_from: NaiveDate,
}

impl RateKey {
    /// As history names it: `USD 2026-11-28`.
    pub fn name(&self) -> String {
        format!("{} {}", self.currency, self.valid_from)
    }

    /// Of a currency other than the organisation's own.
    pub fn checked(self, own: &str) -> Result<Self, Vec<FieldError>> {
        let currency = &self.currency;
        if !is_currency(currency) {
            return Err(vec![FieldError::new("/currency", "unknown-currency")]);
        }
        if currency == own {
            return Err(vec![FieldError::new("/currency", "own-currency")]);
        }
        Ok(self)
    }
}

/// A rate as people send it.
pub fn rate(text: &str) -> Result<Decimal, Vec<FieldError>> {
    let wrong = |code| vec![FieldError::new("/rate", code)];
    let rate = plain_decimal(text)
        .ok_or_else(|| vec![FieldError::new("/rate", "wrong-type").with("expected", "decimal")])?;
    let rate = rate.normalize();
    if rate.scale() > SCALE {
        return Err(vec![FieldError::new("/rate", "too-precise").with("scale", SCALE)]);
    }
    if rate <= Decimal::ZERO || rate >= Decimal::from(LARGEST) {
        return Err(wrong("not-a-rate"));
    }
    Ok(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_exact_and_more_than_nothing() {
        assert_eq!(rate("0.92500000").expect("good").to_string(), "0.925");
        for (wrong, code) in [
            ("0", "not-a-rate"),
            ("-1", "not-a-rate"),
            ("100000000000", "not-a-rate"),
            ("0.123456789", "too-precise"),
            ("1e3", "wrong-type"),
            ("", "wrong-type"),
        ] {
            assert_eq!(rate(wrong).expect_err("refused")[0].code, code, "{wrong}");
        }
    }

    #[test]
    fn the_own_currency_has_none() {
        let of = |currency: &str| RateKey { currency: currency.into(), valid_from: NaiveDate::default() };
        assert_eq!(of("USD").checked("EUR").expect("good").name(), "USD 1970-01-01");
        assert_eq!(of("EUR").checked("EUR").expect_err("refused")[0].code, "own-currency");
        assert_eq!(of("usd").checked("EUR").expect_err("refused")[0].code, "unknown-currency");
    }
}

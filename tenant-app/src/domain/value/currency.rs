//! Currencies: the codes of ISO 4217 and nothing that only looks like one.

use iso_currency::Currency;

/// Whether there is such a currency, in capital letters.
pub fn is_currency(code: &str) -> bool {
    Currency::from_code(code).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_the_standard() {
        for code in ["EUR", "USD", "JPY", "KWD", "CHF", "UYU"] {
            assert!(is_currency(code), "{code}");
        }
        for code in ["QQQ", "ZZZ", "eur", "", "EU", "EURO", "€"] {
            assert!(!is_currency(code), "{code}");
        }
    }
}

//! What an organisation's people share, as admins write it. Pure.

use http_conventions::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::value::currency::is_currency;

/// The organisation in history; there is one.
pub const OBJECT: &str = "organisation";

/// Currency, timezone and week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shared {
    /// ISO 4217: the currency that amounts are compared and summed in.
    pub currency: String,
    /// Where its days begin: a name of the IANA time zone database.
    pub timezone: String,
    /// Its first day of the week: 1 is Monday (ISO 8601).
    pub week_start: i16,
}

impl Shared {
    /// What is not as it must be.
    pub fn mistakes(&self) -> Vec<FieldError> {
        let mut mistakes = Vec::new();
        if !is_currency(&self.currency) {
            mistakes.push(FieldError::new("/currency", "unknown-currency"));
        }
        if self.timezone.parse::<chrono_tz::Tz>().is_err() {
            mistakes.push(FieldError::new("/timezone", "unknown"));
        }
        if !(1..=7).contains(&self.week_start) {
            mistakes.push(FieldError::new("/week_start", "out-of-range").with("min", 1).with("max", 7));
        }
        mistakes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_is_named() {
        let good = Shared { currency: "CHF".into(), timezone: "Europe/Zurich".into(), week_start: 7 };
        assert_eq!(good.mistakes(), []);
        let bad = Shared { currency: "Fr.".into(), timezone: "Mars/Base".into(), week_start: 0 };
        let pointers: Vec<_> = bad.mistakes().into_iter().map(|mistake| mistake.pointer).collect();
        assert_eq!(pointers, ["/currency", "/timezone", "/week_start"]);
    }
}

//! People: their name, how they like things shown, and what is checked of both.

use http_conventions::FieldError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::domain::value::text::cleaned;

/// People in history and cursors.
pub const OBJECT: &str = "user";
/// Characters of a name.
pub const LONGEST_NAME: usize = 200;

/// How a person likes things shown; what is null follows the browser.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Preferences {
    /// The language of pages and mails: `en`, `de`.
    #[schema(required)]
    pub language: Option<String>,
    /// A name of the IANA time zone database, as in `Europe/Berlin`.
    #[schema(required)]
    pub timezone: Option<String>,
    /// How numbers are grouped: `1,234.56`, `1.234,56`, `1 234,56`, `1'234.56`.
    #[schema(required)]
    pub number_format: Option<String>,
    /// How dates are written: `yyyy-mm-dd`, `dd.mm.yyyy`, `dd/mm/yyyy`, `mm/dd/yyyy`.
    #[schema(required)]
    pub date_format: Option<String>,
    /// `light` or `dark`.
    #[schema(required)]
    pub theme: Option<String>,
}

const LANGUAGES: &[&str] = &["en", "de"];
const NUMBER_FORMATS: &[&str] = &["1,234.56", "1.234,56", "1 234,56", "1'234.56"];
const DATE_FORMATS: &[&str] = &["yyyy-mm-dd", "dd.mm.yyyy", "dd/mm/yyyy", "mm/dd/yyyy"];
const THEMES: &[&str] = &["light", "dark"];

impl Preferences {
    /// What is not as it must be.
    pub fn mistakes(&self) -> Vec<FieldError> {
        let Self { language, timezone, number_format, date_format, theme } = self;
        let mut mistakes: Vec<FieldError> = [
            ("/language", language, LANGUAGES),
            ("/number_format", number_format, NUMBER_FORMATS),
            ("/date_format", date_format, DATE_FORMATS),
            ("/theme", theme, THEMES),
        ]
        .into_iter()
        .filter(|(_, value, known)| value.as_deref().is_some_and(|value| !known.contains(&value)))
        .map(|(pointer, _, known)| FieldError::new(pointer, "unknown").with("known", known))
        .collect();
        if timezone.as_deref().is_some_and(|name| name.parse::<chrono_tz::Tz>().is_err()) {
            mistakes.push(FieldError::new("/timezone", "unknown"));
        }
        mistakes
    }
}

/// A name as it is kept, or what is wrong with it.
pub fn name(text: &str) -> Result<String, FieldError> {
    let name = cleaned(text, false).map_err(|_| FieldError::new("/name", "control-character"))?;
    if name.is_empty() {
        Err(FieldError::new("/name", "required"))
    } else if name.chars().count() > LONGEST_NAME {
        Err(FieldError::new("/name", "too-long").with("max", LONGEST_NAME))
    } else {
        Ok(name)
    }
}

/// What differs between two forms of a person: `{"name": {"old": …, "new": …}}`.
pub fn changes(old: &impl Serialize, new: &impl Serialize) -> Result<Map<String, Value>, serde_json::Error> {
    let (old, new) = (serde_json::to_value(old)?, serde_json::to_value(new)?);
    let Value::Object(new) = new else { return Ok(Map::new()) };
    let differing = new.into_iter().filter(|(field, new)| old.get(field) != Some(new));
    Ok(differing.map(|(field, new)| (field.clone(), json!({"old": old.get(&field), "new": new}))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(name(" Ann ").expect("a name"), "Ann");
        let code = |text: &str| name(text).expect_err("refused").code;
        assert_eq!(code("  "), "required");
        assert_eq!(code("\u{200b}\u{200b}"), "required");
        assert_eq!(code("Ann \u{202e}nimdA"), "control-character");
        assert_eq!(code(&"x".repeat(201)), "too-long");
        assert_eq!(code("a\u{7}b"), "control-character");
        assert_eq!(name(&"ä".repeat(200)).expect("200 characters").chars().count(), 200);
    }

    #[test]
    fn preferences_come_from_known_words() {
        let good = Preferences {
            language: Some("de".into()),
            timezone: Some("Europe/Berlin".into()),
            number_format: Some("1.234,56".into()),
            date_format: Some("dd.mm.yyyy".into()),
            theme: None,
        };
        assert_eq!(good.mistakes(), []);
        let bad = Preferences { timezone: Some("Mars/Base".into()), theme: Some("pink".into()), ..good };
        let pointers: Vec<_> = bad.mistakes().into_iter().map(|mistake| mistake.pointer).collect();
        assert_eq!(pointers, ["/theme", "/timezone"]);
    }
}

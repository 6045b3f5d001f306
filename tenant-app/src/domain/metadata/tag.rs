//! Tags: words with a colour that people put on records. Pure.

use http_conventions::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::people::person;

/// Tags in history.
pub const OBJECT: &str = "tag";
/// So many an organisation has at most: people choose from all of them.
pub const MOST: i64 = 1_000;

const LONGEST_NAME: usize = 50;

/// How a tag looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "their words say all")]
pub enum Colour {
    #[default]
    Gray,
    Red,
    Pink,
    Violet,
    Indigo,
    Blue,
    Cyan,
    Teal,
    Green,
    Lime,
    Yellow,
    Orange,
}

/// What people change of a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tag {
    /// Its name; no other has it, in whatever case.
    pub name: String,
    /// How it looks.
    pub colour: Colour,
}

/// A name as it is kept; or what is wrong with it.
pub fn name(text: &str) -> Result<String, FieldError> {
    let name = person::name(text)?;
    if name.chars().count() > LONGEST_NAME {
        return Err(FieldError::new("/name", "too-long").with("max", LONGEST_NAME));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short() {
        assert_eq!(name(" VIP ").expect("a name"), "VIP");
        assert_eq!(name(&"ä".repeat(50)).expect("50 characters").chars().count(), 50);
        assert_eq!(name(&"x".repeat(51)).expect_err("refused").code, "too-long");
        assert_eq!(name("  ").expect_err("refused").code, "required");
    }
}

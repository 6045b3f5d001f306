//! Text from outside in the one form in which it is kept and compared. Must not know what it is for.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The text has characters that nobody sees and that change what is around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text has a control character")]
pub struct Harmful;

/// Trimmed, in NFC and without what carries no meaning; empty if nothing of it can be seen. `lines` also takes line ends
/// and tabs.
pub fn cleaned(text: &str, lines: bool) -> Result<String, Harmful> {
    let text = composed(text);
    let text = text.trim();
    // Postgres takes no NUL, and the others do harm in files and terminals.
    let control = |character: char| {
        character.is_control() && !(lines && matches!(character, '\n' | '\r' | '\t'))
            || turns_around(character)
    };
    if text.chars().any(control) {
        return Err(Harmful);
    }
    Ok(if text.chars().all(is_invisible) { String::new() } else { text.to_owned() })
}

/// In NFC, as people's keyboards write it, and without characters of no width that mean nothing: two texts that look
/// the same are the same.
pub fn composed(text: &str) -> String {
    text.nfc().filter(|character| !matches!(character, '\u{200b}' | '\u{2060}' | '\u{feff}')).collect()
}

/// What makes the text around it read in another direction (CVE-2021-42574).
fn turns_around(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What leaves no mark: spaces, format characters, fillers.
fn is_invisible(character: char) -> bool {
    let filler = matches!(character, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}');
    filler || character.is_whitespace() || character.general_category() == GeneralCategory::Format
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_letter_are_one() {
        assert_eq!(cleaned(" Mu\u{308}ller ", false).as_deref(), Ok("Müller"));
        assert_eq!(cleaned("Cafe\u{301}", false), cleaned("Café", false));
        assert_eq!(cleaned("V\u{200b}IP\u{feff}", false).as_deref(), Ok("VIP"));
    }

    #[test]
    fn what_nobody_sees_is_empty() {
        for text in ["", " \u{a0}", "\u{200b}\u{200b}", "\u{ad}\u{200d}", "\u{3164}", "\u{2800} \u{2800}"] {
            assert_eq!(cleaned(text, false).as_deref(), Ok(""), "{text:?}");
        }
        // A family of joined people, and Persian with its joiner, are seen.
        for text in ["👩\u{200d}👧", "می\u{200c}خواهم"] {
            assert_eq!(cleaned(text, false).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_turns_text_around_or_breaks_it_is_refused() {
        for text in ["a\u{202e}b", "\u{2067}a\u{2069}", "a\u{0}b", "a\nb", "a\u{1b}[1m"] {
            assert_eq!(cleaned(text, false), Err(Harmful), "{text:?}");
        }
        assert_eq!(cleaned("a\r\n\tb", true).as_deref(), Ok("a\r\n\tb"));
        assert_eq!(cleaned("a\u{202e}b", true), Err(Harmful));
    }
}

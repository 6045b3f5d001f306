//! The words that filters are said in, as `locales/` has them.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::filter::{Operator, Unit, Which};

/// A language that the CRM speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
}

#[derive(Deserialize)]
struct Locale {
    filter: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) and: String,
    pub(super) or: String,
    pub(super) not: String,
    pub(super) group: String,
    pub(super) everything: String,
    pub(super) nothing: String,
    pub(super) path: String,
    pub(super) path_any: String,
    pub(super) path_all: String,
    pub(super) quoted: String,
    pub(super) list: String,
    pub(super) yes: String,
    pub(super) no: String,
    pub(super) me: String,
    pub(super) my_teams: String,
    pub(super) unknown: String,
    pub(super) decimal_point: String,
    pub(super) date: String,
    pub(super) time: String,
    pub(super) operators: HashMap<Operator, String>,
    pub(super) dates: HashMap<Operator, String>,
    pub(super) relative: HashMap<Which, HashMap<Unit, Counted>>,
}

/// By number, as the two languages count.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counted {
    pub(super) one: Phrase,
    pub(super) other: Option<Phrase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phrase {
    /// After "is".
    pub(super) within: String,
    /// After "before".
    pub(super) itself: String,
}

pub(super) static ENGLISH: LazyLock<Words> =
    LazyLock::new(|| words(include_str!("../../../../locales/en.json")));
pub(super) static GERMAN: LazyLock<Words> =
    LazyLock::new(|| words(include_str!("../../../../locales/de.json")));

fn words(json: &str) -> Words {
    serde_json::from_str::<Locale>(json).expect("the committed words are whole; a test reads them").filter
}

/// The words of a language.
pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::En => &ENGLISH,
        Language::De => &GERMAN,
    }
}

/// A template with its places filled, once: what fills a place is not read again.
pub(super) fn filled(template: &str, places: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(places.iter().find(|(place, _)| *place == name).map_or("", |(_, with)| with));
        rest = after;
    }
    text.push_str(rest);
    text
}

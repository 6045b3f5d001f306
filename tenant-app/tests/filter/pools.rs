//! Values for rows and operands: few of each type, so that they meet, and chosen to lie where rules differ.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rand::RngExt;
use rand::rngs::StdRng;
use rust_decimal::Decimal;
use tenant_app::domain::filter::{Context, day_start};
use tenant_app::domain::metadata::registry::FieldType;
use tenant_app::domain::value::address::{Address, AddressKind};
use tenant_app::domain::value::participant::Participant;
use tenant_app::domain::value::{Money, Value};
use uuid::Uuid;

pub(crate) const KEYS: [&str; 4] = ["new", "New", "won", "n_w"];
/// What ids begin with.
pub(crate) const USER: u128 = 1;
pub(crate) const TEAM: u128 = 2;
pub(crate) const ACCOUNT: u128 = 3;
pub(crate) const OPPORTUNITY: u128 = 4;
const CHOICE: u128 = 5;
const TAG: u128 = 6;
pub(crate) const CONTACT: u128 = 7;

const EMAILS: [&str; 6] = [
    "ann@example.com",
    "Ann@Example.com",
    "ANN_B@example.com",
    "annxb@example.com",
    "bob%c@example.org",
    "bob@example.org",
];
const URLS: [&str; 4] = [
    "https://acme.example/a_b",
    "https://ACME.example/A_B",
    "https://acme.example/axb",
    "http://acme.example/?q=100%25",
];
/// Texts that differ by case, by collation, by what `LIKE` reads as a sign, or by form alone.
const TEXTS: [&str; 40] = [
    "Straße",
    "STRASSE",
    "straße",
    "STRAẞE",
    "İstanbul",
    "istanbul",
    "ISTANBUL",
    "ıstanbul",
    "i\u{307}stanbul",
    "ΟΔΟΣ",
    "οδος",
    "οδοσ",
    "Οδός",
    "Σ",
    "σ",
    "ς",
    "ΑΣ Β",
    "ǆ",
    "ǅ",
    "Ǆ",
    "100%",
    "100",
    "1000",
    "a_b",
    "axb",
    "A_B",
    "a\\b",
    "a\\\\b",
    "a!b",
    "a!!b",
    "%",
    "_",
    "😀 smile",
    "👩\u{200d}💻",
    "\u{e9}",
    "e\u{301}",
    "É",
    "\u{212a}elvin",
    "O'Brien\"; --",
    "日本",
];
const LETTERS: [char; 36] = [
    'a', 'A', 'b', 'B', 'i', 'I', 'ı', 'İ', 'ß', 'ẞ', 'σ', 'ς', 'Σ', 'ǆ', 'Ǆ', 'ǅ', 'é', 'É', '\u{301}',
    '\u{307}', '%', '_', '\\', '!', '\'', '"', '-', ' ', '.', '😀', '日', 'Ж', 'ж', 'Ω', '\u{2126}', 'ﬁ',
];

pub(crate) fn pick<'a, T>(random: &mut StdRng, from: &'a [T]) -> &'a T {
    &from[random.random_range(0..from.len())]
}

pub(crate) fn ids(kind: u128, count: usize) -> Vec<Uuid> {
    (0..count as u128).map(|number| Uuid::from_u128((kind << 120) + number)).collect()
}

/// A value of a type; of a relation, an account.
pub(crate) fn value(kind: &FieldType, random: &mut StdRng, context: &Context) -> Value {
    match kind {
        FieldType::Text { .. } | FieldType::LongText | FieldType::Phone => Value::Text(text(random, context)),
        FieldType::Email => Value::Text((*pick(random, &EMAILS)).to_owned()),
        FieldType::Url => Value::Text((*pick(random, &URLS)).to_owned()),
        FieldType::Pick(_) => Value::Text((*pick(random, &KEYS)).to_owned()),
        FieldType::MultiPick(_) => Value::Texts(keys(random)),
        FieldType::Integer { .. } => Value::Integer(random.random_range(-3..=3)),
        FieldType::Decimal { .. } | FieldType::Percent => Value::Decimal(decimal(random)),
        FieldType::Money => Value::Money(Money {
            amount: decimal(random),
            currency: (*pick(random, &["EUR", "USD"])).to_owned(),
            base: random.random_bool(0.8).then(|| decimal(random)),
        }),
        FieldType::Date => Value::Date(day(random, context)),
        FieldType::DateTime => Value::Time(time(random, context)),
        FieldType::Boolean => Value::Boolean(random.random_bool(0.5)),
        FieldType::User => Value::Id(*pick(random, &ids(USER, 4))),
        FieldType::Team => Value::Id(*pick(random, &ids(TEAM, 5))),
        FieldType::Choice { .. } => Value::Id(*pick(random, &ids(CHOICE, 4))),
        FieldType::Relation { .. } => Value::Id(account(random)),
        FieldType::Id => Value::Id(*pick(random, &ids(OPPORTUNITY, crate::world::OPPORTUNITIES))),
        FieldType::Participants => {
            let mut contacts = ids(CONTACT, crate::world::CONTACTS);
            for _ in 0..random.random_range(3..contacts.len()) {
                contacts.remove(random.random_range(0..contacts.len()));
            }
            let one = |contact_id| Participant { contact_id, role: None, primary: false };
            Value::Participants(contacts.into_iter().map(one).collect())
        }
        FieldType::Tags => {
            let mut tags: Vec<Uuid> =
                (0..random.random_range(1..4)).map(|_| *pick(random, &ids(TAG, 4))).collect();
            tags.sort_unstable();
            tags.dedup();
            Value::Ids(tags)
        }
        FieldType::Addresses(kind) => {
            let several: Vec<String> = (0..random.random_range(1..4))
                .map(|_| match kind {
                    AddressKind::Email => (*pick(random, &EMAILS)).to_owned(),
                    AddressKind::Phone => text(random, context),
                })
                .collect();
            let primary = random.random_range(0..several.len());
            let address = |(index, value)| Address {
                value,
                label: None,
                primary: index == primary,
                opted_out: false,
                invalid: false,
            };
            Value::Addresses(several.into_iter().enumerate().map(address).collect())
        }
        FieldType::Links | FieldType::FurtherAddresses(_) => Value::Missing,
    }
}

/// Texts as they are stored: not blank, without spaces at the ends. Of the list ten a moment, so that they meet.
pub(crate) fn text(random: &mut StdRng, context: &Context) -> String {
    if random.random_bool(0.8) {
        let window = usize::try_from(context.now.timestamp_millis() % 4).unwrap_or_default();
        return (*pick(random, &TEXTS[window * 10..][..10])).to_owned();
    }
    let text: String = (0..random.random_range(1..6)).map(|_| *pick(random, &LETTERS)).collect();
    let trimmed = text.trim();
    if trimmed.is_empty() { "x".to_owned() } else { trimmed.to_owned() }
}

/// One or some keys, in any order.
pub(crate) fn keys(random: &mut StdRng) -> Vec<String> {
    let mut keys: Vec<String> = KEYS.iter().map(|key| (*key).to_owned()).collect();
    for _ in 0..random.random_range(1..4) {
        keys.remove(random.random_range(0..keys.len()));
    }
    if random.random_bool(0.5) {
        keys.reverse();
    }
    keys
}

/// One of a few, mostly: references and operands must meet.
pub(crate) fn account(random: &mut StdRng) -> Uuid {
    let count = if random.random_bool(0.7) { 6 } else { crate::world::ACCOUNTS };
    *pick(random, &ids(ACCOUNT, count))
}

fn decimal(random: &mut StdRng) -> Decimal {
    Decimal::new(random.random_range(-2..=2) * 50, 2)
}

/// Near today, mostly; at the ends of weeks, months and years by the distance.
pub(crate) fn day(random: &mut StdRng, context: &Context) -> NaiveDate {
    let today = context.now.with_timezone(&context.timezone).date_naive();
    let most = *pick(random, &[2, 2, 2, 10, 40, 130, 500]);
    today + TimeDelta::days(random.random_range(-most..=most))
}

/// Around the first moment of a day near today, or near now.
pub(crate) fn time(random: &mut StdRng, context: &Context) -> DateTime<Utc> {
    let from =
        if random.random_bool(0.7) { day_start(context.timezone, day(random, context)) } else { context.now };
    let by = *pick(random, &[-3_600_000, -1, 0, 0, 1, 3_600_000, 40_000_000]);
    from + TimeDelta::milliseconds(by)
}

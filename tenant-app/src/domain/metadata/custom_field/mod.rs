//! Fields that admins add: what they may be, what is wrong with one, and the registry's field that comes of it.
//!
//! Must not know SQL. What an index or a column is made of, the owner's functions of the schema say.

pub(crate) mod custom_type;

use http_conventions::FieldError;
use serde_json::{Value as Json, json};
use uuid::Uuid;

pub use custom_type::CustomType;

use super::registry::{Access, Field, FieldType, Label, PickOption, Registry, checked};
use crate::domain::value::Value;

/// Live fields of one object.
pub const MOST_LIVE: i64 = 100;
/// Fields that one object has ever had: Postgres counts columns for ever.
pub const MOST_MADE: i64 = 1_000;
/// Indexes of one object's custom fields; a field that is indexed and unique has two.
pub const MOST_INDEXES: usize = 12;

const LONGEST_LABEL: usize = 100;
const LONGEST_HELP: usize = 500;
const LONGEST_TEXT: usize = 255;
/// Of slugs, keys of options, sections.
const LONGEST_WORD: usize = 40;
const MOST_OPTIONS: usize = 200;
const LARGEST_SCALE: i16 = 4;
/// The largest whole number that JavaScript holds exactly.
const LARGEST_INTEGER: i64 = 9_007_199_254_740_991;
/// Positions beyond are nobody's: they leave room for what is added last.
const LARGEST_POSITION: i32 = 1_000_000;

/// A field that an admin made.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing about a field, and none depends on another"
)]
#[derive(Debug, Clone, PartialEq)]
pub struct CustomField {
    /// Its id.
    pub id: Uuid,
    /// Rises with every change.
    pub version: i64,
    /// The object.
    pub object: String,
    /// `c_<slug>`: its name in JSON, filters and files; chosen once.
    pub name: String,
    /// `c_<8 hex digits>`: the column.
    pub column: String,
    /// What values it takes; chosen once.
    pub kind: CustomType,
    /// What people read.
    pub label: Label,
    /// What explains it.
    pub help: Option<Label>,
    /// Whether a record must have a value.
    pub required: bool,
    /// Whether no two records outside the trash may have the same value.
    pub unique: bool,
    /// Whether an index serves it.
    pub indexed: bool,
    /// The value of a new record that names none, as JSON has it.
    pub default: Json,
    /// Of picks: the choices.
    pub options: Vec<PickOption>,
    /// Of a relation: the object that it refers to.
    pub target: Option<String>,
    /// Of a decimal: digits after the point.
    pub scale: Option<i16>,
    /// The section of forms and pages.
    pub section: String,
    /// Its place among the object's custom fields.
    pub position: i32,
    /// Whether it is put away: its values stay, nobody sees them.
    pub archived: bool,
}

/// `c_<slug>`; `None` for what is no slug. The end `_currency` is taken by the second column of money in files.
pub fn name(slug: &str) -> Option<String> {
    let good = is_word(slug)
        && slug.starts_with(|first: char| first.is_ascii_lowercase())
        && !slug.ends_with("_currency");
    good.then(|| format!("c_{slug}"))
}

/// Small letters, digits and `_`.
fn is_word(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=LONGEST_WORD).contains(&text.len()) && text.bytes().all(letter)
}

/// The column of a field: eight hex digits of its id's random end.
pub fn column(id: Uuid) -> String {
    let digits = id.simple().to_string();
    format!("c_{}", &digits[digits.len() - 8..])
}

impl CustomField {
    /// As the registry takes it; `None` while it is archived.
    pub fn field(&self) -> Option<Field> {
        if self.archived {
            return None;
        }
        let kind = self.field_type();
        let mut field = Field::new("", self.label.clone(), kind);
        field.default = checked(&field.kind, &self.default).unwrap_or_default();
        field.name = self.name.clone().into();
        field.column = self.column.clone().into();
        field.help.clone_from(&self.help);
        field.section = self.section.clone().into();
        (field.required, field.unique, field.indexed) = (self.required, self.unique, self.indexed);
        field.custom = true;
        Some(field)
    }

    fn field_type(&self) -> FieldType {
        match self.kind {
            CustomType::Text => FieldType::Text { max: LONGEST_TEXT },
            CustomType::LongText => FieldType::LongText,
            CustomType::Integer => FieldType::Integer { min: -LARGEST_INTEGER, max: LARGEST_INTEGER },
            CustomType::Decimal => {
                FieldType::Decimal { scale: self.scale.and_then(|scale| scale.try_into().ok()).unwrap_or(0) }
            }
            CustomType::Currency => FieldType::Money,
            CustomType::Percent => FieldType::Percent,
            CustomType::Date => FieldType::Date,
            CustomType::DateTime => FieldType::DateTime,
            CustomType::Boolean => FieldType::Boolean,
            CustomType::Pick => FieldType::Pick(self.options.clone()),
            CustomType::MultiPick => FieldType::MultiPick(self.options.clone()),
            CustomType::Email => FieldType::Email,
            CustomType::Phone => FieldType::Phone,
            CustomType::Url => FieldType::Url,
            CustomType::User => FieldType::User,
            CustomType::Relation => {
                FieldType::Relation { object: self.target.clone().unwrap_or_default().into() }
            }
        }
    }

    /// Everything that is wrong with it, each with its spot.
    pub fn mistakes(&self, registry: &Registry) -> Vec<FieldError> {
        let mut errors = Vec::new();
        words(&self.label, "/label", LONGEST_LABEL, &mut errors);
        if let Some(help) = &self.help {
            words(help, "/help", LONGEST_HELP, &mut errors);
        }
        self.check_options(&mut errors);
        self.check_target(registry, &mut errors);
        match (self.kind, self.scale) {
            (CustomType::Decimal, Some(0..=LARGEST_SCALE)) => {}
            (CustomType::Decimal, _) => {
                errors.push(
                    FieldError::new("/scale", "out-of-range").with("min", 0).with("max", LARGEST_SCALE),
                );
            }
            (_, None) => {}
            (_, Some(_)) => errors.push(FieldError::new("/scale", "not-allowed")),
        }
        // The engine's own section is read by everyone: no role could hide what stands in it.
        if !is_word(&self.section) || self.section == "system" {
            errors.push(FieldError::new("/section", "wrong-name"));
        }
        if !(0..=LARGEST_POSITION).contains(&self.position) {
            errors.push(
                FieldError::new("/position", "out-of-range").with("min", 0).with("max", LARGEST_POSITION),
            );
        }
        if self.indexed && !self.kind.can_be_indexed() {
            errors.push(FieldError::new("/indexed", "not-allowed"));
        }
        if self.unique && !self.kind.can_be_unique() {
            errors.push(FieldError::new("/unique", "not-allowed"));
        }
        self.check_default(&mut errors);
        errors
    }

    fn check_options(&self, errors: &mut Vec<FieldError>) {
        let mistake = match self.options.len() {
            0 if self.kind.picks() => Some(FieldError::new("/options", "required")),
            0 => None,
            _ if !self.kind.picks() => Some(FieldError::new("/options", "not-allowed")),
            number if number > MOST_OPTIONS => {
                Some(FieldError::new("/options", "too-many").with("max", MOST_OPTIONS))
            }
            _ => None,
        };
        errors.extend(mistake);
        for (index, option) in self.options.iter().enumerate() {
            let spot = format!("/options/{index}");
            if !is_word(&option.key) {
                errors.push(FieldError::new(&format!("{spot}/key"), "wrong-name"));
            } else if self.options[..index].iter().any(|before| before.key == option.key) {
                errors.push(FieldError::new(&format!("{spot}/key"), "taken"));
            }
            words(&option.label, &format!("{spot}/label"), LONGEST_LABEL, errors);
        }
    }

    fn check_target(&self, registry: &Registry, errors: &mut Vec<FieldError>) {
        match (self.kind, &self.target) {
            (CustomType::Relation, None) => errors.push(FieldError::new("/target", "required")),
            (CustomType::Relation, Some(target)) => {
                if registry.object(target).is_none_or(|object| object.access != Access::Owned) {
                    errors.push(FieldError::new("/target", "unknown-object"));
                }
            }
            (_, None) => {}
            (_, Some(_)) => errors.push(FieldError::new("/target", "not-allowed")),
        }
    }

    /// A default must be a value of the field. Who or what it referred to could be gone, and nobody would see why no
    /// record can be made; of what is unique only one record could have it.
    fn check_default(&self, errors: &mut Vec<FieldError>) {
        if self.default.is_null() {
            return;
        }
        if self.kind.refers() || self.unique {
            errors.push(FieldError::new("/default", "not-allowed"));
        } else if let Err(reason) = checked(&self.field_type(), &self.default) {
            errors.push(FieldError { params: reason.parameters, ..FieldError::new("/default", reason.code) });
        }
    }

    /// The choices of `before` that are gone.
    pub fn removed_options<'b>(&self, before: &'b Self) -> Vec<&'b str> {
        let kept = |key: &str| self.options.iter().any(|option| option.key == key);
        before.options.iter().map(|option| &*option.key).filter(|key| !kept(key)).collect()
    }
}

/// A text that people read, in both languages.
fn words(label: &Label, spot: &str, longest: usize, errors: &mut Vec<FieldError>) {
    for (language, text) in [("en", &label.en), ("de", &label.de)] {
        let kind = FieldType::Text { max: longest };
        let spot = format!("{spot}/{language}");
        match checked(&kind, &json!(text)) {
            Ok(Value::Missing) => errors.push(FieldError::new(&spot, "required")),
            Ok(_) => {}
            Err(reason) => {
                errors.push(FieldError { params: reason.parameters, ..FieldError::new(&spot, reason.code) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(kind: CustomType) -> CustomField {
        let id = Uuid::from_u128(0x1234_5678);
        CustomField {
            id,
            version: 1,
            object: "lead".into(),
            name: "c_region".into(),
            column: column(id),
            kind,
            label: Label::new("Region", "Region"),
            help: None,
            required: false,
            unique: false,
            indexed: false,
            default: Json::Null,
            options: if kind.picks() { vec![PickOption::new("1", "One", "Eins")] } else { Vec::new() },
            target: (kind == CustomType::Relation).then(|| "account".into()),
            scale: (kind == CustomType::Decimal).then_some(2),
            section: "details".into(),
            position: 0,
            archived: false,
        }
    }

    fn spots(field: &CustomField) -> Vec<String> {
        let errors = field.mistakes(&Registry::standard());
        errors.into_iter().map(|error| format!("{} {}", error.pointer, error.code)).collect()
    }

    #[test]
    fn slugs_are_names_and_nothing_else() {
        assert_eq!(name("region_2").as_deref(), Some("c_region_2"));
        let long = "x".repeat(41);
        for wrong in ["", "2", "_a", "Region", "a-b", "a b", "a\"; drop", "é", "price_currency", &long] {
            assert_eq!(name(wrong), None, "{wrong}");
        }
        assert_eq!(column(Uuid::from_u128(0x1234_5678)), "c_12345678");
    }

    #[test]
    fn every_type_is_a_field_of_its_own_word() {
        for kind in CustomType::ALL {
            let made = made(kind);
            assert_eq!(spots(&made), [""; 0], "{kind:?}");
            let field = made.field().expect("live");
            assert_eq!((field.kind.name(), CustomType::parse(kind.as_str())), (kind.as_str(), Some(kind)));
            assert!(field.custom && field.name == "c_region" && field.column == "c_12345678");
            assert_eq!(CustomField { archived: true, ..made }.field(), None);
        }
    }

    #[test]
    fn what_does_not_belong_to_a_type_is_named() {
        let text = CustomField {
            label: Label::new("", "x"),
            options: vec![PickOption::new("a", "A", "A")],
            target: Some("account".into()),
            scale: Some(1),
            section: "system".into(),
            position: -1,
            default: json!(5),
            ..made(CustomType::Text)
        };
        assert_eq!(
            spots(&text),
            [
                "/label/en required",
                "/options not-allowed",
                "/target not-allowed",
                "/scale not-allowed",
                "/section wrong-name",
                "/position out-of-range",
                "/default wrong-type",
            ]
        );
        let twice = ["a", "a", "B"].map(|key| PickOption::new(key, "x", "x")).to_vec();
        let pick = CustomField { options: twice, unique: true, ..made(CustomType::Pick) };
        assert_eq!(
            spots(&pick),
            ["/options/1/key taken", "/options/2/key wrong-name", "/unique not-allowed"]
        );
        let long = CustomField { indexed: true, ..made(CustomType::LongText) };
        assert_eq!(spots(&long), ["/indexed not-allowed"]);
        let relation = CustomField { target: Some("note".into()), ..made(CustomType::Relation) };
        assert_eq!(spots(&relation), ["/target unknown-object"]);
        let decimal = CustomField { scale: Some(5), ..made(CustomType::Decimal) };
        assert_eq!(spots(&decimal), ["/scale out-of-range"]);
        let unique = CustomField { unique: true, default: json!("x"), ..made(CustomType::Text) };
        assert_eq!(spots(&unique), ["/default not-allowed"]);
    }

    #[test]
    fn options_that_are_gone_are_known() {
        let before = CustomField {
            options: ["a", "b"].map(|key| PickOption::new(key, key, key)).to_vec(),
            ..made(CustomType::Pick)
        };
        let after = CustomField { options: vec![PickOption::new("b", "B", "B")], ..before.clone() };
        assert_eq!(after.removed_options(&before), ["a"]);
    }
}

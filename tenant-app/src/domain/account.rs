//! Accounts: organisations that the tenant's people deal with.

use chrono::{DateTime, Utc};
use http_conventions::FieldError;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};
use url::Url;
use utoipa::ToSchema;
use uuid::Uuid;

/// The object's name in history, events and files.
pub const OBJECT: &str = "account";

/// An account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// Its fields.
    #[serde(flatten)]
    pub fields: AccountFields,
    /// When it was made.
    #[serde(with = "http_conventions::timestamp")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "http_conventions::timestamp")]
    pub updated_at: DateTime<Utc>,
}

/// The fields that people write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountFields {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Its web address: http or https.
    #[schema(required, max_length = 2000)]
    pub website: Option<String>,
    /// Its phone number as people write it.
    #[schema(required, max_length = 50)]
    pub phone: Option<String>,
    /// What it does.
    #[schema(required, max_length = 100)]
    pub industry: Option<String>,
    /// How many people work there.
    #[schema(required, minimum = 0, maximum = 100_000_000)]
    pub employees: Option<i32>,
    /// Anything else.
    #[schema(required, max_length = 10_000)]
    pub description: Option<String>,
    /// Who looks after it.
    #[schema(required)]
    pub owner_id: Option<Uuid>,
}

/// The body that makes an account.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountCreate {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Its web address; without a scheme it becomes https.
    pub website: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// What it does.
    pub industry: Option<String>,
    /// How many people work there.
    pub employees: Option<i32>,
    /// Anything else.
    pub description: Option<String>,
    /// Who looks after it; whoever makes it if nobody is named, no one with null.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub owner_id: Option<Option<Uuid>>,
}

/// A JSON merge patch: what is not named stays, null empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// What it is called.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub name: Option<Option<String>>,
    /// Its web address.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub website: Option<Option<String>>,
    /// Its phone number.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
    /// What it does.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub industry: Option<Option<String>>,
    /// How many people work there.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i32>)]
    pub employees: Option<Option<i32>>,
    /// Anything else.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub description: Option<Option<String>>,
    /// Who looks after it.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub owner_id: Option<Option<Uuid>>,
}

/// Tells "null" from "not named".
#[expect(clippy::option_option, reason = "a merge patch has three cases: named, null, not named")]
fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl AccountCreate {
    /// The fields, with `creator` as the owner if none is named.
    pub fn into_fields(self, creator: Uuid) -> Result<AccountFields, Vec<FieldError>> {
        let Self { name, website, phone, industry, employees, description, owner_id } = self;
        let owner_id = owner_id.unwrap_or(Some(creator));
        AccountFields { name, website, phone, industry, employees, description, owner_id }.checked()
    }
}

impl AccountPatch {
    /// `fields` with the patch over them.
    pub fn apply(self, fields: &AccountFields) -> Result<AccountFields, Vec<FieldError>> {
        let Self { name, website, phone, industry, employees, description, owner_id } = self;
        let old = fields.clone();
        AccountFields {
            // An emptied name is refused below, as a missing one.
            name: name.map_or(old.name, Option::unwrap_or_default),
            website: website.unwrap_or(old.website),
            phone: phone.unwrap_or(old.phone),
            industry: industry.unwrap_or(old.industry),
            employees: employees.unwrap_or(old.employees),
            description: description.unwrap_or(old.description),
            owner_id: owner_id.unwrap_or(old.owner_id),
        }
        .checked()
    }
}

impl AccountFields {
    /// The fields as they are stored: trimmed, empty as null; or everything that is wrong with them.
    fn checked(mut self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = std::mem::take(&mut self.name);
        match text("/name", Some(name), 200, &mut errors) {
            Some(name) => self.name = name,
            None if errors.is_empty() => errors.push(FieldError::new("/name", "required")),
            None => {}
        }
        self.website = text("/website", self.website, 2_000, &mut errors)
            .and_then(|website| web_address("/website", &website, &mut errors));
        self.phone = text("/phone", self.phone, 50, &mut errors);
        self.industry = text("/industry", self.industry, 100, &mut errors);
        self.description = text("/description", self.description, 10_000, &mut errors);
        if self.employees.is_some_and(|employees| !(0..=100_000_000).contains(&employees)) {
            errors
                .push(FieldError::new("/employees", "out-of-range").with("min", 0).with("max", 100_000_000));
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }

    /// What differs: `{"name": {"old": …, "new": …}}`.
    pub fn changes(old: &Self, new: &Self) -> Map<String, Value> {
        let (old, new) = (old.members(), new.members());
        new.into_iter()
            .filter_map(|(field, new)| {
                let old = old.get(&field).cloned().unwrap_or(Value::Null);
                (old != new).then(|| (field, json!({"old": old, "new": new})))
            })
            .collect()
    }

    fn members(&self) -> Map<String, Value> {
        let Self { name, website, phone, industry, employees, description, owner_id } = self;
        let members = json!({"name": name, "website": website, "phone": phone, "industry": industry,
            "employees": employees, "description": description, "owner_id": owner_id});
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }
}

fn text(pointer: &str, value: Option<String>, max: usize, errors: &mut Vec<FieldError>) -> Option<String> {
    let value = value?;
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    // Postgres takes no NUL, and the others do harm in files and terminals.
    if value.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t')) {
        errors.push(FieldError::new(pointer, "control-character"));
        return None;
    }
    if value.chars().count() > max {
        errors.push(FieldError::new(pointer, "too-long").with("max", max));
        return None;
    }
    Some(value.to_owned())
}

/// Only http and https: the web app makes links of them.
fn web_address(pointer: &str, website: &str, errors: &mut Vec<FieldError>) -> Option<String> {
    let full = if website.contains("://") { website.to_owned() } else { format!("https://{website}") };
    let good = Url::parse(&full).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !good {
        errors.push(FieldError::new(pointer, "not-a-web-address"));
        return None;
    }
    Some(full)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(body: Value) -> Result<AccountFields, Vec<String>> {
        let new: AccountCreate = serde_json::from_value(body).expect("a body");
        let said = |errors: Vec<FieldError>| {
            errors.into_iter().map(|e| format!("{} {}", e.pointer, e.code)).collect()
        };
        new.into_fields(Uuid::nil()).map_err(said)
    }

    #[test]
    fn values_are_trimmed_and_empty_ones_are_null() {
        let fields = new(json!({"name": " Acme ", "phone": "  ", "website": "acme.example"})).expect("good");
        assert_eq!(fields.name, "Acme");
        assert_eq!(fields.phone, None);
        assert_eq!(fields.website.as_deref(), Some("https://acme.example"));
        assert_eq!(fields.owner_id, Some(Uuid::nil()));
        assert_eq!(new(json!({"name": "x", "owner_id": null})).expect("good").owner_id, None);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let errors =
            new(json!({"name": " ", "website": "javascript://alert(1)", "employees": -1, "phone": "\u{0}"}));
        let expected = [
            "/name required",
            "/website not-a-web-address",
            "/phone control-character",
            "/employees out-of-range",
        ];
        assert_eq!(errors.expect_err("wrong"), expected);
        assert_eq!(new(json!({"name": "x".repeat(201)})).expect_err("long"), ["/name too-long"]);
    }

    #[test]
    fn a_patch_tells_null_from_not_named() {
        let old = new(json!({"name": "Acme", "phone": "1", "employees": 5})).expect("good");
        let patch: AccountPatch =
            serde_json::from_value(json!({"phone": null, "employees": 6})).expect("a patch");
        let patched = patch.apply(&old).expect("good");
        assert_eq!(
            (patched.phone.clone(), patched.employees, patched.name.as_str()),
            (None, Some(6), "Acme")
        );
        let changes = AccountFields::changes(&old, &patched);
        assert_eq!(
            Value::Object(changes),
            json!({"phone": {"old": "1", "new": null}, "employees": {"old": 5, "new": 6}})
        );
        let emptied: AccountPatch = serde_json::from_value(json!({"name": null})).expect("a patch");
        assert_eq!(emptied.apply(&old).expect_err("a name is required")[0].code, "required");
    }
}

//! A record in memory, and its JSON.

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::domain::metadata::registry::Field;
use crate::domain::value::Value;

/// A record: values of chosen fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<'a> {
    /// The fields.
    pub fields: &'a [&'a Field],
    /// A value for each.
    pub values: Vec<Value>,
    /// Fields whose record is not visible: their value is missing here.
    pub hidden: Vec<&'a str>,
}

impl Record<'_> {
    /// The value of a field; missing if it was not chosen.
    pub fn value(&self, field: &str) -> &Value {
        const MISSING: &Value = &Value::Missing;
        self.fields.iter().position(|known| known.name == field).map_or(MISSING, |index| &self.values[index])
    }

    /// Its id.
    pub fn id(&self) -> Uuid {
        if let Value::Id(id) = self.value("id") { *id } else { Uuid::nil() }
    }

    /// Its version.
    pub fn version(&self) -> i64 {
        if let Value::Integer(version) = self.value("version") { *version } else { 0 }
    }

    /// As it is answered: `{"name": …, "hidden": ["account_id"]}`.
    pub fn to_json(&self) -> Json {
        let mut members: Map<String, Json> = self
            .fields
            .iter()
            .zip(&self.values)
            .map(|(field, value)| (field.name.to_string(), value.to_json()))
            .collect();
        if !self.hidden.is_empty() {
            members.insert("hidden".to_owned(), json!(self.hidden));
        }
        Json::Object(members)
    }
}

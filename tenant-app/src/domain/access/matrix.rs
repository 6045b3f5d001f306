//! A role's rights as people read and write them: levels by object and action, rights by object and field, areas.

use std::collections::{BTreeMap, BTreeSet};

use http_conventions::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Action, Area, FieldRight, Grant, Level, SETTINGS};
use crate::domain::metadata::registry::{Field, Object, Registry};

/// What a role gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Matrix {
    /// By object, by action: none, own, team, team_and_below, all. None where nothing is named.
    pub levels: BTreeMap<String, BTreeMap<Action, Level>>,
    /// By object, by field: none, read, edit. Edit where nothing is named.
    pub fields: BTreeMap<String, BTreeMap<String, FieldRight>>,
    /// Areas of the settings: whether they are given. Not where nothing is named.
    pub areas: BTreeMap<Area, bool>,
}

impl Matrix {
    /// Of the rows that a role has.
    pub fn of(grants: &[Grant]) -> Self {
        let mut matrix = Self::default();
        for Grant { object, action, field, level } in grants {
            match (action, field) {
                (_, Some(field)) => {
                    let right = FieldRight::from_number(*level).unwrap_or(FieldRight::None);
                    matrix.fields.entry(object.clone()).or_default().insert(field.clone(), right);
                }
                (Some(action), None) if object == SETTINGS => {
                    if let Some(area) = Area::ALL.into_iter().find(|area| area.as_str() == action) {
                        matrix.areas.insert(area, *level > 0);
                    }
                }
                (Some(action), None) => {
                    if let Some(action) = Action::parse(action) {
                        let level = Level::from_number(*level).unwrap_or_default();
                        matrix.levels.entry(object.clone()).or_default().insert(action, level);
                    }
                }
                (None, None) => {}
            }
        }
        matrix
    }

    /// The rows to write; or every name that the registry does not know.
    pub fn grants(&self, registry: &Registry) -> Result<Vec<Grant>, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut grants = Vec::new();
        for (object, levels) in &self.levels {
            if registry.object(object).is_none() {
                errors.push(FieldError::new(&format!("/levels/{object}"), "unknown-object"));
            }
            let row = |(action, level): (&Action, &Level)| Grant {
                object: object.clone(),
                action: Some(action.as_str().to_owned()),
                field: None,
                level: *level as i16,
            };
            grants.extend(levels.iter().map(row));
        }
        for (name, fields) in &self.fields {
            let Some(object) = registry.object(name) else {
                errors.push(FieldError::new(&format!("/fields/{name}"), "unknown-object"));
                continue;
            };
            for (field, right) in fields {
                if !restricts(object, field) {
                    errors.push(FieldError::new(&format!("/fields/{name}/{field}"), "unknown-field"));
                }
                grants.push(Grant {
                    object: name.clone(),
                    action: None,
                    field: Some(field.clone()),
                    level: *right as i16,
                });
            }
        }
        let area = |(area, given): (&Area, &bool)| Grant {
            object: SETTINGS.to_owned(),
            action: Some(area.as_str().to_owned()),
            field: None,
            level: if *given { Level::All as i16 } else { 0 },
        };
        grants.extend(self.areas.iter().map(area));
        if errors.is_empty() { Ok(grants) } else { Err(errors) }
    }

    /// What differs from `before`, for history: `{"levels.lead.read": {"old": "own", "new": "all"}}`.
    pub fn changes(&self, before: &Self) -> serde_json::Map<String, serde_json::Value> {
        let (old, new) = (before.flat(), self.flat());
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let value = |of: &BTreeMap<String, serde_json::Value>, name: &str| {
            of.get(name).cloned().unwrap_or(serde_json::Value::Null)
        };
        names
            .into_iter()
            .map(|name| (name, value(&old, name), value(&new, name)))
            .filter(|(_, old, new)| old != new)
            .map(|(name, old, new)| (name.clone(), serde_json::json!({"old": old, "new": new})))
            .collect()
    }

    fn flat(&self) -> BTreeMap<String, serde_json::Value> {
        let mut flat = BTreeMap::new();
        for (object, levels) in &self.levels {
            for (action, level) in levels {
                flat.insert(format!("levels.{object}.{}", action.as_str()), serde_json::json!(level));
            }
        }
        for (object, fields) in &self.fields {
            for (field, right) in fields {
                flat.insert(format!("fields.{object}.{field}"), serde_json::json!(right));
            }
        }
        for (area, given) in &self.areas {
            flat.insert(format!("areas.{}", area.as_str()), serde_json::json!(given));
        }
        flat
    }
}

/// Whether a role can restrict a field: a record without a title would be nameless to who sees it, and what the engine
/// keeps is read by everyone who reads the record.
fn restricts(object: &Object, field: &str) -> bool {
    let has_rights = |field: &Field| !field.is_system() && field.restricted_by() == field.name;
    field != object.title && object.field(field).is_some_and(has_rights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let json = serde_json::json!({
            "levels": {"lead": {"read": "team_and_below", "update": "own"}},
            "fields": {"lead": {"value": "none", "phone": "read"}},
            "areas": {"users": true, "roles": false},
        });
        let matrix: Matrix = serde_json::from_value(json.clone()).expect("a matrix");
        let grants = matrix.grants(&Registry::standard()).expect("known names");
        assert_eq!(serde_json::to_value(Matrix::of(&grants)).expect("JSON"), json);
        assert_eq!(matrix.changes(&matrix), serde_json::Map::new());
        let changes = matrix.changes(&Matrix::default());
        assert_eq!(changes["levels.lead.read"], serde_json::json!({"old": null, "new": "team_and_below"}));
        assert_eq!(changes.len(), 6);
    }

    #[test]
    fn unknown_names_are_refused_with_their_spot() {
        let json = serde_json::json!({"levels": {"nothing": {"read": "all"}},
            "fields": {"lead": {"nothing": "none", "id": "none", "last_name": "none"}, "other": {}}});
        let matrix: Matrix = serde_json::from_value(json).expect("a matrix");
        let errors = matrix.grants(&Registry::standard()).expect_err("refused");
        let spots: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(
            spots,
            [
                "/levels/nothing",
                "/fields/lead/id",
                "/fields/lead/last_name",
                "/fields/lead/nothing",
                "/fields/other"
            ]
        );
        serde_json::from_str::<Matrix>(r#"{"levels": {"lead": {"fly": "all"}}}"#)
            .expect_err("no such action");
    }
}

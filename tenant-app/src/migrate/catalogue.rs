//! The catalogue of rights: every action and field of the registry, and what the built-in roles get of a new one.
//!
//! Runs after the files, as the schema's owner. What is there already stays: an admin may have changed it.

use sqlx::{Connection, PgConnection};

use super::MigrateError;
use crate::domain::access::{Action, Area, Level, SETTINGS, built_in};
use crate::domain::metadata::registry::{Field, Registry};

/// Columns of the rows to come: object, action, field.
#[derive(Default)]
struct Wanted {
    objects: Vec<String>,
    actions: Vec<Option<String>>,
    fields: Vec<Option<String>>,
}

impl Wanted {
    fn push(&mut self, object: &str, action: Option<&str>, field: Option<&str>) {
        self.objects.push(object.to_owned());
        self.actions.push(action.map(str::to_owned));
        self.fields.push(field.map(str::to_owned));
    }

    fn of(registry: &Registry) -> Self {
        let mut wanted = Self::default();
        for object in registry.objects() {
            for action in Action::ALL {
                wanted.push(&object.name, Some(action.as_str()), None);
            }
            let has_rights = |field: &&Field| !field.is_system() && field.restricted_by() == field.name;
            for field in object.fields.iter().filter(has_rights) {
                wanted.push(&object.name, None, Some(&field.name));
            }
        }
        for area in Area::ALL {
            wanted.push(SETTINGS, Some(area.as_str()), None);
        }
        wanted
    }
}

/// Adds what is missing.
pub(super) async fn complete(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let Wanted { objects, actions, fields } = Wanted::of(&Registry::standard());
    let mut transaction = connection.begin().await?;
    let new: Vec<(uuid::Uuid, String, String)> = sqlx::query_as(
        "INSERT INTO crm_permissions (object, action, field)
         SELECT wanted.object, wanted.action, wanted.field
         FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (object, action, field)
         WHERE NOT EXISTS (SELECT FROM crm_permissions AS known WHERE known.object = wanted.object
             AND known.action IS NOT DISTINCT FROM wanted.action AND known.field IS NOT DISTINCT FROM wanted.field)
         RETURNING id, object, coalesce(action, '')",
    )
    .bind(objects)
    .bind(actions)
    .bind(fields)
    .fetch_all(&mut *transaction)
    .await?;
    let (mut keys, mut permissions, mut levels) = (Vec::new(), Vec::new(), Vec::new());
    for (permission, object, action) in new.iter().filter(|(_, _, action)| !action.is_empty()) {
        for role in built_in::KEYS {
            let level = built_in_level(role, object, action);
            if level > Level::None {
                keys.push(role);
                permissions.push(*permission);
                levels.push(level as i16);
            }
        }
    }
    if !keys.is_empty() {
        sqlx::query(
            "INSERT INTO crm_role_permissions (role_id, permission_id, level)
             SELECT crm_roles.id, given.permission_id, given.level
             FROM unnest($1::text[], $2::uuid[], $3::smallint[]) AS given (key, permission_id, level)
             JOIN crm_roles USING (key)",
        )
        .bind(keys)
        .bind(permissions)
        .bind(levels)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(())
}

fn built_in_level(role: &str, object: &str, action: &str) -> Level {
    if object == SETTINGS {
        return if built_in::manages(role) { Level::All } else { Level::None };
    }
    let action = Action::ALL.into_iter().find(|known| known.as_str() == action);
    action.map_or(Level::None, |action| built_in::level(role, action))
}

//! Whether what a record refers to is there, for the person who refers to it.

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::Records;
use crate::domain::access::Action;
use crate::domain::metadata::registry::FieldType;

impl Records<'_> {
    /// Whether a reference can be made: to an active person, a team, a choice, or a record that the person sees.
    pub async fn can_refer(&mut self, kind: &FieldType, id: Uuid) -> sqlx::Result<bool> {
        let mut query = QueryBuilder::new("SELECT EXISTS (SELECT FROM ");
        match kind {
            // Whoever acts is active.
            FieldType::User if id == self.scopes.rights.user_id() => return Ok(true),
            FieldType::User => {
                query.push("app_user WHERE deactivated_at IS NULL AND id = ").push_bind(id);
            }
            FieldType::Team => {
                query.push("crm_teams WHERE id = ").push_bind(id);
            }
            FieldType::Choice { table } => {
                query.push(table).push(" WHERE id = ").push_bind(id);
            }
            FieldType::Relation { object } => {
                let Some(target) = self.scopes.registry.object(object) else { return Ok(false) };
                query.push(&target.table).push(" AS other WHERE other.deleted_at IS NULL AND other.id = ");
                query.push_bind(id).push(" AND ");
                self.scopes.condition_of_one(&mut query, target, Action::Read, "other");
            }
            _ => return Ok(true),
        }
        query.push(")");
        query.build_query_scalar().fetch_one(&mut *self.connection).await
    }

    /// The team that records of this person get.
    pub async fn primary_team(&mut self, user_id: Uuid) -> sqlx::Result<Option<Uuid>> {
        if user_id == self.scopes.rights.user_id() {
            return Ok(self.scopes.rights.primary_team());
        }
        sqlx::query_scalar!(
            "SELECT team_id FROM crm_team_members WHERE user_id = $1 AND is_primary",
            user_id,
        )
            .fetch_optional(&mut *self.connection)
            .await
    }
}

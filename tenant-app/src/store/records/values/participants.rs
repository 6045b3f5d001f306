//! The contacts that take part in an opportunity: whoever reads or writes them does so with those that they see.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::access::{Action, Level};
use crate::domain::metadata::registry::FieldType;
use crate::domain::value::Value;
use crate::domain::value::participant::{CONTACT, Participant};
use crate::store::access::scope::Scopes;
use crate::store::records::draft::gone_meanwhile;
use crate::store::records::{Elsewhere, Records, WriteError};

/// Pushes those of the record `t` that are seen, and whether there are others. The trash counts as not there.
pub(in crate::store) fn push_seen(query: &mut QueryBuilder<Postgres>, scopes: Scopes<'_>) {
    query.push(
        "(SELECT jsonb_agg(jsonb_build_object('contact_id', part.contact_id, 'role', part.role, 'primary', part.is_primary)
             ORDER BY part.is_primary DESC, part.contact_id) FROM opportunity_contact AS part WHERE part.opportunity_id = t.id
             AND ",
    );
    push_is_seen(query, scopes, true);
    query.push("), ");
    if scopes.rights.level(CONTACT, Action::Read) == Level::All {
        query.push("false");
        return;
    }
    query.push("EXISTS (SELECT FROM opportunity_contact AS part WHERE part.opportunity_id = t.id AND ");
    push_is_seen(query, scopes, false);
    query.push(")");
}

/// Pushes that the contact of the row `part` is there, and that the person sees it, or does not.
fn push_is_seen(query: &mut QueryBuilder<Postgres>, scopes: Scopes<'_>, seen: bool) {
    let Some(contact) = scopes.registry.object(CONTACT) else {
        query.push("false");
        return;
    };
    query.push("EXISTS (SELECT FROM ").push(&contact.table);
    query.push(" AS other WHERE other.id = part.contact_id AND other.deleted_at IS NULL AND (");
    scopes.condition(query, contact, Action::Read, "other");
    query.push(if seen { ") IS TRUE)" } else { ") IS NOT TRUE)" });
}

impl Records<'_> {
    /// Takes a contact that the caller has locked out of the opportunities that it takes part in, and out of the history
    /// of those that it ever did, seen by the person or not. Gives what has changed.
    pub(in crate::store) async fn erase_participant(
        &mut self,
        contact_id: Uuid,
        now: DateTime<Utc>,
    ) -> sqlx::Result<Vec<Elsewhere>> {
        // Before their links: whoever changes one of them has locked it, and does not wait for the contact. With the
        // contact locked no link can come.
        sqlx::query!(
            "SELECT FROM opportunity WHERE id IN (SELECT opportunity_id FROM opportunity_contact WHERE contact_id = $1)
             ORDER BY id FOR UPDATE",
            contact_id,
        )
        .execute(&mut *self.connection)
        .await?;
        // A new version, or a form that was opened before would write the role back.
        let left = sqlx::query!(
            "WITH gone AS (DELETE FROM opportunity_contact WHERE contact_id = $1 RETURNING opportunity_id)
             UPDATE opportunity SET version = version + 1, updated_at = $2
             WHERE id IN (SELECT opportunity_id FROM gone) RETURNING id, version",
            contact_id,
            now,
        )
        .fetch_all(&mut *self.connection)
        .await?;
        let mut elsewhere: BTreeMap<Uuid, Elsewhere> = left
            .into_iter()
            .map(|left| (left.id, Elsewhere { version: Some(left.version), ..Elsewhere::of(left.id) }))
            .collect();
        let history = sqlx::query!(
            r#"SELECT opportunity_id AS "opportunity_id!", change_id AS "change_id!", hash AS "hash!"
             FROM erase_participant($1)"#,
            contact_id,
        )
        .fetch_all(&mut *self.connection)
        .await?;
        for part in history {
            let of_record = elsewhere.entry(part.opportunity_id);
            let of_record = of_record.or_insert_with(|| Elsewhere::of(part.opportunity_id));
            of_record.changes.insert(part.change_id, part.hash);
        }
        Ok(elsewhere.into_values().collect())
    }

    /// Which of these contacts the person does not see, by their place.
    pub async fn unknown_participants(&mut self, all: &[Participant]) -> sqlx::Result<Vec<usize>> {
        let kind = FieldType::Relation { object: CONTACT.into() };
        let mut unknown = Vec::new();
        for (index, one) in all.iter().enumerate() {
            if !self.can_refer(&kind, one.contact_id).await? {
                unknown.push(index);
            }
        }
        Ok(unknown)
    }

    /// Writes who takes part, before the record itself is written and read back. Whom the person does not see stays.
    pub(in crate::store) async fn write_participants(
        &mut self,
        id: Uuid,
        field: &str,
        value: &Value,
    ) -> Result<(), WriteError> {
        let all: &[Participant] = if let Value::Participants(all) = value { all } else { &[] };
        let contacts: Vec<Uuid> = all.iter().map(|one| one.contact_id).collect();
        let mut gone =
            QueryBuilder::new("DELETE FROM opportunity_contact AS part WHERE part.opportunity_id = ");
        gone.push_bind(id).push(" AND part.contact_id <> ALL(").push_bind(&contacts).push(") AND ");
        push_is_seen(&mut gone, self.scopes, true);
        gone.build().execute(&mut *self.connection).await?;
        // Whoever stood for all makes way for whom this list names, and those in it that it does not name.
        sqlx::query!(
            "UPDATE opportunity_contact SET is_primary = false
             WHERE opportunity_id = $1 AND is_primary AND (contact_id = ANY($2) OR $3)",
            id,
            &contacts,
            all.iter().any(|one| one.primary),
        )
        .execute(&mut *self.connection)
        .await?;
        let added = sqlx::query!(
            "INSERT INTO opportunity_contact (opportunity_id, contact_id, role, is_primary)
             SELECT $1, given.contact_id, given.role, given.is_primary
             FROM unnest($2::uuid[], $3::text[], $4::boolean[]) AS given (contact_id, role, is_primary)
             ON CONFLICT (opportunity_id, contact_id)
                 DO UPDATE SET role = excluded.role, is_primary = excluded.is_primary",
            id,
            &contacts,
            all.iter().map(|one| one.role.clone()).collect::<Vec<_>>() as _,
            &all.iter().map(|one| one.primary).collect::<Vec<_>>(),
        )
        .execute(&mut *self.connection)
        .await;
        added.map(|_| ()).map_err(|error| gone_meanwhile(error, field))
    }
}

//! What a record is about: links to records of any object.

use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::domain::access::Action;
use crate::domain::metadata::registry::Access;
use crate::domain::value::{Link, Value};
use crate::store::records::Records;

impl Records<'_> {
    /// Which of these links lead to nothing that the person sees, by their place.
    pub async fn unknown_links(&mut self, links: &[Link]) -> sqlx::Result<Vec<usize>> {
        let mut unknown = Vec::new();
        for (index, link) in links.iter().enumerate() {
            if !self.can_link(link).await? {
                unknown.push(index);
            }
        }
        Ok(unknown)
    }

    async fn can_link(&mut self, link: &Link) -> sqlx::Result<bool> {
        let target = self.scopes.registry.object(&link.object);
        let Some(target) =
            target.filter(|target| target.access == Access::Owned && target.name != self.object.name)
        else {
            return Ok(false);
        };
        let mut query = QueryBuilder::new("SELECT EXISTS (SELECT FROM ");
        query.push(&target.table).push(" AS other WHERE other.deleted_at IS NULL AND other.id = ");
        query.push_bind(link.id).push(" AND ");
        self.scopes.condition_of_one(&mut query, target, Action::Read, "other");
        query.push(")");
        query.build_query_scalar().fetch_one(&mut *self.connection).await
    }

    /// Writes what a record is about, before the record itself is written and read back. What the person does not see
    /// stays.
    pub(in crate::store) async fn write_links(&mut self, id: Uuid, links: &Value) -> sqlx::Result<()> {
        let links = if let Value::Links(links) = links { links.as_slice() } else { &[] };
        let objects: Vec<&str> = links.iter().map(|link| link.object.as_str()).collect();
        let records: Vec<Uuid> = links.iter().map(|link| link.id).collect();
        let activity = self.object.name.to_string();
        let mut gone = QueryBuilder::new("DELETE FROM activity_link AS link WHERE link.activity = ");
        gone.push_bind(&activity).push(" AND link.activity_id = ").push_bind(id);
        gone.push(" AND (link.object, link.record_id) NOT IN (SELECT * FROM unnest(").push_bind(&objects);
        gone.push("::text[], ").push_bind(&records).push("::uuid[])) AND ");
        self.scopes.visible_link(&mut gone);
        gone.build().execute(&mut *self.connection).await?;
        sqlx::query!(
            "INSERT INTO activity_link (activity, activity_id, object, record_id)
             SELECT $1, $2, link.object, link.record_id FROM unnest($3::text[], $4::uuid[]) AS link (object, record_id)
             ON CONFLICT DO NOTHING",
            &activity,
            id,
            &objects as &[&str],
            &records,
        )
        .execute(&mut *self.connection)
        .await?;
        Ok(())
    }
}

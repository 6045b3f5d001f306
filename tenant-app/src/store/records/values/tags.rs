//! The tags of a record.

use uuid::Uuid;

use crate::domain::value::Value;
use crate::store::records::draft::gone_meanwhile;
use crate::store::records::{Records, WriteError};

impl Records<'_> {
    /// Whether all of these tags are there.
    pub async fn can_tag(&mut self, tags: &[Uuid]) -> sqlx::Result<bool> {
        sqlx::query_scalar!(
            r#"SELECT count(*) = cardinality($1::uuid[]) AS "known!" FROM tag WHERE id = ANY($1)"#,
            tags,
        )
        .fetch_one(&mut *self.connection)
        .await
    }

    /// Writes a record's tags, all of them, before the record itself is written and read back.
    pub(in crate::store) async fn write_tags(
        &mut self,
        id: Uuid,
        field: &str,
        tags: &Value,
    ) -> Result<(), WriteError> {
        let tags = if let Value::Ids(tags) = tags { tags.as_slice() } else { &[] };
        let object = self.object.name.to_string();
        sqlx::query!(
            "DELETE FROM record_tag WHERE record_id = $1 AND object = $2 AND tag_id <> ALL($3)",
            id,
            &object,
            tags,
        )
        .execute(&mut *self.connection)
        .await?;
        let added = sqlx::query!(
            "INSERT INTO record_tag (record_id, object, tag_id) SELECT $1, $2, unnest($3::uuid[]) ON CONFLICT DO NOTHING",
            id,
            &object,
            tags,
        )
        .execute(&mut *self.connection)
        .await;
        added.map(|_| ()).map_err(|error| gone_meanwhile(error, field))
    }
}

//! The seal on history, and what it covers. Appended to by the relay alone.

use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::audit::hash_chain::{BEGINNING, Chained, Sealable};

/// What is hashed of an entry and its changes: one text for what stays, one for what can be erased. Times as
/// milliseconds, so that no setting of a session changes the text.
macro_rules! sealable {
    () => {
        "jsonb_build_array(entry.id, (extract(epoch FROM entry.at) * 1000)::bigint, entry.actor_id, entry.actor_name,
             entry.on_behalf_of, entry.action, entry.object, entry.record_id, entry.job_id, entry.request_id,
             entry.client_address, entry.user_agent)::text AS lasting,
         entry.details::text AS values, entry.salt,
         changes.lasting AS change_lasting, changes.values AS change_values, changes.salts AS change_salts,
         changes.lefts AS change_lefts"
    };
}
macro_rules! changes {
    () => {
        "LEFT JOIN LATERAL (
             SELECT array_agg(jsonb_build_array(change.id, (extract(epoch FROM change.at) * 1000)::bigint, change.object,
                        change.record_id, change.kind, change.version)::text ORDER BY change.id) AS lasting,
                    array_agg(change.changes::text ORDER BY change.id) AS values,
                    array_agg(change.salt ORDER BY change.id) AS salts,
                    array_agg(CASE WHEN change.partly_erased THEN (
                        SELECT told.details -> 'left' ->> change.id::text FROM audit_entry AS told
                        WHERE told.object = change.object AND told.record_id = change.record_id
                            AND told.details -> 'left' ? change.id::text
                        ORDER BY told.at DESC, told.id DESC LIMIT 1
                    ) END ORDER BY change.id) AS lefts
             FROM record_change AS change WHERE change.audit_entry_id = entry.id
         ) AS changes ON true"
    };
}

#[derive(FromRow)]
struct Row {
    audit_entry_id: Uuid,
    lasting: Option<String>,
    values: Option<String>,
    salt: Option<Vec<u8>>,
    change_lasting: Option<Vec<String>>,
    change_values: Option<Vec<String>>,
    change_salts: Option<Vec<Option<Vec<u8>>>>,
    change_lefts: Option<Vec<Option<String>>>,
}

#[derive(FromRow)]
struct SealedRow {
    position: i64,
    value_hashes: Vec<Vec<u8>>,
    digest: Vec<u8>,
    #[sqlx(flatten)]
    row: Row,
}

/// An entry, and what of it and its changes is sealed; nothing if the entry is gone.
#[derive(Debug)]
pub struct Entry {
    /// The entry's id.
    pub id: Uuid,
    /// The entry, then its changes in the order of their ids.
    pub parts: Vec<Sealable>,
}

/// A seal with what it covers.
#[derive(Debug)]
pub struct Seal {
    /// Its place, from 1.
    pub position: i64,
    /// A hash for each part, as it was sealed.
    pub value_hashes: Vec<Vec<u8>>,
    /// The digest.
    pub digest: Vec<u8>,
    /// What it covers, as it is now.
    pub entry: Entry,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let Row { audit_entry_id, lasting, values, salt, .. } = row;
        let Row { change_lasting, change_values, change_salts, change_lefts, .. } = row;
        let entry =
            lasting.zip(values).map(|(lasting, values)| Sealable { lasting, values, salt, left: None });
        let changes = change_lasting.into_iter().flatten().zip(change_values.into_iter().flatten());
        let changes = changes
            .zip(change_salts.into_iter().flatten())
            .zip(change_lefts.into_iter().flatten())
            .map(|(((lasting, values), salt), left)| Sealable { lasting, values, salt, left });
        let parts = entry.map_or_else(Vec::new, |entry| std::iter::once(entry).chain(changes).collect());
        Self { id: audit_entry_id, parts }
    }
}

/// The chain's last place and digest.
pub async fn head(connection: &mut PgConnection) -> sqlx::Result<(i64, Chained)> {
    let head = sqlx::query!("SELECT position, digest FROM audit_seal ORDER BY position DESC LIMIT 1")
        .fetch_optional(connection)
        .await?;
    let Some(head) = head else { return Ok((0, BEGINNING)) };
    // The table's own rule: 32 bytes.
    let digest =
        head.digest.try_into().map_err(|_| sqlx::Error::Decode("a digest is not 32 bytes long".into()))?;
    Ok((head.position, digest))
}

/// Committed entries that wait for their seal, in the order in which they will be sealed.
pub async fn unsealed(connection: &mut PgConnection, most: i64) -> sqlx::Result<Vec<Entry>> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT entry.id AS audit_entry_id, ",
        sealable!(),
        " FROM (SELECT entry.* FROM audit_unsealed JOIN audit_entry AS entry ON entry.id = audit_entry_id
                ORDER BY entry.at, entry.id LIMIT $1) AS entry ",
        changes!(),
        " ORDER BY entry.at, entry.id"
    ))
    .bind(most)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// Appends a seal. In the transaction of the relay's turn.
pub async fn append(
    connection: &mut PgConnection,
    position: i64,
    audit_entry_id: Uuid,
    value_hashes: &[Vec<u8>],
    digest: &Chained,
) -> sqlx::Result<()> {
    sqlx::query!(
        "WITH sealed AS (DELETE FROM audit_unsealed WHERE audit_entry_id = $2)
         INSERT INTO audit_seal (position, audit_entry_id, value_hashes, digest) VALUES ($1, $2, $3, $4)",
        position,
        audit_entry_id,
        value_hashes,
        digest.as_slice(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Seals behind a position with what they cover.
pub async fn after(connection: &mut PgConnection, position: i64, most: i64) -> sqlx::Result<Vec<Seal>> {
    let rows: Vec<SealedRow> = sqlx::query_as(concat!(
        "SELECT seal.position, seal.value_hashes, seal.digest, seal.audit_entry_id, ",
        sealable!(),
        " FROM (SELECT * FROM audit_seal WHERE position > $1 ORDER BY position LIMIT $2) AS seal
          LEFT JOIN audit_entry AS entry ON entry.id = seal.audit_entry_id ",
        changes!(),
        " ORDER BY seal.position"
    ))
    .bind(position)
    .bind(most)
    .fetch_all(connection)
    .await?;
    let seal = |SealedRow { position, value_hashes, digest, row }| Seal {
        position,
        value_hashes,
        digest,
        entry: row.into(),
    };
    Ok(rows.into_iter().map(seal).collect())
}

/// An entry that has no seal and does not wait for one: it was taken out of the chain.
pub async fn lost(connection: &mut PgConnection) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "SELECT id FROM audit_entry AS entry
         WHERE NOT EXISTS (SELECT FROM audit_seal WHERE audit_entry_id = entry.id)
             AND NOT EXISTS (SELECT FROM audit_unsealed WHERE audit_entry_id = entry.id)
         ORDER BY at, id LIMIT 1",
    )
    .fetch_optional(connection)
    .await
}

/// An entry with values that are erased although no entry says so.
pub async fn silently_erased(connection: &mut PgConnection) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        r#"SELECT gone.entry_id AS "entry_id!" FROM (
             SELECT audit_entry_id AS entry_id, object, record_id FROM record_change WHERE salt IS NULL
             UNION ALL SELECT id, object, record_id FROM audit_entry WHERE salt IS NULL
         ) AS gone
         WHERE NOT EXISTS (SELECT FROM audit_entry AS told
             WHERE told.object = gone.object AND told.record_id = gone.record_id AND told.action = gone.object || '.erased')
         LIMIT 1"#,
    )
    .fetch_optional(connection)
    .await
}

/// How many entries wait for their seal.
pub async fn waiting(connection: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM audit_unsealed"#).fetch_one(connection).await
}

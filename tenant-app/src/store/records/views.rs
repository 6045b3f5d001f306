//! Saved views, and what each person thinks of them.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::records::view::{View, Visibility};

/// A view as it is kept, with its reader's preference.
#[derive(Debug, Clone, FromRow)]
pub struct ViewRow {
    /// Its id.
    pub id: Uuid,
    /// Rises with every change.
    pub version: i64,
    /// The object whose records it lists.
    pub object: String,
    /// Who made it.
    pub owner_id: Uuid,
    /// Its name.
    pub name: String,
    /// Who sees it.
    pub visibility: Json<Visibility>,
    /// The teams that see it, by id.
    pub team_ids: Vec<Uuid>,
    /// Which records.
    pub filter: Option<Json<Value>>,
    /// Which fields.
    pub columns: Vec<String>,
    /// In what order.
    pub sort: Option<String>,
    /// Whether the reader begins with it.
    pub is_default: bool,
    /// Whether the reader keeps it at hand.
    pub is_pinned: bool,
}

impl From<ViewRow> for View {
    fn from(row: ViewRow) -> Self {
        let ViewRow { name, visibility, team_ids, filter, columns, sort, .. } = row;
        Self { name, visibility: visibility.0, team_ids, filter: filter.map(|json| json.0), columns, sort }
    }
}

/// Who asks for views, and which of them are theirs to see.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The person.
    pub user_id: Uuid,
    /// Their teams.
    pub teams: &'a [Uuid],
    /// The objects whose records they may see.
    pub objects: &'a [String],
    /// Whether they keep all views that are not private.
    pub manages: bool,
}

/// What a person thinks of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preference {
    /// Whether they begin with it; of one object one view.
    pub is_default: bool,
    /// Whether they keep it at hand.
    pub is_pinned: bool,
}

impl Reader<'_> {
    fn visible(&self) -> QueryBuilder<Postgres> {
        let mut query = QueryBuilder::new(
            "SELECT view.id, view.version, view.object, view.owner_id, view.name,
                 to_jsonb(view.visibility) AS visibility, view.filter, view.columns, view.sort,
                 ARRAY(SELECT team_id FROM saved_view_team WHERE view_id = view.id ORDER BY team_id) AS team_ids,
                 coalesce(preference.is_default, false) AS is_default,
                 coalesce(preference.is_pinned, false) AS is_pinned
             FROM saved_view AS view
             LEFT JOIN view_preference AS preference ON preference.view_id = view.id AND preference.user_id = ",
        );
        query.push_bind(self.user_id).push(" WHERE view.object = ANY(").push_bind(self.objects);
        query.push(") AND (view.owner_id = ").push_bind(self.user_id).push(" OR view.visibility = 'shared'");
        if self.manages {
            query.push(" OR view.visibility = 'team'");
        } else {
            query.push(" OR view.visibility = 'team' AND EXISTS (SELECT FROM saved_view_team AS given ");
            query.push("WHERE given.view_id = view.id AND given.team_id = ANY(").push_bind(self.teams);
            query.push("))");
        }
        query.push(")");
        query
    }
}

/// All that somebody sees, by name.
pub async fn all(connection: &mut PgConnection, reader: Reader<'_>) -> sqlx::Result<Vec<ViewRow>> {
    let mut query = reader.visible();
    query.push(" ORDER BY view.name, view.id").build_query_as().fetch_all(connection).await
}

/// One that somebody sees.
pub async fn get(
    connection: &mut PgConnection,
    reader: Reader<'_>,
    id: Uuid,
) -> sqlx::Result<Option<ViewRow>> {
    let mut query = reader.visible();
    query.push(" AND view.id = ").push_bind(id);
    query.build_query_as().fetch_optional(connection).await
}

/// Reads one that somebody sees and keeps others from changing it until the transaction ends.
pub async fn lock(
    connection: &mut PgConnection,
    reader: Reader<'_>,
    id: Uuid,
) -> sqlx::Result<Option<ViewRow>> {
    // Locked first: teams and preference are then read as they are under the lock.
    let locked = sqlx::query!("SELECT FROM saved_view WHERE id = $1 FOR UPDATE", id);
    if locked.fetch_optional(&mut *connection).await?.is_none() {
        return Ok(None);
    }
    get(connection, reader, id).await
}

/// Lets nobody else count or choose among a person's views until the transaction ends.
pub async fn lock_person(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("SELECT FROM app_user WHERE id = $1 FOR NO KEY UPDATE", user_id)
        .fetch_one(connection)
        .await?;
    Ok(())
}

/// How many a person has.
pub async fn count_of_person(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM saved_view WHERE owner_id = $1"#, user_id)
        .fetch_one(connection)
        .await
}

/// How many of an object are not private.
pub async fn count_shared(connection: &mut PgConnection, object: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM saved_view WHERE object = $1 AND visibility <> 'private'"#,
        object,
    )
    .fetch_one(connection)
    .await
}

/// Of these teams those that are there.
pub async fn known_teams(connection: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    // Kept until the transaction ends: what was there is there when the view is written.
    sqlx::query_scalar!("SELECT id FROM crm_teams WHERE id = ANY($1) FOR KEY SHARE", ids)
        .fetch_all(connection)
        .await
}

/// Makes one.
pub async fn insert(
    connection: &mut PgConnection,
    (id, object, owner_id): (Uuid, &str, Uuid),
    view: &View,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO saved_view (id, object, owner_id, name, visibility, filter, columns, sort, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5::jsonb #>> '{}', $6, $7, $8, $9, $9)",
        id,
        object,
        owner_id,
        &view.name,
        Json(view.visibility) as _,
        view.filter.as_ref(),
        &view.columns,
        view.sort.as_deref(),
        now,
    )
    .execute(&mut *connection)
    .await?;
    give(connection, id, &view.team_ids).await
}

/// Changes one that the caller has locked; gives its version.
pub async fn update(
    connection: &mut PgConnection,
    id: Uuid,
    view: &View,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let version = sqlx::query_scalar!(
        "UPDATE saved_view SET name = $2, visibility = $3::jsonb #>> '{}', filter = $4, columns = $5, sort = $6,
             updated_at = $7, version = version + 1
         WHERE id = $1 RETURNING version",
        id,
        &view.name,
        Json(view.visibility) as _,
        view.filter.as_ref(),
        &view.columns,
        view.sort.as_deref(),
        now,
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query!("DELETE FROM saved_view_team WHERE view_id = $1", id).execute(&mut *connection).await?;
    give(connection, id, &view.team_ids).await?;
    Ok(version)
}

async fn give(connection: &mut PgConnection, id: Uuid, teams: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!("INSERT INTO saved_view_team (view_id, team_id) SELECT $1, unnest($2::uuid[])", id, teams)
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes one that the caller has locked, and everyone's preferences of it.
pub async fn delete(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM saved_view WHERE id = $1", id).execute(connection).await?;
    Ok(())
}

/// Writes what a person, who is locked, thinks of a view; the default of its object before is none any more.
pub async fn prefer(
    connection: &mut PgConnection,
    user_id: Uuid,
    (id, object): (Uuid, &str),
    Preference { is_default, is_pinned }: Preference,
) -> sqlx::Result<()> {
    if is_default {
        sqlx::query!(
            "UPDATE view_preference SET is_default = false
             WHERE user_id = $1 AND object = $2 AND view_id <> $3 AND is_default",
            user_id,
            object,
            id,
        )
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query!(
        "INSERT INTO view_preference (user_id, view_id, object, is_default, is_pinned) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, view_id) DO UPDATE
             SET is_default = excluded.is_default, is_pinned = excluded.is_pinned",
        user_id,
        id,
        object,
        is_default,
        is_pinned,
    )
    .execute(connection)
    .await?;
    Ok(())
}

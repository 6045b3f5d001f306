//! Applies files to one schema and keeps its records: the table `schema_migration` and the schema's comment.

use contract::postgres::SchemaMark;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use super::{MigrateError, Migration, catalogue, requested_indexes};

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// The schema's version before.
    pub before: i64,
    /// The schema's version now.
    pub after: i64,
}

/// The migration that makes the tables of rights.
const RIGHTS_SINCE: i64 = 6;
/// The migration that makes `custom_field_indexes`.
const INDEXES_SINCE: i64 = 27;

/// The schema that the owner's `search_path` names first.
pub(super) struct Schema {
    connection: PgConnection,
    name: String,
}

impl Schema {
    pub(super) async fn open(owner: &PgConnectOptions) -> Result<Self, MigrateError> {
        let mut connection = owner.connect().await?;
        let name: Option<String> =
            sqlx::query_scalar("SELECT current_schema()").fetch_one(&mut connection).await?;
        let name =
            name.ok_or_else(|| MigrateError::Database("the role's search_path names no schema".into()))?;
        Ok(Self { connection, name })
    }

    pub(super) async fn close(self) -> Result<(), MigrateError> {
        Ok(self.connection.close().await?)
    }

    /// Applies what is missing. The caller holds the lock.
    pub(super) async fn bring_forward(&mut self, files: &[Migration]) -> Result<Versions, MigrateError> {
        self.connection
            .execute(
                "CREATE TABLE IF NOT EXISTS schema_migration (
                     version bigint PRIMARY KEY,
                     file text NOT NULL,
                     checksum bytea NOT NULL,
                     applied_at timestamptz(3) NOT NULL DEFAULT now()
                 )",
            )
            .await?;
        let applied: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT version, checksum FROM schema_migration ORDER BY version")
                .fetch_all(&mut self.connection)
                .await?;
        let before = applied.last().map_or(0, |(version, _)| *version);
        let known = files.last().map_or(0, |file| file.version);
        if before > known {
            return Err(MigrateError::Newer { schema: before, program: known });
        }
        for (file, (_, checksum)) in files.iter().zip(&applied) {
            if file.checksum != *checksum {
                return Err(MigrateError::Edited { file: file.file.clone() });
            }
        }
        for file in files.iter().filter(|file| file.version > before) {
            self.apply(file).await?;
            tracing::info!(file = file.file, "applied");
        }
        // A test's folder may hold fewer files than the product's.
        if known >= RIGHTS_SINCE {
            catalogue::complete(&mut self.connection).await?;
        }
        if known >= INDEXES_SINCE {
            requested_indexes::build(&mut self.connection).await?;
        }
        Ok(Versions { before, after: known })
    }

    async fn apply(&mut self, migration: &Migration) -> Result<(), MigrateError> {
        let in_file = |error: sqlx::Error| MigrateError::in_file(&migration.file, &error);
        // Safe: the text is a file of the program's own image.
        let statements = || sqlx::raw_sql(AssertSqlSafe(migration.sql.clone()));
        if migration.no_transaction {
            statements().execute(&mut self.connection).await.map_err(in_file)?;
        }
        let mut transaction = self.connection.begin().await?;
        if !migration.no_transaction {
            statements().execute(&mut *transaction).await.map_err(in_file)?;
        }
        sqlx::query("INSERT INTO schema_migration (version, file, checksum) VALUES ($1, $2, $3)")
            .bind(migration.version)
            .bind(&migration.file)
            .bind(&migration.checksum)
            .execute(&mut *transaction)
            .await?;
        mark(&mut transaction, &self.name, migration.version).await?;
        transaction.commit().await.map_err(in_file)
    }
}

/// Writes the version into the schema's comment, where the operator reads it without a right on any table.
async fn mark(connection: &mut PgConnection, schema: &str, version: i64) -> Result<(), MigrateError> {
    let wrong = |reason: String| MigrateError::Mark { schema: schema.to_owned(), reason };
    let comment: Option<String> = sqlx::query_scalar(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = $1",
    )
    .bind(schema)
    .fetch_one(&mut *connection)
    .await?;
    let comment = comment.ok_or_else(|| wrong("there is none".into()))?;
    let mut mark: SchemaMark = serde_json::from_str(&comment).map_err(|error| wrong(error.to_string()))?;
    mark.schema_version = version;
    let comment = serde_json::to_string(&mark).map_err(|error| wrong(error.to_string()))?;
    // COMMENT takes no parameters: the value goes through a setting, and is quoted by Postgres itself.
    sqlx::query("SELECT set_config('abetworks.schema_mark', $1, true)")
        .bind(comment)
        .execute(&mut *connection)
        .await?;
    connection
        .execute(
            "DO $$ BEGIN
                 EXECUTE format('COMMENT ON SCHEMA %I IS %L', current_schema(), current_setting('abetworks.schema_mark'));
             END $$",
        )
        .await?;
    Ok(())
}

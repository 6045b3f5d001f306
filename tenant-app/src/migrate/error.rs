//! Why a migration did not happen, in words that may leave the tenant: never a row's content.

use contract::exit;

/// Why a migration did not happen.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The folder or a file's name is not as it should be.
    #[error("migration files: {0}")]
    Files(String),
    /// A newer program was here before.
    #[error("the schema is at version {schema}, this program knows {program}: use a newer program")]
    Newer {
        /// The schema's version.
        schema: i64,
        /// The last version that this program has a file for.
        program: i64,
    },
    /// A file differs from what was applied under its number.
    #[error("{file} is not what was applied under its number: files are never edited, add a new one")]
    Edited {
        /// The file.
        file: String,
    },
    /// The schema's comment is not the platform's.
    #[error("the comment of schema {schema} is not the platform's mark: {reason}")]
    Mark {
        /// The schema.
        schema: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Another migration holds the lock.
    #[error("another migration of this schema has held its lock for {seconds} s (SQLSTATE 55P03)")]
    Locked {
        /// How long it was waited for.
        seconds: u32,
    },
    /// A statement failed.
    #[error("{file} failed: SQLSTATE {code}: {message}")]
    Failed {
        /// The file.
        file: String,
        /// The SQLSTATE.
        code: String,
        /// The primary message. DETAIL may quote rows and stays in the database's own log.
        message: String,
    },
    /// The database could not be asked.
    #[error("the database cannot be used: {0}")]
    Database(String),
}

impl MigrateError {
    /// What the process ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Newer { .. } => exit::SCHEMA_NEWER,
            Self::Files(_) | Self::Edited { .. } | Self::Mark { .. } => exit::CONFIGURATION,
            Self::Locked { .. } | Self::Failed { .. } | Self::Database(_) => exit::TRY_AGAIN,
        }
    }

    pub(super) fn in_file(file: &str, error: &sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(database) => Self::Failed {
                file: file.to_owned(),
                code: database.code().map_or_else(|| "unknown".to_owned(), std::borrow::Cow::into_owned),
                message: database.message().to_owned(),
            },
            None => Self::Database(format!("during {file}: {error}")),
        }
    }
}

impl From<sqlx::Error> for MigrateError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            // Display of a database error is its primary message.
            Some(database) => Self::Database(format!(
                "SQLSTATE {}: {}",
                database.code().as_deref().unwrap_or("unknown"),
                database.message()
            )),
            None => Self::Database(error.to_string()),
        }
    }
}

/// Whether Postgres answered one of these SQLSTATEs.
pub(super) fn is_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| codes.contains(&&*code))
}

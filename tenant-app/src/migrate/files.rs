//! The migration files: `0001_name.sql`, numbered without gaps. Must not touch a database.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::MigrateError;

/// The first line of a file that cannot run in a transaction, such as a concurrent index. Such a file holds one
/// statement that may be run again: its version is written after it.
const NO_TRANSACTION: &str = "-- no-transaction";

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Its number.
    pub version: i64,
    /// Its file name.
    pub file: String,
    /// Its content.
    pub sql: String,
    /// SHA-256 of its content.
    pub checksum: Vec<u8>,
    /// Whether it runs outside a transaction.
    pub no_transaction: bool,
}

/// Reads a folder's files in order.
pub fn read_files(folder: &Path) -> Result<Vec<Migration>, MigrateError> {
    let unreadable = |error: std::io::Error| MigrateError::Files(format!("{}: {error}", folder.display()));
    let mut migrations = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            migrations.push(read_file(&path)?);
        }
    }
    migrations.sort_by_key(|migration| migration.version);
    if migrations.is_empty() {
        return Err(MigrateError::Files(format!("{} holds no .sql file", folder.display())));
    }
    for (migration, expected) in migrations.iter().zip(1..) {
        if migration.version != expected {
            return Err(MigrateError::Files(format!(
                "number {expected} is missing or twice, before {}",
                migration.file
            )));
        }
    }
    Ok(migrations)
}

fn read_file(path: &Path) -> Result<Migration, MigrateError> {
    let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let version = file
        .split_once('_')
        .filter(|(number, _)| number.len() == 4)
        .and_then(|(number, _)| number.parse().ok())
        .ok_or_else(|| MigrateError::Files(format!("{file} is not named like 0001_name.sql")))?;
    let sql =
        std::fs::read_to_string(path).map_err(|error| MigrateError::Files(format!("{file}: {error}")))?;
    Ok(Migration {
        version,
        checksum: Sha256::digest(sql.as_bytes()).to_vec(),
        no_transaction: sql.lines().next() == Some(NO_TRANSACTION),
        file,
        sql,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, sql) in files {
            std::fs::write(folder.path().join(name), sql).expect("written");
        }
        folder
    }

    #[test]
    fn files_come_in_order_and_say_how_they_run() {
        let folder = folder(&[
            ("0002_index.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY …"),
            ("0001_first.sql", "CREATE …"),
            ("README.md", "ignored"),
        ]);
        let files = read_files(folder.path()).expect("readable");
        let seen: Vec<_> = files.iter().map(|m| (m.version, m.file.as_str(), m.no_transaction)).collect();
        assert_eq!(seen, [(1, "0001_first.sql", false), (2, "0002_index.sql", true)]);
    }

    #[test]
    fn gaps_twins_and_other_names_are_refused() {
        for wrong in [
            &[("0001_a.sql", ""), ("0003_c.sql", "")][..],
            &[("0001_a.sql", ""), ("0001_b.sql", "")],
            &[("1_a.sql", "")],
            &[("first.sql", "")],
            &[],
        ] {
            read_files(folder(wrong).path()).expect_err("refused");
        }
    }
}

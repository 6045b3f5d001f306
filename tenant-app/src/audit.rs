//! `tenant-app audit verify`: reads the chain over the audit log from its beginning and names the first broken place.
//! Must not change anything.

use std::process::ExitCode;

use data_encoding::HEXLOWER;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::configuration::DatabaseUrl;
use crate::domain::audit::hash_chain::{BEGINNING, Broken, Chained, check};
use crate::store::audit::hash_chain;

/// Seals that are held in memory at once.
const BATCH: i64 = 1_000;

/// The audit log.
#[derive(Debug, clap::Subcommand)]
pub enum AuditCommand {
    /// Verifies the chain over the audit log, and prints its head.
    Verify(VerifyOptions),
}

/// The settings of `tenant-app audit verify`.
#[derive(Debug, clap::Args)]
pub struct VerifyOptions {
    #[command(flatten)]
    database_url: DatabaseUrl,
    /// A head that was printed before and kept elsewhere: the chain must still contain it.
    #[arg(long, value_name = "POSITION:DIGEST", value_parser = head)]
    head: Option<Head>,
}

/// A place of the chain and its digest; as text `12:5f0c…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The place.
    pub position: i64,
    /// The digest.
    pub digest: Chained,
}

/// What verifying found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The chain holds.
    Whole {
        /// Its end.
        head: Head,
        /// Entries with changes whose values are erased, or a part of them.
        erased: u64,
        /// Entries that are not sealed yet.
        waiting: i64,
    },
    /// It does not.
    Broken {
        /// The first broken place; none for what stands outside the chain.
        position: Option<i64>,
        /// The entry there.
        entry: Option<Uuid>,
        /// What is wrong.
        why: Broken,
    },
}

fn head(text: &str) -> Result<Head, String> {
    let parse = || {
        let (position, digest) = text.split_once(':')?;
        let digest = HEXLOWER.decode(digest.as_bytes()).ok()?.try_into().ok()?;
        Some(Head { position: position.parse().ok()?, digest })
    };
    parse().ok_or_else(|| "not a position, a colon and 64 hexadecimal digits".to_owned())
}

impl std::fmt::Display for Head {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.position, HEXLOWER.encode(&self.digest))
    }
}

/// Runs `tenant-app audit …`.
pub async fn run(command: AuditCommand) -> anyhow::Result<ExitCode> {
    let AuditCommand::Verify(VerifyOptions { database_url, head }) = command;
    let pool = database_url.pool("tenant-app audit", 1)?;
    let mut connection = pool.acquire().await?;
    let mut snapshot = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    match verify(&mut snapshot, head).await? {
        Verdict::Whole { head, erased, waiting } => {
            println!("the audit log holds: head {head}, {erased} erased, {waiting} not sealed yet");
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Broken { position, entry, why } => {
            let place =
                position.map_or_else(|| "outside the chain".to_owned(), |place| format!("at {place}"));
            let entry = entry.map_or_else(String::new, |entry| format!(", entry {entry}"));
            println!("the audit log is broken {place}{entry}: {why}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Verifies the whole chain at constant memory. In a transaction of one snapshot, or what is written meanwhile may look
/// broken.
pub async fn verify(snapshot: &mut PgConnection, kept: Option<Head>) -> sqlx::Result<Verdict> {
    let mut head = Head { position: 0, digest: BEGINNING };
    let mut erased = 0;
    loop {
        let seals = hash_chain::after(snapshot, head.position, BATCH).await?;
        if seals.is_empty() {
            break;
        }
        for seal in seals {
            let place = head.position + 1;
            let broken = |why| Verdict::Broken { position: Some(place), entry: Some(seal.entry.id), why };
            if seal.position != place {
                return Ok(Verdict::Broken { position: Some(place), entry: None, why: Broken::Gap });
            }
            let parts = &seal.entry.parts;
            match check(&head.digest, place, parts, &seal.value_hashes, &seal.digest) {
                Ok(digest) => head = Head { position: place, digest },
                Err(why) => return Ok(broken(why)),
            }
            if kept.is_some_and(|kept| kept.position == place && kept.digest != head.digest) {
                return Ok(broken(Broken::Head));
            }
            erased += u64::from(parts.iter().any(crate::domain::audit::hash_chain::Sealable::is_erased));
        }
    }
    if kept.is_some_and(|kept| kept.position > head.position) {
        return Ok(Verdict::Broken { position: Some(head.position + 1), entry: None, why: Broken::Head });
    }
    if let Some(entry) = hash_chain::lost(snapshot).await? {
        return Ok(Verdict::Broken { position: None, entry: Some(entry), why: Broken::Unsealed });
    }
    if let Some(entry) = hash_chain::silently_erased(snapshot).await? {
        return Ok(Verdict::Broken { position: None, entry: Some(entry), why: Broken::SilentlyErased });
    }
    let waiting = hash_chain::waiting(snapshot).await?;
    Ok(Verdict::Whole { head, erased, waiting })
}

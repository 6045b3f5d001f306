//! The one relay of an instance: stamps events with their place after the commit, and seals the audit log. Of several
//! workers the one that holds the row's lease does it; what it does and its turn are one transaction.

use std::time::Duration;

use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::domain::audit::hash_chain::{Sealable, digest};
use crate::jobs::Lease;
use crate::store::audit::hash_chain;
use crate::store::audit::outbox::{self, Turn};

/// Events, and entries, of one transaction.
const BATCH: i64 = 500;
/// After a round with something to do; it doubles while there is nothing, so that an idle instance holds no connection.
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Round {
    /// There is more.
    Full,
    /// So much was done, and no more is left.
    Done(u64),
    /// Another worker relays, for so long.
    Theirs(Duration),
}

/// Relays until the soft token.
pub(crate) async fn relay(
    pool: PgPool,
    worker: String,
    lease: Lease,
    soft: CancellationToken,
) -> anyhow::Result<()> {
    let longest = LONGEST.min(lease.0 / 2);
    let mut pause = SHORTEST;
    while !soft.is_cancelled() {
        pause = match round(&pool, &worker, lease).await {
            Ok(Round::Full) => Duration::ZERO,
            Ok(Round::Done(0)) => (pause * 2).clamp(SHORTEST, longest),
            Ok(Round::Done(_)) => SHORTEST,
            Ok(Round::Theirs(left)) => left.clamp(SHORTEST, longest),
            Err(error) => {
                tracing::warn!(%error, "the outbox could not be relayed");
                (pause * 2).clamp(SHORTEST, longest)
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = soft.cancelled() => {}
        }
    }
    if let Err(error) = give_up(&pool, &worker).await {
        tracing::info!(%error, "the relay's turn is left to its lease");
    }
    Ok(())
}

async fn give_up(pool: &PgPool, worker: &str) -> sqlx::Result<()> {
    outbox::give_up_turn(&mut *pool.acquire().await?, worker).await
}

async fn round(pool: &PgPool, worker: &str, lease: Lease) -> sqlx::Result<Round> {
    let mut transaction = pool.begin().await?;
    let position = match outbox::take_turn(&mut transaction, worker, lease.seconds()).await? {
        Turn::Ours { position } => position,
        Turn::Theirs(seconds) => return Ok(Round::Theirs(Duration::from_secs_f64(seconds))),
    };
    let stamped = outbox::stamp(&mut transaction, position, BATCH).await?;
    let (mut place, mut before) = hash_chain::head(&mut transaction).await?;
    let entries = hash_chain::unsealed(&mut transaction, BATCH).await?;
    for entry in &entries {
        place += 1;
        let hashes: Vec<Vec<u8>> = entry.parts.iter().map(Sealable::value_hash).collect();
        before = digest(&before, place, &entry.parts, &hashes);
        hash_chain::append(&mut transaction, place, entry.id, &hashes, &before).await?;
    }
    transaction.commit().await?;
    let most = BATCH.unsigned_abs();
    let sealed = entries.len() as u64;
    Ok(if stamped == most || sealed == most { Round::Full } else { Round::Done(stamped + sealed) })
}

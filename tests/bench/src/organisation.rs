//! The organisation that lists and records are measured in: 100,000 leads, 20 teams, 200 people who are signed in.

use anyhow::ensure;
use sqlx::{AssertSqlSafe, PgPool};

use crate::instance::Instance;

pub(crate) const LEADS: i32 = 100_000;

/// People of one role: cookies of their sessions.
pub(crate) struct People {
    pub(crate) cookies: Vec<String>,
}

/// People, teams, roles, leads and shares, and a session for each person.
pub(crate) async fn fill(instance: &Instance) -> anyhow::Result<PgPool> {
    let pool = PgPool::connect(&instance.pod.tenant.owner_url).await?;
    sqlx::raw_sql(AssertSqlSafe(include_str!("leads.sql").replace("$leads", &LEADS.to_string())))
        .execute(&pool)
        .await?;
    // Full: custom fields were written into rows that had been there, and nobody is to read both.
    sqlx::raw_sql("VACUUM (FULL, ANALYZE) lead").execute(&pool).await?;
    sqlx::raw_sql("VACUUM ANALYZE lead, record_share").execute(&pool).await?;
    Ok(pool)
}

/// The cookies of the people whose sessions are marked so.
pub(crate) async fn people(pool: &PgPool, mark: &str) -> anyhow::Result<People> {
    // 32 bytes that only a bench would take for random.
    let bytes: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT sha256(('bench ' || user_id)::bytea) FROM session WHERE user_agent = $1 ORDER BY user_id",
    )
    .bind(mark)
    .fetch_all(pool)
    .await?;
    ensure!(!bytes.is_empty(), "nobody is {mark}");
    let cookie = |bytes: &Vec<u8>| format!("__Host-session={}", base64url(bytes));
    Ok(People { cookies: bytes.iter().map(cookie).collect() })
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

//! Rates of currencies, by day.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::domain::organisation::currency_rate::RateKey;

/// A rate as it is kept.
#[derive(Debug, Clone)]
pub struct RateRow {
    /// Of which currency.
    pub currency: String,
    /// From which day on.
    pub valid_from: NaiveDate,
    /// How much of the organisation's currency one unit is worth.
    pub rate: Decimal,
}

/// A page, by currency and newest first, after one.
pub async fn page(
    connection: &mut PgConnection,
    after: Option<&RateKey>,
    limit: i64,
) -> sqlx::Result<Vec<RateRow>> {
    sqlx::query_as!(
        RateRow,
        "SELECT currency, valid_from, rate FROM currency_rate
         WHERE $1::text IS NULL OR currency > $1 OR (currency = $1 AND valid_from < $2)
         ORDER BY currency, valid_from DESC LIMIT $3",
        after.map(|key| key.currency.as_str()),
        after.map(|key| key.valid_from),
        limit,
    )
    .fetch_all(connection)
    .await
}

/// Keeps others from changing rates until the transaction ends: what history says was there before was there.
pub async fn lock(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("SELECT FROM organisation FOR UPDATE").execute(connection).await?;
    Ok(())
}

/// The rate of exactly this day.
pub async fn get(connection: &mut PgConnection, key: &RateKey) -> sqlx::Result<Option<Decimal>> {
    sqlx::query_scalar!(
        "SELECT rate FROM currency_rate WHERE currency = $1 AND valid_from = $2",
        &key.currency,
        key.valid_from,
    )
    .fetch_optional(connection)
    .await
}

/// Writes one, in the place of another of that day.
pub async fn put(connection: &mut PgConnection, key: &RateKey, rate: Decimal) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO currency_rate (currency, valid_from, rate) VALUES ($1, $2, $3)
         ON CONFLICT (currency, valid_from) DO UPDATE SET rate = excluded.rate",
        &key.currency,
        key.valid_from,
        rate,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes one.
pub async fn delete(connection: &mut PgConnection, key: &RateKey) -> sqlx::Result<()> {
    sqlx::query!(
        "DELETE FROM currency_rate WHERE currency = $1 AND valid_from = $2",
        &key.currency,
        key.valid_from,
    )
    .execute(connection)
    .await?;
    Ok(())
}

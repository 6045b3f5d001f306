//! Amounts in the organisation's currency.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::{Decimal, RoundingStrategy};
use sqlx::{FromRow, PgConnection, QueryBuilder};
use uuid::Uuid;

use crate::domain::metadata::registry::{Field, FieldType, Object};
use crate::domain::value::{Money, Value};
use crate::store::records::Draft;

/// The organisation's currency, and the day that it is there.
#[derive(Debug, Clone)]
pub struct CurrencyContext {
    currency: String,
    day: NaiveDate,
}

struct Shared {
    currency: String,
    timezone: String,
}

impl From<(Shared, DateTime<Utc>)> for CurrencyContext {
    fn from((Shared { currency, timezone }, now): (Shared, DateTime<Utc>)) -> Self {
        let timezone = timezone.parse().unwrap_or(chrono_tz::Tz::UTC);
        Self { currency, day: now.with_timezone(&timezone).date_naive() }
    }
}

/// What amounts are computed with at this moment. The currency stays until the transaction ends, since it changes only
/// while there is no amount.
pub async fn currency_context(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<CurrencyContext> {
    let shared = sqlx::query_as!(Shared, "SELECT currency, timezone FROM organisation FOR SHARE")
        .fetch_one(connection)
        .await?;
    Ok((shared, now).into())
}

/// Adds the base amount to each amount of a draft: by the newest rate that is valid today, none without a rate.
pub async fn add_base(
    connection: &mut PgConnection,
    draft: &mut Draft,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if !draft.values().any(|value| matches!(value, Value::Money(_))) {
        return Ok(());
    }
    let CurrencyContext { currency, day } = currency_context(connection, now).await?;
    for value in draft.values_mut() {
        let Value::Money(Money { amount, currency: own, base }) = value else { continue };
        *base = if *own == currency {
            Some(*amount)
        } else {
            let rate = sqlx::query_scalar!(
                "SELECT rate FROM currency_rate WHERE currency = $1 AND valid_from <= $2 ORDER BY valid_from DESC LIMIT 1",
                &*own,
                day,
            )
            .fetch_optional(&mut *connection)
            .await?;
            rate.and_then(|rate| amount.checked_mul(rate)).map(rounded).filter(|base| fits(*base))
        };
    }
    Ok(())
}

/// As Postgres rounds.
fn rounded(base: Decimal) -> Decimal {
    base.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
}

/// What `numeric(19, 4)` holds; of more no base is known.
fn fits(base: Decimal) -> bool {
    base.abs() < Decimal::from(1_000_000_000_000_000_i64)
}

/// How far a computation has come.
#[derive(Debug, FromRow)]
pub struct Batch {
    /// The last record that was looked at; none at the end.
    pub last: Option<Uuid>,
    /// How many had another base amount.
    pub changed: i64,
}

/// Computes the base amounts of one field anew, of the next records after one: those that are open, the trash included,
/// from which they may return. Neither version nor history tells of it: people see the amount, which stays.
pub async fn recompute(
    connection: &mut PgConnection,
    (object, field): (&Object, &Field),
    CurrencyContext { currency, day }: &CurrencyContext,
    (after, limit): (Option<Uuid>, i64),
) -> sqlx::Result<Batch> {
    let (table, column) = (&object.table, &field.column);
    let mut query = QueryBuilder::new("WITH batch AS (SELECT t.id, t.");
    query.push(column).push(" AS amount, t.").push(column).push("_currency AS currency FROM ").push(table);
    query.push(" AS t WHERE t.").push(column).push(" IS NOT NULL");
    if let Some(stage) = stage(object) {
        query.push(" AND EXISTS (SELECT FROM stage WHERE stage.id = t.").push(&stage.column);
        query.push(" AND stage.outcome = 'open')");
    }
    if let Some(after) = after {
        query.push(" AND t.id > ").push_bind(after);
    }
    query.push(" ORDER BY t.id LIMIT ").push_bind(limit);
    query
        .push(" FOR UPDATE OF t), priced AS (SELECT batch.id, CASE WHEN batch.currency = ")
        .push_bind(currency);
    query.push(
        " THEN batch.amount WHEN abs(batch.amount * rate.rate) < 1000000000000000 - 0.00005
             THEN round(batch.amount * rate.rate, 4) END AS base
         FROM batch LEFT JOIN LATERAL (SELECT known.rate FROM currency_rate AS known
             WHERE known.currency = batch.currency AND known.valid_from <= ",
    );
    query.push_bind(day).push(
        " ORDER BY known.valid_from DESC LIMIT 1) AS rate ON true
         ), written AS (UPDATE ",
    );
    query
        .push(table)
        .push(" AS t SET ")
        .push(column)
        .push("_base = priced.base FROM priced WHERE t.id = priced.id AND t.");
    query.push(column).push("_base IS DISTINCT FROM priced.base RETURNING 1)
         SELECT (SELECT id FROM batch ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*) FROM written) AS changed");
    query.build_query_as().fetch_one(connection).await
}

/// The field by which a record is won or lost.
fn stage(object: &Object) -> Option<&Field> {
    object.fields.iter().find(|field| field.kind == FieldType::Choice { table: "stage" })
}

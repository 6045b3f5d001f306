//! Amounts in the organisation's currency.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::records::Draft;
use crate::domain::value::{Money, Value};

/// Adds the base amount to each amount of a draft: by the newest rate that is valid on `day`, none without a rate.
pub async fn add_base(
    connection: &mut PgConnection,
    draft: &mut Draft,
    currency: &str,
    day: NaiveDate,
) -> sqlx::Result<()> {
    for value in draft.values_mut() {
        let Value::Money(Money { amount, currency: own, base }) = value else { continue };
        *base = if own == currency {
            Some(*amount)
        } else {
            let rate: Option<Decimal> = sqlx::query_scalar(
                "SELECT rate FROM currency_rate WHERE currency = $1 AND valid_from <= $2 ORDER BY valid_from DESC LIMIT 1",
            )
            .bind(&*own)
            .bind(day)
            .fetch_optional(&mut *connection)
            .await?;
            rate.and_then(|rate| amount.checked_mul(rate)).map(|base| base.round_dp(4))
        };
    }
    Ok(())
}

//! Decimal numbers as Postgres sends them.

use rust_decimal::Decimal;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgValueRef;
use sqlx::{Decode, Postgres};

/// A decimal number on its way out of a row. sqlx takes a power of 10,000 for each four digits, all as decimals; nearly
/// all numbers are small enough for whole ones.
pub(super) struct Numeric(pub(super) Decimal);

impl<'r> Decode<'r, Postgres> for Numeric {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        match small(value.as_bytes()?) {
            Some(small) => Ok(Self(small)),
            None => Decimal::decode(value).map(Self),
        }
    }
}

/// Reads Postgres' binary form (`numeric_send`): counts of groups of four digits, the weight of the first, sign and
/// scale, then the groups; a number of at most 28 digits.
fn small(bytes: &[u8]) -> Option<Decimal> {
    let mut words = bytes.chunks_exact(2).map(|word| u16::from_be_bytes([word[0], word[1]]));
    let (_, weight, sign, scale) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let (weight, scale) = (i32::from(weight.cast_signed()), i32::from(scale));
    if 4 * (weight + 1) + scale > 28 || !matches!(sign, POSITIVE | NEGATIVE) {
        return None;
    }
    let mut mantissa: i128 = 0;
    for (group, place) in words.zip((i32::MIN..=weight).rev()) {
        let exponent = place * 4 + scale;
        let power = 10_i128.pow(exponent.unsigned_abs());
        // Digits behind the scale are zeros.
        mantissa += if exponent < 0 { i128::from(group) / power } else { i128::from(group) * power };
    }
    let mantissa = if sign == NEGATIVE { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(mantissa, scale.unsigned_abs()).ok()
}

const POSITIVE: u16 = 0;
const NEGATIVE: u16 = 0x4000;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[u16]) -> Option<String> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        small(&bytes).map(|decimal| decimal.to_string())
    }

    #[test]
    fn numbers_as_postgres_sends_them() {
        for (words, number) in [
            (&[0, 0, POSITIVE, 0][..], Some("0")),
            (&[0, 0, POSITIVE, 2], Some("0.00")),
            (&[1, 0, POSITIVE, 0, 7], Some("7")),
            (&[1, 1, POSITIVE, 2, 5], Some("50000.00")),
            (&[2, 0, NEGATIVE, 2, 12, 7100], Some("-12.71")),
            (&[1, 0xffff, POSITIVE, 4, 5], Some("0.0005")),
            (&[1, 0xfffe, POSITIVE, 6, 100], Some("0.000001")),
            (&[5, 3, POSITIVE, 4, 999, 9999, 9999, 9999, 9999], Some("999999999999999.9999")),
            // Too long, and not a number.
            (&[1, 8, POSITIVE, 0, 1], None),
            (&[0, 0, 0xc000, 0], None),
            (&[0, 0], None),
        ] {
            assert_eq!(read(words).as_deref(), number, "{words:?}");
        }
    }
}

//! Made-up rows, in one statement.

use sqlx::PgConnection;

/// Adds accounts; gives how many.
pub async fn accounts(connection: &mut PgConnection, number: i64) -> sqlx::Result<u64> {
    let done = sqlx::query(
        "INSERT INTO account (id, name, website, phone, industry, employees, description, owner_id, created_at, updated_at)
         SELECT gen_random_uuid(),
                (ARRAY['Nord', 'Blau', 'Alpen', 'Rhein', 'Delta', 'Ultra', 'Grün', 'Licht'])[1 + n % 8]
                    || (ARRAY['werk', 'haus', 'labor', 'hof', 'markt', 'bau'])[1 + n % 6] || ' ' || n,
                'https://example.com/' || n, '+49 30 ' || (100000 + n),
                (ARRAY['Software', 'Retail', 'Health', 'Energy', NULL])[1 + n % 5], (n * 37 % 5000)::int,
                'Account number ' || n, (SELECT id FROM app_user ORDER BY created_at LIMIT 1), at, at
         FROM generate_series(1, $1) AS n, LATERAL (SELECT now() - n * interval '7 minutes' AS at) AS moment",
    )
    .bind(number)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

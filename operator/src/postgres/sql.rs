//! Text that becomes SQL. Identifiers come from `contract::postgres` over a `TenantId` (12 characters of base32), values
//! are bound or quoted here.

/// A string literal (standard_conforming_strings is on in every supported version).
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A statement that is put together here.
///
/// Safe because its parts are identifiers of `contract::postgres` over a parsed `TenantId` and [`literal`]s.
pub(super) fn statement(sql: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(sql)
}

//! Whether a server can hold tenants: asked of its catalogue, with the statement that is missing.

use sqlx::{PgConnection, Row as _};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Health {
    pub(crate) version: String,
    /// What is missing, as a sentence with the statement that mends it; empty if nothing is.
    pub(crate) missing: Vec<String>,
}

/// Asks for each thing that `config/postgres/bootstrap.sql` makes and the operator cannot make itself.
pub(crate) async fn inspect(connection: &mut PgConnection, database: &str) -> Result<Health, sqlx::Error> {
    let row = sqlx::query(
        "select current_setting('server_version') as version,
                current_setting('server_version_num')::int as number,
                r.rolsuper, r.rolcreaterole, r.rolcreatedb,
                pg_has_role(current_user, 'pg_signal_backend', 'member') as signals,
                exists (select from pg_roles where rolname = 'abetworks_meter') as meter,
                has_database_privilege('public', current_database(), 'CONNECT') as public_connects,
                has_schema_privilege('public', 'public', 'CREATE') as public_creates,
                exists (select from pg_namespace where nspname = 'extensions') as extensions,
                pg_get_userbyid(d.datdba) = current_user as owns
         from pg_roles r, pg_database d
         where r.rolname = current_user and d.datname = current_database()",
    )
    .fetch_one(connection)
    .await?;
    let number: i32 = row.try_get("number")?;
    let flag = |name: &str| row.try_get::<bool, _>(name);
    let checks = [
        (number >= 150_000, "Postgres 15 or newer is needed".to_owned()),
        (
            !flag("rolsuper")?,
            "the operator must not be a superuser: ALTER ROLE abetworks_operator NOSUPERUSER".to_owned(),
        ),
        (flag("rolcreaterole")?, "ALTER ROLE abetworks_operator CREATEROLE".to_owned()),
        (flag("rolcreatedb")?, "ALTER ROLE abetworks_operator CREATEDB".to_owned()),
        (flag("signals")?, "GRANT pg_signal_backend TO abetworks_operator".to_owned()),
        (flag("meter")?, "CREATE ROLE abetworks_meter NOLOGIN".to_owned()),
        (flag("owns")?, format!("ALTER DATABASE {database} OWNER TO abetworks_operator")),
        (!flag("public_connects")?, format!("REVOKE ALL ON DATABASE {database} FROM PUBLIC")),
        (!flag("public_creates")?, "REVOKE ALL ON SCHEMA public FROM PUBLIC".to_owned()),
        (flag("extensions")?, "CREATE SCHEMA extensions".to_owned()),
    ];
    let missing = checks.into_iter().filter(|(holds, _)| !holds).map(|(_, statement)| statement).collect();
    Ok(Health { version: row.try_get("version")?, missing })
}

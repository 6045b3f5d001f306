//! The test servers themselves: they start, confine their tenants, and leave nothing behind.

use std::time::Duration;

use sqlx::{ConnectOptions, Connection};
use test_servers::postgres::Postgres;
use test_servers::redis::Redis;

async fn connect(url: &str) -> sqlx::Result<sqlx::PgConnection> {
    url.parse::<sqlx::postgres::PgConnectOptions>()?.connect().await
}

#[tokio::test]
async fn a_tenant_has_a_schema_of_its_own_and_no_way_into_anothers() {
    let postgres = Postgres::shared().await;
    let (one, two) = (postgres.tenant().await.expect("tenant"), postgres.tenant().await.expect("tenant"));
    let mut owner = connect(&one.owner_url).await.expect("the owner signs in");
    sqlx::query("CREATE TABLE thing (n int)").execute(&mut owner).await.expect("the owner makes tables");
    let schema: String =
        sqlx::query_scalar("SELECT current_schema()").fetch_one(&mut owner).await.expect("a schema");
    assert_eq!(schema, contract::postgres::schema(&one.id));

    let mut app = connect(&one.app_url).await.expect("the app signs in");
    sqlx::query("CREATE TABLE other (n int)").execute(&mut app).await.expect_err("the app has no DDL");
    let mut other = connect(&two.owner_url).await.expect("the other owner signs in");
    let read = format!("SELECT * FROM {schema}.thing");
    sqlx::query(sqlx::AssertSqlSafe(read)).execute(&mut other).await.expect_err("another tenant's table");
    // Temporary tables and the maintenance database are closed to tenants.
    sqlx::query("CREATE TEMP TABLE t (n int)").execute(&mut app).await.expect_err("TEMPORARY is revoked");
    let maintenance = one.app_url.replace("/tenants", "/postgres");
    connect(&maintenance).await.map(drop).expect_err("CONNECT is revoked");
    owner.close().await.expect("closed");
}

#[tokio::test]
async fn a_redis_user_reaches_its_prefix_alone() {
    let redis = Redis::start().await.expect("redis");
    let id = contract::TenantId::of_uid("abc");
    let url = redis.tenant(&id, "abc").await.expect("user");
    let client = redis::Client::open(url).expect("url");
    let mut connection = client.get_multiplexed_async_connection().await.expect("signed in");
    let set = |key: String| redis::cmd("SET").arg(key).arg(1).arg("EX").arg(10).to_owned();
    let own = format!("{}x", contract::redis::prefix(&id));
    set(own).query_async::<()>(&mut connection).await.expect("its own key");
    let foreign = set("t:another:x".into()).query_async::<()>(&mut connection).await;
    let refused = foreign.expect_err("another's key");
    assert_eq!(refused.code(), Some("NOPERM"), "{refused}");
    redis.kill().await.expect("killed");
    let again = client.get_multiplexed_async_connection();
    tokio::time::timeout(Duration::from_secs(5), again)
        .await
        .expect("refused at once")
        .map(drop)
        .expect_err("gone");
}

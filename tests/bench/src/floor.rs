//! What bare axum and sqlx cost on the same rows: no sessions, no rights, 18 columns, 60 rows. The floor that lists are
//! compared with.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::postgres::PgPoolOptions;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

#[derive(FromRow, Serialize)]
struct Lead {
    id: Uuid,
    first_name: Option<String>,
    last_name: String,
    company: Option<String>,
    job_title: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    website: Option<String>,
    status: String,
    source: Option<String>,
    street: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    country: Option<String>,
    owner_id: Option<Uuid>,
    team_id: Option<Uuid>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The newest sixty leads under a condition, in the columns of [`Lead`].
macro_rules! leads {
    ($condition:literal) => {
        concat!(
            "SELECT id, first_name, last_name, company, job_title, email, phone, website, status, source, street,
                    postal_code, city, country, owner_id, team_id, created_at, updated_at
             FROM lead WHERE deleted_at IS NULL AND ",
            $condition,
            " ORDER BY updated_at DESC, id LIMIT 60"
        )
    };
}

/// Serves until it is ended; says where on standard output.
pub(crate) async fn serve(database_url: &str) -> anyhow::Result<()> {
    let pool = PgPoolOptions::new().max_connections(8).connect(database_url).await?;
    let router =
        Router::new().route("/api/v1/own", get(own)).route("/api/v1/teams", get(teams)).with_state(pool);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

async fn own(State(pool): State<PgPool>) -> Json<Vec<Lead>> {
    answer(&pool, leads!("owner_id = md5('user 1')::uuid")).await
}

async fn teams(State(pool): State<PgPool>) -> Json<Vec<Lead>> {
    answer(
        &pool,
        leads!(
            "team_id = ANY(ARRAY[md5('team 0')::uuid, md5('team 1')::uuid, md5('team 2')::uuid, md5('team 3')::uuid])"
        ),
    )
    .await
}

async fn answer(pool: &PgPool, statement: &'static str) -> Json<Vec<Lead>> {
    // A failure ends the connection, and with it the bench.
    Json(sqlx::query_as(statement).fetch_all(pool).await.unwrap_or_else(|error| panic!("{error}")))
}

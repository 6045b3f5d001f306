//! The whole app in process, on a schema of its own, with typed clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use axum::Router;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use contract::tokens::{INVITATION_TYPE, ISSUER, Invitation, audience};
use http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use outbound::Outbound;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};
use tenant_app::context::mailer::Mailer;
use tenant_app::context::{Context, ContextOptions, Wake};
use tenant_app::http::{App, AppOptions, HttpMetrics, MailRequests, TrustedProxies};
use test_servers::postgres::{Postgres, TenantDatabase, tenant_migrations};
use test_servers::redis::Redis;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(crate) use crate::client::{Answer, Client, HOST, ORIGIN};

/// What people choose here.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A migrated instance with settings, before anyone has signed in.
pub(crate) struct Instance {
    pub(crate) tenant: TenantDatabase,
    pub(crate) pool: PgPool,
    pub(crate) router: Router,
    signing: EncodingKey,
    /// Seconds that the app's clock is ahead.
    ahead: Arc<AtomicI64>,
    /// The second at which the app's clock stands.
    stopped_at: Arc<AtomicI64>,
}

/// Tests' servers are on the loopback address.
fn outbound() -> Outbound {
    Outbound::new(vec!["127.0.0.0/8".parse().expect("a network")])
}

/// `stopped_at` of a clock that runs.
const RUNNING: i64 = 0;

fn clock(ahead: &AtomicI64, stopped_at: &AtomicI64) -> DateTime<Utc> {
    match stopped_at.load(Ordering::Relaxed) {
        RUNNING => Utc::now() + TimeDelta::seconds(ahead.load(Ordering::Relaxed)),
        second => DateTime::from_timestamp(second, 0).expect("a time"),
    }
}

impl Instance {
    pub(crate) async fn new() -> Self {
        Self::made(None, None).await
    }

    /// One that counts in this Redis.
    pub(crate) async fn counting_in(redis: &Redis) -> Self {
        Self::made(Some(redis), None).await
    }

    /// One that sends mails to this port.
    pub(crate) async fn mailing_to(port: u16) -> Self {
        Self::made(None, Some(port)).await
    }

    async fn made(redis: Option<&Redis>, mail_port: Option<u16>) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let tenant = Postgres::shared().await.tenant().await.expect("a tenant");
        let owner: PgConnectOptions = tenant.owner_url.parse().expect("a URL");
        tenant_app::migrate::migrate(&owner, &tenant_migrations(), 10).await.expect("migrated");
        let app_login: PgConnectOptions = tenant.app_url.parse().expect("a URL");
        let pool = PgPoolOptions::new().max_connections(8).connect_lazy_with(app_login);

        let pair = Ed25519KeyPair::generate().expect("a key");
        let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "k1", "x": x}]});
        let signing = EncodingKey::from_ed_der(pair.to_pkcs8v1().expect("encoded").as_ref());

        let redis = match redis {
            Some(redis) => {
                let url = redis.tenant(&tenant.id, &tenant.uid).await.expect("a user");
                Some(redis::Client::open(url).expect("a URL"))
            }
            None => None,
        };
        let metrics = telemetry::Metrics::new("0", "test").expect("fresh");
        let ahead = Arc::new(AtomicI64::new(0));
        let stopped_at = Arc::new(AtomicI64::new(RUNNING));
        let (clock_ahead, clock_stopped) = (ahead.clone(), stopped_at.clone());
        let (mail_requests, asked) = MailRequests::channel();
        let mail_requests = if mail_port.is_some() { mail_requests } else { MailRequests::without_mail() };
        let mailer = mail_port.map(|port| {
            let mailer = Mailer::new(&format!("smtp://127.0.0.1:{port}"), "Acme CRM <crm@example.com>");
            mailer.expect("a mailer")
        });
        let context = Context::new(ContextOptions {
            pool: pool.clone(),
            tenant_id: tenant.id.clone(),
            tenant_uid: tenant.uid.clone(),
            data_key: [7; 32],
            clock: Arc::new(move || clock(&clock_ahead, &clock_stopped)),
            wake: Wake::nobody(),
            redis,
            mailer,
            outbound: outbound(),
        });
        let options = AppOptions {
            trusted_proxies: TrustedProxies::default(),
            metrics: HttpMetrics::register(&metrics).expect("fresh"),
            mail_requests,
        };
        let app = App::new(context, options).expect("an app");
        if mail_port.is_some() {
            tokio::spawn(tenant_app::http::v1::auth::mail_requests::answer(
                app.clone(),
                asked,
                CancellationToken::new(),
            ));
        }
        let router = tenant_app::http::router(app);
        let instance = Self { tenant, pool, router, signing, ahead, stopped_at };
        instance.settings("Active", &keys).await;
        instance
    }

    /// Writes the settings as the operator does.
    async fn settings(&self, state: &str, keys: &Value) {
        let schema = contract::postgres::schema(&self.tenant.id);
        let statement = format!(
            "INSERT INTO {schema}.instance_settings
                 (generation, display_name, hostnames, url, state, admin, public_keys)
             VALUES (1, 'Acme', ARRAY['{HOST}'], '{ORIGIN}', $1, '{{\"email\": \"ann@example.com\"}}', $2)"
        );
        let operator = PgPool::connect(&self.tenant.operator_url).await.expect("connected");
        sqlx::query(AssertSqlSafe(statement))
            .bind(state)
            .bind(keys)
            .execute(&operator)
            .await
            .expect("written");
        operator.close().await;
    }

    /// Runs a statement as the operator, in the tenant's schema.
    pub(crate) async fn as_operator(&self, statement: &str) {
        let schema = contract::postgres::schema(&self.tenant.id);
        let operator = PgPool::connect(&self.tenant.operator_url).await.expect("connected");
        sqlx::query(AssertSqlSafe(statement.replace("$schema", &schema)))
            .execute(&operator)
            .await
            .expect("run");
        operator.close().await;
    }

    pub(crate) async fn state(&self, state: &str) {
        self.as_operator(&format!("UPDATE $schema.instance_settings SET state = '{state}'")).await;
    }

    /// Turns the app's clock on.
    pub(crate) fn later(&self, by: TimeDelta) {
        let stopped = self.stopped_at.load(Ordering::Relaxed) != RUNNING;
        let clock = if stopped { &self.stopped_at } else { &self.ahead };
        clock.fetch_add(by.num_seconds(), Ordering::Relaxed);
    }

    /// Turns the clock to the beginning of a limit's window and stops it there: no window ends while a test asks.
    pub(crate) fn fresh_window(&self) {
        let now = self.now().timestamp();
        self.stopped_at.store((now / 900 + 1) * 900, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        clock(&self.ahead, &self.stopped_at)
    }

    /// An invitation as the platform signs it.
    pub(crate) fn invitation(&self, email: &str, issued: DateTime<Utc>) -> String {
        let claims = Invitation {
            iss: ISSUER.into(),
            aud: audience(&self.tenant.uid),
            jti: Uuid::new_v4(),
            iat: issued.timestamp(),
            exp: issued.timestamp() + contract::tokens::INVITATION_SECONDS,
            sub: email.into(),
            name: Some("Ann".into()),
            role: "admin".into(),
        };
        let header = Header {
            typ: Some(INVITATION_TYPE.into()),
            kid: Some("k1".into()),
            ..Header::new(Algorithm::EdDSA)
        };
        jsonwebtoken::encode(&header, &claims, &self.signing).expect("signed")
    }

    pub(crate) fn anonymous(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// The same person at another process of the same instance.
    pub(crate) fn at_another_process(&self, client: &Client) -> Client {
        client.of(self.process(&self.tenant.id))
    }

    /// The same person after a Tenant of another id has adopted the data.
    pub(crate) fn adopted(&self, client: &Client) -> Client {
        client.of(self.process(&Self::adopter()))
    }

    /// The Tenant that adopts.
    pub(crate) fn adopter() -> contract::TenantId {
        contract::TenantId::of_uid("a later life of the same name")
    }

    fn process(&self, tenant_id: &contract::TenantId) -> Router {
        let (ahead, stopped_at) = (self.ahead.clone(), self.stopped_at.clone());
        let metrics = telemetry::Metrics::new("0", "test").expect("fresh");
        let context = Context::new(ContextOptions {
            pool: self.pool.clone(),
            tenant_id: tenant_id.clone(),
            tenant_uid: self.tenant.uid.clone(),
            data_key: [7; 32],
            clock: Arc::new(move || clock(&ahead, &stopped_at)),
            wake: Wake::nobody(),
            redis: None,
            mailer: None,
            outbound: outbound(),
        });
        let options = AppOptions {
            trusted_proxies: TrustedProxies::default(),
            metrics: HttpMetrics::register(&metrics).expect("fresh"),
            mail_requests: MailRequests::without_mail(),
        };
        tenant_app::http::router(App::new(context, options).expect("an app"))
    }

    /// The cookie of someone elsewhere, sent here.
    pub(crate) fn carrying(&self, elsewhere: &Client) -> Client {
        elsewhere.of(self.router.clone())
    }

    /// Someone who has accepted an invitation.
    pub(crate) async fn admin(&self) -> Client {
        self.person("ann@example.com").await
    }

    pub(crate) async fn person(&self, email: &str) -> Client {
        let mut client = self.anonymous();
        let token = self.invitation(email, self.now());
        let body = json!({"token": token, "name": "Ann", "password": PASSWORD});
        let answer = client.post("/api/v1/invitations/accept", &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        client
    }

    /// In how many rows of all tables a text stands, files' bytes included.
    pub(crate) async fn holds(&self, text: &str) -> i64 {
        let schema = contract::postgres::schema(&self.tenant.id);
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace($1)",
        )
        .bind(&schema)
        .fetch_all(&self.pool)
        .await
        .expect("read");
        let mut owner = PgConnection::connect(&self.tenant.owner_url).await.expect("connected");
        let mut rows = 0;
        for table in tables {
            // Bytes are written in hexadecimal digits.
            let statement = format!(
                "SELECT count(*) FROM {schema}.{table} AS t WHERE strpos(t::text, $1) > 0
                     OR strpos(t::text, encode(convert_to($1, 'UTF8'), 'hex')) > 0"
            );
            let found: i64 = sqlx::query_scalar(AssertSqlSafe(statement))
                .bind(text)
                .fetch_one(&mut owner)
                .await
                .expect("counted");
            rows += found;
        }
        owner.close().await.expect("closed");
        rows
    }

    /// How many rows a table has.
    pub(crate) async fn rows(&self, table: &str) -> i64 {
        let statement = format!("SELECT count(*) FROM {table}");
        sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&self.pool).await.expect("counted")
    }
}

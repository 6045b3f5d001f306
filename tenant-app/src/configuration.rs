//! What `serve` and `worker` are told by their environment, checked before anything is listened on.

use ipnet::IpNet;
use lifecycle::ConfigurationError;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgPool};
use std::time::Duration;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use outbound::Outbound;

use crate::context::mailer::Mailer;
use crate::context::{ContextOptions, Wake, machine_clock};
use crate::jobs::queue::wake::Wakes;

lifecycle::secret_arguments!(
    /// How the app signs in.
    pub DatabaseUrl = "DATABASE_URL", "database-url", "database-url-file"
);
lifecycle::secret_arguments!(
    /// The instance's user in Redis; without one, workers find jobs by looking.
    pub RedisUrl = "REDIS_URL", "redis-url", "redis-url-file"
);
lifecycle::secret_arguments!(
    /// The data key: 32 bytes in base64.
    pub DataKey = "DATA_KEY", "data-key", "data-key-file"
);

lifecycle::secret_arguments!(
    /// The mail server; without one, links are made by who manages people.
    pub SmtpUrl = "SMTP_URL", "smtp-url", "smtp-url-file"
);

/// What serving and working are told alike.
#[derive(Debug, clap::Args)]
pub struct InstanceOptions {
    #[command(flatten)]
    database_url: DatabaseUrl,
    #[command(flatten)]
    redis_url: RedisUrl,
    #[command(flatten)]
    data_key: DataKey,
    #[command(flatten)]
    smtp_url: SmtpUrl,
    /// Whom mails come from, as in `Acme CRM <crm@example.com>`; needed with SMTP_URL.
    #[arg(long, env = "SMTP_FROM", default_value = "", value_name = "ADDRESS")]
    smtp_from: String,
    /// Id of the tenant.
    #[arg(long, env = "TENANT_ID", value_name = "ID", value_parser = tenant_id)]
    tenant_id: contract::TenantId,
    /// UID of the Tenant.
    #[arg(long, env = "TENANT_UID", value_name = "UID")]
    tenant_uid: String,
    /// Private networks that customers may have asked all the same, without TLS too, separated by commas.
    #[arg(long, env = "ALLOWED_PRIVATE_CIDRS", default_value = "", value_name = "NETWORKS")]
    allowed_private_cidrs: String,
}

impl InstanceOptions {
    /// Where wakes go.
    pub fn wakes(&self) -> anyhow::Result<Wakes> {
        Ok(Wakes { redis: self.redis_url.client()?, tenant_id: self.tenant_id.clone() })
    }

    /// What the context is made of: under this name at the database, with so many connections.
    pub fn context(
        &self,
        name: &str,
        connections: u32,
        redis: Option<redis::Client>,
        wake: Wake,
    ) -> anyhow::Result<ContextOptions> {
        Ok(ContextOptions {
            pool: self.database_url.pool(name, connections)?,
            redis,
            data_key: self.data_key.key()?,
            mailer: self.smtp_url.mailer(&self.smtp_from)?,
            outbound: Outbound::new(networks("ALLOWED_PRIVATE_CIDRS", &self.allowed_private_cidrs)?),
            tenant_id: self.tenant_id.clone(),
            tenant_uid: self.tenant_uid.clone(),
            clock: machine_clock(),
            wake,
        })
    }
}

/// Reads the id of a tenant.
pub fn tenant_id(text: &str) -> Result<contract::TenantId, &'static str> {
    contract::TenantId::parse(text).ok_or("not 12 characters of lower-case base32")
}

impl SmtpUrl {
    /// What sends mails, if there is a server.
    pub fn mailer(&self, from: &str) -> anyhow::Result<Option<Mailer>> {
        let Some(url) = self.source().read_optional()? else { return Ok(None) };
        let mailer = Mailer::new(url.expose_secret(), from);
        Ok(Some(mailer.map_err(|error| ConfigurationError(error.to_string()))?))
    }
}

impl DatabaseUrl {
    /// A pool that connects when it is first used and holds nothing while idle: a thousand idle tenants are none.
    pub fn pool(&self, name: &str, connections: u32) -> anyhow::Result<PgPool> {
        let url = self.source().read()?;
        let options = postgres("DATABASE_URL", &url)?;
        Ok(PgPoolOptions::new()
            .min_connections(0)
            .max_connections(connections)
            .idle_timeout(Duration::from_secs(10))
            .acquire_timeout(Duration::from_secs(5))
            // A connection is tried when it comes back; before it is taken again only where it has lain about.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for >= FRESH {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options.application_name(name).options([PLANS, COMPILED])))
    }
}

/// For so long a connection is taken for what it was when it came back (a round trip less for each request under load).
const FRESH: Duration = Duration::from_secs(1);

/// Statements are prepared once a connection and asked thousands of times: one plan for all values. Left to itself
/// Postgres plans the lists anew each time, which costs more than reading them (measured: 0.26 ms of planning and 0.14 of
/// execution against 0.04 and 0.07).
const PLANS: (&str, &str) = ("plan_cache_mode", "force_generic_plan");

/// Nothing that people wait for is worth compiling. Where tables were never analysed, as in a new instance, Postgres takes
/// the joins of single rows for large and compiles them (measured: 287 of 376 ms from the start until ready).
const COMPILED: (&str, &str) = ("jit", "off");

/// Reads a URL of Postgres. The parser's own reason may quote the URL, which holds the password.
pub fn postgres(name: &str, url: &SecretString) -> Result<PgConnectOptions, ConfigurationError> {
    let text = url.expose_secret();
    // The parser takes any scheme.
    let scheme = text.starts_with("postgres://") || text.starts_with("postgresql://");
    let options = if scheme { text.parse().ok() } else { None };
    options.ok_or_else(|| ConfigurationError(format!("{name} is not a Postgres URL")))
}

impl RedisUrl {
    /// A client that connects when it is first used, if there is a Redis.
    pub fn client(&self) -> anyhow::Result<Option<redis::Client>> {
        let Some(url) = self.source().read_optional()? else { return Ok(None) };
        let client = redis::Client::open(url.expose_secret())
            .map_err(|_| ConfigurationError("REDIS_URL is not a Redis URL".to_owned()))?;
        Ok(Some(client))
    }
}

impl DataKey {
    /// The key.
    pub fn key(&self) -> anyhow::Result<[u8; 32]> {
        let text = self.source().read()?;
        let text = text.expose_secret().as_bytes();
        let bytes = BASE64.decode(text).or_else(|_| BASE64URL_NOPAD.decode(text)).ok();
        let key = bytes.and_then(|bytes| bytes.try_into().ok());
        Ok(key.ok_or_else(|| ConfigurationError("DATA_KEY is not 32 bytes in base64".to_owned()))?)
    }
}

/// A comma-separated list of networks; empty parts are left out, so that an empty variable is an empty list.
pub fn networks(name: &str, text: &str) -> anyhow::Result<Vec<IpNet>> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let wrong = |part: &str| ConfigurationError(format!("{name}: `{part}` is not a network like 10.0.0.0/8"));
    parts.map(|part| part.parse().map_err(|_| wrong(part).into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_a_list_that_may_be_empty() {
        assert_eq!(networks("X", "").expect("none").len(), 0);
        assert_eq!(networks("X", "10.0.0.0/8, fd00::/8").expect("two").len(), 2);
        assert!(networks("X", "10.0.0.1/99").expect_err("none").to_string().contains("10.0.0.1/99"));
    }
}

//! A tenant's ACL user, confined to its key prefix.

use std::time::Duration;

use contract::TenantId;
use contract::redis::{COMMANDS, owner_pattern, prefix, user};
use redis::aio::MultiplexedConnection;
use redis::{Client, RedisError, Value};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::instance::facts::QueueFacts;

/// An answer that takes longer is none.
const DEADLINE: Duration = Duration::from_secs(3);

/// Redis as an admin who may make users.
pub(crate) struct RedisUsers {
    url: Url,
    client: Client,
}

impl RedisUsers {
    /// Checks the address; connects when it is needed.
    pub(crate) fn new(url: &SecretString) -> anyhow::Result<Self> {
        let text = url.expose_secret();
        let url = Url::parse(text).map_err(|_| {
            anyhow::anyhow!("REDIS_ADMIN_URL is not a URL like redis://user:password@host:6379")
        })?;
        Ok(Self { client: Client::open(text)?, url })
    }

    /// Where Redis is, with the admin's user in it.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    async fn bounded<T>(
        &self,
        work: impl AsyncFnOnce(MultiplexedConnection) -> Result<T, RedisError>,
    ) -> Result<T, String> {
        let run = async {
            let connection = self.client.get_multiplexed_async_connection().await?;
            work(connection).await
        };
        match tokio::time::timeout(DEADLINE, run).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {} s", DEADLINE.as_secs())),
        }
    }

    /// Whether the tenant's user exists, is its own and has this password.
    pub(crate) async fn observe(
        &self,
        id: &TenantId,
        uid: &str,
        password: Option<&SecretString>,
    ) -> QueueFacts {
        let answer = self
            .bounded(async |mut connection| {
                redis::cmd("ACL").arg("GETUSER").arg(user(id)).query_async::<Value>(&mut connection).await
            })
            .await;
        let value = match answer {
            Ok(value) => value,
            Err(error) => return QueueFacts::Unavailable(error),
        };
        if matches!(value, Value::Nil) {
            return QueueFacts::Absent;
        }
        let text = format!("{value:?}");
        if !text.contains(&owner_pattern(id, uid)) {
            return QueueFacts::Foreign;
        }
        match password {
            // Redis keeps and shows the SHA-256 of a password.
            Some(password) if text.contains(&hex_digest(password)) => QueueFacts::Ready,
            _ => QueueFacts::Absent,
        }
    }

    /// Which life of the server this is; another one has forgotten its users (it keeps them in memory alone).
    pub(crate) async fn run_id(&self) -> Result<String, String> {
        let text: String = self
            .bounded(async |mut connection| {
                redis::cmd("INFO").arg("server").query_async(&mut connection).await
            })
            .await?;
        let found = text.lines().find_map(|line| line.strip_prefix("run_id:"));
        found.map(|id| id.trim().to_owned()).ok_or_else(|| "INFO names no run_id".to_owned())
    }

    /// Makes or remakes the user from nothing, in one command; it signs in with any of the passwords.
    pub(crate) async fn provision(
        &self,
        id: &TenantId,
        uid: &str,
        passwords: &[&SecretString],
    ) -> Result<(), String> {
        let mut command = redis::cmd("ACL");
        command.arg("SETUSER").arg(user(id)).arg("reset").arg("on");
        for password in passwords {
            command.arg(format!("#{}", hex_digest(password)));
        }
        command.arg(format!("~{}*", prefix(id))).arg(format!("~{}", owner_pattern(id, uid)));
        command.arg(format!("&{}*", prefix(id))).arg("-@all");
        for allowed in COMMANDS {
            command.arg(format!("+{allowed}"));
        }
        self.bounded(async |mut connection| command.query_async::<()>(&mut connection).await).await
    }

    /// Removes the user if it is this tenant's.
    pub(crate) async fn remove(&self, id: &TenantId, uid: &str) -> Result<(), String> {
        match self.observe(id, uid, None).await {
            QueueFacts::Unavailable(error) => Err(error),
            QueueFacts::Foreign => Ok(()),
            _ => {
                self.bounded(async |mut connection| {
                    redis::cmd("ACL").arg("DELUSER").arg(user(id)).query_async::<()>(&mut connection).await
                })
                .await
            }
        }
    }
}

fn hex_digest(password: &SecretString) -> String {
    use std::fmt::Write as _;
    Sha256::digest(password.expose_secret().as_bytes()).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

//! A real Redis for tests, with the access rules of an instance's user. Must not be used outside tests.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::process::{self, Guest};

const PASSWORD: &str = "for-tests-only";

/// A running server: user `default` is the admin here, tenants get users of their own.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    server: Guest,
}

impl Redis {
    /// Starts a server on a free port.
    pub async fn start() -> anyhow::Result<Redis> {
        let port = process::free_port()?;
        Self::start_at(port).await
    }

    /// Starts a server on this port, for tests in which it comes back.
    pub async fn start_at(port: u16) -> anyhow::Result<Redis> {
        let programs = process::Programs::find()?;
        let folder = process::Folder::for_guest(&programs, "redis")?;
        let log = std::fs::File::create(folder.path().join("log")).context("the log file")?;
        let mut command = programs.command(&folder, "/usr/bin/redis-server");
        command
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--requirepass", PASSWORD, "--dir", process::GUEST_FOLDER])
            .stdout(log)
            .stderr(Stdio::null());
        let redis = Redis { port, server: Guest::spawn(command, folder).context("starting redis-server")? };
        redis.wait().await?;
        Ok(redis)
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The admin's URL.
    pub fn admin_url(&self) -> String {
        format!("redis://:{PASSWORD}@127.0.0.1:{}", self.port)
    }

    /// Makes the user of a tenant as the operator does; gives its URL.
    pub async fn tenant(&self, id: &contract::TenantId, uid: &str) -> anyhow::Result<String> {
        let mut admin = redis::Client::open(self.admin_url())?.get_multiplexed_async_connection().await?;
        let (user, prefix) = (contract::redis::user(id), contract::redis::prefix(id));
        let mut command = redis::cmd("ACL");
        command.arg("SETUSER").arg(&user).arg("reset").arg("on").arg(format!(">{PASSWORD}")).arg("-@all");
        command.arg(format!("~{prefix}*")).arg(format!("~{}", contract::redis::owner_pattern(id, uid)));
        command.arg(format!("&{prefix}*"));
        for allowed in contract::redis::COMMANDS {
            command.arg(format!("+{allowed}"));
        }
        command.query_async::<()>(&mut admin).await.context("ACL SETUSER")?;
        Ok(format!("redis://{user}:{PASSWORD}@127.0.0.1:{}", self.port))
    }

    /// Ends the server as a crash would; its port is free afterwards.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.server.kill().await
    }

    async fn wait(&self) -> anyhow::Result<()> {
        let client = redis::Client::open(self.admin_url())?;
        let mut last = None;
        for _ in 0..200 {
            match client.get_multiplexed_async_connection().await {
                Ok(_) => return Ok(()),
                Err(error) => last = Some(error),
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        bail!("redis-server did not come up in 5 s: {last:?}")
    }
}

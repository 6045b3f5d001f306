//! A real Postgres for tests: one server a process, an empty tenant a call.
//!
//! The server ends with the process that asked for it, however that ends. What a tenant gets here is what the
//! operator gives it: the same names, roles, settings and marks. Must not be used outside tests.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tokio::process::Command;
use tokio::sync::{Mutex, OnceCell};

use crate::process::{self, Guest};

const BOOTSTRAP: &str = include_str!("../../../config/postgres/bootstrap.sql");
const PASSWORD: &str = "for-tests-only";

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    port: u16,
    server: Guest,
    /// Postgres refuses two `GRANT … ON DATABASE` at once ("tuple concurrently updated").
    provisioning: Mutex<()>,
}

/// A provisioned tenant without tables.
#[derive(Debug, Clone)]
pub struct TenantDatabase {
    /// UID of the Tenant.
    pub uid: String,
    /// Its id.
    pub id: contract::TenantId,
    /// What the migration Job gets.
    pub owner_url: String,
    /// What app and worker get.
    pub app_url: String,
    /// The operator's own connection to the database: writes settings, reads anything.
    pub operator_url: String,
}

impl TenantDatabase {
    /// The app's own login, for asking what Postgres says of a statement. sqlx reads from plans what an outer join can
    /// leave null, and looks at one side alone: only nested loops have it always there, whatever a table holds.
    pub fn describing_url(&self) -> String {
        format!("{}?options[enable_hashjoin]=off&options[enable_mergejoin]=off", self.app_url)
    }
}

static SHARED: OnceCell<Postgres> = OnceCell::const_new();

impl Postgres {
    /// The server of this process; started at the first call.
    pub async fn shared() -> &'static Postgres {
        SHARED.get_or_init(|| async { Postgres::start().await.expect("a Postgres for the tests") }).await
    }

    /// A server of one's own, to stop or to fill.
    pub async fn start() -> anyhow::Result<Postgres> {
        let programs = process::Programs::find()?;
        let folder = process::Folder::for_guest(&programs, "postgres")?;
        folder.write("password", PASSWORD)?;
        let data = format!("{}/data", process::GUEST_FOLDER);
        let initdb = programs
            .command(&folder, "/usr/lib/postgresql/15/bin/initdb")
            .args([
                "--auth=scram-sha-256",
                "--username=postgres",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
            ])
            .arg(format!("--pwfile={}/password", process::GUEST_FOLDER))
            .arg("-D")
            .arg(&data)
            .output()
            .await
            .context("running initdb")?;
        ensure!(initdb.status.success(), "initdb: {}", String::from_utf8_lossy(&initdb.stderr));
        folder.create_folder(process::SMALL_DISK)?;
        let port = process::free_port()?;
        let server = Guest::spawn(server(&programs, &folder, port)?, folder).context("starting postgres")?;
        let postgres = Postgres { port, server, provisioning: Mutex::default() };
        postgres.wait().await?;
        postgres.bootstrap(&programs).await?;
        Ok(postgres)
    }

    /// Ends the server as a crash would, without a last checkpoint, and starts it again: it recovers from its log.
    pub async fn crash(&mut self) -> anyhow::Result<()> {
        let command = server(&process::Programs::find()?, self.server.folder(), self.port)?;
        self.server.restart(rustix::process::Signal::QUIT, command).await?;
        self.wait().await
    }

    /// What the server has logged so far.
    pub fn log(&self) -> anyhow::Result<String> {
        let path = self.server.folder().path().join("log");
        std::fs::read_to_string(&path).with_context(|| path.display().to_string())
    }

    /// Where a tablespace can be made that is soon full, as the server sees it. A crash of the server empties it.
    pub fn small_disk() -> String {
        format!("{}/{}", process::GUEST_FOLDER, process::SMALL_DISK)
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A URL for a role in a database.
    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// The superuser's URL.
    pub fn superuser_url(&self) -> String {
        self.url("postgres", "postgres")
    }

    async fn wait(&self) -> anyhow::Result<()> {
        let mut last = None;
        for _ in 0..300 {
            match connect(&self.superuser_url()).await {
                Ok(connection) => return Ok(connection.close().await?),
                Err(error) => last = Some(error),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("postgres did not come up in 15 s: {last:?}")
    }

    async fn bootstrap(&self, programs: &process::Programs) -> anyhow::Result<()> {
        let mut psql: Command = programs.command(self.server.folder(), "/usr/lib/postgresql/15/bin/psql");
        psql.args(["-X", "-q", "-v", &format!("operator_password={PASSWORD}")])
            .args(["-v", &format!("platform_password={PASSWORD}")])
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "postgres", "-f", "-", "postgres"])
            .env("PGPASSWORD", PASSWORD)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = psql.spawn().context("running psql")?;
        let mut input = child.stdin.take().context("psql's input")?;
        tokio::io::AsyncWriteExt::write_all(&mut input, BOOTSTRAP.as_bytes())
            .await
            .context("writing to psql")?;
        drop(input);
        let output = child.wait_with_output().await?;
        ensure!(output.status.success(), "bootstrap.sql: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// A new tenant: roles, schema, grants, settings and marks, as the operator makes them.
    pub async fn tenant(&self) -> anyhow::Result<TenantDatabase> {
        let uid = uuid::Uuid::new_v4().to_string();
        let id = contract::TenantId::of_uid(&uid);
        let operator_url = self.url(contract::postgres::OPERATOR_ROLE, contract::postgres::TENANTS_DATABASE);
        let _alone = self.provisioning.lock().await;
        let mut operator = connect(&operator_url).await?;
        let mut transaction = operator.begin().await?;
        // Safe: id and uid are base32 and hexadecimal digits.
        transaction.execute(AssertSqlSafe(provision(&id, &uid))).await?;
        transaction.commit().await?;
        operator.close().await?;
        let login = contract::postgres::Login::A.role(&id);
        Ok(TenantDatabase {
            owner_url: self.url(&contract::postgres::owner(&id), contract::postgres::TENANTS_DATABASE),
            app_url: self.url(&login, contract::postgres::TENANTS_DATABASE),
            operator_url,
            uid,
            id,
        })
    }
}

impl TenantDatabase {
    /// Connects as the owner of the tables.
    pub async fn owner(&self) -> sqlx::Result<PgConnection> {
        connect(&self.owner_url).await
    }

    /// Connects as the operator.
    pub async fn operator(&self) -> sqlx::Result<PgConnection> {
        connect(&self.operator_url).await
    }
}

/// The server's own command.
fn server(programs: &process::Programs, folder: &process::Folder, port: u16) -> anyhow::Result<Command> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.path().join("log"));
    let mut command = programs.command(folder, "/usr/lib/postgresql/15/bin/postgres");
    command.arg("-D").arg(format!("{}/data", process::GUEST_FOLDER)).args([
        "-p",
        &port.to_string(),
        "-k",
        "",
    ]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "max_connections=300",
        "shared_buffers=256MB",
        // A test's data need not survive the machine, only its processes.
        "fsync=off",
        "log_min_messages=warning",
    ] {
        command.args(["-c", setting]);
    }
    command.stdout(Stdio::null()).stderr(log.context("the log file")?);
    Ok(command)
}

async fn connect(url: &str) -> sqlx::Result<PgConnection> {
    url.parse::<PgConnectOptions>()?.connect().await
}

fn provision(id: &contract::TenantId, uid: &str) -> String {
    let schema = contract::postgres::schema(id);
    let (owner, group) = (contract::postgres::owner(id), contract::postgres::app_group(id));
    let (a, b) = (contract::postgres::Login::A.role(id), contract::postgres::Login::B.role(id));
    let role_mark = format!(r#"{{"uid":"{uid}","generation":1}}"#);
    let schema_mark = format!(r#"{{"tenant":"test","uid":"{uid}","id":"{id}","schema_version":0}}"#);
    let logins = [&a, &b].map(|login| {
        format!(
            "CREATE ROLE {login} LOGIN PASSWORD '{PASSWORD}' CONNECTION LIMIT 40 IN ROLE {group};
             ALTER ROLE {login} SET search_path = {schema}, extensions;
             ALTER ROLE {login} SET statement_timeout = '15s';
             ALTER ROLE {login} SET lock_timeout = '5s';
             ALTER ROLE {login} SET idle_in_transaction_session_timeout = '30s';
             COMMENT ON ROLE {login} IS '{role_mark}';
             GRANT CONNECT ON DATABASE tenants TO {login};"
        )
    });
    format!(
        "CREATE ROLE {owner} LOGIN PASSWORD '{PASSWORD}' CONNECTION LIMIT 8;
         ALTER ROLE {owner} SET search_path = {schema}, extensions;
         ALTER ROLE {owner} SET lock_timeout = '5s';
         COMMENT ON ROLE {owner} IS '{role_mark}';
         CREATE ROLE {group} NOLOGIN;
         COMMENT ON ROLE {group} IS '{role_mark}';
         GRANT CONNECT ON DATABASE tenants TO {owner};
         {}
         GRANT {owner} TO abetworks_operator;
         CREATE SCHEMA {schema} AUTHORIZATION {owner};
         COMMENT ON SCHEMA {schema} IS '{schema_mark}';",
        logins.concat()
    )
}

/// The tenant migrations of this repository.
pub fn tenant_migrations() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/tenant")
}

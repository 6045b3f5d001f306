//! A real OpenID provider: npm's `oidc-provider` in a server of ours, `web/tools/oidc-server`.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use url::Url;

/// Longer than a loaded machine takes; a provider that is stuck is said to be, and does not hold up all tests.
const LONGEST: Duration = Duration::from_mins(1);
/// More redirects are a circle.
const MOST_REDIRECTS: usize = 10;

/// A running provider. It ends when this is dropped.
pub struct OpenId {
    issuer: String,
    client: Client,
    _child: Child,
    /// Held open: the provider's own words go there later, and writing to nobody would end it.
    _output: Lines<BufReader<ChildStdout>>,
}

impl OpenId {
    /// Starts one that knows these clients, in the form of OpenID's dynamic registration.
    pub async fn start(clients: &Value) -> anyhow::Result<Self> {
        let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
        let folder = web.join("tools/oidc-server");
        ensure!(
            web.join("node_modules/oidc-provider").exists(),
            "the OpenID provider is not installed: `npm ci` in {}",
            web.display()
        );
        let mut child = Command::new("node")
            .arg("src/server.js")
            .current_dir(&folder)
            .env("CLIENTS", clients.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // It ends with its input, also where this process is killed.
            .stdin(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("starting node")?;
        let output = child.stdout.take().context("the server's output")?;
        let mut lines = BufReader::new(output).lines();
        let issuer = tokio::time::timeout(LONGEST, lines.next_line()).await;
        let issuer = issuer.context("the server does not say where it listens")??;
        let issuer = issuer.context("the server ended without a word")?;
        let client = asking().build()?;
        Ok(Self { issuer, client, _child: child, _output: lines })
    }

    /// Its issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Says whom it knows under a name, and what it says of them.
    pub async fn person(&self, name: &str, claims: &Value) -> anyhow::Result<()> {
        self.put(&format!("people/{name}"), claims).await
    }

    /// Makes it sign with other keys, and with no other.
    pub async fn change_keys(&self) -> anyhow::Result<()> {
        self.put("keys", &Value::Null).await
    }

    async fn put(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        let request = self.client.put(format!("{}/{path}", self.issuer)).json(body);
        request.send().await?.error_for_status().context("telling the provider")?;
        Ok(())
    }

    /// Goes where a sign-in begins, as a fresh browser in which this person signs in; gives the address at which it comes
    /// back, with what the provider added to it.
    pub async fn visit(&self, begin: &str, person: &str, back: &str) -> anyhow::Result<Url> {
        let browser = asking().cookie_store(true).build()?;
        let mut address = Url::parse(begin)?;
        address.query_pairs_mut().append_pair("login_hint", person);
        for _ in 0..MOST_REDIRECTS {
            let answer = browser.get(address.clone()).send().await?;
            let status = answer.status();
            ensure!(
                status == StatusCode::SEE_OTHER || status == StatusCode::FOUND,
                "the provider answers {status}: {}",
                answer.text().await?
            );
            let location = answer.headers().get("location").context("a redirect without a place")?;
            address = address.join(location.to_str()?)?;
            if address.as_str().starts_with(back) {
                return Ok(address);
            }
        }
        anyhow::bail!("more than {MOST_REDIRECTS} redirects")
    }
}

/// Redirects are followed by hand: the last one leads to the instance.
fn asking() -> ClientBuilder {
    Client::builder().redirect(Policy::none()).no_proxy().timeout(LONGEST)
}

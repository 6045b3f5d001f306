//! The mail server of a cluster under test: `mail-catcher <port>` prints each mail as one line of JSON, so that the
//! log of its pod is the mailbox of everybody.

use std::io::Write as _;
use std::net::Ipv4Addr;

use anyhow::Context as _;
use test_servers::mail;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::unbounded_channel;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let port = std::env::args().nth(1).context("usage: mail-catcher PORT")?;
    let port: u16 = port.parse().with_context(|| format!("{port} is not a port"))?;
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await.context("listening")?;
    // As the first process of its container it would not end by itself.
    let mut ended = signal(SignalKind::terminate()).context("waiting for SIGTERM")?;
    let (caught, mut mails) = unbounded_channel();
    tokio::spawn(mail::serve(listener, caught));
    loop {
        let mail = tokio::select! {
            mail = mails.recv() => mail.context("the mail server ended")?,
            _ = ended.recv() => return Ok(()),
        };
        let line = serde_json::json!({ "to": mail.to, "text": mail.text });
        writeln!(std::io::stdout(), "{line}").context("printing a mail")?;
    }
}

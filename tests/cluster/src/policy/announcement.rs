//! How the enforcer learns a pod's address before the pod runs: a plugin at the end of the pod network's chain tells
//! it, and holds the pod back until its packets are judged.
//!
//! The pod's status would tell too, but seconds later: until then the first packets of a pod would be dropped, and a
//! program that asks once and ends would never get an answer.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::Ipv4Addr;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixListener;
use tokio::sync::{mpsc, oneshot};

/// The plugin's name in the chain; the cluster's program is found under it.
pub(crate) const PLUGIN: &str = "abetworks-policies";

/// How long a pod is held back; then the kubelet starts anew.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the plugin says: this pod gets this address.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Announcement {
    pub(crate) uid: String,
    pub(crate) address: Ipv4Addr,
}

/// An announcement, and where to say that the pod's packets are judged.
pub(crate) type Announced = (Announcement, oneshot::Sender<()>);

/// Takes announcements at a socket, for as long as the other end of the channel is open.
pub(crate) fn listen(socket: &Path, channel: mpsc::Sender<Announced>) -> anyhow::Result<()> {
    if socket.exists() {
        std::fs::remove_file(socket).context("removing the socket of an enforcer that has ended")?;
    }
    let listener =
        UnixListener::bind(socket).with_context(|| format!("listening at {}", socket.display()))?;
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let channel = channel.clone();
            tokio::spawn(async move {
                if let Err(error) = answer(connection, &channel).await {
                    eprintln!("an announcement: {error:#}");
                }
            });
        }
    });
    Ok(())
}

async fn answer(connection: tokio::net::UnixStream, channel: &mpsc::Sender<Announced>) -> anyhow::Result<()> {
    let mut connection = BufReader::new(connection);
    let mut line = String::new();
    connection.read_line(&mut line).await?;
    let announcement: Announcement = serde_json::from_str(&line).context("its form")?;
    let (judged, wait) = oneshot::channel();
    channel.send((announcement, judged)).await.context("the enforcer has ended")?;
    wait.await.context("the enforcer has dropped it")?;
    connection.write_all(b"judged\n").await.context("answering")
}

/// The plugin's whole run, as the container network interface asks for it: by environment and standard input.
pub(crate) fn plugin(command: &str) -> anyhow::Result<()> {
    if command == "VERSION" {
        println!("{}", json!({ "cniVersion": "1.0.0", "supportedVersions": ["0.4.0", "1.0.0", "1.1.0"] }));
        return Ok(());
    }
    // What was announced ends with the pod's object: there is nothing to undo.
    if command != "ADD" {
        return Ok(());
    }
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).context("reading the configuration")?;
    let config: Value = serde_json::from_str(&input).context("the configuration")?;
    let arguments = std::env::var("CNI_ARGS").context("CNI_ARGS")?;
    let socket = config["socket"].as_str().context("no socket in the configuration")?;
    announce(Path::new(socket), &announcement(&config, &arguments)?)?;
    println!("{}", config["prevResult"]);
    Ok(())
}

fn announcement(config: &Value, arguments: &str) -> anyhow::Result<Announcement> {
    let pairs: HashMap<&str, &str> = arguments.split(';').filter_map(|pair| pair.split_once('=')).collect();
    let uid = pairs.get("K8S_POD_UID").context("no K8S_POD_UID")?.to_string();
    let address =
        config["prevResult"]["ips"][0]["address"].as_str().context("no address of an earlier plugin")?;
    let address = address.split_once('/').map_or(address, |(address, _)| address);
    Ok(Announcement { uid, address: address.parse().with_context(|| address.to_owned())? })
}

fn announce(socket: &Path, announcement: &Announcement) -> anyhow::Result<()> {
    let mut enforcer = UnixStream::connect(socket).context("the enforcer does not listen")?;
    enforcer.set_read_timeout(Some(PATIENCE))?;
    enforcer.write_all(format!("{}\n", serde_json::to_string(announcement)?).as_bytes())?;
    let mut answer = String::new();
    enforcer.read_to_string(&mut answer).context("waiting for the enforcer")?;
    ensure!(answer == "judged\n", "the enforcer did not take {announcement:?}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_runtime_and_the_earlier_plugins_say() {
        let config = json!({ "prevResult": { "ips": [{ "address": "10.88.0.7/32", "interface": 2 }] } });
        let said = announcement(&config, "IgnoreUnknown=1;K8S_POD_NAME=a;K8S_POD_UID=u-1").unwrap();
        assert_eq!((said.uid.as_str(), said.address), ("u-1", Ipv4Addr::new(10, 88, 0, 7)));
        assert!(announcement(&config, "IgnoreUnknown=1").is_err());
        assert!(announcement(&json!({}), "K8S_POD_UID=u-1").is_err());
    }
}

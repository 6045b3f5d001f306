//! What components leave in places of the host that they cannot be told to avoid: removed when a cluster ends.
//!
//! Only what is certainly this cluster's, or certainly nobody's, goes; folders go when they are empty.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::net::UnixStream;
use std::path::Path;

use anyhow::Context;

use super::layout::Layout;

/// The kubelet links every container's log here, wherever the logs are.
const LOG_LINKS: &str = "/var/log/containers";
/// The pod network's library notes here what each plugin answered.
const NETWORK_NOTES: &str = "/var/lib/cni/results";
/// The kubelet listens here for plugins of devices.
const DEVICE_SOCKET: &str = "/var/lib/kubelet/device-plugins/kubelet.sock";

pub(crate) fn remove(layout: &Layout) -> anyhow::Result<()> {
    for entry in entries(LOG_LINKS)? {
        if fs::read_link(&entry).is_ok_and(|goal| goal.starts_with(&layout.state)) {
            remove_file(&entry)?;
        }
    }
    let place = format!("{}/", layout.sockets.display());
    for entry in entries(NETWORK_NOTES)? {
        let note = fs::read_to_string(&entry).unwrap_or_default();
        if note.contains(&place) {
            remove_file(&entry)?;
        }
    }
    let nobody_listens =
        UnixStream::connect(DEVICE_SOCKET).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused);
    if nobody_listens {
        remove_file(Path::new(DEVICE_SOCKET))?;
    }
    for folder in
        [LOG_LINKS, NETWORK_NOTES, "/var/lib/cni", "/var/lib/kubelet/device-plugins", "/var/lib/kubelet"]
    {
        match fs::remove_dir(folder) {
            Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::DirectoryNotEmpty) => {
                return Err(error).with_context(|| format!("removing {folder}"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn entries(folder: &str) -> anyhow::Result<Vec<std::path::PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        result => {
            let entries = result.with_context(|| format!("listing {folder}"))?;
            entries.map(|entry| Ok(entry?.path())).collect()
        }
    }
}

/// Another cluster may end at the same moment.
fn remove_file(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", path.display()))
        }
        _ => Ok(()),
    }
}

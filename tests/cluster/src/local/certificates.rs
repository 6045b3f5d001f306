//! Certificates, keys and kubeconfigs of a cluster's components, made once and kept with its state.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::Context;
use test_servers::kubeconfig::{self, Access};
use test_servers::pki::{self, Authority, Pair};

use super::layout::{Layout, NODE, NODE_ADDRESS};

/// The components with a kubeconfig of their own: file, user, group.
const USERS: [(&str, &str, &str); 5] = [
    ("admin", "admin", "system:masters"),
    ("controller-manager", "system:kube-controller-manager", "system:authenticated"),
    ("scheduler", "system:kube-scheduler", "system:authenticated"),
    ("kube-proxy", "system:kube-proxy", "system:authenticated"),
    // Test equipment that must see every pod, policy and namespace.
    ("enforcer", "abetworks:enforcer", "system:masters"),
];

/// Makes everything unless an earlier start did.
pub(crate) fn ensure(layout: &Layout) -> anyhow::Result<()> {
    let complete = layout.certificate("complete");
    if complete.exists() {
        return Ok(());
    }
    let folder = layout.state.join("pki");
    fs::create_dir_all(&folder)?;
    fs::set_permissions(&folder, Permissions::from_mode(0o700))?;
    let authority = Authority::new(layout.name().as_str())?;
    write_pair(layout, "authority", authority.pair())?;
    let names = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost"];
    let server = authority
        .server("kube-apiserver", &[&names[..], &["127.0.0.1", "10.96.0.1", NODE_ADDRESS]].concat())?;
    write_pair(layout, "apiserver", &server)?;
    write_pair(layout, "apiserver-to-kubelet", &authority.client("apiserver", &["system:masters"])?)?;
    let (private, public) = pki::signing_keys()?;
    fs::write(layout.certificate("tokens.key"), private)?;
    fs::write(layout.certificate("tokens.pub"), public)?;
    let node = authority.node(&format!("system:node:{NODE}"), &["system:nodes"], &[NODE, NODE_ADDRESS])?;
    write_pair(layout, "node", &node)?;
    write_kubeconfig(&layout.certificate("node.kubeconfig"), &authority, node)?;
    for (file, user, group) in USERS {
        let pair = authority.client(user, &[group])?;
        write_pair(layout, file, &pair)?;
        write_kubeconfig(&layout.certificate(&format!("{file}.kubeconfig")), &authority, pair)?;
    }
    fs::write(complete, "").context("noting that all certificates are there")
}

/// The admin's kubeconfig for the host, where the API server is on another port.
pub(crate) fn admin_kubeconfig(layout: &Layout, port: u16) -> anyhow::Result<()> {
    let read =
        |name: &str| fs::read_to_string(layout.certificate(name)).with_context(|| format!("reading {name}"));
    let document = kubeconfig::document(&Access {
        server: format!("https://127.0.0.1:{port}"),
        authority: read("authority.crt")?,
        client: Pair { certificate: read("admin.crt")?, key: read("admin.key")? },
    });
    fs::write(layout.kubeconfig(), document)?;
    // helm warns about one that others may read.
    fs::set_permissions(layout.kubeconfig(), Permissions::from_mode(0o600))
        .context("protecting the kubeconfig")
}

fn write_kubeconfig(path: &Path, authority: &Authority, client: Pair) -> anyhow::Result<()> {
    let authority = authority.certificate().to_owned();
    let access = Access { server: "https://127.0.0.1:6443".to_owned(), authority, client };
    fs::write(path, kubeconfig::document(&access)).with_context(|| format!("writing {}", path.display()))
}

fn write_pair(layout: &Layout, name: &str, pair: &Pair) -> anyhow::Result<()> {
    fs::write(layout.certificate(&format!("{name}.crt")), &pair.certificate)?;
    fs::write(layout.certificate(&format!("{name}.key")), &pair.key)
        .with_context(|| format!("writing {name}.key"))
}

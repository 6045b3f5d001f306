//! etcd, API server, controller-manager and scheduler: what they are told.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::Context;
use test_servers::programs;

use super::layout::{Layout, NODE_ADDRESS, SERVICE_RANGE};
use super::program::{Program, Side};

/// Metadata of every request, once, when it is answered: tests count writes by it.
const AUDIT_POLICY: &str = r#"{"apiVersion": "audit.k8s.io/v1", "kind": "Policy",
  "omitStages": ["RequestReceived"], "rules": [{"level": "Metadata"}]}"#;

pub(crate) fn start_etcd(layout: &Layout) -> anyhow::Result<()> {
    let mut arguments = plain(&["--log-level=warn", "--unsafe-no-fsync", "--listen-peer-urls="]);
    arguments.extend(plain(&["--listen-client-urls=http://127.0.0.1:2379"]));
    arguments.extend(plain(&["--advertise-client-urls=http://127.0.0.1:2379"]));
    arguments.push(with_path("data-dir", &layout.file("etcd")));
    Program::new(layout, "etcd").start(Side::Inside, &programs::path("etcd")?, &arguments)
}

pub(crate) fn start_api_server(layout: &Layout) -> anyhow::Result<()> {
    fs::write(layout.file("audit-policy.json"), AUDIT_POLICY).context("writing the audit policy")?;
    let mut arguments = plain(&[
        "--etcd-servers=http://127.0.0.1:2379",
        "--secure-port=6443",
        "--allow-privileged=true",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        // Otherwise it looks the node's name up in the host's DNS, and `logs` and `exec` hang.
        "--kubelet-preferred-address-types=InternalIP",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--audit-log-mode=blocking",
    ]);
    arguments.push(format!("--advertise-address={NODE_ADDRESS}").into());
    arguments.push(format!("--service-cluster-ip-range={SERVICE_RANGE}").into());
    for (option, file) in [
        ("client-ca-file", "authority.crt"),
        ("tls-cert-file", "apiserver.crt"),
        ("tls-private-key-file", "apiserver.key"),
        ("kubelet-certificate-authority", "authority.crt"),
        ("kubelet-client-certificate", "apiserver-to-kubelet.crt"),
        ("kubelet-client-key", "apiserver-to-kubelet.key"),
        ("service-account-signing-key-file", "tokens.key"),
        ("service-account-key-file", "tokens.pub"),
    ] {
        arguments.push(with_path(option, &layout.certificate(file)));
    }
    arguments.push(with_path("audit-policy-file", &layout.file("audit-policy.json")));
    arguments.push(with_path("audit-log-path", &layout.file("audit.log")));
    arguments.push(with_path("cert-dir", &layout.file("pki")));
    Program::new(layout, "kube-apiserver").start(Side::Inside, &programs::path("kube-apiserver")?, &arguments)
}

pub(crate) fn start_controllers(layout: &Layout) -> anyhow::Result<()> {
    // One of each: nobody to elect. The limits of clients are for clusters that share an API server with others.
    let alone = plain(&[
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
    ]);
    let mut manager = alone.clone();
    manager.extend(plain(&["--use-service-account-credentials=true"]));
    for (option, file) in [
        ("kubeconfig", "controller-manager.kubeconfig"),
        ("root-ca-file", "authority.crt"),
        ("service-account-private-key-file", "tokens.key"),
        ("cluster-signing-cert-file", "authority.crt"),
        ("cluster-signing-key-file", "authority.key"),
        ("cert-dir", "."),
    ] {
        manager.push(with_path(option, &layout.certificate(file)));
    }
    let program = programs::path("kube-controller-manager")?;
    Program::new(layout, "kube-controller-manager").start(Side::Inside, &program, &manager)?;
    let mut scheduler = alone;
    scheduler.push(with_path("kubeconfig", &layout.certificate("scheduler.kubeconfig")));
    scheduler.push(with_path("cert-dir", &layout.certificate(".")));
    Program::new(layout, "kube-scheduler").start(Side::Inside, &programs::path("kube-scheduler")?, &scheduler)
}

/// Arguments as they stand.
pub(crate) fn plain(arguments: &[&str]) -> Vec<OsString> {
    arguments.iter().map(OsString::from).collect()
}

/// `--option=path`.
pub(crate) fn with_path(option: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(format!("--{option}="));
    argument.push(path);
    argument
}

//! The file that tells a Kubernetes client where the server is and who it is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::pki::Pair;

/// One user's way to one server.
#[derive(Debug, Clone)]
pub struct Access {
    /// Such as `https://127.0.0.1:6443`.
    pub server: String,
    /// Certificate of the authority that signed the server's, as PEM.
    pub authority: String,
    /// The user's certificate.
    pub client: Pair,
}

/// The kubeconfig document: JSON, which is YAML too; everything is inside, so that the file can be moved.
pub fn document(access: &Access) -> String {
    let cluster =
        json!({ "server": access.server, "certificate-authority-data": STANDARD.encode(&access.authority) });
    let user = json!({
        "client-certificate-data": STANDARD.encode(&access.client.certificate),
        "client-key-data": STANDARD.encode(&access.client.key),
    });
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{ "name": "abetworks", "cluster": cluster }],
        "users": [{ "name": "abetworks", "user": user }],
        "contexts": [{ "name": "abetworks", "context": { "cluster": "abetworks", "user": "abetworks" } }],
        "current-context": "abetworks",
    })
    .to_string()
}

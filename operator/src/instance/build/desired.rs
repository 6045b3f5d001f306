//! An object as it is wanted.

use serde_json::Value;

use crate::instance::digest::short_digest;

/// An object as it is wanted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Desired {
    pub(crate) kind: String,
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    pub(crate) body: Value,
}

impl Desired {
    pub(super) fn new(body: Value) -> Self {
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        Self {
            kind: text("/kind").unwrap_or_default(),
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name").unwrap_or_default(),
            body,
        }
    }

    /// Digest of what is wanted: half of an inventory entry.
    pub(crate) fn digest(&self) -> String {
        short_digest(self.body.to_string().as_bytes())
    }
}

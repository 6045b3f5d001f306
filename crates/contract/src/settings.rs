//! `instance_settings`: what the operator tells an instance, in its database.
//!
//! One row, written by the operator after the migration and at each change; the app may only read it.
//! Everything that must change without a restart is here, not in the environment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a Tenant may be: whether it runs and whether it takes writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TenantState {
    /// Serves and takes writes.
    #[default]
    Active,
    /// Serves and refuses writes.
    ReadOnly,
    /// Keeps everything and runs nothing.
    Suspended,
}

/// Why a tenant is not Active; the message is shown to people who are signed in, and to nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateReason {
    /// Payment, Abuse, Maintenance, CustomerRequest or Other.
    pub class: String,
    /// For the people of the tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The first admin of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    /// How to greet them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where the invitation is addressed to.
    pub email: String,
}

/// Limits of the plan with the Tenant's own over them; absent means unlimited. A name that the program does not know is
/// no mistake: the operator may be newer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// People who can sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<i64>,
    /// Records of all objects together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<i64>,
    /// Bytes in the database, files included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_bytes: Option<i64>,
    /// Requests to the API in a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_requests_per_minute: Option<i64>,
    /// Exports in a calendar month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exports_per_month: Option<i64>,
}

/// The row, field by field; the columns have the same names in snake case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstanceSettings {
    /// Generation of the Tenant that this row was written for.
    pub generation: i64,
    /// The customer's name.
    pub display_name: String,
    /// Host names that the app answers to, lower case, without a port.
    pub hostnames: Vec<String>,
    /// The address that people use: scheme, host and port where it is not the scheme's own.
    pub url: String,
    /// Whether the instance takes writes.
    pub state: TenantState,
    /// Why it is not Active.
    pub reason: Option<StateReason>,
    /// The first admin.
    pub admin: Admin,
    /// Limits of the plan with the Tenant's own over them.
    pub limits: Limits,
    /// Features of the plan with the Tenant's own over them.
    pub features: BTreeMap<String, bool>,
    /// The platform's public keys (JWKS, RFC 7517), by which tokens are verified.
    pub public_keys: serde_json::Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Statements name `records`; rows that were written by an older operator have these names.
    #[test]
    fn limits_have_the_names_of_the_row() {
        let all = Limits {
            users: Some(1),
            records: Some(2),
            storage_bytes: Some(3),
            api_requests_per_minute: Some(4),
            exports_per_month: Some(5),
        };
        let row = serde_json::json!({"users": 1, "records": 2, "storage_bytes": 3, "api_requests_per_minute": 4,
            "exports_per_month": 5});
        assert_eq!(serde_json::to_value(all).expect("JSON"), row);
        assert_eq!(serde_json::to_value(Limits::default()).expect("JSON"), serde_json::json!({}));
        let newer = serde_json::json!({"users": 1, "rockets": 2});
        let read: Limits = serde_json::from_value(newer).expect("an unknown name is none of ours");
        assert_eq!(read, Limits { users: Some(1), ..Limits::default() });
    }
}

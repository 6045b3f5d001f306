//! What the platform has told this instance, in the form that requests need.

use chrono::Weekday;
use chrono_tz::Tz;
use contract::settings::{InstanceSettings, Limits, StateReason, TenantState};
use jsonwebtoken::jwk::JwkSet;
use url::Url;
use uuid::Uuid;

use crate::domain::auth::sign_in_rules::SignInRules;
use crate::domain::auth::single_sign_on::Offer;

/// What one epoch's rows hold.
#[derive(Debug)]
pub struct StoredSettings {
    /// The epoch of all of it.
    pub epoch: i64,
    /// The schema that all of it lies in.
    pub schema: String,
    /// What the operator wrote.
    pub instance: InstanceSettings,
    /// What admins wrote.
    pub organisation: Organisation,
    /// Who may register by themselves, and what signing in takes.
    pub rules: SignInRules,
    /// What the sign-in page shows of the organisation's provider.
    pub single_sign_on: Option<Offer>,
}

/// The settings of one epoch.
#[derive(Debug)]
pub struct Settings {
    /// The epoch that they were read at.
    pub epoch: i64,
    /// The schema that the data lie in; adopted data keep the name that they had.
    pub schema: String,
    /// The customer's name.
    pub display_name: String,
    /// Whether writes are taken.
    pub state: TenantState,
    /// Why it is as it is, for people who are signed in.
    pub reason: Option<StateReason>,
    /// `Origin` of the instance's own pages.
    pub origin: String,
    /// By which the platform's tokens are verified.
    pub keys: JwkSet,
    /// What people share, kept by admins.
    pub organisation: Organisation,
    /// Who may register by themselves.
    pub rules: SignInRules,
    /// What the sign-in page shows of the organisation's provider, if people may sign in with it.
    pub single_sign_on: Option<Offer>,
    /// Limits of the plan; absent means unlimited.
    pub limits: Limits,
    hostnames: Vec<String>,
}

/// What an organisation's people share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// ISO 4217: the currency that amounts are compared in.
    pub currency: String,
    /// Where its days begin.
    pub timezone: Tz,
    /// Its first day of the week.
    pub week_start: Weekday,
    /// The file that is its logo; another one has another id.
    pub logo: Option<Uuid>,
}

/// The settings cannot be used as they are.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// `url` is none.
    #[error("instance_settings.url: {0}")]
    Url(#[from] url::ParseError),
    /// `public_keys` is no key set.
    #[error("instance_settings.public_keys: {0}")]
    Keys(#[from] serde_json::Error),
}

impl Settings {
    /// Reads the rows.
    pub fn new(stored: StoredSettings) -> Result<Self, SettingsError> {
        let StoredSettings { epoch, schema, instance: row, organisation, rules, single_sign_on } = stored;
        Ok(Self {
            epoch,
            schema,
            organisation,
            rules,
            single_sign_on,
            origin: Url::parse(&row.url)?.origin().ascii_serialization(),
            keys: serde_json::from_value(row.public_keys)?,
            display_name: row.display_name,
            reason: row.reason,
            state: row.state,
            limits: row.limits,
            hostnames: row.hostnames.iter().map(|name| fold_host(name)).collect(),
        })
    }

    /// Whether a `Host` header names this instance; ports are not compared.
    pub fn serves(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        let name = fold_host(name);
        self.hostnames.contains(&name)
    }
}

fn fold_host(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        let row = serde_json::json!({"generation": 1, "display_name": "Acme", "hostnames": ["acme.localhost"],
            "url": "http://acme.localhost:8080", "state": "Active", "reason": null,
            "admin": {"email": "ann@example.com"}, "limits": {}, "features": {}, "public_keys": {"keys": []}});
        let organisation =
            Organisation { currency: "EUR".into(), timezone: Tz::UTC, week_start: Weekday::Mon, logo: None };
        Settings::new(StoredSettings {
            epoch: 1,
            schema: "t_acme".into(),
            instance: serde_json::from_value(row).expect("a row"),
            organisation,
            rules: SignInRules::default(),
            single_sign_on: None,
        })
        .expect("settings")
    }

    #[test]
    fn hosts_compare_without_case_port_and_last_dot() {
        for host in ["acme.localhost", "ACME.localhost:8080", "acme.localhost."] {
            assert!(settings().serves(host), "{host}");
        }
        for host in ["", "localhost", "other.localhost", "acme.localhost.example.com", "acme.localhost:x"] {
            assert!(!settings().serves(host), "{host}");
        }
    }

    #[test]
    fn the_origin_keeps_its_port() {
        assert_eq!(settings().origin, "http://acme.localhost:8080");
    }
}

//! The command line and the environment: one struct a subcommand, every secret also from a file.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use secrecy::SecretString;

use crate::instance::platform::Routing;

/// Reconciles Tenants into running CRM instances.
#[derive(Debug, Parser)]
#[command(name = "operator", version, about)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Reconcile Tenants until told to stop.
    Run(Box<RunOptions>),
    /// Print the custom resource definitions as YAML, or write one file each into a directory.
    Crds(CrdsOptions),
    /// Make the platform's passwords and keys where they are absent; nothing that exists is replaced.
    Secrets(SecretsOptions),
    /// Print the configuration reference as Markdown.
    #[command(hide = true)]
    Reference,
    /// List data that deleted Tenants left behind on a DatabaseServer.
    Retained(RetainedOptions),
}

/// Settings of `operator run`.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Tenants without a host name of their own are reached at `<name>.<base domain>`.
    #[arg(long, env = "BASE_DOMAIN")]
    pub(crate) base_domain: String,
    /// Scheme of the addresses that people use.
    #[arg(long, env = "PUBLIC_SCHEME", default_value = "https")]
    pub(crate) public_scheme: String,
    /// Port of the addresses that people use; the scheme's own if it is not said.
    #[arg(long, env = "PUBLIC_PORT")]
    pub(crate) public_port: Option<u16>,
    /// What every instance gets (YAML).
    #[arg(long, env = "INSTANCE_DEFAULTS_FILE")]
    pub(crate) instance_defaults_file: Option<PathBuf>,
    /// Image of the tenant's program, without a tag.
    #[arg(long, env = "TENANT_IMAGE")]
    pub(crate) tenant_image: String,
    /// Version that Tenants without one take at their first provisioning.
    #[arg(long, env = "DEFAULT_TENANT_VERSION")]
    pub(crate) default_tenant_version: String,
    /// How instances are routed to.
    #[arg(long, env = "ROUTING", value_enum, default_value = "Ingress")]
    pub(crate) routing: Routing,
    /// Redis as an admin who may make users.
    #[arg(long, env = "REDIS_ADMIN_URL", hide_env_values = true)]
    pub(crate) redis_admin_url: Option<SecretString>,
    /// File that holds `REDIS_ADMIN_URL`.
    #[arg(long, env = "REDIS_ADMIN_URL_FILE")]
    pub(crate) redis_admin_url_file: Option<PathBuf>,
    /// Mail server of instances, optional.
    #[arg(long, env = "TENANT_SMTP_URL", hide_env_values = true)]
    pub(crate) tenant_smtp_url: Option<SecretString>,
    /// File that holds `TENANT_SMTP_URL`.
    #[arg(long, env = "TENANT_SMTP_URL_FILE")]
    pub(crate) tenant_smtp_url_file: Option<PathBuf>,
    /// Directory with the platform's signing keys, one PEM file a key id.
    #[arg(long, env = "SIGNING_KEYS_DIR")]
    pub(crate) signing_keys_dir: PathBuf,
    /// Key that wraps the data keys of instances: 32 bytes, base64.
    #[arg(long, env = "KEY_ENCRYPTION_KEY", hide_env_values = true)]
    pub(crate) key_encryption_key: Option<SecretString>,
    /// File that holds `KEY_ENCRYPTION_KEY`.
    #[arg(long, env = "KEY_ENCRYPTION_KEY_FILE")]
    pub(crate) key_encryption_key_file: Option<PathBuf>,
    /// Name of this pod, for Events.
    #[arg(long, env = "POD_NAME", default_value = "operator")]
    pub(crate) pod_name: String,
    /// Namespace of this pod: the Secrets of database servers are read here.
    #[arg(long, env = "POD_NAMESPACE")]
    pub(crate) pod_namespace: String,
    /// Tenants that are reconciled at the same time.
    #[arg(long, env = "CONCURRENCY", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) concurrency: u16,
    /// Where the status page of suspended tenants is served.
    #[arg(long, env = "HTTP_ADDR", default_value = "0.0.0.0:8080")]
    pub(crate) http_addr: std::net::SocketAddr,
    /// Where `/livez`, `/readyz` and `/metrics` are served.
    #[arg(long, env = "OPS_ADDR", default_value = "0.0.0.0:9090")]
    pub(crate) ops_addr: std::net::SocketAddr,
    #[command(flatten)]
    pub(crate) log: telemetry::LogOptions,
}

/// Settings of `operator crds`.
#[derive(Debug, Args)]
pub(crate) struct CrdsOptions {
    /// Write one file each here instead of printing.
    #[arg(long)]
    pub(crate) directory: Option<PathBuf>,
}

/// Settings of `operator secrets`.
#[derive(Debug, Args)]
pub(crate) struct SecretsOptions {
    /// Namespace of the platform.
    #[arg(long, env = "POD_NAMESPACE")]
    pub(crate) namespace: String,
    /// Make passwords for the chart's own Postgres, at this host and port.
    #[arg(long)]
    pub(crate) postgres: Option<String>,
    /// Make the password for the chart's own Redis, at this host and port.
    #[arg(long)]
    pub(crate) redis: Option<String>,
    /// Name of the DatabaseServer that the chart makes: its Secret is `<name>-connection`.
    #[arg(long, default_value = "postgres")]
    pub(crate) database_server: String,
}

/// Settings of `operator retained`.
#[derive(Debug, Args)]
pub(crate) struct RetainedOptions {
    /// Name of the DatabaseServer.
    pub(crate) server: String,
    /// Namespace of the platform.
    #[arg(long, env = "POD_NAMESPACE")]
    pub(crate) namespace: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_configuration_reference_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/operate/configuration-operator.md");
        let found = std::fs::read_to_string(path).unwrap_or_default();
        assert!(found == lifecycle::reference(&Options::command()), "{path} is stale: run `make generate`");
    }
}

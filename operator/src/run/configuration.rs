//! The options of `operator run`, checked before anything is touched.

use std::net::SocketAddr;

use lifecycle::{ConfigurationError, SecretSource};
use secrecy::SecretString;

use crate::instance::defaults::InstanceDefaults;
use crate::instance::key_wrapping::KeyEncryptionKey;
use crate::instance::platform::Platform;
use crate::options::RunOptions;
use crate::redis::RedisUsers;
use crate::signing::SigningKeys;

/// What the configuration says, checked before anything is touched.
pub(super) struct Configuration {
    pub(super) platform: Platform,
    pub(super) redis: Option<RedisUsers>,
    pub(super) signing: SigningKeys,
    pub(super) key_encryption: KeyEncryptionKey,
    pub(super) smtp_url: Option<SecretString>,
    pub(super) concurrency: u16,
    pub(super) pod_name: String,
    pub(super) http: SocketAddr,
    pub(super) operations: SocketAddr,
}

/// Reads files and secrets, and checks what depends on each other.
pub(super) fn configure(options: RunOptions) -> anyhow::Result<Configuration> {
    let RunOptions {
        base_domain,
        public_scheme,
        public_port,
        instance_defaults_file,
        tenant_image,
        default_tenant_version,
        routing,
        redis_admin_url,
        redis_admin_url_file,
        tenant_smtp_url,
        tenant_smtp_url_file,
        signing_keys_dir,
        key_encryption_key,
        key_encryption_key_file,
        pod_name,
        pod_namespace,
        concurrency,
        http_addr,
        ops_addr,
        log: _,
    } = options;
    let secret = |name, value, file| SecretSource { name, value, file };
    let redis =
        secret("REDIS_ADMIN_URL", redis_admin_url, redis_admin_url_file).read_optional().map_err(wrong)?;
    let smtp_url =
        secret("TENANT_SMTP_URL", tenant_smtp_url, tenant_smtp_url_file).read_optional().map_err(wrong)?;
    let key =
        secret("KEY_ENCRYPTION_KEY", key_encryption_key, key_encryption_key_file).read().map_err(wrong)?;
    let defaults = match &instance_defaults_file {
        None => InstanceDefaults::default(),
        Some(path) => {
            let named = || format!("INSTANCE_DEFAULTS_FILE {}", path.display());
            let text =
                std::fs::read_to_string(path).map_err(|error| wrong(format!("{}: {error}", named())))?;
            serde_yaml::from_str(&text).map_err(|error| wrong(format!("{}: {error}", named())))?
        }
    };
    if defaults.smtp.from.is_some() != smtp_url.is_some() {
        return Err(wrong("`smtp.from` of INSTANCE_DEFAULTS_FILE and TENANT_SMTP_URL: set both, or neither"));
    }
    Ok(Configuration {
        platform: Platform {
            base_domain: base_domain.trim_end_matches('.').to_ascii_lowercase(),
            public_scheme,
            public_port,
            tenant_image,
            default_version: default_tenant_version,
            routing,
            defaults,
            namespace: pod_namespace,
        },
        redis: redis.as_ref().map(RedisUsers::new).transpose().map_err(wrong)?,
        signing: SigningKeys::read(&signing_keys_dir).map_err(wrong)?,
        key_encryption: KeyEncryptionKey::parse(&key).map_err(wrong)?,
        smtp_url,
        concurrency,
        pod_name,
        http: http_addr,
        operations: ops_addr,
    })
}

fn wrong(error: impl std::fmt::Display) -> anyhow::Error {
    ConfigurationError(error.to_string()).into()
}

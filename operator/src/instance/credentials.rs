//! The secrets of one instance: generated once, kept in its Secrets. No I/O.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand::RngExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// Everything that is generated for an instance.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    /// Which login is live: odd is `a`, even is `b`.
    pub(crate) generation: i64,
    pub(crate) app_password: SecretString,
    pub(crate) owner_password: SecretString,
    pub(crate) redis_password: SecretString,
    /// 32 bytes, base64: encrypts what the instance stores under secrecy.
    pub(crate) data_key: SecretString,
    /// Digest of what is stored in the Secrets, to see a change by hand.
    pub(crate) stored: Option<StoredSecrets>,
}

/// The Secrets as they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredSecrets {
    pub(crate) app: std::collections::BTreeMap<String, String>,
    pub(crate) owner: std::collections::BTreeMap<String, String>,
}

impl Credentials {
    /// New ones; 192 bits a password, without characters that a URL would escape.
    pub(crate) fn generate() -> Self {
        Self {
            generation: 1,
            app_password: password(),
            owner_password: password(),
            redis_password: password(),
            data_key: SecretString::from(STANDARD.encode(random::<32>())),
            stored: None,
        }
    }
}

impl Credentials {
    /// The next generation: new passwords, the same data key.
    pub(crate) fn rotated(&self) -> Self {
        Self { generation: self.generation + 1, data_key: self.data_key.clone(), ..Self::generate() }
    }
}

/// A password of 192 random bits.
pub(crate) fn password() -> SecretString {
    SecretString::from(URL_SAFE_NO_PAD.encode(random::<24>()))
}

/// A key of 256 random bits, base64.
pub(crate) fn key() -> SecretString {
    SecretString::from(STANDARD.encode(random::<32>()))
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    rand::rng().fill(&mut bytes);
    bytes
}

/// `base` with another user, password and path: host, port and parameters (TLS) stay.
pub(crate) fn url_for(base: &Url, user: &str, password: &SecretString, path: &str) -> Option<String> {
    let mut url = base.clone();
    url.set_username(user).ok()?;
    url.set_password(Some(password.expose_secret())).ok()?;
    url.set_path(path);
    Some(url.into())
}

/// The password in a URL that [`url_for`] made.
pub(crate) fn password_of(url: &str) -> Option<SecretString> {
    Some(SecretString::from(Url::parse(url).ok()?.password()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_gives_its_password_back() {
        let base =
            Url::parse("postgres://abetworks_operator:x@db:5432/tenants?sslmode=disable").expect("a URL");
        let password = password();
        let url = url_for(&base, "t_x_app_a", &password, "/tenants").expect("a base that takes a user");
        assert!(url.ends_with("@db:5432/tenants?sslmode=disable"));
        assert_eq!(password_of(&url).expect("a password").expose_secret(), password.expose_secret());
    }
}

//! Signing in with the organisation's own OpenID provider. What a provider says is checked in `identity::oidc`; whom it
//! says it of is decided here.

pub(crate) mod arrival;
pub mod settings;
pub mod sign_in;

use http_conventions::{Code, Problem};
use identity::SealError;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::context::StoredSecret;
use crate::domain::organisation::settings::Settings;
use crate::http::App;
use crate::http::failure::Failure;

/// The organisation's secret, and no person's.
const CLIENT_SECRET: StoredSecret<'static> = StoredSecret { user: "", purpose: "single-sign-on" };

impl App {
    fn seal_client_secret(&self, settings: &Settings, secret: &SecretString) -> Result<Vec<u8>, Failure> {
        let sealed = self.seal_secret(settings, CLIENT_SECRET, secret.expose_secret().as_bytes());
        Ok(sealed.map_err(|error| Problem::internal(&error))?)
    }

    fn open_client_secret(&self, settings: &Settings, sealed: &[u8]) -> Result<SecretString, Failure> {
        let opened = self.open_secret(settings, CLIENT_SECRET, sealed);
        let bytes = opened.map_err(|error| Problem::internal(&error))?;
        let text = String::from_utf8(bytes).map_err(|_| Problem::internal(&SealError))?;
        Ok(text.into())
    }
}

/// Where the provider sends browsers back to: a page of ours, which posts what they bring.
fn redirect_uri(settings: &Settings) -> Result<Url, Failure> {
    let address = format!("{}/single-sign-on/callback", settings.origin);
    Ok(Url::parse(&address).map_err(|error| Problem::internal(&error))?)
}

/// Nobody is signed in, and why, as far as the person or their admin can do something about it.
fn failed(reason: &str) -> Failure {
    Problem::new(Code::SingleSignOnFailed).with("reason", reason).into()
}

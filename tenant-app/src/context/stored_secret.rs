//! Secrets that are stored, each bound to the schema that it lies in, to its person and its purpose. Must not know what
//! they open.

use identity::{SealError, SealedFor};

use super::Context;
use crate::domain::organisation::settings::Settings;
use crate::entropy;

/// Whose secret it is, and what for.
#[derive(Debug, Clone, Copy)]
pub struct StoredSecret<'a> {
    /// The person's id; empty for the organisation's.
    pub user: &'a str,
    /// `totp`, …
    pub purpose: &'static str,
}

impl Context {
    /// Encrypts a secret for the schema there is.
    pub fn seal_secret(
        &self,
        settings: &Settings,
        secret: StoredSecret<'_>,
        plain: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        self.secrets.seal(plain, bound_to(&settings.schema, secret), entropy::bytes())
    }

    /// Decrypts a secret. One that was written under the name that the Tenant's id gives opens too: until schemas were
    /// asked for their names, data that a new Tenant had adopted was sealed so.
    pub fn open_secret(
        &self,
        settings: &Settings,
        secret: StoredSecret<'_>,
        sealed: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let derived = contract::postgres::schema(&self.tenant_id);
        self.secrets
            .open(sealed, bound_to(&settings.schema, secret))
            .or_else(|_| self.secrets.open(sealed, bound_to(&derived, secret)))
    }
}

fn bound_to<'a>(schema: &'a str, StoredSecret { user, purpose }: StoredSecret<'a>) -> SealedFor<'a> {
    SealedFor { schema, user, purpose }
}

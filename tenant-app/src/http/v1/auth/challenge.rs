//! What stands between the password and the second factor: a sealed word on who has given the first.

use chrono::{DateTime, TimeDelta, Utc};
use http_conventions::{Code, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::App;
use crate::http::failure::Failure;

/// Between the password and the code.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// What a challenge is sealed for.
const CHALLENGE: &[u8] = b"second-factor";

/// The password was right; the second factor is asked for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SecondFactorNeeded {
    /// To be sent back with the code.
    pub challenge: String,
    /// Until when.
    #[serde(with = "http_conventions::timestamp")]
    pub expires_at: DateTime<Utc>,
}

/// Sealed into the challenge: another password or a change of rights makes it useless.
#[derive(Serialize, Deserialize)]
pub(crate) struct Challenge {
    pub(crate) user_id: Uuid,
    pub(crate) version: i64,
    expires_at: i64,
}

impl App {
    /// What is answered to the right password of a person with a second factor.
    pub(crate) fn challenge(
        &self,
        user_id: Uuid,
        version: i64,
        now: DateTime<Utc>,
    ) -> Result<SecondFactorNeeded, Failure> {
        let expires_at = now + LIFETIME;
        let challenge = Challenge { user_id, version, expires_at: expires_at.timestamp() };
        let sealed =
            self.cursors.seal(CHALLENGE, &challenge, now).map_err(|error| Problem::internal(&error))?;
        Ok(SecondFactorNeeded { challenge: sealed, expires_at })
    }

    /// Whose challenge it is, while it holds.
    pub(crate) fn open_challenge(&self, sealed: &str, now: DateTime<Utc>) -> Result<Challenge, Code> {
        let challenge: Challenge =
            self.cursors.open(CHALLENGE, sealed, now).map_err(|_| Code::LinkInvalid)?;
        if challenge.expires_at > now.timestamp() { Ok(challenge) } else { Err(Code::LinkInvalid) }
    }
}

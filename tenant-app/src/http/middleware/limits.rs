//! What is limited: requests of the organisation, a person and strangers; attempts at signing in.

use axum::http::{HeaderMap, HeaderName};
use chrono::{DateTime, Utc};
use http_conventions::{Code, Problem, RateLimit};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::context::limiter::{Quota, Standing};
use crate::domain::organisation::settings::Settings;
use crate::domain::value::email::Email;
use crate::http::App;
use crate::http::client::Client;
use crate::http::failure::Failure;
use crate::store::auth::request::CurrentSession;
use crate::store::auth::sessions;

const MINUTE: i64 = 60;
const QUARTER_HOUR: i64 = 15 * MINUTE;
/// Strangers from one network: less than a tenth of what an instance answers. Behind a router that is not trusted they
/// are all one network.
const STRANGERS: Quota = Quota { scope: "strangers", most: 6_000, window: MINUTE };
/// Attempts from one network, at whatever addresses.
const FROM_PLACE: Quota = Quota { scope: "sign-in-place", most: 100, window: QUARTER_HOUR };
/// Attempts at one address from one network: a person mistypes a few times.
const AT_ADDRESS: Quota = Quota { scope: "sign-in", most: 10, window: QUARTER_HOUR };
/// Attempts at one address from all networks that the person has no session from.
const FROM_ELSEWHERE: Quota = Quota { scope: "sign-in-elsewhere", most: 50, window: QUARTER_HOUR };
/// Checks of a signed-in person's password or second factor.
const CHECKS: Quota = Quota { scope: "checks", most: 10, window: QUARTER_HOUR };

/// Mails to one address: nobody's inbox is filled from here.
const RESETS: Quota = Quota { scope: "resets", most: 3, window: QUARTER_HOUR };

/// What the answer says of the limits.
pub(crate) type Limits = Vec<RateLimit>;

impl App {
    /// Counts a request. Of two refusals the person's comes first: what they send beyond it takes nothing from others.
    pub(crate) async fn count_request(
        &self,
        settings: &Settings,
        session: Option<&CurrentSession>,
        client: &Client,
        now: DateTime<Utc>,
    ) -> (Limits, Result<(), Problem>) {
        let Some(session) = session else {
            let Some(prefix) = &client.prefix else { return (Vec::new(), Ok(())) };
            let standing = self.limiter.count(STRANGERS, prefix, now).await;
            // Strangers are told when they are too many, and nothing before.
            return (Vec::new(), refuse_over(standing));
        };
        let Some(most) = settings.limits.api_requests_per_minute else { return (Vec::new(), Ok(())) };
        let (whole, own) = (
            Quota { scope: "organisation", most, window: MINUTE },
            // Nobody uses up all: one runaway program leaves the others half.
            Quota { scope: "user", most: (most / 2).max(1), window: MINUTE },
        );
        let subject = session.user_id.to_string();
        let [of_user, of_all] = self.limiter.count_each([(own, &subject), (whole, "all")], now).await;
        if of_user.left < 0 {
            self.limiter.give_back(whole, "all", now).await;
            return (vec![described(own, of_user)], refuse_over(of_user));
        }
        (vec![described(whole, of_all), described(own, of_user)], refuse_over(of_all))
    }

    /// Counts an attempt at signing in, before anything is compared.
    ///
    /// Guessing at somebody's address from elsewhere does not lock them out where they have a session; the work is the
    /// same for addresses that nobody has.
    pub(crate) async fn count_sign_in(
        &self,
        connection: &mut PgConnection,
        email: &Email,
        client: &Client,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let prefix = client.prefix.as_deref().unwrap_or("-");
        refuse_over(self.limiter.count(FROM_PLACE, prefix, now).await)?;
        refuse_over(self.limiter.count(AT_ADDRESS, &at(email, prefix), now).await)?;
        if !sessions::knows_place(connection, email, prefix).await? {
            refuse_over(self.limiter.count(FROM_ELSEWHERE, &at(email, ""), now).await)?;
        }
        Ok(())
    }

    /// Takes an attempt back that was right: who signs in often is not guessing.
    pub(crate) async fn forgive_sign_in(&self, email: &Email, client: &Client, now: DateTime<Utc>) {
        let prefix = client.prefix.as_deref().unwrap_or("-");
        self.limiter.give_back(FROM_PLACE, prefix, now).await;
        self.limiter.give_back(AT_ADDRESS, &at(email, prefix), now).await;
    }

    /// Counts a sign-in with the organisation's provider when it begins: nobody is known yet.
    pub(crate) async fn count_single_sign_on(
        &self,
        client: &Client,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        refuse_over(self.limiter.count(FROM_PLACE, client.prefix.as_deref().unwrap_or("-"), now).await)
    }

    /// Takes one back that led to a session.
    pub(crate) async fn forgive_single_sign_on(&self, client: &Client, now: DateTime<Utc>) {
        self.limiter.give_back(FROM_PLACE, client.prefix.as_deref().unwrap_or("-"), now).await;
    }

    /// Counts a request for a new password, the same for addresses that nobody has.
    pub(crate) async fn count_reset(
        &self,
        email: &Email,
        client: &Client,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        refuse_over(self.limiter.count(FROM_PLACE, client.prefix.as_deref().unwrap_or("-"), now).await)?;
        refuse_over(self.limiter.count(RESETS, &at(email, ""), now).await)
    }

    /// Counts a check of a signed-in person's password or second factor.
    pub(crate) async fn count_check(&self, user_id: Uuid, now: DateTime<Utc>) -> Result<(), Problem> {
        refuse_over(self.limiter.count(CHECKS, &user_id.to_string(), now).await)
    }

    /// Takes a check back that was right.
    pub(crate) async fn forgive_check(&self, user_id: Uuid, now: DateTime<Utc>) {
        self.limiter.give_back(CHECKS, &user_id.to_string(), now).await;
    }
}

/// An address and a network as a key of Redis, which is no place for addresses.
fn at(email: &Email, prefix: &str) -> String {
    let hash = Sha256::new().chain_update(email.as_str()).chain_update([0]).chain_update(prefix).finalize();
    data_encoding::HEXLOWER.encode(&hash[..16])
}

fn refuse_over(standing: Standing) -> Result<(), Problem> {
    let seconds = u64::try_from(standing.resets_in).unwrap_or(1);
    if standing.left < 0 { Err(Problem::new(Code::RateLimited).retry_after(seconds)) } else { Ok(()) }
}

fn described(quota: Quota, standing: Standing) -> RateLimit {
    RateLimit {
        name: quota.scope,
        most: quota.most,
        window: quota.window,
        left: standing.left.max(0),
        resets_in: standing.resets_in,
    }
}

/// Says in an answer how the limits stand.
pub(crate) fn tell(headers: &mut HeaderMap, limits: &Limits) {
    if limits.is_empty() {
        return;
    }
    let (policy, state) = RateLimit::headers(limits);
    headers.insert(HeaderName::from_static("ratelimit-policy"), policy);
    headers.insert(HeaderName::from_static("ratelimit"), state);
}

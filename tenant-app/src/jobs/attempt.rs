//! One attempt at a job: what every kind needs to go on in batches, with the rights of who asked, and to end.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgTransaction};
use uuid::Uuid;

use super::JobsContext;
use super::interruption::Interruption;
use crate::domain::access::Rights;
use crate::domain::filter::Context;
use crate::domain::jobs::payload::Payload;
use crate::domain::metadata::registry::Registry;
use crate::service::principal::{Origin, Principal};
use crate::store::access::rights;
use crate::store::audit::history::Actor;
use crate::store::jobs::{self, Claimed};
use crate::store::metadata::custom_fields;
use crate::store::organisation::settings;
use crate::store::organisation::usage::{self, Meter};
use crate::store::people::users;

/// How far a job is: so many, of so many where that is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    pub(crate) done: i64,
    pub(crate) total: Option<i64>,
}

impl Progress {
    /// So many are done; how many there are, nobody has counted.
    pub(crate) fn done(done: i64) -> Self {
        Self { done, total: None }
    }
}

/// One attempt at a job.
pub(crate) struct Attempt<'a> {
    pub(crate) job: &'a Claimed,
    pub(crate) context: &'a JobsContext,
}

impl Attempt<'_> {
    /// What the job was told.
    pub(crate) fn payload<P: Payload>(&self) -> Result<P, Interruption> {
        serde_json::from_value(self.job.payload.clone())
            .map_err(|error| Interruption::Internal(format!("the payload: {error}")))
    }

    /// The time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.context.now()
    }

    /// Gives the job back before the next batch where the worker ends.
    pub(crate) fn refuse_at_end(&self) -> Result<(), Interruption> {
        if self.context.soft.is_cancelled() { Err(Interruption::Ending) } else { Ok(()) }
    }

    /// A transaction that proves the lease, moves it on and says how far the job is.
    pub(crate) async fn begin(&self, progress: Progress) -> Result<PgTransaction<'static>, Interruption> {
        let mut transaction = self.context.pool.begin().await?;
        let Progress { done, total } = progress;
        jobs::renew(&mut transaction, self.job, self.context.lease.seconds(), (done, total)).await?;
        Ok(transaction)
    }

    /// Objects and fields as they are now.
    pub(crate) async fn registry(&self) -> Result<Registry, Interruption> {
        Ok(custom_fields::registry(&mut *self.context.pool.acquire().await?).await?)
    }

    /// When, where and for whom a filter is asked: as in a list of who asked.
    pub(crate) async fn filter_context(&self, rights: &Rights) -> Result<Context, Interruption> {
        let mut connection = self.context.pool.acquire().await?;
        let settings = settings::read(&mut connection).await?;
        let own = users::preferences(&mut connection, rights.user_id()).await?.timezone;
        let missing = || Interruption::Internal("the instance has no settings".to_owned());
        let organisation = settings.ok_or_else(missing)?.organisation;
        Ok(Context {
            now: self.now(),
            timezone: own.and_then(|name| name.parse().ok()).unwrap_or(organisation.timezone),
            week_start: organisation.week_start,
            me: Some(rights.user_id()),
            my_teams: rights.teams().to_vec(),
        })
    }

    /// Who asked.
    pub(crate) fn requested_by(&self) -> Result<Uuid, Interruption> {
        self.job.requested_by.ok_or(Interruption::Hopeless("forbidden"))
    }

    /// Who asked, with their rights at this moment; nobody who has left.
    pub(crate) async fn principal(
        &self,
        connection: &mut PgConnection,
        registry: &Arc<Registry>,
    ) -> Result<Principal, Interruption> {
        let user_id = self.requested_by()?;
        let rights = rights::of_user(connection, user_id).await?;
        if !users::is_active(connection, user_id).await? {
            return Err(Interruption::Hopeless("forbidden"));
        }
        Ok(Principal {
            user_id,
            name: self.job.kind.clone(),
            rights: rights.into(),
            registry: registry.clone(),
            origin: Origin::Job { id: self.job.id },
        })
    }

    /// The job itself, for history: with who asked, if anybody did.
    pub(crate) fn actor(&self) -> Actor {
        Actor {
            user_id: self.job.requested_by,
            name: self.job.kind.clone(),
            job_id: Some(self.job.id),
            ..Actor::default()
        }
    }

    /// Counts the job and its time, for the bill.
    pub(crate) async fn count(&self, connection: &mut PgConnection) -> sqlx::Result<()> {
        let seconds = (self.now() - self.job.started_at).num_seconds().max(1);
        usage::count(connection, Meter::Jobs, 1).await?;
        usage::count(connection, Meter::JobSeconds, seconds).await
    }

    /// Ends the job in the transaction of its last work, and commits it.
    pub(crate) async fn succeed(
        &self,
        mut transaction: PgTransaction<'static>,
        result: Value,
    ) -> Result<(), Interruption> {
        jobs::succeed(&mut transaction, self.job, result).await?;
        Ok(transaction.commit().await?)
    }
}

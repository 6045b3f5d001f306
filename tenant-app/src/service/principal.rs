//! On whose behalf something is done, with which rights, and by what.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::access::Rights;
use crate::domain::metadata::registry::Registry;
use crate::store::audit::history::Actor;

/// A person on whose behalf something is done, as of one moment.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The person.
    pub user_id: Uuid,
    /// The name in history: the person's, or the job's kind.
    pub name: String,
    /// What they may do.
    pub rights: Arc<Rights>,
    /// Objects and fields; what of them may be seen, `rights` says.
    pub registry: Arc<Registry>,
    /// By what it is done.
    pub origin: Origin,
}

/// By what something is done.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A request of the person.
    Request {
        /// The request's id.
        id: Option<String>,
        /// The client's address.
        client_address: Option<String>,
        /// The browser, as it names itself.
        user_agent: Option<String>,
    },
    /// A job that the person asked for.
    Job {
        /// The job.
        id: Uuid,
    },
}

impl Principal {
    /// The person, for history.
    pub fn actor(&self) -> Actor {
        let actor = Actor { user_id: Some(self.user_id), name: self.name.clone(), ..Actor::default() };
        match &self.origin {
            Origin::Request { id, client_address, user_agent } => Actor {
                request_id: id.clone(),
                client_address: client_address.clone(),
                user_agent: user_agent.clone(),
                ..actor
            },
            Origin::Job { id } => Actor { job_id: Some(*id), ..actor },
        }
    }
}

//! The data key: everything that an instance encrypts opens with it alone. It is made once, and none takes the place of
//! another unseen. No I/O.

use contract::kubernetes::objects;
use contract::status::Reason;

use super::facts::{DataKeyFacts, DatabaseFacts, Facts};
use super::validate::{Refusal, ValidTenant};
use super::wait::Wait;

/// The Secrets are lost, and the database that keeps the key cannot be asked: one that is made now would open nothing.
pub(super) fn unknown(facts: &Facts, tenant: &ValidTenant) -> Option<Wait> {
    let why = match &facts.database {
        DatabaseFacts::Known(_) => return None,
        DatabaseFacts::Unavailable(error) => error.as_str(),
        DatabaseFacts::Unread => "it was not asked",
    };
    facts.credentials.is_none().then(|| {
        let message = format!(
            "DatabaseServer \"{}\": {why}; the Secrets of the instance are written once it answers, since it may keep \
             their data key",
            tenant.server
        );
        Wait::progress(Reason::ServerUnavailable, message).again(10)
    })
}

/// The key in the Secrets must be the one that the schema keeps.
pub(super) fn check(facts: &Facts, tenant: &ValidTenant) -> Result<(), Refusal> {
    let problem = match &facts.data_key {
        DataKeyFacts::Unread | DataKeyFacts::Same => return Ok(()),
        DataKeyFacts::Differs => "is not the one that it keeps",
        DataKeyFacts::Damaged => "cannot be compared: the one that it keeps does not open",
    };
    let schema = contract::postgres::schema(&tenant.data_id);
    let secret = objects::APP;
    Err(Refusal::new(
        Reason::InternalError,
        format!(
            "schema \"{schema}\": the data key in Secret \"{secret}\" {problem}; delete the Secret to go on with the key of \
             the schema, or the row of {schema}.instance_key to go on with that of the Secret",
        ),
    ))
}

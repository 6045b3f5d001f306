//! What has a derived name and another owner is a reason to stop, and never touched. No I/O.

use contract::kubernetes::annotations;
use contract::postgres::SchemaMark;
use contract::status::Reason;
use kube::ResourceExt as _;

use super::facts::{DatabaseFacts, DatabaseState, Facts, NamespaceFacts, QueueFacts};
use super::validate::{Refusal, ValidTenant};

/// Nothing that has a derived name without the Tenant's UID is ever touched.
pub(crate) fn check(facts: &Facts, tenant: &ValidTenant) -> Result<(), Refusal> {
    let conflict = |what: String| {
        Refusal::new(
            Reason::NamespaceConflict,
            format!(
                "{what} exists and does not carry this Tenant's UID; remove or rename it, nothing was changed in it"
            ),
        )
    };
    if facts.namespace == NamespaceFacts::Foreign {
        return Err(conflict(format!("namespace \"{}\"", tenant.namespace)));
    }
    if let DatabaseFacts::Known(state) = &facts.database {
        refuse_adopting(state, tenant)?;
        let ours = |mark: &&SchemaMark| mark.uid == tenant.uid || tenant.adopts.as_ref() == Some(&mark.uid);
        let another = state.schema.as_ref().filter(|mark| !ours(mark));
        let schema = another.map(|_| format!("schema \"{}\"", contract::postgres::schema(&tenant.data_id)));
        if let Some(what) = state.foreign.clone().or(schema) {
            return Err(conflict(format!("{what} on DatabaseServer \"{}\"", tenant.server)));
        }
        let start_empty = facts.tenant.annotations().get(annotations::START_EMPTY) == Some(&tenant.name);
        if let Some(SchemaMark { id, uid, .. }) = state.retained.as_ref().filter(|_| !start_empty) {
            return Err(Refusal::new(
                Reason::RetainedDataFound,
                format!(
                    "DatabaseServer \"{}\" holds data of an earlier Tenant \"{}\" (schema t_{id}); set \
                     spec.database.adopt to {{id: {id}, uid: {uid}}} to go on with it, or annotate {}={} to start \
                     without it",
                    tenant.server,
                    tenant.name,
                    annotations::START_EMPTY,
                    tenant.name
                ),
            ));
        }
    }
    if facts.queue == QueueFacts::Foreign {
        return Err(conflict(format!("Redis user \"{}\"", contract::redis::user(&tenant.id))));
    }
    Ok(())
}

/// Adopted is only what is there and carries both the id and the UID that the spec names.
fn refuse_adopting(state: &DatabaseState, tenant: &ValidTenant) -> Result<(), Refusal> {
    let Some(uid) = &tenant.adopts else { return Ok(()) };
    let schema = contract::postgres::schema(&tenant.data_id);
    let problem = match &state.schema {
        Some(mark) if mark.uid == tenant.uid => return Ok(()),
        Some(mark) if mark.uid == *uid && mark.id == tenant.data_id.as_str() => return Ok(()),
        Some(_) => format!("schema \"{schema}\" does not carry this UID"),
        None => format!("there is no schema \"{schema}\" of the platform"),
    };
    Err(Refusal::new(
        Reason::AdoptRefused,
        format!(
            "spec.database.adopt: {problem} on DatabaseServer \"{server}\"; `operator retained {server}` lists what \
             there is",
            server = tenant.server
        ),
    ))
}

//! Somebody whom the provider knows: who they are here, whether they may come in, and with which roles.

use chrono::{DateTime, Utc};
use http_conventions::Problem;
use identity::oidc::Claims;
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::PgConnection;
use uuid::Uuid;

use super::failed;
use crate::domain::auth::single_sign_on::SingleSignOn;
use crate::domain::people::person;
use crate::domain::value::email::Email;
use crate::http::extract::caller::{Visitor, refuse_unless_active};
use crate::http::failure::Failure;
use crate::http::v1::access::role_assignment::Roles;
use crate::http::v1::auth::sessions as signing_in;
use crate::http::v1::auth::sessions::{AuthenticatedUser, Opened};
use crate::service::people::refuse_beyond_limit;
use crate::store::access::user_roles;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::auth::single_sign_on;
use crate::store::people::users::{self, Person};

/// What of a person groups change, as history compares it.
#[derive(Serialize)]
struct Changeable<'a> {
    role_ids: &'a [Uuid],
}

/// Opens a session for the person, who is linked or made where they come for the first time.
pub(crate) async fn enter(
    connection: &mut PgConnection,
    (issuer, settings): (&str, &SingleSignOn),
    claims: &Claims,
    visitor: &Visitor,
    now: DateTime<Utc>,
) -> Result<Opened, Failure> {
    // Held by whoever changes roles or activity: nobody is deactivated or loses roles between here and the session.
    let roles = Roles::lock(&mut *connection).await?;
    let subject = (issuer, claims.subject());
    let (person, made) = match single_sign_on::person_of(&mut *connection, issuer, subject.1).await? {
        Some(id) => (lock(&mut *connection, id).await?, false),
        None => first(&mut *connection, subject, (settings, claims), visitor, now).await?,
    };
    let groups = settings.groups_claim.as_deref().map(|claim| claims.list(claim)).unwrap_or_default();
    let after = settings.roles_after(&person.role_ids, &groups, roles.kept_by(person.id));
    let mut changes = Map::<String, Value>::new();
    if after != person.role_ids {
        user_roles::set(&mut *connection, person.id, &after).await?;
        let (old, new) = (Changeable { role_ids: &person.role_ids }, Changeable { role_ids: &after });
        changes = person::changes(&old, &new).map_err(|error| Problem::internal(&error))?;
    }
    let known =
        AuthenticatedUser { id: person.id, name: &person.name, email: &person.email, single_sign_on: true };
    let action = if made { "single_sign_on.joined" } else { "session.opened" };
    let opened = signing_in::open(&mut *connection, action, &known, visitor, now).await?;
    if !changes.is_empty() && !made {
        let version = users::update(&mut *connection, person.id, &person.name, None, now).await?;
        let change = RecordChange { kind: "updated", version, changes };
        let act = Act { action: "user.updated", object: person::OBJECT, record_id: person.id };
        history::add_change(connection, opened.entry, act, change, now).await?;
    }
    Ok(opened)
}

/// The person, who is not to change while they come in.
async fn lock(connection: &mut PgConnection, id: Uuid) -> Result<Person, Failure> {
    let person = users::lock(connection, id).await?.ok_or_else(|| failed("unknown-person"))?;
    if person.deactivated_at.is_some() { Err(failed("deactivated")) } else { Ok(person) }
}

/// Somebody who comes for the first time: by an address that the provider has verified they are somebody who is here, or
/// somebody new. Says whether they were made.
async fn first(
    connection: &mut PgConnection,
    subject: (&str, &str),
    (settings, claims): (&SingleSignOn, &Claims),
    visitor: &Visitor,
    now: DateTime<Utc>,
) -> Result<(Person, bool), Failure> {
    let email = claims.text("email").and_then(Email::parse).ok_or_else(|| failed("email-missing"))?;
    if !claims.email_verified() {
        return Err(failed("email-unverified"));
    }
    let found = users::by_email(&mut *connection, &email).await?;
    let (person, made) = match found {
        Some(found) => (lock(&mut *connection, found.id).await?, false),
        None if settings.creates_people => {
            refuse_unless_active(&mut *connection).await?;
            refuse_beyond_limit(&mut *connection, &visitor.settings).await?;
            let name = claims.text("name").and_then(|name| person::name(name).ok());
            let name = name.unwrap_or_else(|| email.as_str().to_owned());
            let id = users::insert(&mut *connection, &email, &name, None, now).await?;
            // Somebody accepted an invitation to the address at this moment: their next attempt finds them.
            let id = id.ok_or_else(|| failed("other-account"))?;
            (lock(&mut *connection, id).await?, true)
        }
        None => return Err(failed("unknown-person")),
    };
    // A person who is another subject of the provider stays that one: addresses are given to others in time.
    if single_sign_on::link(connection, subject, person.id, now).await? {
        Ok((person, made))
    } else {
        Err(failed("other-account"))
    }
}

//! Invitations that the platform signs: the first opens the instance, a later one is how somebody who can no longer sign
//! in gets a new password. It changes nobody's rights.

use chrono::{DateTime, SubsecRound, Utc};
use contract::tokens::Invitation;
use http_conventions::{Code, FieldError, Problem};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::organisation::settings::Settings;
use crate::domain::value::email::Email;
use crate::http::App;
use crate::http::failure::Failure;
use crate::store::access::user_roles;
use crate::store::auth::{links, second_factors, sessions};
use crate::store::people::users::{self, Credentials};

/// What who accepts has typed.
pub(super) struct Accepting<'a> {
    pub(super) name: &'a str,
    pub(super) password_hash: &'a str,
    /// A code of their second factor.
    pub(super) code: Option<&'a SecretString>,
}

/// Who can sign in now.
pub(super) struct Accepted {
    pub(super) user_id: Uuid,
    /// Whether they were there before.
    pub(super) returns: bool,
}

/// Uses the invitation up: for a new administrator, or for somebody who is there already.
pub(super) async fn accept(
    app: &App,
    connection: &mut PgConnection,
    settings: &Settings,
    (invitation, email): (&Invitation, &Email),
    accepting: Accepting<'_>,
) -> Result<Accepted, Failure> {
    if !sessions::use_token(connection, invitation.jti, "invitation", app.now()).await? {
        return Err(Code::InvitationInvalid.into());
    }
    let person = match invited(connection, invitation, email).await? {
        Some(person) => {
            users::lock(connection, person.id).await?.filter(|person| person.deactivated_at.is_none())
        }
        None => None,
    };
    let Some(person) = person else {
        let role_id = user_roles::lock(connection).await?;
        let (name, hash) = (accepting.name, Some(accepting.password_hash));
        // Another invitation of the same address was faster.
        let made = users::insert(connection, email, name, hash, app.now()).await?;
        let user_id = made.ok_or(Code::InvitationInvalid)?;
        user_roles::set(connection, user_id, &[role_id]).await?;
        return Ok(Accepted { user_id, returns: false });
    };
    refuse_without_second_factor(app, connection, settings, person.id, accepting.code).await?;
    users::update(connection, person.id, accepting.name, None, app.now()).await?;
    users::set_password(connection, person.id, accepting.password_hash, app.now()).await?;
    // A new password ends what was opened with the old one, and links that were to set another.
    sessions::delete_of_user(connection, person.id).await?;
    links::withdraw_resets(connection, person.id).await?;
    Ok(Accepted { user_id: person.id, returns: true })
}

/// The invitation of a token that the platform has signed.
pub(super) fn verify(app: &App, settings: &Settings, token: &SecretString) -> Result<Invitation, Failure> {
    identity::verify_invitation(token.expose_secret(), &settings.keys, &app.tenant_uid).map_err(|error| {
        tracing::info!(%error, "an invitation was refused");
        Code::InvitationInvalid.into()
    })
}

/// Whom it is for, if it was not used yet.
pub(super) async fn address(
    connection: &mut PgConnection,
    invitation: &Invitation,
) -> Result<Email, Failure> {
    let email = Email::parse(&invitation.sub).ok_or(Code::InvitationInvalid)?;
    if sessions::is_used(connection, invitation.jti).await? {
        return Err(Code::InvitationInvalid.into());
    }
    Ok(email)
}

/// The person of the address, if there is one. An invitation from before they were made is refused, or an old link would
/// take the account over.
pub(super) async fn invited(
    connection: &mut PgConnection,
    invitation: &Invitation,
    email: &Email,
) -> Result<Option<Credentials>, Failure> {
    let Some(person) = users::by_email(connection, email).await? else { return Ok(None) };
    let issued = DateTime::<Utc>::from_timestamp(invitation.iat, 0).ok_or(Code::InvitationInvalid)?;
    // Tokens count whole seconds.
    if person.deactivated_at.is_some() || issued < person.created_at.trunc_subsecs(0) {
        return Err(Code::InvitationInvalid.into());
    }
    Ok(Some(person))
}

async fn refuse_without_second_factor(
    app: &App,
    connection: &mut PgConnection,
    settings: &Settings,
    user_id: Uuid,
    code: Option<&SecretString>,
) -> Result<(), Failure> {
    if !second_factors::guards(connection, user_id).await? {
        return Ok(());
    }
    let wrong = |code: &str| Problem::validation(vec![FieldError::new("/code", code)]);
    let code = code.ok_or_else(|| wrong("required"))?;
    app.count_check(user_id, app.now()).await?;
    if !app.take_code(connection, settings, user_id, code).await? {
        return Err(wrong("code-wrong").into());
    }
    app.forgive_check(user_id, app.now()).await;
    Ok(())
}

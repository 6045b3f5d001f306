//! Rules on giving and taking roles: nobody gives more than they hold, and an administrator is always left.

use http_conventions::{Code, FieldError, Problem};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::access::Area;
use crate::domain::auth::single_sign_on::SingleSignOn;
use crate::http::extract::caller::Caller;
use crate::http::failure::Failure;
use crate::store::access::user_roles;

/// Held while people's roles or activity change: whoever else changes them waits.
pub(crate) struct Roles {
    admin_role: Uuid,
    admins: Vec<Uuid>,
}

impl Roles {
    /// Waits for its turn, and reads who administrates.
    pub(crate) async fn lock(connection: &mut PgConnection) -> Result<Self, Failure> {
        let admin_role = user_roles::lock(&mut *connection).await?;
        Ok(Self { admin_role, admins: user_roles::active_holders(connection, admin_role).await? })
    }

    /// Refuses a caller whose right was taken since the request came in.
    pub(crate) async fn refuse_unless_manager(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
    ) -> Result<(), Failure> {
        let manages = user_roles::manages(connection, caller.session.user_id, Area::Users).await?;
        if manages { Ok(()) } else { Err(Code::Forbidden.into()) }
    }

    /// Refuses a change of somebody who is an administrator, or becomes one, by somebody who is none; and unknown roles.
    pub(crate) async fn refuse_beyond(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        before: &[Uuid],
        after: &[Uuid],
    ) -> Result<(), Failure> {
        let unknown = after.is_empty() || !user_roles::exist(connection, after).await?;
        if unknown {
            let code = if after.is_empty() { "required" } else { "unknown" };
            return Err(Problem::validation(vec![FieldError::new("/role_ids", code)]).into());
        }
        let of_admin = before.contains(&self.admin_role) || after.contains(&self.admin_role);
        if of_admin && !self.admins.contains(&caller.session.user_id) {
            return Err(Code::Forbidden.into());
        }
        Ok(())
    }

    /// Whether a role is there and can be given without a person deciding: not the administrator's.
    pub(crate) async fn is_for_strangers(
        &self,
        connection: &mut PgConnection,
        role: Uuid,
    ) -> Result<bool, Failure> {
        Ok(role != self.admin_role && user_roles::exist(connection, &[role]).await?)
    }

    /// Whether a person is an administrator who can sign in.
    pub(crate) fn is_admin(&self, user_id: Uuid) -> bool {
        self.admins.contains(&user_id)
    }

    /// Whether a group of the organisation's provider makes people administrators.
    pub(crate) fn is_given_by(&self, settings: &SingleSignOn) -> bool {
        settings.gives(self.admin_role)
    }

    /// The role that this person must keep, if they are the last administrator.
    pub(crate) fn kept_by(&self, id: Uuid) -> Option<Uuid> {
        (self.admins == [id]).then_some(self.admin_role)
    }

    /// Refuses to take the last administrator away; `after` are the person's roles, if they can sign in.
    pub(crate) fn refuse_without_admin(&self, id: Uuid, after: Option<&[Uuid]>) -> Result<(), Failure> {
        let stays = after.is_some_and(|roles| roles.contains(&self.admin_role));
        if self.admins == [id] && !stays {
            return Err(Problem::new(Code::Conflict).with("reason", "last-admin").into());
        }
        Ok(())
    }
}

//! Showing one record to a person or a team, and no longer.

use uuid::Uuid;

use super::{RecordError, RecordWriter};
use crate::domain::access::Action;
use crate::domain::metadata::registry::{Field, FieldType};
use crate::entropy;
use crate::store::audit::history::{self, Act};
use crate::store::records::shares::{self, Share};

/// With whom to share: either a person or a team.
#[derive(Debug, Clone, Copy)]
pub struct NewShare {
    /// A person.
    pub user_id: Option<Uuid>,
    /// A team.
    pub team_id: Option<Uuid>,
    /// Whether they may change the record too.
    pub edit: bool,
}

impl RecordWriter<'_> {
    /// Shares a record, or changes what an older share with the same gives.
    pub async fn share(&mut self, id: Uuid, new: NewShare) -> Result<Share, RecordError> {
        let NewShare { user_id, team_id, edit } = new;
        let (kind, with, pointer) = match (user_id, team_id) {
            (Some(user), None) => (FieldType::User, user, "/user_id"),
            (None, Some(team)) => (FieldType::Team, team, "/team_id"),
            _ => return Err(RecordError::at("/user_id", "one-of")),
        };
        self.lock_to_share(id).await?;
        if !self.records().can_refer(&kind, with).await? {
            return Err(RecordError::at(pointer, "unknown-reference"));
        }
        let share = Share { id: entropy::id(), user_id, team_id, edit, created_at: self.now };
        let by = self.principal.user_id;
        let share = shares::put(self.connection, (&self.object.name, id), &share, by).await?;
        self.write_act(id, "shared").await?;
        Ok(share)
    }

    /// Ends a share.
    pub async fn unshare(&mut self, id: Uuid, share_id: Uuid) -> Result<(), RecordError> {
        self.lock_to_share(id).await?;
        if !shares::delete(self.connection, (&self.object.name, id), share_id).await? {
            return Err(RecordError::NotFound);
        }
        Ok(self.write_act(id, "unshared").await?)
    }

    /// Who may change a record may show it to others.
    async fn lock_to_share(&mut self, id: Uuid) -> Result<(), RecordError> {
        let object = self.object;
        let fields: Vec<&Field> = object.field("id").into_iter().collect();
        let found = self.records().lock(id, Action::Update, &fields).await?.ok_or(RecordError::NotFound)?;
        if found.allowed { Ok(()) } else { Err(RecordError::Forbidden) }
    }

    async fn write_act(&mut self, id: Uuid, kind: &str) -> sqlx::Result<()> {
        let action = format!("{}.{kind}", self.object.name);
        let act = Act { action: &action, object: &self.object.name, record_id: id };
        history::write(self.connection, &self.principal.actor(), act, None, self.now).await
    }
}

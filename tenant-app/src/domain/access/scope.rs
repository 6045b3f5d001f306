//! Whose records an action reaches. Every query of records takes one, and only rights make one.

use uuid::Uuid;

use super::{Action, Level};

/// Whose records an action reaches, for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope<'a> {
    user_id: Uuid,
    level: Level,
    teams: &'a [Uuid],
    member_of: &'a [Uuid],
    all_teams: usize,
    action: Action,
}

/// What shares add to a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shares {
    /// Nothing: the action is not one that is shared, or the roles do not give it at all.
    Nothing,
    /// Records shared for reading or editing.
    ReadOrEdit,
    /// Records shared for editing.
    Edit,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(
        user_id: Uuid,
        level: Level,
        teams: &'a [Uuid],
        (member_of, all_teams): (&'a [Uuid], usize),
        action: Action,
    ) -> Self {
        Self { user_id, level, teams, member_of, all_teams, action }
    }

    /// The person.
    pub fn user_id(&self) -> Uuid {
        self.user_id
    }

    /// How far it reaches.
    pub fn level(&self) -> Level {
        self.level
    }

    /// The teams whose records it reaches beside one's own.
    pub fn teams(&self) -> &'a [Uuid] {
        self.teams
    }

    /// The teams through which records are shared with the person.
    pub fn member_of(&self) -> &'a [Uuid] {
        self.member_of
    }

    /// What shares add: only where roles give the action at least for own records.
    pub fn shares(&self) -> Shares {
        match (self.level, self.action) {
            (Level::None | Level::All, _) => Shares::Nothing,
            (_, Action::Read | Action::Export) => Shares::ReadOrEdit,
            (_, Action::Update) => Shares::Edit,
            _ => Shares::Nothing,
        }
    }

    /// Whether it reaches so few records (under about a tenth) that each owner's and team's index is read by itself.
    pub fn is_narrow(&self) -> bool {
        match self.level {
            Level::None | Level::All => false,
            Level::Own => true,
            Level::Team | Level::TeamAndBelow => self.teams.len() * 10 < self.all_teams,
        }
    }

    /// Whether it reaches a record of this owner and team, shares apart.
    pub fn covers(&self, owner: Option<Uuid>, team: Option<Uuid>) -> bool {
        match self.level {
            Level::None => false,
            Level::All => true,
            _ => owner == Some(self.user_id) || team.is_some_and(|team| self.teams.contains(&team)),
        }
    }
}

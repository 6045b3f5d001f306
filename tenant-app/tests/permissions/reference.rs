//! The rules as a person reads them, in plain loops over plain data. Imports nothing of the product.

use uuid::Uuid;

/// The actions that are asked for, by name.
pub(crate) const ACTIONS: [&str; 5] = ["read", "update", "delete", "export", "assign"];

#[derive(Debug, Clone)]
pub(crate) struct Team {
    pub(crate) id: Uuid,
    pub(crate) parent: Option<Uuid>,
}

#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) id: Uuid,
    pub(crate) teams: Vec<Uuid>,
    /// Each role: a level (0–4) for each action, in the order of [`ACTIONS`].
    pub(crate) roles: Vec<[i16; 5]>,
}

#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: Uuid,
    pub(crate) owner: Option<Uuid>,
    pub(crate) team: Option<Uuid>,
    pub(crate) trashed: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Share {
    pub(crate) record: Uuid,
    pub(crate) user: Option<Uuid>,
    pub(crate) team: Option<Uuid>,
    pub(crate) edit: bool,
    /// Shares of another object with the same ids mean nothing here.
    pub(crate) other_object: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Organisation {
    pub(crate) teams: Vec<Team>,
    pub(crate) users: Vec<User>,
    pub(crate) records: Vec<Record>,
    pub(crate) shares: Vec<Share>,
}

/// A mistake that one could make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    LowestRoleWins,
    FirstRoleWins,
    LastRoleWins,
    OwnForgotten,
    OwnSeesUnowned,
    TeamForgotten,
    TeamWithoutOwn,
    TeamSeesTeamless,
    BelowForgotten,
    BelowIsOneStep,
    BelowIsAbove,
    AllWithoutUnowned,
    SharesForgotten,
    UserSharesForgotten,
    TeamSharesForgotten,
    TeamSharesReachBelow,
    SharesOfOthers,
    SharesWithoutLevel,
    ReadShareAllowsUpdate,
    EditShareForgottenForUpdate,
    EditShareAllowsDelete,
    SharesNotForExport,
    SharesOfAnotherObject,
    TrashIsVisible,
    ActionWithoutRead,
    NobodyIsMe,
}

/// All of them.
pub(crate) const FAULTS: [Fault; 26] = [
    Fault::LowestRoleWins,
    Fault::FirstRoleWins,
    Fault::LastRoleWins,
    Fault::OwnForgotten,
    Fault::OwnSeesUnowned,
    Fault::TeamForgotten,
    Fault::TeamWithoutOwn,
    Fault::TeamSeesTeamless,
    Fault::BelowForgotten,
    Fault::BelowIsOneStep,
    Fault::BelowIsAbove,
    Fault::AllWithoutUnowned,
    Fault::SharesForgotten,
    Fault::UserSharesForgotten,
    Fault::TeamSharesForgotten,
    Fault::TeamSharesReachBelow,
    Fault::SharesOfOthers,
    Fault::SharesWithoutLevel,
    Fault::ReadShareAllowsUpdate,
    Fault::EditShareForgottenForUpdate,
    Fault::EditShareAllowsDelete,
    Fault::SharesNotForExport,
    Fault::SharesOfAnotherObject,
    Fault::TrashIsVisible,
    Fault::ActionWithoutRead,
    Fault::NobodyIsMe,
];

impl Organisation {
    /// Whether a person may do something with a record, if the rules had this fault.
    pub(crate) fn may(&self, user: &User, action: &str, record: &Record, fault: Option<Fault>) -> bool {
        if record.trashed && fault != Some(Fault::TrashIsVisible) {
            return false;
        }
        let readable = self.reaches(user, "read", record, fault);
        if action == "read" {
            return readable;
        }
        (readable || fault == Some(Fault::ActionWithoutRead)) && self.reaches(user, action, record, fault)
    }

    /// The highest level of the person's roles.
    pub(crate) fn level(user: &User, action: &str, fault: Option<Fault>) -> i16 {
        let index = ACTIONS.iter().position(|known| *known == action).expect("an action");
        let mut levels = user.roles.iter().map(|role| role[index]);
        let level = match fault {
            Some(Fault::LowestRoleWins) => levels.min(),
            Some(Fault::FirstRoleWins) => levels.next(),
            Some(Fault::LastRoleWins) => levels.next_back(),
            _ => levels.max(),
        };
        level.unwrap_or(0)
    }

    fn reaches(&self, user: &User, action: &str, record: &Record, fault: Option<Fault>) -> bool {
        let level = Self::level(user, action, fault);
        let unowned = record.owner.is_none() && fault == Some(Fault::OwnSeesUnowned);
        let mut own = record.owner == Some(user.id) || unowned;
        if fault == Some(Fault::OwnForgotten) {
            own = false;
        }
        let by_level = match level {
            0 => false,
            1 => own,
            2 => (own && fault != Some(Fault::TeamWithoutOwn)) || Self::in_team(user, record, fault),
            3 => own || self.in_team_or_below(user, record, fault),
            _ => record.owner.is_some() || fault != Some(Fault::AllWithoutUnowned),
        };
        let nobody = fault == Some(Fault::NobodyIsMe) && record.owner.is_none() && level == 1;
        let level_enough = level >= 1 || fault == Some(Fault::SharesWithoutLevel);
        by_level || nobody || (level_enough && self.shared(user, action, record, fault))
    }

    fn in_team(user: &User, record: &Record, fault: Option<Fault>) -> bool {
        match record.team {
            None => fault == Some(Fault::TeamSeesTeamless),
            Some(team) => user.teams.contains(&team) && fault != Some(Fault::TeamForgotten),
        }
    }

    fn in_team_or_below(&self, user: &User, record: &Record, fault: Option<Fault>) -> bool {
        let Some(mut team) = record.team else { return false };
        let mut steps = 0;
        loop {
            let counts = match fault {
                Some(Fault::BelowForgotten) => steps == 0,
                Some(Fault::BelowIsOneStep) => steps <= 1,
                Some(Fault::BelowIsAbove) => false,
                _ => true,
            };
            if user.teams.contains(&team) && counts {
                return true;
            }
            let parent = self.teams.iter().find(|known| known.id == team).and_then(|known| known.parent);
            let Some(parent) = parent else { break };
            team = parent;
            steps += 1;
        }
        fault == Some(Fault::BelowIsAbove)
            && user.teams.iter().any(|mine| record.team.is_some_and(|team| self.is_above(team, *mine)))
    }

    /// Whether `team` is `below` or above it.
    fn is_above(&self, team: Uuid, below: Uuid) -> bool {
        let mut at = Some(below);
        while let Some(now) = at {
            if now == team {
                return true;
            }
            at = self.teams.iter().find(|known| known.id == now).and_then(|known| known.parent);
        }
        false
    }

    fn shared(&self, user: &User, action: &str, record: &Record, fault: Option<Fault>) -> bool {
        if fault == Some(Fault::SharesForgotten) {
            return false;
        }
        self.shares.iter().filter(|share| share.record == record.id).any(|share| {
            if share.other_object && fault != Some(Fault::SharesOfAnotherObject) {
                return false;
            }
            let to_user = share.user == Some(user.id) && fault != Some(Fault::UserSharesForgotten);
            let to_team = share.team.is_some_and(|team| {
                user.teams.contains(&team)
                    || (fault == Some(Fault::TeamSharesReachBelow)
                        && user.teams.iter().any(|mine| self.is_above(*mine, team)))
            }) && fault != Some(Fault::TeamSharesForgotten);
            let to_other = fault == Some(Fault::SharesOfOthers);
            (to_user || to_team || to_other) && Self::share_gives(share, action, fault)
        })
    }

    fn share_gives(share: &Share, action: &str, fault: Option<Fault>) -> bool {
        match action {
            "read" => true,
            "export" => fault != Some(Fault::SharesNotForExport),
            "update" => {
                (share.edit && fault != Some(Fault::EditShareForgottenForUpdate))
                    || fault == Some(Fault::ReadShareAllowsUpdate)
            }
            "delete" => share.edit && fault == Some(Fault::EditShareAllowsDelete),
            _ => false,
        }
    }

    /// How a record is shared with a person: nothing, reading or editing, by a person's or a team's share.
    pub(crate) fn share_kind(&self, user: &User, record: &Record) -> &'static str {
        let reaching = |by_team: bool, edit: bool| {
            self.shares.iter().any(|share| {
                share.record == record.id
                    && !share.other_object
                    && share.edit == edit
                    && if by_team {
                        share.team.is_some_and(|team| user.teams.contains(&team))
                    } else {
                        share.user == Some(user.id)
                    }
            })
        };
        match (reaching(false, true), reaching(false, false), reaching(true, true), reaching(true, false)) {
            (true, ..) => "edit by name",
            (_, _, true, _) => "edit by team",
            (_, true, ..) => "read by name",
            (.., true) => "read by team",
            _ => "none",
        }
    }
}

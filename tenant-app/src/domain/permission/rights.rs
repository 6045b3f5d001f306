//! What one person may do: all their roles, compiled. Valid for one epoch of the permissions.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Action, Area, FieldRight, Level, SETTINGS, Scope};
use crate::domain::registry::{Field, Object, Registry, Writer};

/// One line of what roles give, the highest of all roles: an action's level (0–4) or a field's right (0–2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The object, or `settings`.
    pub object: String,
    /// The action or area.
    pub action: Option<String>,
    /// The field.
    pub field: Option<String>,
    /// The number.
    pub level: i16,
}

/// What one person may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    user_id: Uuid,
    teams: Vec<Uuid>,
    teams_and_below: Vec<Uuid>,
    primary_team: Option<Uuid>,
    /// How many teams there are in all.
    all_teams: usize,
    levels: BTreeMap<String, [Level; 8]>,
    fields: BTreeMap<(String, String), FieldRight>,
    areas: BTreeSet<&'static str>,
}

/// A person's place among the teams.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Membership {
    /// Their teams.
    pub teams: Vec<Uuid>,
    /// Their teams and all below.
    pub teams_and_below: Vec<Uuid>,
    /// The team that their new records get.
    pub primary_team: Option<Uuid>,
    /// How many teams there are in all.
    pub all_teams: usize,
}

impl Rights {
    /// Compiles what the store read.
    pub fn new(user_id: Uuid, membership: Membership, grants: &[Grant]) -> Self {
        let Membership { teams, teams_and_below, primary_team, all_teams } = membership;
        let mut rights = Self {
            user_id,
            teams,
            teams_and_below,
            primary_team,
            all_teams,
            levels: BTreeMap::new(),
            fields: BTreeMap::new(),
            areas: BTreeSet::new(),
        };
        for grant in grants {
            rights.add(grant);
        }
        rights
    }

    fn add(&mut self, Grant { object, action, field, level }: &Grant) {
        if let Some(field) = field {
            // A number that this program does not know gives nothing.
            let right = FieldRight::from_number(*level).unwrap_or(FieldRight::None);
            self.fields.insert((object.clone(), field.clone()), right);
            return;
        }
        let Some(action) = action else { return };
        let level = Level::from_number(*level).unwrap_or_default();
        if object == SETTINGS {
            let area = Area::ALL.into_iter().find(|area| area.as_str() == action);
            if let Some(area) = area.filter(|_| level == Level::All) {
                self.areas.insert(area.as_str());
            }
        } else if let Some(action) = Action::parse(action) {
            self.levels.entry(object.clone()).or_default()[action as usize] = level;
        }
    }

    /// Whether these are the same rights as others, however many teams there are that the person is not in.
    pub fn gives_the_same_as(&self, other: &Self) -> bool {
        *self == Self { all_teams: self.all_teams, ..other.clone() }
    }

    /// The person.
    pub fn user_id(&self) -> Uuid {
        self.user_id
    }

    /// Their teams.
    pub fn teams(&self) -> &[Uuid] {
        &self.teams
    }

    /// The team that a new record of theirs gets.
    pub fn primary_team(&self) -> Option<Uuid> {
        self.primary_team
    }

    /// How far an action reaches.
    pub fn level(&self, object: &str, action: Action) -> Level {
        self.levels.get(object).map_or(Level::None, |levels| levels[action as usize])
    }

    /// What may be done with a field. What the engine writes is read by whoever reads the record.
    pub fn field(&self, object: &Object, field: &Field) -> FieldRight {
        if field.is_system() {
            return FieldRight::Read;
        }
        let key = (object.name.to_string(), field.restricted_by().to_owned());
        // Rights that do not know a field yet were read before it was made, with who sees it in the same transaction.
        let unknown = if field.custom { FieldRight::None } else { FieldRight::Edit };
        let right = self.fields.get(&key).copied().unwrap_or(unknown);
        if field.writer == Writer::Engine { right.min(FieldRight::Read) } else { right }
    }

    /// Whether a field may be read.
    pub fn reads(&self, object: &Object, field: &Field) -> bool {
        self.field(object, field) >= FieldRight::Read
    }

    /// The fields of an object that may be read, in the order of the registry.
    pub fn readable<'o>(&self, object: &'o Object) -> Vec<&'o Field> {
        object.fields.iter().filter(|field| self.reads(object, field)).collect()
    }

    /// Whether the person holds at least what a grant gives: nobody gives more than they have.
    pub fn holds(&self, registry: &Registry, Grant { object, action, field, level }: &Grant) -> bool {
        if object == SETTINGS {
            return *level == 0 || action.as_deref().is_some_and(|area| self.areas.contains(area));
        }
        match (action.as_deref().and_then(Action::parse), field) {
            (Some(action), _) => self.level(object, action) as i16 >= *level,
            (_, Some(field)) => registry
                .object(object)
                .and_then(|object| object.field(field).map(|field| self.field(object, field)))
                .is_some_and(|right| right as i16 >= *level),
            (None, None) => false,
        }
    }

    /// Whether an area of the settings is theirs.
    pub fn manages(&self, area: Area) -> bool {
        self.areas.contains(area.as_str())
    }

    /// Whose records an action reaches.
    pub fn scope(&self, object: &Object, action: Action) -> Scope<'_> {
        let level = self.level(&object.name, action);
        let teams: &[Uuid] = match level {
            Level::None | Level::Own | Level::All => &[],
            Level::Team => &self.teams,
            Level::TeamAndBelow => &self.teams_and_below,
        };
        Scope::new(self.user_id, level, teams, (&self.teams, self.all_teams), action)
    }
}

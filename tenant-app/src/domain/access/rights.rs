//! What one person may do: all their roles, compiled. Valid for one epoch of the permissions.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Action, Area, FieldRight, Level, SETTINGS, Scope};
use crate::domain::metadata::registry::{Field, Object, Registry, Writer};

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

    /// These rights, as far as `other` gives them too: to look at the program with less than one has. Person and teams
    /// stay, so that "own" and "team" are theirs. It never gives more than either.
    #[must_use]
    pub fn narrowed_to(&self, other: &Self) -> Self {
        let lower = |object: &str, index: usize, level: Level| {
            level.min(other.levels.get(object).map_or(Level::None, |levels| levels[index]))
        };
        let levels = self.levels.iter().map(|(object, levels)| {
            let narrowed = std::array::from_fn(|index| lower(object, index, levels[index]));
            (object.clone(), narrowed)
        });
        // Both were read of one catalogue: what only one knows is being made at this moment, and not seen yet.
        let keys: BTreeSet<_> = self.fields.keys().chain(other.fields.keys()).collect();
        let right = |rights: &Self, key| rights.fields.get(key).copied().unwrap_or(FieldRight::None);
        let fields = keys.into_iter().map(|key| (key.clone(), right(self, key).min(right(other, key))));
        Self {
            levels: levels.collect(),
            fields: fields.collect(),
            areas: self.areas.intersection(&other.areas).copied().collect(),
            ..self.clone()
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    const LEVELS: [Level; 5] = [Level::None, Level::Own, Level::Team, Level::TeamAndBelow, Level::All];

    fn grant(object: &str, action: Option<&str>, field: Option<&str>, level: i16) -> Grant {
        Grant {
            object: object.to_owned(),
            action: action.map(str::to_owned),
            field: field.map(str::to_owned),
            level,
        }
    }

    fn rights(grants: &[Grant]) -> Rights {
        let teams = Membership { teams: vec![Uuid::from_u128(7)], ..Membership::default() };
        Rights::new(Uuid::nil(), teams, grants)
    }

    #[test]
    fn narrowed_rights_are_the_lower_of_both_for_every_pair_of_levels() {
        for mine in LEVELS {
            for theirs in LEVELS {
                let of = |level: Level| rights(&[grant("lead", Some("update"), None, level as i16)]);
                let narrowed = of(mine).narrowed_to(&of(theirs));
                assert_eq!(narrowed.level("lead", Action::Update), mine.min(theirs), "{mine:?} {theirs:?}");
            }
        }
        let all = rights(&[grant("lead", Some("read"), None, 4)]);
        assert_eq!(all.narrowed_to(&rights(&[])).level("lead", Action::Read), Level::None);
        assert_eq!(rights(&[]).narrowed_to(&all).level("lead", Action::Read), Level::None);
        assert_eq!(all.narrowed_to(&all).teams(), all.teams());
    }

    #[test]
    fn narrowed_rights_hide_what_one_of_both_hides_or_does_not_know() {
        let registry = Registry::standard();
        let lead = registry.object("lead").expect("there");
        let company = lead.field("company").expect("there");
        let of = |right: i16| rights(&[grant("lead", None, Some("company"), right)]);
        for (mine, theirs) in [(0, 2), (2, 0), (1, 2), (2, 1), (2, 2), (0, 1)] {
            let narrowed = of(mine).narrowed_to(&of(theirs)).field(lead, company);
            assert_eq!(Some(narrowed), FieldRight::from_number(mine.min(theirs)), "{mine} {theirs}");
        }
        assert_eq!(of(2).narrowed_to(&rights(&[])).field(lead, company), FieldRight::None);
        assert_eq!(rights(&[]).narrowed_to(&of(2)).field(lead, company), FieldRight::None);
    }

    #[test]
    fn narrowed_rights_keep_the_areas_that_both_have() {
        let of = |areas: &[&str]| {
            let grants: Vec<_> = areas.iter().map(|area| grant(SETTINGS, Some(area), None, 4)).collect();
            rights(&grants)
        };
        let narrowed = of(&["users", "roles"]).narrowed_to(&of(&["roles", "fields"]));
        let kept: Vec<_> = Area::ALL.into_iter().filter(|area| narrowed.manages(*area)).collect();
        assert_eq!(kept, [Area::Roles]);
    }
}

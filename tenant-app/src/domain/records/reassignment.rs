//! Records that pass from one person to another: who may do it, and what history says of each. Pure.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::access::{Action, Level, Rights};
use crate::domain::metadata::registry::{Access, Object, Registry};

/// Objects whose records have an owner.
pub fn owned(registry: &Registry) -> impl Iterator<Item = &Object> {
    registry.objects().iter().filter(|object| object.access == Access::Owned)
}

/// Whether somebody may pass any record of an object on: all that a person owns is more than what one sees of it.
pub fn may(rights: &Rights, object: &Object) -> bool {
    rights.level(&object.name, Action::Assign) == Level::All
}

/// What changes of a record.
pub fn changes(from: Uuid, to: Uuid, old_team: Option<Uuid>, team: Option<Uuid>) -> Map<String, Value> {
    let mut changes = Map::from_iter([("owner_id".to_owned(), json!({"old": from, "new": to}))]);
    if old_team != team {
        changes.insert("team_id".to_owned(), json!({"old": old_team, "new": team}));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_team_is_history_where_it_changes() {
        let [from, to, team] = [1, 2, 3].map(Uuid::from_u128);
        let same = changes(from, to, Some(team), Some(team));
        assert_eq!(Value::Object(same), json!({"owner_id": {"old": from, "new": to}}));
        let moved = changes(from, to, Some(team), None);
        assert_eq!(moved["team_id"], json!({"old": team, "new": null}));
        let owned: Vec<_> = owned(&Registry::standard()).map(|object| object.name.to_string()).collect();
        assert_eq!(owned, ["account", "contact", "lead", "opportunity", "task"]);
    }
}

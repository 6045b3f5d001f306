//! What somebody who may read the audit log may read of a change. That something happened they see always.

use std::collections::HashMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::domain::access::{Action, Area, Level, Rights};
use crate::domain::auth::{sign_in_rules, single_sign_on};
use crate::domain::metadata::custom_field::column;
use crate::domain::metadata::registry::{Access, Field, FieldType, Object, Registry};
use crate::domain::organisation::currency_rate;
use crate::domain::records::sort::Sort;
use crate::domain::records::{input, view};
use crate::domain::value::participant::CONTACT;

/// Who reads the log.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The person.
    pub user_id: Uuid,
    /// What they may do.
    pub rights: &'a Rights,
    /// Objects and fields.
    pub registry: &'a Registry,
    /// The views that they see, and the object whose records each lists.
    pub views: HashMap<Uuid, String>,
}

impl Reader<'_> {
    /// What of a change of something they may read; nothing if they may not see the thing.
    pub fn shown(
        &self,
        (object, id): (&str, Uuid),
        actor_id: Option<Uuid>,
        changes: Map<String, Value>,
    ) -> Option<Map<String, Value>> {
        let manages = |area| self.rights.manages(area).then_some(());
        match object {
            _ if self.registry.object(object).is_some() => return self.of_record(object, changes),
            view::OBJECT => return self.of_view(id, actor_id, changes),
            "field" => self.reads_custom_field(id).then_some(())?,
            "role" => manages(Area::Roles)?,
            "invitation" | "registration" => manages(Area::Users)?,
            currency_rate::OBJECT => manages(Area::Organisation)?,
            single_sign_on::OBJECT | sign_in_rules::OBJECT => manages(Area::Security)?,
            // People, teams, tags, pipelines and what the organisation shares are for everybody.
            _ => {}
        }
        Some(changes)
    }

    /// Which single records somebody sees changes over time, so it takes the right to read all of them.
    fn of_record(&self, object: &str, changes: Map<String, Value>) -> Option<Map<String, Value>> {
        let object = self.registry.object(object).filter(|object| self.reads_all(&object.name))?;
        let shown = |name: &String| {
            object.field(name).is_some_and(|field| {
                let refers_to_hidden = match &field.kind {
                    FieldType::Relation { object: target } => !self.reads_all(target),
                    FieldType::Participants => !self.reads_all(CONTACT),
                    FieldType::Links => !self.reads_all_of_linked(),
                    _ => false,
                };
                self.rights.reads(object, field) && !refers_to_hidden
            })
        };
        Some(changes.into_iter().filter(|(name, _)| shown(name)).collect())
    }

    /// A view of one's own, or one that one sees now: without what of its filter, columns and order one may not see.
    fn of_view(
        &self,
        id: Uuid,
        actor_id: Option<Uuid>,
        changes: Map<String, Value>,
    ) -> Option<Map<String, Value>> {
        let object = self.views.get(&id).and_then(|object| self.registry.object(object));
        let Some(object) = object else {
            // What of it somebody else may have chosen is not theirs to read.
            let plain = |name: &str| !matches!(name, "filter" | "columns" | "sort");
            let own = actor_id == Some(self.user_id);
            return own.then(|| changes.into_iter().filter(|(name, _)| plain(name)).collect());
        };
        let shown = |name: &str, value: &Value| self.reads_of_view(object, name, value);
        let both = |name: &str, change: &Value| {
            ["old", "new"].iter().all(|side| change.get(side).is_none_or(|value| shown(name, value)))
        };
        Some(changes.into_iter().filter(|(name, change)| both(name, change)).collect())
    }

    fn reads_of_view(&self, object: &Object, member: &str, value: &Value) -> bool {
        let readable = |field: &Field| self.rights.reads(object, field);
        match (member, value) {
            (_, Value::Null) => true,
            ("filter", filter) => input::filter(self.registry, object, self.rights, filter).is_ok(),
            ("columns", Value::Array(names)) => names
                .iter()
                .all(|name| name.as_str().and_then(|name| object.field(name)).is_some_and(readable)),
            ("sort", Value::String(sort)) => Sort::parse(sort, object, readable).is_some(),
            ("columns" | "sort", _) => false,
            _ => true,
        }
    }

    /// A field that is archived is nobody's to read, but its definition is no secret any more than the others are.
    fn reads_custom_field(&self, id: Uuid) -> bool {
        let column = column(id);
        let found = self.registry.objects().iter().find_map(|object| {
            let field = object.fields.iter().find(|field| field.custom && field.column == column)?;
            Some((object, field))
        });
        found.map_or_else(
            || self.rights.manages(Area::Fields),
            |(object, field)| self.rights.reads(object, field),
        )
    }

    fn reads_all(&self, object: &str) -> bool {
        match self.registry.object(object) {
            // What hangs on records is seen with any of them.
            Some(object) if object.access == Access::Linked => self.reads_all_of_linked(),
            _ => self.rights.level(object, Action::Read) == Level::All,
        }
    }

    fn reads_all_of_linked(&self) -> bool {
        let mut owned = self.registry.objects().iter().filter(|object| object.access == Access::Owned);
        owned.all(|object| self.rights.level(&object.name, Action::Read) == Level::All)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::access::{Grant, Membership};

    const ANN: Uuid = Uuid::from_u128(1);
    const VIEW: Uuid = Uuid::from_u128(2);

    /// Somebody from whom the phone of leads is hidden.
    fn rights() -> Rights {
        let hidden = Grant { object: "lead".into(), action: None, field: Some("phone".into()), level: 0 };
        Rights::new(ANN, Membership::default(), &[hidden])
    }

    fn shown(object: &str, actor: Option<Uuid>, sees: bool, changes: &Value) -> Option<Value> {
        let (rights, registry) = (rights(), Registry::standard());
        let views = if sees { HashMap::from([(VIEW, "lead".to_owned())]) } else { HashMap::new() };
        let reader = Reader { user_id: ANN, rights: &rights, registry: &registry, views };
        let changes = changes.as_object().expect("members").clone();
        reader.shown((object, VIEW), actor, changes).map(Value::Object)
    }

    #[test]
    fn a_view_is_read_by_who_sees_it_and_hidden_fields_by_nobody() {
        let plain =
            json!({"name": {"old": null, "new": "Mine"}, "columns": {"old": null, "new": ["last_name"]}});
        let term = |field: &str| json!({"field": field, "op": "eq", "value": "x"});
        let secret = json!({"filter": {"old": term("last_name"), "new": term("phone")}, "sort": {"old": "phone"},
            "columns": {"old": ["last_name", "phone"], "new": null}, "name": {"new": "Mine"}});
        assert_eq!(shown("view", None, false, &plain), None, "somebody's private one");
        let named = json!({"name": {"old": null, "new": "Mine"}});
        assert_eq!(shown("view", Some(ANN), false, &plain), Some(named), "one's own that went");
        assert_eq!(shown("view", None, true, &plain), Some(plain.clone()));
        assert_eq!(shown("view", None, true, &secret), Some(json!({"name": {"new": "Mine"}})));
    }

    #[test]
    fn settings_are_read_by_who_keeps_them() {
        let changes = json!({"name": {"old": "a", "new": "b"}});
        for object in ["role", "invitation", "currency_rate", "single_sign_on", "sign_in_rules", "field"] {
            assert_eq!(shown(object, Some(ANN), true, &changes), None, "{object}");
        }
        for object in ["user", "team", "tag", "pipeline", "organisation"] {
            assert_eq!(shown(object, None, true, &changes), Some(changes.clone()), "{object}");
        }
    }
}

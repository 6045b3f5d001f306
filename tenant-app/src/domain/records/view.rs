//! Saved views: lists as people want them again. What a view holds is checked as lists check it, and shown without what
//! its reader may not see. Pure.

use http_conventions::FieldError;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::choice::{self, reads};
use super::input;
use super::sort::Sort;
use crate::domain::access::Rights;
use crate::domain::metadata::registry::{Field, Object, Registry};
use crate::domain::people::person;

/// Views in history.
pub const OBJECT: &str = "view";
/// So many a person has at most.
pub const MOST: i64 = 100;
/// So many of one object are shared at most: everyone gets all of them at once.
pub const MOST_SHARED: i64 = 500;

const LONGEST_NAME: usize = 100;
const MOST_COLUMNS: usize = 100;
const MOST_TEAMS: usize = 100;

/// Who sees a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Its owner.
    #[default]
    Private,
    /// And the members of some teams.
    Team,
    /// And everyone who sees records of the object.
    Shared,
}

/// What people change of a view.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct View {
    /// Its name.
    pub name: String,
    /// Who sees it.
    pub visibility: Visibility,
    /// The teams that see it, each once, by id; none unless `visibility` is `team`.
    pub team_ids: Vec<Uuid>,
    /// Which records it shows, in the form that is sent; all without it.
    pub filter: Option<Json>,
    /// The fields it shows, in this order; the app's choice where there are none.
    pub columns: Vec<String>,
    /// The order, as lists take it: `-updated_at,name`; theirs without it.
    pub sort: Option<String>,
}

/// What a reader gets of a view.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The view without what the reader may not see.
    pub view: View,
    /// The members from which something was left out: `filter`, `columns`, `sort`. A filter is left out whole.
    pub hidden: Vec<&'static str>,
}

/// A name as it is kept; or what is wrong with it.
pub fn name(text: &str) -> Result<String, FieldError> {
    let name = person::name(text)?;
    if name.chars().count() > LONGEST_NAME {
        return Err(FieldError::new("/name", "too-long").with("max", LONGEST_NAME));
    }
    Ok(name)
}

impl View {
    /// What of its filter, columns, order and teams somebody cannot write so. Members that are the same as `before` are
    /// not asked again: what a field's end or a lost right has spoiled stays as it is until someone replaces it.
    pub fn mistakes(
        &self,
        before: Option<&Self>,
        (registry, object): (&Registry, &Object),
        rights: &Rights,
    ) -> Vec<FieldError> {
        let mut mistakes = Vec::new();
        if before.is_none_or(|before| before.filter != self.filter)
            && let Some(filter) = &self.filter
        {
            mistakes.extend(input::filter(registry, object, rights, filter).err().unwrap_or_default());
        }
        if before.is_none_or(|before| before.columns != self.columns) {
            mistakes.extend(self.wrong_columns(object, rights));
        }
        let readable = |field: &Field| rights.reads(object, field);
        if before.is_none_or(|before| before.sort != self.sort)
            && self.sort.as_deref().is_some_and(|sort| Sort::parse(sort, object, readable).is_none())
        {
            mistakes.push(FieldError::new("/sort", "wrong-sort"));
        }
        match self.visibility {
            Visibility::Team if self.team_ids.is_empty() => {
                mistakes.push(FieldError::new("/team_ids", "required"));
            }
            Visibility::Team if self.team_ids.len() > MOST_TEAMS => {
                mistakes.push(FieldError::new("/team_ids", "too-many").with("max", MOST_TEAMS));
            }
            Visibility::Private | Visibility::Shared if !self.team_ids.is_empty() => {
                mistakes.push(FieldError::new("/team_ids", "not-allowed"));
            }
            _ => {}
        }
        mistakes
    }

    fn wrong_columns(&self, object: &Object, rights: &Rights) -> Vec<FieldError> {
        if self.columns.len() > MOST_COLUMNS {
            return vec![FieldError::new("/columns", "too-many").with("max", MOST_COLUMNS)];
        }
        choice::wrong_columns(&self.columns, object, rights)
    }

    /// What somebody may see of it. Fields that are archived are not there for anyone.
    pub fn shown_to(mut self, (registry, object): (&Registry, &Object), rights: &Rights) -> Shown {
        let mut hidden = Vec::new();
        if self.filter.as_ref().is_some_and(|json| input::filter(registry, object, rights, json).is_err()) {
            // Whole: without one of its terms a filter says something else.
            self.filter = None;
            hidden.push("filter");
        }
        let before = self.columns.len();
        self.columns.retain(|name| reads(object, rights, name));
        if self.columns.len() < before {
            hidden.push("columns");
        }
        if let Some(sort) = self.sort.take() {
            let readable = |field: &Field| rights.reads(object, field);
            let (known, unknown): (Vec<_>, Vec<_>) =
                sort.split(',').partition(|key| Sort::parse(key, object, readable).is_some());
            self.sort = (!known.is_empty()).then(|| known.join(","));
            if !unknown.is_empty() {
                hidden.push("sort");
            }
        }
        Shown { view: self, hidden }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::access::{Grant, Membership};

    fn rights() -> Rights {
        let hidden = Grant { object: "lead".into(), action: None, field: Some("phone".into()), level: 0 };
        Rights::new(Uuid::nil(), Membership::default(), &[hidden])
    }

    fn view() -> View {
        View {
            name: "Mine".into(),
            visibility: Visibility::Private,
            team_ids: Vec::new(),
            filter: Some(json!({"v": 1, "where": {"field": "phone", "op": "empty"}})),
            columns: vec!["last_name".into(), "phone".into()],
            sort: Some("-phone,last_name".into()),
        }
    }

    #[test]
    fn what_a_reader_may_not_see_is_left_out_and_told() {
        let registry = Registry::standard();
        let lead = (&registry, registry.object("lead").expect("there"));
        let shown = view().shown_to(lead, &rights());
        assert_eq!(shown.hidden, ["filter", "columns", "sort"]);
        let View { filter, columns, sort, .. } = shown.view;
        assert_eq!(
            (filter, columns, sort.as_deref()),
            (None, vec!["last_name".to_owned()], Some("last_name"))
        );
        let all = Rights::new(Uuid::nil(), Membership::default(), &[]);
        assert_eq!(view().shown_to(lead, &all), Shown { view: view(), hidden: Vec::new() });
    }

    #[test]
    fn what_is_written_is_checked_and_what_stays_is_not() {
        let registry = Registry::standard();
        let lead = (&registry, registry.object("lead").expect("there"));
        let said = |view: &View, before: Option<&View>| {
            let mistakes = view.mistakes(before, lead, &rights());
            mistakes.into_iter().map(|it| format!("{} {}", it.pointer, it.code)).collect::<Vec<_>>()
        };
        assert_eq!(
            said(&view(), None),
            ["/filter/where/field unknown-field", "/columns/1 unknown-field", "/sort wrong-sort"]
        );
        let renamed = View { name: "Other".into(), ..view() };
        assert_eq!(said(&renamed, Some(&view())), [""; 0]);
        let twice = View { columns: vec!["last_name".into(), "last_name".into()], ..view() };
        assert_eq!(said(&twice, Some(&view())), ["/columns/1 repeated"]);
        let nobody = View { visibility: Visibility::Team, ..view() };
        assert_eq!(said(&nobody, Some(&view())), ["/team_ids required"]);
        let stray = View { team_ids: vec![Uuid::nil()], ..view() };
        assert_eq!(said(&stray, Some(&view())), ["/team_ids not-allowed"]);
    }

    #[test]
    fn names_are_short() {
        assert_eq!(name(&"ä".repeat(100)).expect("100 characters").chars().count(), 100);
        assert_eq!(name(&"x".repeat(101)).expect_err("refused").code, "too-long");
    }
}

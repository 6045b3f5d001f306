//! Views as the API gives and takes them.

use http_conventions::{FieldError, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::access::Area;
use crate::domain::records::view::{self, Shown, View, Visibility};
use crate::http::extract::caller::Caller;
use crate::http::extract::parameters::present;
use crate::http::failure::Failure;
use crate::store::records::views::ViewRow;

/// A saved view, as its reader may see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = View)]
pub struct ViewBody {
    /// Its id.
    pub id: Uuid,
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// The object whose records it lists: `lead`.
    pub object: String,
    /// Its name.
    pub name: String,
    /// Who made it.
    pub owner_id: Uuid,
    /// Who sees it.
    pub visibility: Visibility,
    /// The teams that see it, where `visibility` is `team`.
    pub team_ids: Vec<Uuid>,
    /// The filter of the list, as its parameter takes it; null for all records.
    #[schema(required, value_type = Option<Object>)]
    pub filter: Option<Value>,
    /// The fields to show, in this order; empty for the app's choice.
    pub columns: Vec<String>,
    /// The order, as the list's parameter takes it; null for the list's own.
    #[schema(required)]
    pub sort: Option<String>,
    /// Whether the caller begins with it; of one object one view.
    pub is_default: bool,
    /// Whether the caller keeps it at hand.
    pub is_pinned: bool,
    /// Whether the caller may change and remove it.
    pub editable: bool,
    /// The members from which something is left out that the caller may not see or that is there no more: `filter` (left
    /// out whole), `columns`, `sort`. A change that does not name them keeps them.
    pub hidden: Vec<String>,
}

/// Saved views.
#[derive(Debug, Serialize, ToSchema)]
pub struct ViewList {
    /// By name.
    pub items: Vec<ViewBody>,
}

/// Which views.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ViewParameters {
    /// Those of one object: `lead`.
    pub(crate) object: Option<String>,
}

/// What makes or changes a view: what is not named stays.
#[expect(clippy::option_option, reason = "a merge patch has three cases: named, null, not named")]
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewInput {
    /// The object whose records it lists; a new one must have one, and keeps it.
    #[serde(default)]
    #[schema(nullable = false)]
    pub(crate) object: Option<String>,
    /// Its name; a new one must have one.
    #[serde(default)]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Who sees it; its owner alone without it.
    #[serde(default)]
    #[schema(nullable = false)]
    visibility: Option<Visibility>,
    /// The teams that see it, where `visibility` is `team`.
    #[serde(default)]
    #[schema(nullable = false)]
    team_ids: Option<Vec<Uuid>>,
    /// The filter of the list; null for all records.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Object>, required = false)]
    filter: Option<Option<Value>>,
    /// The fields to show, in this order; empty for the app's choice.
    #[serde(default)]
    #[schema(nullable = false)]
    columns: Option<Vec<String>>,
    /// The order, as the list's parameter takes it; null for the list's own.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false)]
    sort: Option<Option<String>>,
}

/// What the caller thinks of a view.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewPreference {
    /// Whether to begin with it; the default of the object before is none any more.
    pub(crate) is_default: bool,
    /// Whether to keep it at hand.
    pub(crate) is_pinned: bool,
}

impl ViewBody {
    /// `None` of an object that is not there any more.
    pub(crate) fn shown_to(caller: &Caller, row: ViewRow) -> Option<Self> {
        let object = caller.registry.object(&row.object)?;
        let ViewRow { id, version, owner_id, is_default, is_pinned, .. } = row;
        let editable = may_change(caller, &row);
        let Shown { view, hidden } = View::from(row).shown_to((&caller.registry, object), &caller.rights);
        let View { name, visibility, team_ids, filter, columns, sort } = view;
        let (object, hidden) = (object.name.to_string(), hidden.into_iter().map(str::to_owned).collect());
        Some(Self {
            id,
            version,
            object,
            name,
            owner_id,
            visibility,
            team_ids,
            filter,
            columns,
            sort,
            is_default,
            is_pinned,
            editable,
            hidden,
        })
    }
}

impl ViewInput {
    pub(crate) fn applied(self, before: Option<&View>) -> Result<View, Failure> {
        let Self { object: _, name, visibility, team_ids, filter, columns, sort } = self;
        let name = match (name, before) {
            (Some(name), _) => view::name(&name),
            (None, Some(before)) => Ok(before.name.clone()),
            (None, None) => Err(FieldError::new("/name", "required")),
        };
        let name = name.map_err(|mistake| Problem::validation(vec![mistake]))?;
        let visibility = visibility.or(before.map(|before| before.visibility)).unwrap_or_default();
        // Another visibility needs no teams, or new ones.
        let kept = before.filter(|before| before.visibility == visibility);
        let mut team_ids =
            team_ids.or_else(|| kept.map(|before| before.team_ids.clone())).unwrap_or_default();
        team_ids.sort_unstable();
        team_ids.dedup();
        let filter = filter.unwrap_or_else(|| before.and_then(|before| before.filter.clone()));
        let columns = columns.or_else(|| before.map(|before| before.columns.clone())).unwrap_or_default();
        let sort = sort.unwrap_or_else(|| before.and_then(|before| before.sort.clone()));
        Ok(View { name, visibility, team_ids, filter, columns, sort })
    }
}

/// Whether somebody may change and remove a view that they see.
pub(crate) fn may_change(caller: &Caller, row: &ViewRow) -> bool {
    row.owner_id == caller.session.user_id
        || row.visibility.0 != Visibility::Private && caller.keeps(Area::Views)
}

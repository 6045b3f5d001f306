//! The tables that a made-up organisation is written into, whole, each row as COPY takes it. Pure.

use serde_json::Value;
use uuid::Uuid;

use crate::domain::sample::{Change, Kind, Made, Organisation};

/// Rows of a table; an empty text is null.
pub(super) struct Table<'a> {
    pub(super) name: &'static str,
    pub(super) columns: &'static str,
    pub(super) rows: Box<dyn Iterator<Item = Vec<String>> + Send + 'a>,
}

/// Every table that is filled, in the order in which they are.
pub(super) fn tables(organisation: &Organisation) -> Vec<Table<'_>> {
    let of = |kind: Kind, columns: &'static str| Table {
        name: kind.object(),
        columns,
        rows: Box::new(organisation.all().filter(move |made| made.kind == kind).map(row)),
    };
    vec![
        of(
            Kind::Account,
            "id, version, created_at, updated_at, owner_id, team_id, name, website, phone, email, industry, employees,
             parent_id, street, postal_code, city, country",
        ),
        of(
            Kind::Contact,
            "id, version, created_at, updated_at, owner_id, team_id, first_name, last_name, job_title, email, phone,
             account_id, street, postal_code, city, country",
        ),
        of(
            Kind::Lead,
            "id, version, created_at, updated_at, owner_id, team_id, first_name, last_name, company, job_title, email,
             phone, website, status, source, value, value_currency, value_base, street, postal_code, city, country",
        ),
        of(
            Kind::Opportunity,
            "id, version, created_at, updated_at, owner_id, team_id, name, account_id, pipeline_id, stage_id, amount,
             amount_currency, amount_base, close_date, lost_reason",
        ),
        Table {
            name: "opportunity_stage_history",
            columns: "opportunity_id, stage_id, entered_at, left_at",
            rows: Box::new(organisation.all().flat_map(stage_rows)),
        },
        of(
            Kind::Task,
            "id, version, created_at, updated_at, owner_id, team_id, name, status, priority, due_at",
        ),
        of(Kind::Note, "id, version, created_at, updated_at, author_id, body"),
        Table {
            name: "activity_link",
            columns: "activity, activity_id, object, record_id",
            rows: Box::new(organisation.all().filter_map(link_row)),
        },
        Table {
            name: "audit_entry",
            columns: "id, at, actor_id, actor_name, action, object, record_id",
            rows: Box::new(organisation.all().flat_map(audit_rows)),
        },
        Table {
            name: "record_change",
            columns: "id, audit_entry_id, at, object, record_id, kind, version, changes",
            rows: Box::new(organisation.all().flat_map(change_rows)),
        },
    ]
}

/// The whole row of a record: what every record has, then its own columns.
fn row(made: Made<'_>) -> Vec<String> {
    let first = made.history[0].at;
    let last = made.history.last().map_or(first, |change| change.at);
    let mut row = vec![made.id().to_string(), made.history.len().to_string()];
    row.extend([first.to_rfc3339(), last.to_rfc3339(), made.owner.id.to_string()]);
    if made.kind != Kind::Note {
        row.push(made.owner.team_id.map(|team| team.to_string()).unwrap_or_default());
    }
    row.extend(made.columns);
    row
}

fn stage_rows(made: Made<'_>) -> Vec<Vec<String>> {
    let left = made.stages.iter().skip(1).map(|(_, at)| at.to_rfc3339()).chain([String::new()]);
    let rows = made.stages.iter().zip(left);
    let record = made.id().to_string();
    rows.map(|((stage, entered), left)| vec![record.clone(), stage.to_string(), entered.to_rfc3339(), left])
        .collect()
}

fn link_row(made: Made<'_>) -> Option<Vec<String>> {
    let (object, record) = made.about()?;
    Some(vec![made.kind.object().to_owned(), made.id().to_string(), object.to_owned(), record.to_string()])
}

/// The ids of a change and of its entry: those of the record, with the number of the change in them.
fn history_id(made: &Made<'_>, index: usize, of_entry: bool) -> Uuid {
    let mut bytes = *made.id().as_bytes();
    bytes[15] ^= u8::try_from(index * 2 + usize::from(of_entry) + 1).unwrap_or(u8::MAX);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

fn verb(index: usize) -> &'static str {
    if index == 0 { "created" } else { "updated" }
}

fn audit_rows(made: Made<'_>) -> Vec<Vec<String>> {
    let (object, record) = (made.kind.object(), made.id().to_string());
    let row = |(index, change): (usize, &Change)| {
        vec![
            history_id(&made, index, true).to_string(),
            change.at.to_rfc3339(),
            made.owner.id.to_string(),
            made.owner.name.clone(),
            format!("{object}.{}", verb(index)),
            object.to_owned(),
            record.clone(),
        ]
    };
    made.history.iter().enumerate().map(row).collect()
}

fn change_rows(made: Made<'_>) -> Vec<Vec<String>> {
    let record = made.id().to_string();
    let row = |(index, change): (usize, &Change)| {
        vec![
            history_id(&made, index, false).to_string(),
            history_id(&made, index, true).to_string(),
            change.at.to_rfc3339(),
            made.kind.object().to_owned(),
            record.clone(),
            verb(index).to_owned(),
            (index + 1).to_string(),
            Value::Object(change.fields.clone()).to_string(),
        ]
    };
    made.history.iter().enumerate().map(row).collect()
}

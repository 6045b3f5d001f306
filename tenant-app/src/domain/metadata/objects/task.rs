//! Tasks: what somebody has to do until some day.

use super::fields::{description, links};
use crate::domain::metadata::registry::{Field, FieldType, Label, Object, PickOption};
use crate::domain::value::Value;

const STATUS: [PickOption; 3] = [
    PickOption::new("open", "Open", "Offen"),
    PickOption::new("in_progress", "In progress", "In Arbeit"),
    PickOption::new("done", "Done", "Erledigt"),
];

const PRIORITY: [PickOption; 3] = [
    PickOption::new("low", "Low", "Niedrig"),
    PickOption::new("normal", "Normal", "Normal"),
    PickOption::new("high", "High", "Hoch"),
];

/// Tasks.
pub fn object() -> Object {
    let own = vec![
        Field::new("name", Label::new("Subject", "Betreff"), FieldType::Text { max: 200 })
            .required()
            .searchable()
            .indexed(),
        Field::new("status", Label::new("Status", "Status"), FieldType::Pick(STATUS.to_vec()))
            .required()
            .or(Value::Text("open".into()))
            .indexed(),
        Field::new("priority", Label::new("Priority", "Priorität"), FieldType::Pick(PRIORITY.to_vec()))
            .required()
            .or(Value::Text("normal".into())),
        Field::new("due_at", Label::new("Due", "Fällig"), FieldType::DateTime).indexed(),
        description(),
        links(),
    ];
    Object::owned(
        ("task", "tasks"),
        (Label::new("Task", "Aufgabe"), Label::new("Tasks", "Aufgaben")),
        "name",
        own,
    )
}

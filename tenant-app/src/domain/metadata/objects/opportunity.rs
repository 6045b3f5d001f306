//! Opportunities: possible sales, on their way through the stages of a pipeline.

use super::fields::description;
use crate::domain::metadata::registry::{Field, FieldType, Label, Object, Writer};

/// Opportunities.
pub fn object() -> Object {
    let own = vec![
        Field::new("name", Label::new("Name", "Name"), FieldType::Text { max: 200 })
            .required()
            .searchable()
            .indexed(),
        Field::new(
            "account_id",
            Label::new("Account", "Firma"),
            FieldType::Relation { object: "account".into() },
        )
        .indexed(),
        Field::new(
            "pipeline_id",
            Label::new("Pipeline", "Pipeline"),
            FieldType::Choice { table: "pipeline" },
        )
        .required()
        .written_by(Writer::Engine),
        Field::new("stage_id", Label::new("Stage", "Phase"), FieldType::Choice { table: "stage" })
            .required()
            .indexed(),
        Field::new("amount", Label::new("Amount", "Betrag"), FieldType::Money).indexed(),
        Field::new("close_date", Label::new("Close date", "Abschluss"), FieldType::Date).indexed(),
        Field::new("lost_reason", Label::new("Lost reason", "Verlustgrund"), FieldType::Text { max: 200 }),
        description(),
        Field::new("contacts", Label::new("Contacts", "Kontakte"), FieldType::Participants),
        super::fields::tags(),
    ];
    Object::owned(
        ("opportunity", "opportunities"),
        (Label::new("Opportunity", "Verkaufschance"), Label::new("Opportunities", "Verkaufschancen")),
        "name",
        own,
    )
}

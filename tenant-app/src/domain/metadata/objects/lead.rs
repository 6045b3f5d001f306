//! Leads: people or organisations that may become customers.

use super::fields::{address, description, phone, short, website};
use crate::domain::metadata::registry::{Field, FieldType, Label, Object, PickOption};
use crate::domain::value::Value;
use crate::domain::value::address::AddressKind;

const STATUS: [PickOption; 5] = [
    PickOption::new("new", "New", "Neu"),
    PickOption::new("working", "Working", "In Arbeit"),
    PickOption::new("qualified", "Qualified", "Qualifiziert"),
    PickOption::new("unqualified", "Unqualified", "Ungeeignet"),
    PickOption::new("converted", "Converted", "Umgewandelt"),
];

const SOURCE: [PickOption; 6] = [
    PickOption::new("website", "Website", "Website"),
    PickOption::new("referral", "Referral", "Empfehlung"),
    PickOption::new("event", "Event", "Veranstaltung"),
    PickOption::new("campaign", "Campaign", "Kampagne"),
    PickOption::new("call", "Call", "Anruf"),
    PickOption::new("other", "Other", "Sonstiges"),
];

/// Leads.
pub fn object() -> Object {
    let mut own = vec![
        short("first_name", "First name", "Vorname").searchable(),
        short("last_name", "Last name", "Nachname").required().searchable().indexed(),
        Field::new("company", Label::new("Company", "Unternehmen"), FieldType::Text { max: 200 })
            .searchable()
            .indexed(),
        short("job_title", "Job title", "Position"),
        super::fields::email(),
        super::fields::addresses(AddressKind::Email),
        phone(),
        super::fields::addresses(AddressKind::Phone),
        website(),
        Field::new("status", Label::new("Status", "Status"), FieldType::Pick(STATUS.to_vec()))
            .required()
            .or(Value::Text("new".into()))
            .indexed(),
        Field::new("source", Label::new("Source", "Herkunft"), FieldType::Pick(SOURCE.to_vec())),
        Field::new("value", Label::new("Value", "Wert"), FieldType::Money),
        description(),
    ];
    address(&mut own);
    own.push(super::fields::tags());
    Object::owned(
        ("lead", "leads"),
        (Label::new("Lead", "Lead"), Label::new("Leads", "Leads")),
        "last_name",
        own,
    )
}

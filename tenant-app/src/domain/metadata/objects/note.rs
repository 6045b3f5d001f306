//! Notes: what people write down about records. Seen by whoever sees a record that the note hangs on.

use super::fields::links;
use crate::domain::metadata::registry::{Field, FieldType, Label, Object, Writer};

/// Notes.
pub fn object() -> Object {
    let own = vec![
        Field::new("body", Label::new("Note", "Notiz"), FieldType::LongText).required(),
        Field::new("author_id", Label::new("Author", "Verfasst von"), FieldType::User)
            .written_by(Writer::Engine),
        links().required(),
    ];
    Object::linked(
        ("note", "notes"),
        (Label::new("Note", "Notiz"), Label::new("Notes", "Notizen")),
        "body",
        own,
    )
}

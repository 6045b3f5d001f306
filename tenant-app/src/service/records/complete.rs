//! What is not the sender's to say: references hold, amounts have a base, the object's own rules are kept.

use http_conventions::FieldError;

use super::{RecordError, RecordWriter, rules};
use crate::domain::records::input::Values;
use crate::domain::value::Value;
use crate::store::records::Record;
use crate::store::records::values::money;

impl RecordWriter<'_> {
    /// Checks and completes values before they are written; `before` is the record that they change.
    pub(super) async fn complete(
        &mut self,
        before: Option<&Record<'_>>,
        values: &mut Values,
    ) -> Result<(), RecordError> {
        let errors = self.unknown_references(values).await?;
        if !errors.is_empty() {
            return Err(RecordError::Invalid(errors));
        }
        money::add_base(self.connection, values, self.now).await?;
        rules::before_write(self.connection, self.object, before, values).await?;
        Ok(())
    }

    async fn unknown_references(&mut self, values: &Values) -> sqlx::Result<Vec<FieldError>> {
        let unknown = |pointer: &str| FieldError::new(pointer, "unknown-reference");
        let mut errors = Vec::new();
        for (name, value) in values {
            let Some(field) = self.object.field(name) else { continue };
            let known = match value {
                Value::Id(id) => self.records().can_refer(&field.kind, *id).await?,
                Value::Ids(tags) => self.records().can_tag(tags).await?,
                _ => true,
            };
            if !known {
                errors.push(unknown(&format!("/{name}")));
            }
        }
        if let Some(Value::Links(links)) = values.get("links") {
            let indices = self.records().unknown_links(links).await?;
            errors.extend(indices.into_iter().map(|index| unknown(&format!("/links/{index}"))));
        }
        for (name, value) in values {
            let Value::Participants(all) = value else { continue };
            let indices = self.records().unknown_participants(all).await?;
            let at = |index| unknown(&format!("/{name}/{index}/contact_id"));
            errors.extend(indices.into_iter().map(at));
        }
        Ok(errors)
    }
}

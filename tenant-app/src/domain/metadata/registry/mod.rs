//! The one description of objects and their fields.
//!
//! Validation, the record store's SQL, filters, sorting, CSV columns, the API's description and the web app's lists and
//! forms all read it. Names are data, not an enum: custom fields stand beside the standard ones, and custom objects can
//! come later. Must not do I/O; the rules of one object stand in its own file under `objects`.

pub(crate) mod field;
pub(crate) mod lists;
pub(crate) mod object;
pub(crate) mod texts;
pub(crate) mod validate;

pub use field::{Field, FieldType, Label, PickOption, Writer};
pub use object::{Access, Object};
pub use texts::Reason;
pub use validate::checked;

/// All objects, with the custom fields of one organisation at one epoch.
#[derive(Debug, Clone)]
pub struct Registry {
    objects: Vec<Object>,
}

impl Registry {
    /// Of these objects; `Registry::standard` stands with the objects that every organisation has.
    pub fn new(objects: Vec<Object>) -> Self {
        Self { objects }
    }

    /// The objects, in the order of the navigation.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The object of a name, such as `account`.
    pub fn object(&self, name: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.name == name)
    }

    /// The object whose routes lie at a path, such as `accounts`.
    pub fn at_path(&self, path: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.path == path)
    }

    /// The same with a field that an admin made.
    pub fn add(&mut self, object: &str, field: Field) {
        if let Some(object) = self.objects.iter_mut().find(|known| known.name == object) {
            object.fields.push(field);
        }
    }
}

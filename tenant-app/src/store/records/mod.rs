//! The one store of records: reads and writes any object of the registry, within one person's rights.
//!
//! Nothing here runs without rights: a query without a scope does not type-check. Statements are built from
//! descriptors; names of tables and columns come from the registry alone, values are always bound.

pub mod account_tree;
mod draft;
mod erase;
pub mod limit;
pub mod purge;
mod read;
pub mod reassignment;
mod record;
mod reference;
pub mod sample_data;
pub mod seed;
pub mod shares;
pub mod stage_history;
pub mod statement;
pub mod timeline;
mod trash;
pub mod values;
pub mod views;
mod write;

use sqlx::PgConnection;

pub use draft::{Draft, WriteError};
pub use erase::{Elsewhere, Erased};
pub use read::{Found, MOST_COUNTED, Selection};
pub use record::Record;
pub use statement::listing::Listing;
pub use trash::Trashed;

use super::access::scope::Scopes;
use crate::domain::access::Rights;
use crate::domain::metadata::registry::{Object, Registry};

/// An object's records, as one person may see and change them.
///
/// There is no way to them without rights:
///
/// ```
/// use sqlx::PgConnection;
/// use tenant_app::domain::access::Rights;
/// use tenant_app::domain::metadata::registry::{Object, Registry};
/// use tenant_app::store::records::Records;
///
/// fn records<'a>(
///     connection: &'a mut PgConnection,
///     registry: &'a Registry,
///     object: &'a Object,
///     rights: &'a Rights,
/// ) -> Records<'a> {
///     Records::new(connection, registry, object, rights)
/// }
/// ```
///
/// The same without them does not type-check:
///
/// ```compile_fail,E0061
/// use sqlx::PgConnection;
/// use tenant_app::domain::metadata::registry::{Object, Registry};
/// use tenant_app::store::records::Records;
///
/// fn records<'a>(
///     connection: &'a mut PgConnection,
///     registry: &'a Registry,
///     object: &'a Object,
/// ) -> Records<'a> {
///     Records::new(connection, registry, object)
/// }
/// ```
pub struct Records<'a> {
    connection: &'a mut PgConnection,
    object: &'a Object,
    scopes: Scopes<'a>,
}

impl<'a> Records<'a> {
    /// On a connection, for a person.
    pub fn new(
        connection: &'a mut PgConnection,
        registry: &'a Registry,
        object: &'a Object,
        rights: &'a Rights,
    ) -> Self {
        Self { connection, object, scopes: Scopes { registry, rights } }
    }
}

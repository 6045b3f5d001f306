//! Names of roles and schemas of a tenant, and the marks of ownership in their comments.

use serde::{Deserialize, Serialize};

use crate::TenantId;

/// The role that the operator signs in as: CREATEROLE and CREATEDB, no superuser.
pub const OPERATOR_ROLE: &str = "abetworks_operator";
/// The role that reads usage and no records; it cannot sign in.
pub const METER_ROLE: &str = "abetworks_meter";
/// The role that owns the `platform` database.
pub const PLATFORM_ROLE: &str = "abetworks_platform";
/// The database that tenants share under `isolation: Schema`.
pub const TENANTS_DATABASE: &str = "tenants";
/// The schema that holds extensions in every database of tenants.
pub const EXTENSIONS_SCHEMA: &str = "extensions";

/// The schema of a tenant; a database of its own has the same name.
pub fn schema(id: &TenantId) -> String {
    format!("t_{id}")
}

/// The role that owns the schema and runs migrations.
pub fn owner(id: &TenantId) -> String {
    format!("t_{id}_owner")
}

/// The group role that holds the app's grants; it cannot sign in.
pub fn app_group(id: &TenantId) -> String {
    format!("t_{id}_app")
}

/// The two logins of the app, of which one is live, so that passwords rotate without a failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Login {
    /// `t_<id>_app_a`
    A,
    /// `t_<id>_app_b`
    B,
}

impl Login {
    /// The login that is live at a generation of the credentials: the first generation is 1 and uses `A`.
    pub fn of_generation(generation: i64) -> Self {
        if generation % 2 == 1 { Self::A } else { Self::B }
    }

    /// The name of the role.
    pub fn role(self, id: &TenantId) -> String {
        match self {
            Self::A => format!("t_{id}_app_a"),
            Self::B => format!("t_{id}_app_b"),
        }
    }
}

/// `COMMENT ON ROLE`: whose role it is and which generation of its password was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleMark {
    /// UID of the Tenant.
    pub uid: String,
    /// Generation of the credentials.
    pub generation: i64,
}

/// `COMMENT ON SCHEMA`: written with `CREATE SCHEMA` at version 0, then kept by `tenant-app migrate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaMark {
    /// Name of the Tenant.
    pub tenant: String,
    /// UID of the Tenant.
    pub uid: String,
    /// Id of the Tenant that the names in the database were derived from.
    pub id: String,
    /// Number of the last migration that was applied.
    pub schema_version: i64,
    /// When the Tenant was deleted and its data kept (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retained_at: Option<String>,
}

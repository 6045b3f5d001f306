//! The one place through which the operator calls Postgres.

mod adopt;
mod databases;
mod error;
mod health;
mod indexes;
mod observe;
mod own;
mod provision;
mod remove;
mod rotate;
mod settings;
mod sql;

pub(crate) use databases::Databases;
pub(crate) use error::{DatabaseError, bounded};
pub(crate) use health::{Health, inspect};
pub(crate) use indexes::asks_for_indexes;
pub(crate) use observe::{observe, retained};
pub(crate) use own::{OwnDatabase, drop_database, find_database, make_database};
pub(crate) use provision::{provision, set_login};
pub(crate) use remove::{delete, retain};
pub(crate) use rotate::{close_other_login, open_login};
pub(crate) use settings::{read_data_key, write_settings};

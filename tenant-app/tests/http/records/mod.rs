//! Records of any object, and what hangs on them.

pub(crate) mod accounts;
pub(crate) mod activities;
pub(crate) mod addresses;
pub(crate) mod exports;
pub(crate) mod participants;
pub(crate) mod sample_data;
pub(crate) mod shared_lists;
pub(crate) mod trash;
pub(crate) mod views;

//! The parts of the statements that read records: columns, pages, what comes of them.

pub(crate) mod listing;
pub(crate) mod page;
pub(crate) mod row;

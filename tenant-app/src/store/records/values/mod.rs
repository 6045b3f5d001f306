//! Values that lie in tables of their own, or need more than the row: addresses, participants, links, tags, amounts.

pub(crate) mod addresses;
pub(crate) mod links;
pub mod money;
pub(crate) mod participants;
pub(crate) mod tags;

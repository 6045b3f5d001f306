//! Records that look real: for an organisation to try the CRM with, and whole organisations for development. The same
//! number of records until the same moment is the same records. Must not know where they are written.

mod names;
mod organisation;
mod records;

pub(crate) use organisation::{Kind, Organisation, Person, Setting, Stage, Team, people, teams};
pub(crate) use records::{Change, Made};

/// How many records an organisation gets to try the CRM with.
pub(crate) const SAMPLE: u32 = 60;

//! The HTTP conventions of both APIs: problems, bodies, lists and their cursors, conditional requests.
//!
//! Must not know an endpoint or a table: what stands here is what two programs answer in the same way.

mod body;
mod conditional;
mod cursor;
mod list;
mod problem;
mod rate_limit;
pub mod timestamp;

pub use body::{Body, MergePatch, read_bytes};
pub use conditional::{IfMatch, entity_tag};
pub use cursor::{CursorError, CursorSeal};
pub use list::Count;
pub use problem::{Code, FieldError, Problem, ProblemBody};
pub use rate_limit::RateLimit;

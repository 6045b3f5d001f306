//! What tests of the API begin with: an instance in process and its people's browsers.

pub(crate) use fixtures::client::{Answer, Client};
pub(crate) use fixtures::instance::{Instance, ORIGIN};
pub(crate) use fixtures::people::PASSWORD;

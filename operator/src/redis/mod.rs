//! The one place through which the operator calls Redis.

mod restarts;
mod users;

pub(crate) use restarts::follow_restarts;
pub(crate) use users::RedisUsers;

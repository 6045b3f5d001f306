//! Real servers for tests: API server, Postgres, Redis, an OpenID provider, a mail server, the tenant's program.

pub mod api_server;
pub mod audit;
pub mod kubeconfig;
pub mod mail;
pub mod openid;
pub mod pki;
pub mod pod;
pub mod port;
pub mod postgres;
mod process;
pub mod programs;
pub mod redis;
pub mod session;
pub mod settings;

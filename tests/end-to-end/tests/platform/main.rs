//! The platform on a real cluster. `PLATFORM_CLUSTER` names a cluster on which `tests/cluster/deploy.sh` ran.

mod confinement;
mod gateway;
mod helm;
mod isolation;
mod migrations;
mod provisioning;
mod rolling;
mod rotation;
mod stage;
mod suspension;
mod uninstall;

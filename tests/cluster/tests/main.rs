//! The local cluster itself: its life, and its network policies by real sockets.
//!
//! As root, one at a time: `make test-cluster`.

mod lifecycle;
mod policies;
mod running_cluster;

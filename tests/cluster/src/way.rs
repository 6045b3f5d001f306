//! The two ways to a cluster: kind on a Docker engine, or the same components directly on this machine.

use std::process::{Command, Stdio};

/// How a cluster is brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Way {
    /// kind on a Docker engine
    Kind,
    /// The components as processes of this machine, in a network namespace of their own
    Local,
}

impl Way {
    /// The way that was asked for, or the one that this machine offers.
    pub(crate) fn of(wish: Option<Way>) -> Way {
        wish.unwrap_or_else(|| {
            if answers("docker", &["info"]) && answers("kind", &["version"]) { Way::Kind } else { Way::Local }
        })
    }
}

/// Whether a program is here and content.
fn answers(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

//! Where the programs are that tests run: API server, etcd, container runtime, Postgres, Redis.
//!
//! The build scripts under `tests/cluster/` keep them in the user's cache and leave links in `target/`; this module
//! follows the links and must not build or fetch anything itself, so that a test never turns into a download.

use std::path::{Path, PathBuf};

/// The sets that `tests/cluster/programs` builds or fetches, in the order in which a program is looked for.
const SETS: [&str; 7] = ["etcd", "kubernetes", "containerd", "cni", "coredns", "tools", "schemathesis"];

/// A program or file that the build scripts should have left.
#[derive(Debug, thiserror::Error)]
#[error("{name} is not built on this machine (looked in {}): run `make {target}`", folder.display())]
pub struct Missing {
    name: String,
    folder: PathBuf,
    target: &'static str,
}

/// The top of the workspace, where `target/` is.
pub fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).expect("this crate is two folders below the workspace").to_path_buf()
}

/// The folder `target/` of the workspace: state of servers and clusters lives below it.
pub fn target() -> PathBuf {
    workspace().join("target")
}

/// The full path of a program such as `kube-apiserver`, `etcd` or `helm`.
pub fn path(program: &str) -> Result<PathBuf, Missing> {
    let folder = target().join("programs");
    let found = SETS.iter().map(|set| folder.join(set).join(program)).find(|path| path.is_file());
    found.ok_or_else(|| Missing { name: program.to_owned(), folder, target: "programs" })
}

/// The folder of a whole set, such as `cni`, for programs that look for others by folder.
pub fn set(name: &str) -> Result<PathBuf, Missing> {
    let folder = target().join("programs").join(name);
    // Programs that run elsewhere keep this path: the link may point at other content tomorrow.
    folder.canonicalize().map_err(|_| Missing { name: format!("the set {name}"), folder, target: "programs" })
}

/// The unpacked root file system with Postgres 15 and Redis.
///
/// Start its programs through `chroot --userspec=…`: they are linked against the libraries in it, and its folder
/// may lie below one that only root may enter.
pub fn root_filesystem() -> Result<PathBuf, Missing> {
    in_root_filesystem("rootfs")
}

/// The same root file system as one tar file, as an image's only layer.
pub fn root_filesystem_archive() -> Result<PathBuf, Missing> {
    in_root_filesystem("rootfs.tar")
}

fn in_root_filesystem(name: &str) -> Result<PathBuf, Missing> {
    let folder = target().join("rootfs");
    folder.join(name).canonicalize().map_err(|_| Missing {
        name: "the root file system with Postgres and Redis".to_owned(),
        folder,
        target: "rootfs",
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn says_what_to_run_for_a_program_that_is_absent() {
        let message = super::path("no-such-program").unwrap_err().to_string();
        assert!(message.starts_with("no-such-program is not built on this machine"), "{message}");
        assert!(message.ends_with("run `make programs`"), "{message}");
    }
}

//! The images that every cluster has: pause, DNS, router. Built once for each content, loaded into a cluster that
//! lacks them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};
use test_servers::programs;

use super::layout::Layout;
use super::network::run;

/// The image of the process that holds a pod's namespaces.
pub(crate) const PAUSE: &str = "localhost/pause:1";

/// Builds what is missing in the user's cache; gives the archives.
pub(crate) fn ensure_archives() -> anyhow::Result<Vec<PathBuf>> {
    let archives = [
        archive("localhost/coredns:local", "coredns", &programs::path("coredns")?)?,
        router()?,
        archive(PAUSE, "pause", &pause()?)?,
    ];
    Ok(archives.into())
}

/// The router's archive, which a cluster of kind needs as well.
pub(crate) fn router() -> anyhow::Result<PathBuf> {
    archive("localhost/traefik:local", "traefik", &programs::path("traefik")?)
}

/// An archive of an image with one program in it.
pub(crate) fn archive(image: &str, name: &str, program: &Path) -> anyhow::Result<PathBuf> {
    let recipe = programs::workspace().join("tests/cluster/images").join(name).join("Dockerfile");
    let recipe_text = fs::read(&recipe).with_context(|| format!("reading {}", recipe.display()))?;
    // A folder of the cache is named by its content, so its path stands for the program.
    let program = program.canonicalize()?;
    let key = key(&[&recipe_text, program.as_os_str().as_encoded_bytes(), image.as_bytes()]);
    let finished = cache()?.join("images").join(format!("{name}-{key}.tar"));
    if !finished.exists() {
        build(image, &recipe, &program, &finished)?;
    }
    Ok(finished)
}

/// Builds an image with one program in it, without a cache.
pub(crate) fn build(image: &str, recipe: &Path, program: &Path, finished: &Path) -> anyhow::Result<()> {
    println!("image {image}: building");
    let name = program.file_name().context("a program has a name")?.to_string_lossy();
    let name = recipe.parent().and_then(Path::file_name).map_or(name, |folder| folder.to_string_lossy());
    let folder = finished.parent().context("the archive needs a folder")?;
    let scratch = folder.join(format!(".{name}-{}", std::process::id()));
    fs::create_dir_all(scratch.join("context"))?;
    fs::copy(program, scratch.join("context").join(&*name)).context("copying the program")?;
    let (context, fresh) = (scratch.join("context"), scratch.join("image.tar"));
    if Command::new("buildah").arg("--version").output().is_ok() {
        with_buildah(image, recipe, &context, &scratch, &fresh)?;
    } else {
        run(Command::new("docker").args(["build", "--tag", image, "--file"]).arg(recipe).arg(&context))?;
        run(Command::new("docker").args(["save", image, "--output"]).arg(&fresh))?;
    }
    fs::rename(fresh, finished)?;
    fs::remove_dir_all(&scratch).with_context(|| format!("removing {}", scratch.display()))
}

/// Storage of its own, so that nothing stays in the host's.
fn with_buildah(
    image: &str,
    recipe: &Path,
    context: &Path,
    scratch: &Path,
    archive: &Path,
) -> anyhow::Result<()> {
    let buildah = || {
        let mut command = Command::new("buildah");
        command.arg("--root").arg(scratch.join("storage")).arg("--runroot").arg(scratch.join("run"));
        command.args(["--storage-driver", "vfs"]);
        command
    };
    run(buildah()
        .args(["build", "--isolation", "chroot", "--tag", image, "--file"])
        .arg(recipe)
        .arg(context))?;
    run(buildah().args(["push", image, &format!("docker-archive:{}:{image}", archive.display())]))
}

/// The pause program: static, of twenty lines of C.
fn pause() -> anyhow::Result<PathBuf> {
    let source = programs::workspace().join("tests/cluster/images/pause/pause.c");
    let folder = cache()?.join("images");
    fs::create_dir_all(&folder)?;
    let program = folder.join(format!("pause-{}", key(&[&fs::read(&source)?])));
    if !program.exists() {
        let fresh = folder.join(format!(".pause-{}", std::process::id()));
        run(Command::new("cc").args(["-static", "-Os", "-s", "-o"]).arg(&fresh).arg(&source))?;
        fs::rename(fresh, &program)?;
    }
    Ok(program)
}

/// Loads an archive into the cluster's container runtime.
pub(crate) fn load(layout: &Layout, archive: &Path) -> anyhow::Result<()> {
    ensure!(archive.is_file(), "no image archive at {}", archive.display());
    run(ctr(layout)?.args(["images", "import", "--local"]).arg(archive))
}

/// The container runtime's own client, on what belongs to Kubernetes.
pub(crate) fn ctr(layout: &Layout) -> anyhow::Result<Command> {
    let mut command = Command::new(programs::path("ctr")?);
    command.arg("--address").arg(layout.socket("containerd")).args(["--namespace", "k8s.io"]);
    Ok(command)
}

fn key(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    hex::encode(&hash.finalize()[..8])
}

/// The user's cache folder for everything that outlives `target/`.
fn cache() -> anyhow::Result<PathBuf> {
    let folder = std::env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let folder = folder.or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    Ok(folder.context("neither XDG_CACHE_HOME nor HOME is set")?.join("abetworks"))
}

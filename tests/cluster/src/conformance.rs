//! Kubernetes' own tests of network policies, run on a local cluster: they judge the enforcer, not we.

use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use test_servers::programs;

use crate::local::{self, Layout};

/// Why these are left out: kernels without SCTP (`CONFIG_IP_SCTP`) have no such socket to listen at.
const NO_SCTP: &str = "Failed to listen SCTP. error:protocol not supported";

/// Specs that the kernel of the target machine cannot serve, by name, and the error that they end with. What the
/// enforcer makes of rules about SCTP is tried by others, with TCP, and these run.
const SKIPPED: [(&str, &str); 3] = [
    ("using SCTP should enforce policy to allow traffic only from a pod in a different namespace", NO_SCTP),
    ("using SCTP should enforce policy based on Ports", NO_SCTP),
    ("using SCTP should support a 'default-deny-ingress' policy", NO_SCTP),
];

/// Runs the specs that match; fails unless every one of them passes.
pub(crate) fn run(layout: &Layout, parallel: u8, focus: &str) -> anyhow::Result<()> {
    let suite = programs::set("conformance")
        .context("`tests/cluster/programs/build.sh conformance` builds the suite")?;
    let agnhost = suite.join("agnhost");
    for image in images(layout)? {
        local::load_image(layout, &local::image_archive(&image, "agnhost", &agnhost)?)?;
    }
    let mut ginkgo = Command::new(suite.join("ginkgo"));
    ginkgo.arg("run").arg(format!("--procs={parallel}")).arg(format!("--focus={focus}"));
    ginkgo.args(["--timeout=2h", "--poll-progress-after=10m", "--no-color"]);
    for (name, error) in SKIPPED {
        println!("skipped: {name}: {error}");
        ginkgo.arg(format!("--skip={name}"));
    }
    let reports = layout.file("conformance");
    std::fs::create_dir_all(&reports).context("a folder for the reports")?;
    ginkgo.arg(suite.join("e2e.test")).args(["--", "--provider=skeleton", "--ginkgo.seed=1"]);
    ginkgo.arg(format!("--kubeconfig={}", layout.kubeconfig().display()));
    ginkgo.arg(format!("--report-dir={}", reports.display()));
    // The suite looks for kubectl by name.
    let path = std::env::var("PATH").unwrap_or_default();
    ginkgo.env("PATH", format!("{}:{path}", programs::set("tools")?.display()));
    let status = ginkgo.stdin(Stdio::null()).status().context("starting ginkgo")?;
    ensure!(status.success(), "the suite failed: {status}; reports are in {}", reports.display());
    Ok(())
}

/// The names under which the suite looks for its one image.
fn images(layout: &Layout) -> anyhow::Result<Vec<String>> {
    let mut list = Command::new(programs::set("conformance")?.join("e2e.test"));
    let output =
        list.arg("--list-images").arg(format!("--kubeconfig={}", layout.kubeconfig().display())).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let images: Vec<String> = text
        .lines()
        .map(str::trim)
        .filter(|line| line.contains("/agnhost:"))
        .map(ToOwned::to_owned)
        .collect();
    ensure!(
        !images.is_empty(),
        "the suite names no agnhost image: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(images)
}

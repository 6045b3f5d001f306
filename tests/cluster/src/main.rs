//! Brings a real Kubernetes cluster up on this machine, without a registry, and takes it down again.
//!
//! Test equipment: nothing of the product runs or depends on it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod conformance;
mod kind;
mod local;
mod policy;
mod way;

use local::{Layout, Name, PortWishes};
use way::Way;

#[derive(Parser)]
#[command(about = "A real Kubernetes cluster on this machine")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// Which cluster, and how it is brought about.
#[derive(clap::Args)]
struct Which {
    /// Several clusters can run side by side, each under its name
    #[arg(long, default_value = "dev")]
    name: Name,
    /// `kind` needs a Docker engine; the default is kind where both are present, and the local way elsewhere
    #[arg(long, value_enum, env = "CLUSTER_WAY")]
    way: Option<Way>,
}

#[derive(Subcommand)]
enum Command {
    /// Start the cluster, or make sure that it runs
    Up {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        ports: PortWishes,
    },
    /// Stop the cluster and remove what it left
    Down {
        #[command(flatten)]
        which: Which,
        /// Keep objects, images and volumes for the next `up`
        #[arg(long)]
        keep_state: bool,
    },
    /// Say what runs and how to reach it
    Status {
        #[command(flatten)]
        which: Which,
    },
    /// Load an image from a docker archive
    LoadImage {
        #[command(flatten)]
        which: Which,
        /// What `docker save` or `buildah push … docker-archive:` wrote
        archive: PathBuf,
    },
    /// Make an image of one program (for the tests of the cluster)
    #[command(hide = true)]
    BuildImage {
        /// Such as `localhost/probe:1`
        image: String,
        /// A Dockerfile in a folder that is named like the program in it
        recipe: PathBuf,
        program: PathBuf,
        archive: PathBuf,
    },
    /// Enforce the network policies of the cluster in this network namespace (started by `up`)
    #[command(hide = true)]
    Enforce {
        #[arg(long)]
        kubeconfig: PathBuf,
        /// Where new pods are announced
        #[arg(long)]
        socket: PathBuf,
    },
    /// Run Kubernetes' own tests of network policies on a running cluster
    Conformance {
        #[command(flatten)]
        which: Which,
        /// How many specs run at the same time
        #[arg(long, default_value_t = 4)]
        parallel: u8,
        /// Run only specs whose name matches this regular expression
        #[arg(long, default_value = "NetworkPolicy")]
        focus: String,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .expect("the first provider of the process");
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // With causes and without a stack: the reader runs a tool, and wants to know what to do.
            eprintln!("cluster: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    // The container runtime calls this program as a plugin of the pod network.
    if let Ok(command) = std::env::var("CNI_COMMAND") {
        return policy::plugin(&command);
    }
    match Arguments::parse().command {
        Command::Up { which, ports } => match Way::of(which.way) {
            Way::Kind => kind::up(&which.name),
            Way::Local => local::up(&Layout::of(which.name), &ports).await,
        },
        Command::Down { which, keep_state } => match Way::of(which.way) {
            Way::Kind => kind::down(&which.name),
            Way::Local => local::down(&Layout::of(which.name), keep_state),
        },
        Command::Status { which } => match Way::of(which.way) {
            Way::Kind => kind::status(&which.name),
            Way::Local => local::status(&Layout::of(which.name)).await,
        },
        Command::LoadImage { which, archive } => match Way::of(which.way) {
            Way::Kind => kind::load_image(&which.name, &archive),
            Way::Local => local::load_image(&Layout::of(which.name), &archive),
        },
        Command::BuildImage { image, recipe, program, archive } => {
            local::build_image(&image, &recipe, &program, &archive)
        }
        Command::Enforce { kubeconfig, socket } => policy::enforce(&kubeconfig, &socket).await,
        Command::Conformance { which, parallel, focus } => {
            conformance::run(&Layout::of(which.name), parallel, &focus)
        }
    }
}

//! `operator`: reconciles Tenants into running CRM instances.
//!
//! This file only wires: what a subcommand does is in its own module.

mod commands;
mod context;
mod instance;
mod kubernetes;
mod metrics;
mod options;
mod postgres;
mod redis;
mod run;
mod servers;
mod signing;
mod status_page;
mod tenant;

use std::process::ExitCode;

use clap::Parser as _;
use options::{Command, Options};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    debug_assert!(installed.is_ok(), "the first line of main installs the only crypto provider");
    let result = match Options::parse().command {
        Command::Run(options) => run::run(*options).await,
        Command::Crds(options) => commands::crds::run(&options),
        Command::Secrets(options) => commands::secrets::run(options).await,
        Command::Reference => {
            print!("{}", lifecycle::reference(&<Options as clap::CommandFactory>::command()));
            Ok(ExitCode::SUCCESS)
        }
        Command::Retained(options) => commands::retained::run(options).await,
    };
    lifecycle::finish(result)
}

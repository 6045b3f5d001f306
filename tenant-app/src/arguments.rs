//! The command line: one subcommand a role of the program.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::{audit, http, migrate, seed, serve, worker};

/// The CRM of one customer.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    log: telemetry::LogOptions,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Brings the tables of one tenant to this program's version.
    Migrate(migrate::MigrateOptions),
    /// Serves the API and the web app.
    Serve(Box<serve::ServeOptions>),
    /// Runs background jobs.
    Worker(Box<worker::WorkerOptions>),
    /// Adds made-up accounts, for development and measuring.
    Seed(seed::SeedOptions),
    /// Looks after the audit log.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Prints the description of the API.
    Openapi,
    /// Prints the configuration reference as Markdown.
    Reference,
}

/// Runs what the command line asks for.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { log, command } = arguments;
    telemetry::init(&log).map_err(|error| lifecycle::ConfigurationError(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Migrate(options) => migrate::run(options).await,
            Command::Serve(options) => serve::run(*options).await,
            Command::Worker(options) => worker::run(*options).await,
            Command::Seed(options) => seed::run(options).await,
            Command::Audit(command) => audit::run(command).await,
            Command::Openapi => {
                println!("{}", http::openapi().to_pretty_json()?);
                Ok(ExitCode::SUCCESS)
            }
            Command::Reference => {
                print!("{}", lifecycle::reference(&Arguments::command()));
                Ok(ExitCode::SUCCESS)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_reference_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/operate/configuration-tenant-app.md");
        let found = std::fs::read_to_string(path).unwrap_or_default();
        assert!(found == lifecycle::reference(&Arguments::command()), "{path} is stale: run `make generate`");
    }
}

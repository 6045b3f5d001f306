//! The CRM of one customer: API and web app, background worker, migrations.

use std::process::ExitCode;

use clap::Parser;
use tenant_app::arguments::Arguments;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        eprintln!("error: another TLS backend is already installed");
        return ExitCode::FAILURE;
    }
    lifecycle::finish(tenant_app::run(Arguments::parse()))
}

//! Where log lines go and what they look like. Must not decide what is worth logging.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::TryInitError;

/// The settings of logging: flatten into a program's arguments.
#[derive(Debug, Clone, clap::Args)]
pub struct LogOptions {
    /// What is logged: `info`, or per module as in `info,sqlx=warn`.
    #[arg(long = "log", env = "LOG", default_value = "info", value_name = "FILTER", global = true)]
    pub log: String,
    /// How a line looks: `json` for collectors, `text` for people.
    #[arg(
        long = "log-format",
        env = "LOG_FORMAT",
        default_value = "json",
        value_name = "FORMAT",
        global = true
    )]
    pub log_format: LogFormat,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Words, coloured on a terminal.
    Text,
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// `LOG` is not a filter.
    #[error("LOG is not a log filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Logging was set up before.
    #[error("logging is already set up: {0}")]
    Twice(#[from] TryInitError),
}

/// Sets logging up for the whole process.
pub fn init(options: &LogOptions) -> Result<(), LogError> {
    use tracing_subscriber::util::SubscriberInitExt;

    let LogOptions { log, log_format } = options;
    let filter: EnvFilter = log.parse()?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log_format {
        LogFormat::Json => builder.json().flatten_event(true).finish().try_init()?,
        LogFormat::Text => builder.finish().try_init()?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_is_none_is_refused_by_name() {
        let options = LogOptions { log: "sqlx=loud".into(), log_format: LogFormat::Json };
        let refused = init(&options).expect_err("`loud` is no level");
        assert!(refused.to_string().starts_with("LOG is not a log filter"), "{refused}");
    }
}

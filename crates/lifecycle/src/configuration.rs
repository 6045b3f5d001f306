//! How a program ends: which failures mean "mend the configuration" and which "try again".

use std::process::ExitCode;

/// The configuration is wrong; trying again without a change will not help (exit code 2).
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigurationError(pub String);

/// Ends a `main`: prints the failure with its causes, and gives 2 for a wrong configuration, 1 for anything else.
pub fn finish(result: anyhow::Result<ExitCode>) -> ExitCode {
    let error = match result {
        Ok(code) => return code,
        Err(error) => error,
    };
    // Standard error and not the log: logging may be what could not be set up.
    eprintln!("error: {error:#}");
    let configuration =
        error.chain().any(|cause| cause.is::<ConfigurationError>() || cause.is::<crate::SecretError>());
    ExitCode::from(if configuration { 2 } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn a_configuration_error_keeps_its_code_under_context() {
        let wrong = Err::<ExitCode, _>(ConfigurationError("no URL".into())).context("starting");
        assert_eq!(format!("{:?}", finish(wrong)), format!("{:?}", ExitCode::from(2)));
        let other = Err(anyhow::anyhow!("connection refused"));
        assert_eq!(format!("{:?}", finish(other)), format!("{:?}", ExitCode::from(1)));
    }
}

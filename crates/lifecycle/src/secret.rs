//! Secrets from the environment or from mounted files. Must not print a value, nor keep one longer than asked.

use std::path::PathBuf;

use secrecy::SecretString;

/// Where a secret comes from: variable `X`, or the file that variable `X_FILE` names.
///
/// Files are read again at each [`SecretSource::read`], so that a rotated secret is found without a restart.
#[derive(Debug, Clone)]
pub struct SecretSource {
    /// The variable's name, for messages.
    pub name: &'static str,
    /// The value of `X`.
    pub value: Option<SecretString>,
    /// The value of `X_FILE`.
    pub file: Option<PathBuf>,
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Neither variable is set.
    #[error("a secret is missing: set {0}, or {0}_FILE to the path of a file that holds it")]
    Missing(&'static str),
    /// Both variables are set.
    #[error("{0} and {0}_FILE are both set: leave one out")]
    Both(&'static str),
    /// The file cannot be read.
    #[error("{name}_FILE names {path}, which cannot be read: {source}")]
    Unreadable {
        /// The variable's name without `_FILE`.
        name: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is a value, and it is empty.
    #[error("the secret {0} is empty")]
    Empty(&'static str),
}

impl SecretSource {
    /// Whether one of the two variables is set.
    pub fn is_set(&self) -> bool {
        self.value.is_some() || self.file.is_some()
    }

    /// The secret, without the line feed that editors put at a file's end.
    pub fn read(&self) -> Result<SecretString, SecretError> {
        let name = self.name;
        let secret = match (&self.value, &self.file) {
            (None, None) => return Err(SecretError::Missing(name)),
            (Some(_), Some(_)) => return Err(SecretError::Both(name)),
            (Some(value), None) => value.clone(),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(path).map_err(|source| SecretError::Unreadable {
                    name,
                    path: path.clone(),
                    source,
                })?;
                SecretString::from(text.trim_end_matches(['\r', '\n']))
            }
        };
        if secrecy::ExposeSecret::expose_secret(&secret).is_empty() {
            return Err(SecretError::Empty(name));
        }
        Ok(secret)
    }

    /// The secret if one of the variables is set.
    pub fn read_optional(&self) -> Result<Option<SecretString>, SecretError> {
        if self.is_set() { self.read().map(Some) } else { Ok(None) }
    }
}

/// Declares a clap group of arguments for one secret: `X` and `X_FILE`, the value never shown by `--help`.
///
/// ```
/// lifecycle::secret_arguments!(
///     /// How the app reaches its schema.
///     pub DatabaseUrl = "DATABASE_URL", "database-url", "database-url-file"
/// );
/// #[derive(clap::Parser)]
/// struct Arguments {
///     #[command(flatten)]
///     database_url: DatabaseUrl,
/// }
/// ```
#[macro_export]
macro_rules! secret_arguments {
    ($(#[$documentation:meta])* $visibility:vis $name:ident = $variable:literal, $flag:literal, $file_flag:literal) => {
        $(#[$documentation])*
        #[derive(Debug, Clone, clap::Args)]
        $visibility struct $name {
            // `value` and `file` are the fields' names in every group: the ids must differ.
            #[arg(id = $variable, long = $flag, env = $variable, hide_env_values = true, hide = true)]
            value: Option<String>,
            #[arg(id = concat!($variable, "_FILE"), long = $file_flag, env = concat!($variable, "_FILE"), value_name = "PATH",
                  help = concat!("The file that holds the secret ", $variable, "; the variable itself also does"))]
            file: Option<std::path::PathBuf>,
        }

        impl $name {
            /// Where the secret comes from.
            $visibility fn source(&self) -> $crate::SecretSource {
                $crate::SecretSource { name: $variable, value: self.value.clone().map(Into::into), file: self.file.clone() }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};
    use secrecy::ExposeSecret;

    secret_arguments!(Token = "TEST_TOKEN", "token", "token-file");
    secret_arguments!(Other = "TEST_OTHER", "other", "other-file");

    #[derive(Parser)]
    struct Arguments {
        #[command(flatten)]
        token: Token,
        #[command(flatten)]
        other: Other,
    }

    #[test]
    fn a_file_is_read_again_and_its_last_line_feed_left_out() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "one\n").expect("written");
        let path = file.path().to_str().expect("a path");
        let token = Arguments::parse_from(["x", "--token-file", path]).token.source();
        assert_eq!(token.read().expect("readable").expose_secret(), "one");
        std::fs::write(file.path(), "two").expect("written");
        assert_eq!(token.read().expect("readable").expose_secret(), "two");
    }

    #[test]
    fn what_is_missing_is_named() {
        let arguments = Arguments::parse_from(["x", "--other", "x", "--other-file", "/nowhere"]);
        let missing = arguments.token.source().read().expect_err("nothing is set");
        assert!(missing.to_string().contains("TEST_TOKEN_FILE"), "{missing}");
        let both = arguments.other.source().read().expect_err("both are set");
        assert!(matches!(both, SecretError::Both("TEST_OTHER")), "{both}");
        let token = Arguments::parse_from(["x", "--token-file", "/nowhere"]).token.source();
        assert!(token.read().expect_err("no file").to_string().contains("/nowhere"));
    }

    #[test]
    fn help_and_debug_show_no_value() {
        let source = Arguments::parse_from(["x", "--token", "hush-hush"]).token.source();
        assert!(!format!("{source:?}").contains("hush-hush"));
        let help = Arguments::command().render_long_help().to_string();
        assert!(help.contains("TEST_TOKEN_FILE"), "{help}");
    }
}

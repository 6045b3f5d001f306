//! E-mail addresses as people sign in with them.

/// An address in the form in which addresses are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads what a person typed; `None` if nothing could be sent there.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let plain = !text.chars().any(|character| character.is_whitespace() || character.is_control());
        let fits = !local.is_empty() && !domain.is_empty() && text.len() <= 254;
        (plain && fits).then(|| Self(text.to_lowercase()))
    }

    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_and_refuses_what_is_none() {
        assert_eq!(Email::parse(" Ann@Example.COM ").expect("an address").as_str(), "ann@example.com");
        for wrong in ["", "ann", "@example.com", "ann@", "a nn@example.com", "ann@exam\u{0}ple.com"] {
            assert_eq!(Email::parse(wrong), None, "{wrong:?}");
        }
    }
}

//! E-mail addresses as people sign in with them, and as anything may be sent to.

use lettre::Address;

use super::text::composed;

/// Bytes of an address (RFC 5321, 4.5.3.1.3).
const LONGEST: usize = 254;

/// An address in the form in which addresses are compared: lower case, its domain in its own script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads what a person typed; `None` if nothing could be sent there.
    pub fn parse(text: &str) -> Option<Self> {
        let text = composed(text);
        let (local, domain) = text.trim().rsplit_once('@')?;
        let domain = folded_domain(domain)?;
        let address = format!("{}@{domain}", local.to_lowercase());
        (address.len() <= LONGEST && Address::new(local, ascii_domain(&domain)?).is_ok())
            .then_some(Self(address))
    }

    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as mail servers take it: the domain in ASCII (RFC 5890).
    pub fn to_ascii(&self) -> Option<Address> {
        let (local, domain) = self.0.rsplit_once('@')?;
        Address::new(local, ascii_domain(domain)?).ok()
    }
}

/// A domain in the form in which domains are compared; `None` for what is none.
pub fn folded_domain(domain: &str) -> Option<String> {
    let (domain, outcome) = idna::domain_to_unicode(&ascii_domain(&composed(domain))?);
    outcome.ok().map(|()| domain)
}

/// A domain as the mail system writes it: labels of letters, digits and hyphens.
fn ascii_domain(domain: &str) -> Option<String> {
    idna::domain_to_ascii_strict(domain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_and_refuses_what_is_none() {
        assert_eq!(Email::parse(" Ann@Example.COM ").expect("an address").as_str(), "ann@example.com");
        assert!(Email::parse("o'neil+crm@sub.example.co.uk").is_some());
        for wrong in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "a nn@example.com",
            "ann@exam\u{0}ple.com",
            "a@@example.com",
            "a@example..com",
            "<a@example.com>",
            "mailto:a@example.com",
            "a@b@example.com",
            ".a@example.com",
            "a@example.com.",
            "a@-example.com",
        ] {
            assert_eq!(Email::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn both_forms_of_a_domain_are_one_and_mails_go_to_the_ascii_form() {
        let typed = Email::parse("X@Müller.example").expect("an address");
        assert_eq!(Email::parse("x@xn--mller-kva.example"), Some(typed.clone()));
        assert_eq!(typed.as_str(), "x@müller.example");
        assert_eq!(typed.to_ascii().expect("an address").to_string(), "x@xn--mller-kva.example");
    }
}

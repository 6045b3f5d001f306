//! Who may register by themselves, and whether everybody needs a second factor, as admins write it. Pure.

use http_conventions::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::value::email::{Email, folded_domain};

/// The rules in history; there is one set.
pub const OBJECT: &str = "sign_in_rules";
/// More domains are a mistake.
pub const MOST_DOMAINS: usize = 50;

/// The rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignInRules {
    /// Domains of addresses whose people may register, in lower case; nobody may without any.
    #[schema(max_items = 50)]
    pub registration_domains: Vec<String>,
    /// The role that they get.
    #[schema(required)]
    pub registration_role_id: Option<Uuid>,
    /// Whether everybody needs a second factor who signs in with a password.
    pub second_factor_required: bool,
}

impl SignInRules {
    /// Whether people may register at all.
    pub fn open(&self) -> bool {
        !self.registration_domains.is_empty()
    }

    /// Whether the person of an address may register.
    pub fn admits(&self, email: &Email) -> bool {
        self.registration_domains.iter().any(|domain| domain == email.domain())
    }

    /// The same with domains as they are compared, or everything that is wrong. Whether the role is there, the store
    /// tells.
    pub fn checked(self) -> Result<Self, Vec<FieldError>> {
        let mut mistakes = Vec::new();
        let mut domains: Vec<String> = Vec::new();
        for (index, domain) in self.registration_domains.iter().enumerate() {
            let typed = domain.trim().trim_start_matches('@').to_lowercase();
            let folded = folded_domain(&typed);
            let domain = folded.clone().unwrap_or(typed);
            if folded.is_none() || !is_domain(&domain) {
                mistakes.push(FieldError::new(&format!("/registration_domains/{index}"), "not-a-domain"));
            }
            if !domains.contains(&domain) {
                domains.push(domain);
            }
        }
        if domains.len() > MOST_DOMAINS {
            mistakes.push(FieldError::new("/registration_domains", "too-many").with("max", MOST_DOMAINS));
        }
        if !domains.is_empty() && self.registration_role_id.is_none() {
            mistakes.push(FieldError::new("/registration_role_id", "required"));
        }
        if mistakes.is_empty() { Ok(Self { registration_domains: domains, ..self }) } else { Err(mistakes) }
    }
}

/// Labels of letters, digits and hyphens, and at least two of them: nobody allows a whole top-level domain.
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        let inner = |character: char| character.is_alphanumeric() || character == '-';
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(domains: &[&str], role: Option<Uuid>) -> SignInRules {
        SignInRules {
            registration_domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
            registration_role_id: role,
            second_factor_required: false,
        }
    }

    #[test]
    fn domains_are_folded_and_each_mistake_is_named() {
        let good = rules(&[" @Example.COM ", "example.com", "bücher.example"], Some(Uuid::nil())).checked();
        assert_eq!(good.expect("good").registration_domains, ["example.com", "bücher.example"]);
        let bad = rules(&["com", "a..b", "-a.b", "a@b.c"], None).checked().expect_err("bad");
        let said: Vec<_> =
            bad.iter().map(|mistake| format!("{} {}", mistake.pointer, mistake.code)).collect();
        assert_eq!(
            said,
            [
                "/registration_domains/0 not-a-domain",
                "/registration_domains/1 not-a-domain",
                "/registration_domains/2 not-a-domain",
                "/registration_domains/3 not-a-domain",
                "/registration_role_id required",
            ]
        );
    }

    #[test]
    fn an_address_is_of_its_own_domain_alone() {
        let rules = rules(&["example.com"], Some(Uuid::nil()));
        let admits = |text: &str| rules.admits(&Email::parse(text).expect("an address"));
        assert!(admits("Ann@EXAMPLE.com"));
        for other in
            ["ann@sub.example.com", "ann@example.com.org", "example.com@evil.org", "ann@badexample.com"]
        {
            assert!(!admits(other), "{other}");
        }
        assert!(!SignInRules::default().open());
    }
}

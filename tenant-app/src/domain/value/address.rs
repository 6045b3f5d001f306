//! E-mail addresses and phone numbers of a record: several of each, of which one is the primary one. Pure; must not know
//! fields.

use serde::{Deserialize, Serialize};

/// What stands where several can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// E-mail addresses.
    Email,
    /// Phone numbers.
    Phone,
}

/// One of a record's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// The address or number, as people write it.
    pub value: String,
    /// What people call it: `work`.
    #[serde(default)]
    pub label: Option<String>,
    /// Whether it is the one that stands for all: one is, of any list.
    #[serde(default)]
    pub primary: bool,
    /// Whether the person wants no mails or calls there.
    #[serde(default)]
    pub opted_out: bool,
    /// Whether nothing arrives there.
    #[serde(default)]
    pub invalid: bool,
}

impl Address {
    /// A new one, which stands for all.
    pub fn only(value: String) -> Self {
        Self { value, label: None, primary: true, opted_out: false, invalid: false }
    }
}

impl AddressKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Email, Self::Phone];

    /// The field with the primary one.
    pub const fn single(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    /// The field with all.
    pub const fn list(self) -> &'static str {
        match self {
            Self::Email => "emails",
            Self::Phone => "phones",
        }
    }

    /// The table with all.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Email => "email_address",
            Self::Phone => "phone_number",
        }
    }

    /// Whether two texts are the same address: in whatever case, of numbers with whatever signs between the digits.
    pub fn same(self, one: &str, other: &str) -> bool {
        let folded = |text: &str| match self {
            Self::Email => text.to_lowercase(),
            Self::Phone => {
                text.to_lowercase().chars().filter(|sign| sign.is_alphanumeric() || *sign == '+').collect()
            }
        };
        folded(one) == folded(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_whatever_stands_between_their_digits() {
        assert!(AddressKind::Phone.same("+49 (30) 1-2", "+493012"));
        assert!(!AddressKind::Phone.same("+49 30 12", "030 12"));
        assert!(AddressKind::Email.same("Ann@X.example", "ann@x.EXAMPLE"));
        assert!(!AddressKind::Email.same("a.n@x", "an@x"));
    }
}

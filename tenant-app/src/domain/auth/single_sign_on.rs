//! Signing in with the organisation's own provider, as admins set it, and which roles people get by it. Pure.

use std::collections::BTreeSet;

use http_conventions::FieldError;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;
use uuid::Uuid;

/// The settings in history; there is one set.
pub const OBJECT: &str = "single_sign_on";
/// More groups are a mistake.
pub const MOST_GROUPS: usize = 200;
/// Characters of an address, an id, a label, a claim, a group.
const LONGEST: usize = 500;

/// A group of the provider's, and a role that its people hold here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupRole {
    /// The group, as the claim names it.
    #[schema(max_length = 500)]
    pub group: String,
    /// The role.
    pub role_id: Uuid,
}

/// The settings; the client's secret is kept apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SingleSignOn {
    /// Whether people may sign in with it.
    pub enabled: bool,
    /// The provider: exactly what it calls itself.
    #[schema(required)]
    pub issuer: Option<String>,
    /// What the provider calls us.
    #[schema(required)]
    pub client_id: Option<String>,
    /// What stands on the button; empty for the general words.
    pub label: String,
    /// Whether people are made at their first sign-in.
    pub creates_people: bool,
    /// The role of people whom no group gives one.
    #[schema(required)]
    pub default_role_id: Option<Uuid>,
    /// The claim that holds groups.
    #[schema(required)]
    pub groups_claim: Option<String>,
    /// Which groups give which roles.
    #[schema(max_items = 200)]
    pub group_roles: Vec<GroupRole>,
    /// Whether people who are no administrators may still sign in with a password.
    pub passwords: bool,
}

/// What the sign-in page shows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Offer {
    /// What stands on the button; empty for the general words.
    pub label: String,
    /// Whether everybody may sign in with a password as well; administrators always may.
    pub passwords: bool,
}

impl SingleSignOn {
    /// What the sign-in page shows, if people may sign in with it.
    pub fn offer(&self) -> Option<Offer> {
        self.enabled.then(|| Offer { label: self.label.clone(), passwords: self.passwords })
    }

    /// The same in the form that is kept, or everything that is wrong. Whether roles are there and the provider is what it
    /// should be, others tell.
    pub fn checked(self) -> Result<Self, Vec<FieldError>> {
        let mut mistakes = Vec::new();
        let text = |pointer: &str, value: Option<String>, mistakes: &mut Vec<FieldError>| {
            let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
            if let Some(mistake) = value.as_deref().and_then(|value| mistake(pointer, value)) {
                mistakes.push(mistake);
            }
            value
        };
        let issuer = text("/issuer", self.issuer, &mut mistakes);
        let client_id = text("/client_id", self.client_id, &mut mistakes);
        let groups_claim = text("/groups_claim", self.groups_claim, &mut mistakes);
        let label = text("/label", Some(self.label), &mut mistakes).unwrap_or_default();
        if issuer.as_deref().is_some_and(|issuer| Url::parse(issuer).map_or(true, |url| !url.has_host())) {
            mistakes.push(FieldError::new("/issuer", "not-an-address"));
        }
        for (pointer, value) in [("/issuer", &issuer), ("/client_id", &client_id)] {
            if self.enabled && value.is_none() {
                mistakes.push(FieldError::new(pointer, "required"));
            }
        }
        let mut group_roles = Vec::new();
        for (index, GroupRole { group, role_id }) in self.group_roles.into_iter().enumerate() {
            let pointer = format!("/group_roles/{index}/group");
            match text(&pointer, Some(group), &mut mistakes) {
                Some(group) => group_roles.push(GroupRole { group, role_id }),
                None => mistakes.push(FieldError::new(&pointer, "required")),
            }
        }
        group_roles.sort_unstable();
        group_roles.dedup();
        if group_roles.len() > MOST_GROUPS {
            mistakes.push(FieldError::new("/group_roles", "too-many").with("max", MOST_GROUPS));
        }
        if !group_roles.is_empty() && groups_claim.is_none() {
            mistakes.push(FieldError::new("/groups_claim", "required"));
        }
        // Who is in none of the groups any more is left with it.
        if (self.creates_people || !group_roles.is_empty()) && self.default_role_id.is_none() {
            mistakes.push(FieldError::new("/default_role_id", "required"));
        }
        let kept = Self { issuer, client_id, label, groups_claim, group_roles, ..self };
        if mistakes.is_empty() { Ok(kept) } else { Err(mistakes) }
    }

    /// The roles of a person after they have signed in with these groups. Roles that no group gives are not the provider's
    /// to take, nor is `kept`; without groups that give roles nothing changes.
    pub fn roles_after(&self, before: &[Uuid], groups: &[&str], kept: Option<Uuid>) -> Vec<Uuid> {
        let given_by_groups: BTreeSet<Uuid> = self.group_roles.iter().map(|given| given.role_id).collect();
        let of_groups = self.group_roles.iter().filter(|given| groups.contains(&given.group.as_str()));
        let mut after: BTreeSet<Uuid> = before
            .iter()
            .copied()
            .filter(|role| kept == Some(*role) || !given_by_groups.contains(role))
            .collect();
        after.extend(of_groups.map(|given| given.role_id));
        if after.is_empty() {
            after.extend(self.default_role_id);
        }
        after.into_iter().collect()
    }

    /// Whether a role is given by a group.
    pub fn gives(&self, role: Uuid) -> bool {
        self.group_roles.iter().any(|given| given.role_id == role)
    }
}

fn mistake(pointer: &str, value: &str) -> Option<FieldError> {
    if value.chars().count() > LONGEST {
        Some(FieldError::new(pointer, "too-long").with("max", LONGEST))
    } else if value.chars().any(char::is_control) {
        Some(FieldError::new(pointer, "control-character"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn settings() -> SingleSignOn {
        let given = |group: &str, number| GroupRole { group: group.to_owned(), role_id: role(number) };
        SingleSignOn {
            enabled: true,
            issuer: Some(" https://id.example.com ".into()),
            client_id: Some("crm".into()),
            default_role_id: Some(role(9)),
            groups_claim: Some("groups".into()),
            group_roles: vec![given("sales", 1), given("leads ", 2), given("sales", 1)],
            ..SingleSignOn::default()
        }
    }

    #[test]
    fn what_is_kept_is_trimmed_and_each_mistake_is_named() {
        let kept = settings().checked().expect("good");
        assert_eq!(kept.issuer.as_deref(), Some("https://id.example.com"));
        let groups: Vec<_> = kept.group_roles.iter().map(|given| given.group.as_str()).collect();
        assert_eq!(groups, ["leads", "sales"]);
        let wrong = SingleSignOn {
            issuer: Some("id.example.com".into()),
            client_id: Some(" ".into()),
            label: "a\u{7}".into(),
            default_role_id: None,
            groups_claim: None,
            group_roles: vec![GroupRole { group: " ".into(), role_id: role(1) }],
            creates_people: true,
            ..settings()
        };
        let said: Vec<_> =
            wrong.checked().expect_err("wrong").iter().map(|m| format!("{} {}", m.pointer, m.code)).collect();
        let expected = [
            "/label control-character",
            "/issuer not-an-address",
            "/client_id required",
            "/group_roles/0/group required",
            "/default_role_id required",
        ];
        assert_eq!(said, expected);
        let without_claim = SingleSignOn { groups_claim: None, ..settings() };
        assert_eq!(without_claim.checked().expect_err("wrong")[0].pointer, "/groups_claim");
        SingleSignOn::default().checked().expect("nothing is set, and nothing is on");
    }

    #[test]
    fn groups_give_and_take_the_roles_that_are_theirs() {
        let settings = settings().checked().expect("good");
        let after = |before: &[u128], groups: &[&str]| {
            let before: Vec<Uuid> = before.iter().copied().map(role).collect();
            let after = settings.roles_after(&before, groups, None);
            after.iter().map(Uuid::as_u128).collect::<Vec<_>>()
        };
        assert_eq!(after(&[], &["sales", "unknown"]), [1]);
        assert_eq!(after(&[1], &["leads"]), [2], "one group for another");
        assert_eq!(after(&[1, 5], &["leads", "sales"]), [1, 2, 5], "5 was given by hand");
        assert_eq!(after(&[1, 5], &[]), [5]);
        assert_eq!(after(&[1], &[]), [9], "nobody is left without a role");
        assert_eq!(after(&[], &["SALES"]), [9], "groups are compared as they are written");
        let without = SingleSignOn { group_roles: Vec::new(), ..settings.clone() };
        assert_eq!(without.roles_after(&[role(5)], &["sales"], None), [role(5)]);
        assert_eq!(settings.roles_after(&[role(1)], &[], Some(role(1))), [role(1)], "somebody has to");
    }
}

//! `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers). Must not count.

use axum::http::HeaderValue;

/// How one limit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// What is limited: a lower-case word.
    pub name: &'static str,
    /// How many in a window.
    pub most: i64,
    /// The window in seconds.
    pub window: i64,
    /// How many are left.
    pub left: i64,
    /// Seconds until there are more.
    pub resets_in: i64,
}

impl RateLimit {
    /// The values of `RateLimit-Policy` and `RateLimit`.
    pub fn headers(limits: &[Self]) -> (HeaderValue, HeaderValue) {
        let joined = |one: fn(&Self) -> String| {
            let text = limits.iter().map(one).collect::<Vec<_>>().join(", ");
            HeaderValue::from_str(&text).expect("words, digits and quotes are visible ASCII")
        };
        (
            joined(|limit| format!("\"{}\";q={};w={}", limit.name, limit.most, limit.window)),
            joined(|limit| format!("\"{}\";r={};t={}", limit.name, limit.left, limit.resets_in)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_a_member_of_both_lists() {
        let user = RateLimit { name: "user", most: 50, window: 60, left: 49, resets_in: 12 };
        let all = RateLimit { name: "organisation", most: 100, left: 80, ..user };
        let (policy, state) = RateLimit::headers(&[all, user]);
        assert_eq!(policy, "\"organisation\";q=100;w=60, \"user\";q=50;w=60");
        assert_eq!(state, "\"organisation\";r=80;t=12, \"user\";r=49;t=12");
    }
}

//! Host names: their shape, whose they may be, and who holds one. No I/O.

use contract::instance::RESERVED_NAMES;

/// Names that mean services inside the cluster.
const CLUSTER_DOMAINS: [&str; 2] = [".svc", ".cluster.local"];

/// The host name of a Tenant, in the form in which host names are compared.
pub(crate) fn of_tenant(name: &str, hostname: Option<&str>, base_domain: &str) -> String {
    hostname.map_or_else(|| format!("{name}.{base_domain}"), fold)
}

/// Lower case, without a trailing dot (RFC 4343).
pub(crate) fn fold(hostname: &str) -> String {
    hostname.trim_end_matches('.').to_ascii_lowercase()
}

/// A label of a host name (RFC 1123), lower case.
pub(crate) fn is_label(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty()
        && text.len() <= 63
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Whether a Tenant may be reached at this (folded) name.
pub(crate) fn check(hostname: &str, tenant: &str, base_domain: &str) -> Result<(), String> {
    if hostname.len() > 253 || hostname.split('.').count() < 2 || !hostname.split('.').all(is_label) {
        return Err(format!("\"{hostname}\" is not a DNS name of at least two labels"));
    }
    if hostname.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(format!("\"{hostname}\" is an IP address; a name is needed"));
    }
    if CLUSTER_DOMAINS.iter().any(|domain| hostname.ends_with(domain)) {
        return Err(format!("\"{hostname}\" lies under the cluster's own domain"));
    }
    let Some(label) = hostname.strip_suffix(base_domain).and_then(|rest| rest.strip_suffix('.')) else {
        return if hostname == base_domain {
            Err(format!("\"{hostname}\" is the platform's own base domain"))
        } else {
            Ok(())
        };
    };
    if RESERVED_NAMES.contains(&label) {
        return Err(format!("\"{hostname}\" is reserved for the platform"));
    }
    if label == tenant {
        Ok(())
    } else {
        Err(format!(
            "under {base_domain} only \"{tenant}.{base_domain}\" is this Tenant's; \"{hostname}\" is not"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_without_case_and_trailing_dot() {
        assert_eq!(of_tenant("acme", Some("CRM.Example.COM."), "localhost"), "crm.example.com");
        assert_eq!(of_tenant("acme", None, "crm.example.net"), "acme.crm.example.net");
    }

    #[test]
    fn under_the_base_domain_only_the_own_name_is_allowed() {
        let check = |hostname: &str| check(hostname, "acme", "crm.example.net");
        assert!(check("acme.crm.example.net").is_ok());
        assert!(check("crm.acme.com").is_ok());
        for wrong in [
            "globex.crm.example.net",
            "a.acme.crm.example.net",
            "www.crm.example.net",
            "crm.example.net",
            "one",
            "a_b.c",
            "10.0.0.1",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}

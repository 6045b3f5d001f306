//! The discovery document (OpenID Connect Discovery 1.0): what it must say for one to sign in here.

use http::{Request, StatusCode, header};
use outbound::{Outbound, OutboundError};
use serde::Deserialize;
use url::Url;

use super::id_token::ALGORITHMS;

/// Why an issuer cannot be signed in with.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// Not an address, or one with a query or a fragment.
    #[error("the issuer is not an address")]
    Issuer,
    /// The issuer was not asked, or did not answer.
    #[error("asking the issuer: {0}")]
    Outbound(#[from] OutboundError),
    /// It answered with something else than 200.
    #[error("the issuer answered {0}")]
    Status(u16),
    /// The answer is not a discovery document.
    #[error("the answer is not a discovery document")]
    Document,
    /// It names another issuer: even a final slash counts.
    #[error("the document names the issuer {0}")]
    OtherIssuer(String),
    /// A member is missing, or is no address that may be asked.
    #[error("the document's {0} is missing or wrong")]
    Member(&'static str),
    /// It has no code flow, no PKCE with S256, or no signature that is taken here.
    #[error("the provider's {0} holds nothing that is taken here")]
    Unsupported(&'static str),
}

/// What of the document is used.
#[derive(Debug, Clone)]
pub(super) struct Metadata {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Url,
    pub(super) userinfo_endpoint: Option<Url>,
    pub(super) scopes: Vec<String>,
    /// Whether the client's secret goes into the body: the header is the default.
    pub(super) secret_in_body: bool,
    /// Whether every answer names the issuer (RFC 9207).
    pub(super) names_itself: bool,
}

#[derive(Deserialize)]
struct Document {
    issuer: Option<String>,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
    userinfo_endpoint: Option<String>,
    response_types_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    scopes_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Fetches and reads it.
pub(super) async fn fetch(outbound: &Outbound, issuer: &str) -> Result<Metadata, DiscoveryError> {
    let address = Url::parse(issuer).map_err(|_| DiscoveryError::Issuer)?;
    if address.query().is_some() || address.fragment().is_some() || !address.username().is_empty() {
        return Err(DiscoveryError::Issuer);
    }
    let document = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let request = Request::get(document).header(header::ACCEPT, "application/json").body(Vec::new());
    let answer = outbound.send(request.map_err(|_| DiscoveryError::Issuer)?).await?;
    if answer.status() != StatusCode::OK {
        return Err(DiscoveryError::Status(answer.status().as_u16()));
    }
    read(issuer, answer.body())
}

fn read(issuer: &str, document: &[u8]) -> Result<Metadata, DiscoveryError> {
    let document: Document = serde_json::from_slice(document).map_err(|_| DiscoveryError::Document)?;
    let named = document.issuer.ok_or(DiscoveryError::Member("issuer"))?;
    if named != issuer {
        return Err(DiscoveryError::OtherIssuer(named));
    }
    // Without TLS is taken only of an issuer that is without TLS itself, which is the platform's to allow.
    let plain = issuer.starts_with("http://");
    let endpoint = |name, value: Option<String>| {
        let address = value.and_then(|value| Url::parse(&value).ok());
        let fits = |address: &Url| {
            address.has_host() && (address.scheme() == "https" || (plain && address.scheme() == "http"))
        };
        address.filter(fits).ok_or(DiscoveryError::Member(name))
    };
    let holds = |name, list: Option<&Vec<String>>, wanted: &[&str]| match list {
        Some(list) if !list.iter().any(|item| wanted.contains(&item.as_str())) => {
            Err(DiscoveryError::Unsupported(name))
        }
        _ => Ok(()),
    };
    holds("response_types_supported", document.response_types_supported.as_ref(), &["code"])?;
    holds("code_challenge_methods_supported", document.code_challenge_methods_supported.as_ref(), &["S256"])?;
    let taken: Vec<String> = ALGORITHMS.iter().map(|algorithm| format!("{algorithm:?}")).collect();
    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    let signed = document.id_token_signing_alg_values_supported.as_ref();
    holds("id_token_signing_alg_values_supported", signed, &taken)?;
    let methods = document.token_endpoint_auth_methods_supported.unwrap_or_default();
    let has = |method: &str| methods.iter().any(|known| known == method);
    Ok(Metadata {
        authorization_endpoint: endpoint("authorization_endpoint", document.authorization_endpoint)?,
        token_endpoint: endpoint("token_endpoint", document.token_endpoint)?,
        jwks_uri: endpoint("jwks_uri", document.jwks_uri)?,
        userinfo_endpoint: match document.userinfo_endpoint {
            Some(value) => Some(endpoint("userinfo_endpoint", Some(value))?),
            None => None,
        },
        scopes: document.scopes_supported,
        secret_in_body: has("client_secret_post") && !has("client_secret_basic"),
        names_itself: document.authorization_response_iss_parameter_supported,
        issuer: named,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ISSUER: &str = "https://id.example.com/realm";

    fn document() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example.com/authorize",
            "token_endpoint": "https://id.example.com/token",
            "jwks_uri": "https://id.example.com/keys",
            "response_types_supported": ["code", "id_token"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256"],
        })
    }

    fn read_with(change: Value) -> Result<Metadata, DiscoveryError> {
        let mut document = document();
        for (name, value) in change.as_object().expect("members") {
            document[name] = value.clone();
        }
        read(ISSUER, document.to_string().as_bytes())
    }

    #[test]
    fn a_good_one_is_read() {
        let metadata = read_with(json!({})).expect("good");
        assert_eq!(metadata.token_endpoint.as_str(), "https://id.example.com/token");
        assert!(!metadata.secret_in_body && !metadata.names_itself && metadata.userinfo_endpoint.is_none());
        let methods = json!({"token_endpoint_auth_methods_supported": ["client_secret_post"]});
        assert!(read_with(methods).expect("good").secret_in_body);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            (
                json!({"issuer": "https://id.example.com/realm/"}),
                "names the issuer https://id.example.com/realm/",
            ),
            (json!({"issuer": null}), "issuer is missing"),
            (json!({"authorization_endpoint": "javascript:alert(1)"}), "authorization_endpoint is missing"),
            (json!({"token_endpoint": "http://id.example.com/token"}), "token_endpoint is missing"),
            (json!({"jwks_uri": null}), "jwks_uri is missing"),
            (json!({"userinfo_endpoint": "nowhere"}), "userinfo_endpoint is missing"),
            (json!({"response_types_supported": ["id_token"]}), "response_types_supported holds nothing"),
            (
                json!({"code_challenge_methods_supported": ["plain"]}),
                "code_challenge_methods_supported holds",
            ),
            (
                json!({"id_token_signing_alg_values_supported": ["HS256", "none"]}),
                "id_token_signing_alg_values",
            ),
        ];
        for (change, said) in cases {
            let error = read_with(change.clone()).expect_err(said).to_string();
            assert!(error.contains(said), "{change}: {error}");
        }
        assert!(matches!(read(ISSUER, b"<html>"), Err(DiscoveryError::Document)));
    }
}

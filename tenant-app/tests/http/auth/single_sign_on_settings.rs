//! Who may set which provider, and what is said of a wrong one.

use http::StatusCode;
use serde_json::{Value, json};
use test_servers::openid::OpenId;

use crate::support::{Answer, Client, Instance, ORIGIN, PASSWORD};

pub(crate) const SETTINGS: &str = "/api/v1/single-sign-on/settings";
const SECRET: &str = "the client's own secret";

/// Changes the settings from whatever version they are in.
pub(crate) async fn set(client: &mut Client, patch: &Value) -> Answer {
    let version = client.get(SETTINGS).await.json()["version"].clone();
    client.with("if-match", &format!("\"{version}\"")).patch(SETTINGS, patch).await
}

fn provider(issuer: &str) -> Value {
    json!({"enabled": true, "issuer": issuer, "client_id": "crm", "client_secret": SECRET})
}

#[tokio::test]
async fn a_provider_is_examined_and_its_secret_is_never_shown() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    let openid = OpenId::start(&json!([])).await.expect("a provider");
    let organisation = "/api/v1/organisation";
    assert_eq!(instance.anonymous().get(organisation).await.json()["single_sign_on"], Value::Null);
    let wrong = [
        ("nowhere", "/issuer not-an-address"),
        ("ftp://localhost", "/issuer issuer-not-https"),
        // Names that resolve to nothing that may be asked, and numbers.
        ("http://10.1.2.3", "/issuer issuer-not-https"),
        ("https://10.1.2.3", "/issuer issuer-private"),
        ("https://169.254.169.254/latest", "/issuer issuer-private"),
        ("https://[::1]:1", "/issuer issuer-private"),
        ("http://127.0.0.1:1", "/issuer issuer-unreachable"),
        (&format!("{}/nothing", openid.issuer()), "/issuer issuer-status"),
        (&format!("{}/", openid.issuer()), "/issuer issuer-other"),
        ("http://localhost:1?x=y", "/issuer not-an-address"),
    ];
    for (issuer, mistake) in wrong {
        assert_eq!(set(&mut ann, &provider(issuer)).await.mistakes(), [mistake], "{issuer}");
    }
    let entries = instance.rows("audit_entry").await;
    let set_up = set(&mut ann, &provider(openid.issuer())).await;
    assert_eq!(set_up.status, StatusCode::OK, "{}", set_up.text());
    assert_eq!(instance.rows("audit_entry").await, entries + 1);
    assert_eq!(set_up.json()["has_client_secret"], true);
    assert_eq!(set_up.json()["redirect_uri"], format!("{ORIGIN}/single-sign-on/callback"));
    // In no answer, no row and no entry.
    assert!(!set_up.text().contains(SECRET) && !ann.get(SETTINGS).await.text().contains(SECRET));
    assert_eq!(instance.holds(SECRET).await, 0);
    let offer = json!({"label": "", "passwords": true});
    assert_eq!(instance.anonymous().get(organisation).await.json()["single_sign_on"], offer);
    // The secret stays with whom it is shared.
    let other = set(&mut ann, &json!({"issuer": "https://id.example.com", "enabled": false})).await;
    assert_eq!(other.mistakes(), ["/client_secret required"]);
    assert_eq!(set(&mut ann, &json!({"client_secret": null})).await.json()["has_client_secret"], false);
    assert_eq!(set(&mut ann, &json!({"issuer": null, "enabled": false})).await.status, StatusCode::OK);
    let stale = ann.with("if-match", "\"1\"").patch(SETTINGS, &json!({"label": "x"})).await;
    assert_eq!(stale.code(), "precondition-failed");
    instance.state("ReadOnly").await;
    assert_eq!(set(&mut ann, &json!({"label": "x"})).await.code(), "read-only");
}

#[tokio::test]
async fn who_is_no_administrator_names_no_provider_and_makes_no_administrators() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    let role = json!({"name": "Security", "rights": {"areas": {"security": true}}});
    let role = ann.post("/api/v1/roles", &role).await;
    assert_eq!(role.status, StatusCode::CREATED, "{}", role.text());
    sqlx::query("UPDATE crm_roles SET key = 'security' WHERE name = 'Security'")
        .execute(&instance.pool)
        .await
        .expect("named");
    let mut sam = instance.invited(&mut ann, "sam@example.com", "security").await;
    let mut mia = instance.invited(&mut ann, "mia@example.com", "manager").await;
    assert_eq!(mia.get(SETTINGS).await.code(), "forbidden");
    let openid = OpenId::start(&json!([])).await.expect("a provider");
    for patch in [provider(openid.issuer()), json!({"client_secret": "x"}), json!({"client_id": "x"})] {
        assert_eq!(set(&mut sam, &patch).await.code(), "forbidden", "{patch}");
    }
    let (admin, member) = (instance.role("admin").await, instance.role("member").await);
    let groups = |role: &Value| {
        json!({"groups_claim": "groups", "default_role_id": member,
                                       "group_roles": [{"group": "all", "role_id": role}]})
    };
    assert_eq!(set(&mut sam, &groups(&json!(admin))).await.code(), "forbidden");
    assert_eq!(set(&mut sam, &groups(&json!(member))).await.status, StatusCode::OK);
    assert_eq!(set(&mut ann, &groups(&json!(admin))).await.status, StatusCode::OK);
    // Nor who the administrators are, once a group makes them.
    assert_eq!(set(&mut sam, &json!({"groups_claim": "other"})).await.code(), "forbidden");
    assert_eq!(set(&mut sam, &json!({"label": "Work account"})).await.status, StatusCode::OK);
    let by_default = set(&mut ann, &json!({"default_role_id": admin})).await;
    assert_eq!(by_default.mistakes(), ["/default_role_id unknown"], "never without a group");
    let unknown = set(&mut ann, &groups(&json!(uuid::Uuid::nil()))).await;
    assert_eq!(unknown.mistakes(), ["/group_roles/0/role_id unknown"]);
    // A role that the provider gives stays.
    let path = format!("/api/v1/roles/{member}");
    let version = ann.get(&path).await.json()["version"].clone();
    assert_eq!(ann.with("if-match", &format!("\"{version}\"")).delete(&path).await.code(), "conflict");
}

#[tokio::test]
async fn passwords_are_for_administrators_once_the_provider_is_alone() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    instance.invited(&mut ann, "mia@example.com", "manager").await;
    let openid = OpenId::start(&json!([])).await.expect("a provider");
    let alone = json!({"enabled": true, "issuer": openid.issuer(), "client_id": "crm", "passwords": false});
    assert_eq!(set(&mut ann, &alone).await.status, StatusCode::OK);
    let sign_in = |email: &str, password: &str| {
        let (mut client, body) = (instance.anonymous(), json!({"email": email, "password": password}));
        async move { client.post("/api/v1/sessions", &body).await }
    };
    let refused = sign_in("mia@example.com", PASSWORD).await;
    assert_eq!(
        (refused.code().as_str(), &refused.json()["reason"]),
        ("forbidden", &json!("single-sign-on-alone"))
    );
    assert_eq!(sign_in("mia@example.com", "not the one").await.code(), "invalid-credentials");
    assert_eq!(sign_in("ann@example.com", PASSWORD).await.status, StatusCode::CREATED);
    assert_eq!(set(&mut ann, &json!({"enabled": false})).await.status, StatusCode::OK);
    assert_eq!(sign_in("mia@example.com", PASSWORD).await.status, StatusCode::CREATED);
}

//! The organisation's logo: an image that is what it is said to be, kept by admins, seen by whoever is signed in.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, Client, Instance};

const LOGO: &str = "/api/v1/organisation/logo";
const MOST: usize = 256 * 1024;

/// The smallest picture: nothing looks beyond its first bytes.
pub(crate) const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF";
const WEBP: &[u8] = b"RIFF\x24\0\0\0WEBPVP8 ";

async fn put(client: &Client, content_type: &str, image: &[u8]) -> Answer {
    client.send_bytes(Method::PUT, LOGO, (content_type, image.to_vec())).await
}

async fn version(client: &mut Client) -> Value {
    client.get("/api/v1/organisation").await.json()["logo_version"].clone()
}

async fn files(instance: &Instance) -> (i64, i64) {
    (instance.rows("file").await, instance.rows("file_chunk").await)
}

#[tokio::test]
async fn a_logo_is_set_replaced_and_removed_with_one_entry_each() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut viewer = instance.invited(&mut admin, "vic@example.com", "viewer").await;
    let entries = instance.rows("audit_entry").await;
    assert_eq!(version(&mut viewer).await, Value::Null);
    assert_eq!(viewer.get(LOGO).await.code(), "not-found");
    assert_eq!(admin.delete(LOGO).await.code(), "not-found");

    let mut versions = Vec::new();
    for (content_type, image) in [("image/png", PNG), ("image/jpeg", JPEG), ("image/webp", WEBP)] {
        let set = put(&admin, content_type, image).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.text());
        // Settings are read anew by their epoch: the next request knows.
        let told = version(&mut viewer).await;
        assert_eq!((&set.json()["logo_version"], &set.json()["name"]), (&told, &json!("Acme")));
        let session = viewer.get("/api/v1/sessions/current").await.json();
        assert_eq!(session["organisation"]["logo_version"], told);
        let seen = viewer.get(LOGO).await;
        assert_eq!((seen.status, &*seen.bytes), (StatusCode::OK, image));
        assert_eq!(seen.header("content-type"), content_type);
        assert_eq!(seen.header("etag"), set.header("etag"));
        versions.push(told);
        assert_eq!(files(&instance).await, (1, 1), "the one before is gone");
    }
    versions.dedup();
    assert_eq!(versions.len(), 3, "each has a version of its own");

    let gone = admin.delete(LOGO).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
    assert_eq!((version(&mut viewer).await, files(&instance).await), (Value::Null, (0, 0)));
    assert_eq!(viewer.get(LOGO).await.code(), "not-found");
    assert_eq!(instance.rows("audit_entry").await, entries + 4);
    let told: Vec<(String, Value)> = sqlx::query_as(
        "SELECT audit_entry.action, record_change.changes FROM audit_entry
         JOIN record_change ON record_change.audit_entry_id = audit_entry.id
         WHERE audit_entry.action LIKE 'organisation.logo%' ORDER BY audit_entry.at, audit_entry.id",
    )
    .fetch_all(&instance.pool)
    .await
    .expect("read");
    let change = |old: &Value, new: &Value| json!({"logo": {"old": old, "new": new}});
    let set = "organisation.logo_set".to_owned();
    assert_eq!(
        told,
        [
            (set.clone(), change(&Value::Null, &versions[0])),
            (set.clone(), change(&versions[0], &versions[1])),
            (set, change(&versions[1], &versions[2])),
            ("organisation.logo_removed".to_owned(), change(&versions[2], &Value::Null)),
        ]
    );
    // Who is changing the settings is not disturbed.
    assert_eq!(admin.get("/api/v1/organisation/settings").await.json()["version"], 1);
}

#[tokio::test]
async fn browsers_keep_a_logo_by_its_version() {
    let instance = Instance::new().await;
    let admin = instance.admin().await;
    let set = put(&admin, "image/png", PNG).await;
    let first = set.json()["logo_version"].as_str().expect("a version").to_owned();
    let of = |version: &str| format!("{LOGO}?version={version}");
    let seen = admin.clone().get(&of(&first)).await;
    let headers = ["cache-control", "content-disposition", "x-content-type-options"];
    assert_eq!(
        headers.map(|name| seen.header(name)),
        ["private, max-age=31536000, immutable", "inline", "nosniff"]
    );
    let known = admin.with("if-none-match", &format!("\"x\", W/{}", set.header("etag")));
    let same = known.clone().get(LOGO).await;
    assert_eq!((same.status, same.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(
        (same.header("etag"), same.header("cache-control")),
        (set.header("etag"), "private, no-cache")
    );

    // Another one under the old address is not kept as if it were that.
    put(&admin, "image/webp", WEBP).await;
    let other = known.clone().get(&of(&first)).await;
    assert_eq!((other.status, &*other.bytes), (StatusCode::OK, WEBP));
    assert_eq!(other.header("cache-control"), "private, no-cache");
    assert_eq!(admin.clone().get(&of("1")).await.code(), "malformed");
}

#[tokio::test]
async fn what_is_no_logo_is_refused_and_leaves_nothing() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut viewer = instance.invited(&mut admin, "vic@example.com", "viewer").await;
    let entries = instance.rows("audit_entry").await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let sized = |bytes: usize| [PNG, &vec![0; bytes - PNG.len()]].concat();
    let refused: [(&str, &[u8], &str); 8] = [
        ("image/svg+xml", svg, "unsupported-media-type"),
        ("image/gif", b"GIF89a", "unsupported-media-type"),
        ("application/json", b"{}", "unsupported-media-type"),
        ("image/png", svg, "validation"),
        ("image/png", JPEG, "validation"),
        ("image/webp", PNG, "validation"),
        ("image/jpeg", b"", "validation"),
        ("image/png", &sized(MOST + 1), "too-large"),
    ];
    for (content_type, image, code) in refused {
        let answer = put(&admin, content_type, image).await;
        assert_eq!(answer.code(), code, "{content_type}");
        if code == "validation" {
            let error = json!({"pointer": "", "code": "wrong-image", "params": {"type": content_type}});
            assert_eq!(answer.json()["errors"], json!([error]));
        }
    }
    assert_eq!(put(&viewer, "image/png", PNG).await.code(), "forbidden");
    assert_eq!(put(&instance.anonymous(), "image/png", PNG).await.code(), "unauthenticated");
    assert_eq!(instance.anonymous().get(LOGO).await.code(), "unauthenticated");
    assert_eq!((version(&mut admin).await, files(&instance).await), (Value::Null, (0, 0)));

    // The largest one, and nothing of it goes by who may not.
    let largest = put(&admin, "image/png; charset=binary", &sized(MOST)).await;
    assert_eq!(largest.status, StatusCode::OK, "{}", largest.text());
    assert_eq!(viewer.delete(LOGO).await.code(), "forbidden");
    assert_eq!(viewer.get(LOGO).await.bytes.len(), MOST);
    instance.state("ReadOnly").await;
    assert_eq!(put(&admin, "image/png", PNG).await.code(), "read-only");
    assert_eq!(admin.delete(LOGO).await.code(), "read-only");
    assert_eq!(viewer.get(LOGO).await.status, StatusCode::OK);
    assert_eq!(instance.rows("audit_entry").await, entries + 1);
}

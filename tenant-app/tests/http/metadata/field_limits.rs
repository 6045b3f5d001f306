//! How many custom fields and indexes of them an object may have, and who builds what is large.

use serde_json::json;
use tenant_app::store::metadata::custom_fields;

use super::fields::{FIELDS, changed, field, made, patched};
use crate::support::Instance;

async fn indexes(instance: &Instance) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM pg_indexes WHERE indexname ~ '_c_[0-9a-f]{8}' AND schemaname = current_schema()")
        .fetch_one(&instance.pool)
        .await
        .expect("counted")
}

#[tokio::test]
async fn limits_hold() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut fields = Vec::new();
    for number in 0..100 {
        fields.push(made(&mut admin, FIELDS, field(&format!("f{number}"), "integer")).await);
    }
    let beyond = admin.post(FIELDS, &field("more", "integer")).await;
    assert_eq!((beyond.code().as_str(), &beyond.json()["limit"]), ("limit-reached", &json!(100)));
    // Another object has its own; an archived one makes room, and cannot come back into none.
    let mut other = field("more", "integer");
    other["object"] = json!("contact");
    made(&mut admin, FIELDS, other).await;
    let away = patched(&mut admin, &fields[99], json!({"archived": true})).await;
    made(&mut admin, FIELDS, field("more", "integer")).await;
    let back = changed(&mut admin, FIELDS, &away, json!({"archived": false})).await;
    assert_eq!(back.code(), "limit-reached");

    for field in &mut fields[..11] {
        *field = patched(&mut admin, field, json!({"indexed": true})).await;
    }
    let both = changed(&mut admin, FIELDS, &fields[11], json!({"indexed": true, "unique": true})).await;
    assert_eq!((both.code().as_str(), &both.json()["limit"]), ("limit-reached", &json!(12)));
    fields[11] = patched(&mut admin, &fields[11], json!({"unique": true})).await;
    assert_eq!(indexes(&instance).await, 12);
    let beyond = changed(&mut admin, FIELDS, &fields[12], json!({"indexed": true})).await;
    assert_eq!((beyond.code().as_str(), &beyond.json()["used"]), ("limit-reached", &json!(12)));
    fields[0] = patched(&mut admin, &fields[0], json!({"indexed": false})).await;
    assert_eq!(indexes(&instance).await, 11);
    patched(&mut admin, &fields[12], json!({"indexed": true})).await;
    // An archived field gives its indexes back.
    patched(&mut admin, &fields[11], json!({"archived": true})).await;
    assert_eq!(indexes(&instance).await, 11);
}

#[tokio::test]
async fn above_50_000_records_an_index_is_asked_for() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut body = field("rank", "integer");
    body["object"] = json!("note");
    let rank = made(&mut admin, FIELDS, body.clone()).await;
    body["slug"] = json!("other");
    let other = made(&mut admin, FIELDS, body).await;
    let rows = "INSERT INTO note (id, body) SELECT gen_random_uuid(), 'x' FROM generate_series(1, $1)";
    sqlx::query(rows).bind(50_000).execute(&instance.pool).await.expect("filled");
    let built = patched(&mut admin, &other, json!({"indexed": true})).await;
    assert_eq!((&built["indexed"], &built["index_pending"]), (&json!(true), &json!(false)));
    sqlx::query(rows).bind(1).execute(&instance.pool).await.expect("one more");
    let asked = patched(&mut admin, &rank, json!({"indexed": true})).await;
    assert_eq!((&asked["indexed"], &asked["index_pending"]), (&json!(true), &json!(true)));
    // Lists do not count on it until it is there.
    let mut connection = instance.pool.acquire().await.expect("connected");
    let registry = custom_fields::registry(&mut connection).await.expect("read");
    let serves =
        |name: &str| registry.object("note").and_then(|note| note.field(name)).map(|field| field.indexed);
    assert_eq!((serves("c_other"), serves("c_rank")), (Some(true), Some(false)));
    drop(connection);
    let requests: Vec<(String, String, String)> =
        sqlx::query_as("SELECT object, field_id, state FROM index_request")
            .fetch_all(&instance.pool)
            .await
            .expect("rows");
    let id = rank["id"].as_str().expect("an id").to_owned();
    assert_eq!(requests, [("note".to_owned(), id.clone(), "requested".to_owned())]);
    assert_eq!(indexes(&instance).await, 1);
    // What `migrate` answers where records have the same value (its own tests) is told until the field is changed.
    let unique = patched(&mut admin, &asked, json!({"unique": true})).await;
    assert_eq!((&unique["unique"], &unique["unique_failed"]), (&json!(true), &json!(false)));
    let answers = "WITH answered AS (UPDATE index_request SET state = 'failed', error = 'x', finished_at = now())
                   UPDATE custom_field SET is_unique = false, version = version + 1, updated_at = now() WHERE is_unique";
    let mut owner = instance.tenant.owner().await.expect("connected");
    sqlx::query(answers).execute(&mut owner).await.expect("answered");
    let path = format!("{FIELDS}/{id}");
    let failed = admin.get(&path).await.json();
    assert_eq!((&failed["unique"], &failed["unique_failed"]), (&json!(false), &json!(true)));
    let changed = patched(&mut admin, &failed, json!({"required": true})).await;
    assert_eq!(changed["unique_failed"], json!(false));
}

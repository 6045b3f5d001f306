//! An index serves what it can: the forms that the compiler writes are those that Postgres finds in one.

use serde_json::{Value as Json, json};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::agreement::{checked, compiled, seed};
use crate::world::{World, context};

const INDEXES: &str = r#"
CREATE INDEX by_name ON opportunity (lower(name COLLATE "und-x-icu") text_pattern_ops, updated_at DESC, id)
    WHERE deleted_at IS NULL;
CREATE INDEX by_owner ON opportunity (owner_id, updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX by_account ON opportunity (account_id, updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX by_amount ON opportunity (amount_base, updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX by_close_date ON opportunity (close_date, updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX by_created_at ON opportunity (created_at, updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX by_choices ON opportunity USING gin (c_xmulti_pick) WHERE deleted_at IS NULL;
CREATE INDEX account_id ON account (id);
CREATE INDEX opportunity_id ON opportunity (id);
CREATE INDEX contact_id ON contact (id);
CREATE INDEX contact_name ON contact (lower(last_name COLLATE "und-x-icu") text_pattern_ops, updated_at DESC, id)
    WHERE deleted_at IS NULL;
CREATE INDEX of_opportunity ON opportunity_contact (opportunity_id, contact_id);
CREATE INDEX of_contact ON opportunity_contact (contact_id, opportunity_id);
CREATE INDEX by_address ON email_address (folded text_pattern_ops, record_id);
CREATE INDEX of_record ON email_address (record_id, position);
"#;

/// 30,000 rows of a year, each name and number rare.
const ROWS: &str = "
INSERT INTO account (id, name, hidden)
SELECT md5('a' || n)::uuid, 'Account ' || n, false FROM generate_series(1, 3000) AS n;
INSERT INTO opportunity (id, name, owner_id, account_id, amount_base, close_date, created_at, updated_at,
                         c_xmulti_pick, hidden)
SELECT md5('o' || n)::uuid, 'Deal ' || n, md5('u' || n % 300)::uuid, md5('a' || n % 3000)::uuid, n,
       date '2026-01-01' + n % 365, timestamptz '2026-01-01' + n * interval '17 minutes', now(),
       ARRAY[CASE WHEN n % 200 = 0 THEN 'won' ELSE 'new' END], false
FROM generate_series(1, 30000) AS n;
INSERT INTO email_address (record_id, position, value, is_primary)
SELECT md5('o' || n)::uuid, 0, 'Deal' || n || '@example.com', true FROM generate_series(1, 30000) AS n;
INSERT INTO contact (id, last_name, hidden)
SELECT md5('c' || n)::uuid, 'Person ' || n, false FROM generate_series(1, 3000) AS n;
INSERT INTO opportunity_contact SELECT md5('o' || n)::uuid, md5('c' || n % 3000)::uuid FROM generate_series(1, 30000) AS n;
ANALYZE account; ANALYZE opportunity; ANALYZE email_address; ANALYZE contact; ANALYZE opportunity_contact;
";

#[tokio::test]
async fn an_index_serves_what_it_can() {
    let mut random = seed();
    let mut world = World::new().await;
    // Safe: constants.
    sqlx::raw_sql(AssertSqlSafe(format!("{INDEXES}{ROWS}")))
        .execute(&mut world.connection)
        .await
        .expect("filled");
    let (mut context, registry) = (context(0, &mut random), world.registry.clone());
    context.now = "2026-06-01T10:00:00Z".parse().expect("a time");
    let account: Uuid =
        sqlx::query_scalar("SELECT md5('a7')::uuid").fetch_one(&mut world.connection).await.expect("one");
    let contact: Uuid =
        sqlx::query_scalar("SELECT md5('c7')::uuid").fetch_one(&mut world.connection).await.expect("one");
    let term = |field: &str, op: &str, value: Json| json!({"field": field, "op": op, "value": value});
    for (root, index) in [
        (term("name", "eq", json!("DEAL 77")), Some("by_name")),
        (term("name", "in", json!(["Deal 77", "deal 78"])), Some("by_name")),
        (term("name", "starts_with", json!("deal 777")), Some("by_name")),
        (term("name", "contains", json!("eal 777")), None),
        (term("name", "ne", json!("deal 77")), None),
        (term("email", "eq", json!("DEAL77@example.com")), Some("by_address")),
        (term("email", "in", json!(["deal77@example.com", "x@example.com"])), Some("by_address")),
        (term("email", "starts_with", json!("deal777")), Some("by_address")),
        (term("owner_id", "eq", json!(account)), Some("by_owner")),
        (term("owner_id", "in", json!([account, Uuid::nil()])), Some("by_owner")),
        (term("account_id", "eq", json!(account)), Some("by_account")),
        (term("account.id", "eq", json!(account)), Some("by_account")),
        (term("contacts", "any_of", json!([contact])), Some("of_contact")),
        (term("contacts.last_name", "eq", json!("PERSON 77")), Some("contact_name")),
        (term("contacts.last_name", "eq", json!("PERSON 77")), Some("of_contact")),
        (term("contacts.last_name", "starts_with", json!("person 77")), Some("of_contact")),
        (term("amount", "between", json!(["70", "80"])), Some("by_amount")),
        (term("close_date", "eq", json!("2026-05-05")), Some("by_close_date")),
        (term("created_at", "eq", json!({"relative": "this", "unit": "day"})), Some("by_created_at")),
        (term("created_at", "eq", json!("2026-05-05")), Some("by_created_at")),
        (term("c_multi_pick", "any_of", json!(["won"])), Some("by_choices")),
        (term("c_multi_pick", "all_of", json!(["won"])), Some("by_choices")),
    ] {
        let plan = plan(&mut world, &registry, &root, &context).await;
        match index {
            Some(index) => assert!(plan.contains(index), "{root}\n{plan}"),
            None => assert!(!plan.contains("Index Cond"), "{root}\n{plan}"),
        }
    }
}

async fn plan(
    world: &mut World,
    registry: &tenant_app::domain::metadata::registry::Registry,
    root: &Json,
    context: &tenant_app::domain::filter::Context,
) -> String {
    let (text, arguments) = compiled(&checked(registry, root), context);
    let text = format!("EXPLAIN {text} AND t.deleted_at IS NULL");
    // Safe: of the compiler.
    let query = sqlx::query_with(AssertSqlSafe(text), arguments).persistent(false);
    let lines = query.fetch_all(&mut world.connection).await.expect("explained");
    lines.iter().map(|line| line.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
}

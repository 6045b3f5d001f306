//! Lists of people who see a part of the records: found by id, in the order's index or by what an index holds of owner
//! and team, the pages are the same.

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::metadata::fields::{FIELDS, changed, encoded, made};
use crate::support::{Client, Instance};

const LEADS: i32 = 900;

/// A member who sees their own leads and so many shared ones.
async fn member_with(instance: &Instance, shares: i32) -> (Client, Uuid) {
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let id = |answer: Value| answer["id"].as_str().expect("an id").parse::<Uuid>().expect("a UUID");
    let admin_id = id(admin.get("/api/v1/users/current").await.json());
    let member_id = id(member.get("/api/v1/users/current").await.json());
    fill(instance, admin_id, member_id, shares).await;
    (member, member_id)
}

/// Leads of the admin and, every thirtieth, of the member; the first `shares` are shared with the member, own ones too.
async fn fill(instance: &Instance, admin: Uuid, member: Uuid, shares: i32) {
    let statement = format!(
        "WITH made AS (
             INSERT INTO lead (id, last_name, company, status, owner_id, updated_at)
             SELECT gen_random_uuid(), 'Lead ' || n % 250, CASE WHEN n % 3 > 0 THEN 'Company ' || n % 40 END, 'new',
                    CASE WHEN n % 30 = 0 THEN '{member}'::uuid ELSE '{admin}'::uuid END,
                    now() - (n * 7919 % {LEADS}) * interval '1 minute'
             FROM generate_series(1, {LEADS}) AS n RETURNING id
         ), numbered AS (SELECT id, row_number() OVER () AS number FROM made)
         INSERT INTO record_share (id, object, record_id, user_id)
         SELECT gen_random_uuid(), 'lead', id, '{member}'::uuid FROM numbered WHERE number <= {shares}"
    );
    sqlx::query(AssertSqlSafe(statement)).execute(&instance.pool).await.expect("filled");
}

async fn expected(instance: &Instance, member: Uuid, order: &str) -> Vec<Uuid> {
    let statement = format!(
        "SELECT id FROM lead WHERE owner_id = '{member}'
             OR EXISTS (SELECT FROM record_share WHERE record_id = lead.id AND user_id = '{member}')
         ORDER BY {order}"
    );
    sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&instance.pool).await.expect("read")
}

fn ids(page: &Value) -> Vec<Uuid> {
    let id = |item: &Value| item["id"].as_str().expect("an id").parse().expect("a UUID");
    page["items"].as_array().expect("items").iter().map(id).collect()
}

/// All pages to the end, and all back to the beginning.
async fn there_and_back(client: &mut Client, sort: &str) -> (Vec<Uuid>, Vec<Uuid>) {
    let path = format!("/api/v1/leads?fields=id&limit=70&sort={sort}");
    let mut page = client.get(&path).await.json();
    let mut there = ids(&page);
    while let Some(next) = page["next"].as_str() {
        page = client.get(&format!("{path}&cursor={next}")).await.json();
        there.extend(ids(&page));
    }
    let mut back = ids(&page);
    while let Some(previous) = page["previous"].as_str() {
        page = client.get(&format!("{path}&cursor={previous}")).await.json();
        back.splice(0..0, ids(&page));
    }
    (there, back)
}

#[tokio::test]
async fn few_and_many_shares_give_the_same_pages() {
    // 548 shares are where one way becomes the cheaper one (store/scope.rs).
    for shares in [0, 40, 700] {
        let instance = Instance::new().await;
        let (mut member, member_id) = member_with(&instance, shares).await;
        let sorts = [
            ("-updated_at", "updated_at DESC, id"),
            ("updated_at", "updated_at, id DESC"),
            ("last_name", "last_name, updated_at DESC, id"),
            ("company,-last_name", "company NULLS LAST, last_name DESC, updated_at DESC, id"),
            // The index is read backwards: what follows is turned round too.
            ("-company", "company DESC NULLS LAST, updated_at, id DESC"),
        ];
        for (sort, order) in sorts {
            let wanted = expected(&instance, member_id, order).await;
            assert!(wanted.len() >= 30.max(usize::try_from(shares).expect("positive")));
            let (there, back) = there_and_back(&mut member, sort).await;
            assert_eq!(there, wanted, "{shares} shares by {sort}");
            assert_eq!(back, wanted, "{shares} shares by {sort}, backwards");
        }
    }
}

/// By a custom field with an index, which holds owner and team: only records that are reached are read.
#[tokio::test]
async fn an_index_that_tells_who_sees_a_record_gives_the_same_pages() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    let mia_id = mia.get("/api/v1/users/current").await.json()["id"].as_str().expect("an id").to_owned();
    let mut column = String::new();
    for slug in ["rank", "text"] {
        let kind = if slug == "rank" { "integer" } else { "text" };
        let field = json!({"object": "lead", "slug": slug, "type": kind, "label": {"en": slug, "de": slug}});
        let field = made(&mut admin, FIELDS, field).await;
        let indexed = changed(&mut admin, FIELDS, &field, json!({"indexed": true})).await.json();
        assert_eq!((&indexed["indexed"], &indexed["index_pending"]), (&json!(true), &json!(false)));
        let columns = "SELECT string_agg(column_name, ' ' ORDER BY position) FROM custom_field";
        column = sqlx::query_scalar(columns).fetch_one(&instance.pool).await.expect("columns");
    }
    let (rank, text) = column.split_once(' ').expect("two");
    let fill = format!(
        "INSERT INTO crm_teams (id, name) SELECT md5('team ' || n)::uuid, 'Team ' || n FROM generate_series(0, 4) AS n;
         INSERT INTO crm_team_members (team_id, user_id, is_primary) VALUES (md5('team 0')::uuid, '{mia_id}', true);
         INSERT INTO lead (id, last_name, status, owner_id, team_id, updated_at, {rank}, {text})
             SELECT gen_random_uuid(), 'Lead ' || n, CASE WHEN n % 7 < 4 THEN 'new' ELSE 'working' END,
                    CASE WHEN n % 30 = 0 THEN '{mia_id}'::uuid END,
                    CASE WHEN n % 11 > 0 THEN md5('team ' || n % 5)::uuid END,
                    now() - (n * 7919 % {LEADS}) * interval '1 minute',
                    CASE WHEN n % 9 > 0 THEN n % 40 END, CASE WHEN n % 8 > 0 THEN 'Text ' || n % 60 END
             FROM generate_series(1, {LEADS}) AS n;
         INSERT INTO record_share (id, object, record_id, user_id)
             SELECT gen_random_uuid(), 'lead', id, '{mia_id}' FROM lead ORDER BY md5(last_name) LIMIT 40"
    );
    sqlx::raw_sql(AssertSqlSafe(fill)).execute(&instance.pool).await.expect("filled");
    let filter = encoded(&json!({"v": 1, "where": {"field": "status", "op": "eq", "value": "new"}}));
    for (sort, order) in [
        ("c_rank", format!("{rank} NULLS LAST, updated_at DESC, id")),
        ("-c_rank", format!("{rank} DESC NULLS LAST, updated_at, id DESC")),
        ("c_text", format!("{text} NULLS LAST, updated_at DESC, id")),
        ("c_rank,c_text", format!("{rank} NULLS LAST, {text} NULLS LAST, updated_at DESC, id")),
    ] {
        for (query, condition) in
            [(sort.to_owned(), "true"), (format!("{sort}&filter={filter}"), "status = 'new'")]
        {
            let statement = format!(
                "SELECT id FROM lead WHERE {condition} AND (owner_id = '{mia_id}' OR team_id = md5('team 0')::uuid
                     OR EXISTS (SELECT FROM record_share WHERE record_id = lead.id)) ORDER BY {order}"
            );
            let wanted: Vec<Uuid> =
                sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&instance.pool).await.expect("read");
            assert!((100..450).contains(&wanted.len()), "{} of {LEADS}", wanted.len());
            let (there, back) = there_and_back(&mut mia, &query).await;
            assert_eq!(there, wanted, "{query}");
            assert_eq!(back, wanted, "{query}, backwards");
        }
    }
}

/// The order of shares is that of their records, whichever of a share and a change of its record comes first.
#[tokio::test]
async fn shares_keep_the_order_of_their_records() {
    let instance = Instance::new().await;
    let (mut member, member_id) = member_with(&instance, 300).await;
    let change = "UPDATE lead SET updated_at = now() + random() * interval '1 minute' WHERE ";
    let third = format!("{change} id::text < '5'");
    sqlx::query(AssertSqlSafe(third)).execute(&instance.pool).await.expect("changed");
    assert_ordered(&instance, &mut member, member_id).await;

    let unshared: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM lead WHERE NOT EXISTS (SELECT FROM record_share WHERE record_id = lead.id) LIMIT 2",
    )
    .fetch_all(&instance.pool)
    .await
    .expect("read");
    for (lead, share_first) in [(unshared[0], true), (unshared[1], false)] {
        let share = format!(
            "INSERT INTO record_share (id, object, record_id, user_id)
             VALUES (gen_random_uuid(), 'lead', '{lead}', '{member_id}')"
        );
        let change = format!("{change} id = '{lead}'");
        let (first, second) = if share_first { (share, change) } else { (change, share) };
        let mut transaction = instance.pool.begin().await.expect("begun");
        sqlx::query(AssertSqlSafe(first)).execute(&mut *transaction).await.expect("first");
        let pool = instance.pool.clone();
        let second = tokio::spawn(async move { sqlx::query(AssertSqlSafe(second)).execute(&pool).await });
        wait_for_a_lock(&instance).await;
        transaction.commit().await.expect("committed");
        second.await.expect("joined").expect("second");
        assert_ordered(&instance, &mut member, member_id).await;
    }
}

async fn assert_ordered(instance: &Instance, member: &mut Client, member_id: Uuid) {
    let wanted = expected(instance, member_id, "updated_at DESC, id").await;
    let (there, back) = there_and_back(member, "-updated_at").await;
    assert_eq!(there, wanted);
    assert_eq!(back, wanted, "backwards");
}

/// Until somebody waits for what somebody else holds.
async fn wait_for_a_lock(instance: &Instance) {
    for _ in 0..500 {
        let waiting: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = current_user)",
        )
        .fetch_one(&instance.pool)
        .await
        .expect("read");
        if waiting {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("nobody waits");
}

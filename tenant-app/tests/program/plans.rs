//! The plans of the hot statements, as Postgres itself logs them while the app asks: a golden file each, so that a lost
//! index or a changed way is seen. `INSTA_UPDATE=always` writes them anew.

use std::fmt::Write as _;

use fixtures::pod::{Pod, Program};
use fixtures::records::encoded;
use fixtures::session::Session;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use test_servers::postgres::Postgres;

use crate::pod::PROGRAM;

/// Few enough that `ANALYZE` reads every row: the statistics, and with them the plans, are the same each time.
const LEADS: &str = "20000";
/// The organisation that `make bench` measures, smaller.
const ORGANISATION: &str = include_str!("../../../tests/bench/src/leads.sql");

/// What hangs on the leads, and the sessions of a busy month: so many that an index is the shorter way.
const AROUND: &str = "
INSERT INTO session (id, token_hash, user_id, expires_at)
    SELECT md5('session ' || n)::uuid, sha256(n::text::bytea), md5('user ' || n % 200)::uuid, now()
    FROM generate_series(1, 5000) AS n;
INSERT INTO tag (id, name, colour, created_at, updated_at)
    SELECT md5('tag ' || n)::uuid, 'Tag ' || n, 'teal', now(), now() FROM generate_series(1, 20) AS n;
INSERT INTO record_tag (object, record_id, tag_id)
    SELECT 'lead', md5('lead ' || n)::uuid, md5('tag ' || 1 + n % 20)::uuid FROM generate_series(1, $leads) AS n;
INSERT INTO audit_entry (id, at, actor_id, actor_name, action, object, record_id)
    SELECT md5('entry ' || n)::uuid, now() - n * interval '1 minute', md5('user ' || n % 200)::uuid, 'User', 'lead.created',
           'lead', md5('lead ' || n)::uuid FROM generate_series(1, $leads) AS n;
INSERT INTO record_change (id, audit_entry_id, at, object, record_id, kind, version, changes)
    SELECT md5('change ' || n)::uuid, md5('entry ' || n)::uuid, now() - n * interval '1 minute', 'lead',
           md5('lead ' || n)::uuid, 'created', 1, '{}' FROM generate_series(1, $leads) AS n;
INSERT INTO note (id, body, author_id)
    SELECT md5('note ' || n)::uuid, 'Note ' || n, md5('user ' || n % 200)::uuid FROM generate_series(1, 5000) AS n;
INSERT INTO activity_link (activity, activity_id, object, record_id)
    SELECT 'note', md5('note ' || n)::uuid, 'lead', md5('lead ' || n)::uuid FROM generate_series(1, 5000) AS n;
";

/// Postgres, an instance on it whose statements are logged with their plans, and how far the log was read.
struct Watched {
    postgres: Postgres,
    owner: PgConnection,
    serve: Program,
}

impl Watched {
    async fn new() -> Self {
        let postgres = Postgres::start().await.expect("postgres");
        let tenant = postgres.tenant().await.expect("a tenant");
        let pod = Pod::migrated(PROGRAM, tenant, None).await;
        let mut owner = pod.tenant.owner().await.expect("connected");
        let organisation = format!("{ORGANISATION}{AROUND}").replace("$leads", LEADS);
        // Safe: constants, and names of base32 digits.
        sqlx::raw_sql(AssertSqlSafe(organisation)).execute(&mut owner).await.expect("filled");
        owner.execute("ANALYZE").await.expect("analyzed");
        let mut admin = PgConnection::connect(&postgres.superuser_url()).await.expect("connected");
        let login = contract::postgres::Login::A.role(&pod.tenant.id);
        for setting in [
            "session_preload_libraries = 'auto_explain'",
            "auto_explain.log_min_duration = 0",
            "auto_explain.log_format = 'json'",
        ] {
            let statement = format!("ALTER ROLE {login} SET {setting}");
            admin.execute(AssertSqlSafe(statement)).await.expect("set");
        }
        let serve = pod.start("serve", "0").await;
        Self { postgres, owner, serve }
    }

    /// Asks as one of the organisation's people; the answer, and the plans of what was read for it.
    async fn ask(&mut self, person: i32, path: &str) -> (Value, String) {
        let token: Vec<u8> =
            sqlx::query_scalar("SELECT sha256(('bench ' || md5('user ' || $1)::uuid)::bytea)")
                .bind(person)
                .fetch_one(&mut self.owner)
                .await
                .expect("a token");
        let read = self.postgres.log().expect("a log").len();
        let session = Session::of_token(&self.serve.http, &token);
        let answer = session.get(path).send().await.expect("answered");
        let (status, answer) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
        assert_eq!(status, 200, "{path}: {answer}");
        let log = self.postgres.log().expect("a log");
        let plans: Vec<String> = logged(&log[read..]).iter().filter_map(outline).collect();
        (answer, plans.join("\n\n"))
    }
}

/// The plans in a part of the log: JSON on lines that begin with a tab. One that is only half written is of a statement in
/// the background: those of an answer are logged before it is sent.
fn logged(log: &str) -> Vec<Value> {
    let entry = |entry: &str| {
        let lines = entry.lines().take_while(|line| line.starts_with('\t'));
        serde_json::from_str(&lines.collect::<Vec<_>>().join("\n")).ok()
    };
    log.split("  plan:\n").skip(1).filter_map(entry).collect()
}

/// What a plan does, a line a node; nothing of statements that only count what was asked.
fn outline(plan: &Value) -> Option<String> {
    let text = plan["Query Text"].as_str().expect("a statement");
    if !text.trim_start().to_uppercase().starts_with("SELECT")
        && !text.trim_start().to_uppercase().starts_with("WITH")
    {
        return None;
    }
    let mut lines = Vec::new();
    node(&plan["Plan"], 0, &mut lines);
    Some(lines.join("\n"))
}

fn node(plan: &Value, depth: usize, lines: &mut Vec<String>) {
    let word = |name: &str| plan[name].as_str().map(str::to_owned);
    let mut line = format!("{}{}", "  ".repeat(depth), word("Node Type").expect("a type"));
    if plan["Scan Direction"] == json!("Backward") {
        line.push_str(" backward");
    }
    for (name, before) in [("Relation Name", " on "), ("Index Name", " by "), ("Subplan Name", ", ")] {
        if let Some(value) = word(name) {
            line.push_str(before);
            line.push_str(&value);
        }
    }
    if let Some(keys) = plan["Sort Key"].as_array() {
        let _ = write!(line, " of {} keys", keys.len());
    }
    lines.push(line);
    for inner in plan["Plans"].as_array().into_iter().flatten() {
        node(inner, depth + 1, lines);
    }
}

#[tokio::test]
async fn the_hot_statements_go_the_ways_that_are_written_down() {
    let mut watched = Watched::new().await;
    let filter = |wanted: Value| encoded(&json!({"v": 1, "where": wanted}));
    let recent = json!({"relative": "last", "count": 90, "unit": "day"});
    let status = json!({"field": "status", "op": "eq", "value": "working"});
    let filtered = filter(json!({"and": [status, {"field": "created_at", "op": "gte", "value": recent}]}));
    let custom = filter(json!({"field": "c_kind", "op": "eq", "value": "b"}));
    let mine =
        filter(json!({"and": [{"field": "owner_id", "op": "eq", "value": {"ref": "me"}}, status.clone()]}));
    // 0 to 99 lead teams, 100 to 199 see their own and what is shared, the others see all.
    let (teams, own, all) = (1, 101, 201);
    let (page, _) = watched.ask(all, "/leads").await;
    let next = format!("/leads?cursor={}", page["next"].as_str().expect("a next page"));
    let (page, _) = watched.ask(all, "/leads?sort=-last_name").await;
    let by_name = format!("/leads?sort=-last_name&cursor={}", page["next"].as_str().expect("a next page"));
    let lead = page["items"][0]["id"].as_str().expect("an id").to_owned();
    let mut found = String::new();
    for (what, person, path) in [
        ("team and below, newest first", teams, "/leads".to_owned()),
        ("team and below, a status of the last 90 days", teams, format!("/leads?filter={filtered}")),
        ("team and below, by custom fields", teams, format!("/leads?sort=c_rank&filter={custom}")),
        ("own and shared, newest first", own, "/leads".to_owned()),
        ("own and shared, by name", own, "/leads?sort=last_name".to_owned()),
        ("all, newest first", all, "/leads".to_owned()),
        ("all, the next page", all, next),
        ("all, the next page by name downwards", all, by_name),
        ("all, my own that I work on", all, format!("/leads?filter={mine}")),
        ("one lead", all, format!("/leads/{lead}")),
        ("its timeline", all, format!("/leads/{lead}/timeline")),
    ] {
        // Once before, so that rights and registry are known and nothing is planned for the first time.
        watched.ask(person, &path).await;
        let (_, plans) = watched.ask(person, &path).await;
        assert!(!plans.is_empty(), "{what}: nothing was logged");
        let _ = write!(found, "## {what}\n{plans}\n\n");
    }
    insta::assert_snapshot!("hot_statements", found);
}

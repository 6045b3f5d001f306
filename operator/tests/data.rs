//! Where a tenant's data lives: in a database of its own, kept after a deletion, taken over by another Tenant.

mod world;

use anyhow::{Context as _, ensure};
use contract::kubernetes::annotations::RECONCILE_AT;
use contract::postgres::{Login, RoleMark, SchemaMark, owner, schema};
use crds::Tenant;
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::Secret;
use kube::ResourceExt as _;
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool};
use world::{World, id_of, namespace_of, secret_of, tenant};

const RECONCILED: &str = "operator_reconcile_total{controller=\"tenant\",result=\"success\"}";

fn apart(name: &str, policy: &str) -> Value {
    let mut object = tenant(name);
    object["spec"]["database"] = json!({ "isolation": "Database" });
    object["spec"]["deletionPolicy"] = json!(policy);
    object
}

fn adopting(mut object: Value, id: &str, uid: &str) -> Value {
    object["spec"]["database"]["adopt"] = json!({ "id": id, "uid": uid });
    object
}

async fn admin(world: &World, database: &str) -> anyhow::Result<PgPool> {
    Ok(PgPool::connect(&world.postgres.url("postgres", database)).await?)
}

/// Owner and mark of a database; nothing if there is none.
async fn database(world: &World, name: &str) -> anyhow::Result<Option<(String, SchemaMark)>> {
    let found: Option<(String, Option<String>)> = sqlx::query_as(
        "select pg_get_userbyid(datdba)::text, shobj_description(oid, 'pg_database') from pg_database where datname = $1",
    )
    .bind(name)
    .fetch_optional(&admin(world, "tenants").await?)
    .await?;
    let Some((owner, mark)) = found else { return Ok(None) };
    Ok(Some((owner, serde_json::from_str(&mark.context("a database without a mark")?)?)))
}

async fn app(world: &World, tenant: &Tenant) -> anyhow::Result<PgPool> {
    Ok(PgPool::connect(&secret_of(world, tenant, "crm-app", "DATABASE_URL").await?).await?)
}

async fn delete(world: &World, name: &str) -> anyhow::Result<()> {
    Api::<Tenant>::all(world.client.clone()).delete(name, &DeleteParams::default()).await?;
    gone(world, name).await
}

async fn gone(world: &World, name: &str) -> anyhow::Result<()> {
    let tenants: Api<Tenant> = Api::all(world.client.clone());
    world.until(&format!("{name} is gone"), async || Ok(tenants.get_opt(name).await?.is_none())).await
}

async fn refused(world: &World, object: &Value, reason: &str, words: &str) -> anyhow::Result<()> {
    let name = object["metadata"]["name"].as_str().context("a name")?;
    world.apply(object).await?;
    let tenant = world.until_condition(name, "Stalled", "True", reason).await?;
    let conditions = tenant.status.unwrap_or_default().conditions;
    let ready = conditions.iter().find(|condition| condition.type_ == "Ready").context("Ready")?;
    ensure!(ready.message.contains(words), "{name}: {}", ready.message);
    Ok(())
}

#[tokio::test]
async fn a_database_of_its_own_is_made_closed_kept_or_dropped() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.server.start_controllers().await?;
    world.apply(&tenant("shared")).await?;
    world.apply(&apart("kept", "Retain")).await?;
    world.apply(&apart("dropped", "Delete")).await?;
    let shared = world.ready("shared").await?;
    let (kept, dropped) = (world.ready("kept").await?, world.ready("dropped").await?);
    for tenant in [&kept, &dropped] {
        let (id, uid) = (id_of(tenant), tenant.uid().unwrap_or_default());
        let (owned_by, mark) = database(&world, &schema(&id)).await?.context("no database")?;
        ensure!(owned_by == owner(&id) && mark.uid == uid && mark.id == id.as_str(), "{owned_by} {mark:?}");
        let own = admin(&world, &schema(&id)).await?;
        let mark: String = sqlx::query_scalar("select shobj_description($1::regrole, 'pg_authid')")
            .bind(owner(&id))
            .fetch_one(&own)
            .await?;
        ensure!(serde_json::from_str::<RoleMark>(&mark)?.uid == uid, "{mark}");
        let name: String = sqlx::query_scalar("select current_database() || '.' || current_schema()")
            .fetch_one(&app(&world, tenant).await?)
            .await?;
        ensure!(name == format!("t_{id}.t_{id}"), "{name}");
    }
    let found: bool = sqlx::query_scalar("select exists (select from pg_namespace where nspname = $1)")
        .bind(schema(&id_of(&kept)))
        .fetch_one(&admin(&world, "tenants").await?)
        .await?;
    ensure!(!found, "a schema in the shared database as well");

    // Signed in as another tenant, the door is closed; at home it is open.
    let home = secret_of(&world, &shared, "crm-app", "DATABASE_URL").await?;
    PgPool::connect(&home).await.context("the twin")?;
    let elsewhere = home.replace("/tenants", &format!("/{}", schema(&id_of(&kept))));
    let error = PgPool::connect(&elsewhere).await.err().context("another tenant connects")?;
    ensure!(error.to_string().contains("permission denied for database"), "{error}");

    delete(&world, "kept").await?;
    delete(&world, "dropped").await?;
    ensure!(database(&world, &schema(&id_of(&dropped))).await?.is_none(), "the database was not dropped");
    let left = world.snapshot().await?.join("\n");
    ensure!(
        !left.contains(&format!("t_{}_", id_of(&dropped))),
        "a role of the dropped tenant is left:\n{left}"
    );
    let (_, mark) = database(&world, &schema(&id_of(&kept))).await?.context("the database was dropped")?;
    ensure!(mark.retained_at.is_some(), "{mark:?}");
    ensure!(!left.contains(&Login::A.role(&id_of(&kept))), "a login of the kept tenant is left:\n{left}");

    // The name again stops at the data, and goes on with it once it says so.
    refused(&world, &apart("kept", "Delete"), "RetainedDataFound", id_of(&kept).as_str()).await?;
    world.apply(&adopting(apart("kept", "Delete"), &mark.id, &mark.uid)).await?;
    let heir = world.ready("kept").await?;
    let (_, mark) = database(&world, &schema(&id_of(&kept))).await?.context("the database is gone")?;
    ensure!(Some(mark.uid) == heir.uid() && mark.retained_at.is_none());
    delete(&world, "kept").await?;
    ensure!(database(&world, &schema(&id_of(&kept))).await?.is_none(), "an adopted database was not dropped");
    Ok(())
}

/// A person who is signed in.
async fn sign_in(world: &World, tenant: &Tenant) -> anyhow::Result<()> {
    let schema = schema(&id_of(tenant));
    let sql = format!(
        "insert into {schema}.app_user (id, email, name) values (gen_random_uuid(), 'ada@acme.example', 'Ada');
         insert into {schema}.session (id, token_hash, user_id, expires_at)
           select gen_random_uuid(), 'x', id, now() + '1 day' from {schema}.app_user"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&admin(world, "tenants").await?).await?;
    Ok(())
}

async fn counts(pool: &PgPool) -> anyhow::Result<(i64, i64)> {
    Ok(sqlx::query_as("select (select count(*) from app_user), (select count(*) from session)")
        .fetch_one(pool)
        .await?)
}

#[tokio::test]
async fn retained_data_is_adopted_by_whom_it_is_meant_for() -> anyhow::Result<()> {
    let mut world = World::start().await?;
    world.server.start_controllers().await?;
    world.apply(&tenant("alive")).await?;
    world.apply(&tenant("first")).await?;
    let (alive, first) = (world.ready("alive").await?, world.ready("first").await?);
    let (id, uid) = (id_of(&first), first.uid().unwrap_or_default());
    sign_in(&world, &first).await?;
    ensure!(counts(&app(&world, &first).await?).await? == (1, 1));
    let data_key = secret_of(&world, &first, "crm-app", "DATA_KEY").await?;
    delete(&world, "first").await?;

    let before = world.snapshot().await?;
    let (alive_id, alive_uid) = (id_of(&alive), alive.uid().unwrap_or_default());
    for (name, id, uid, words) in [
        ("guess", id.as_str(), "another", "does not carry this UID"),
        ("nothing", "abcdefgh2345", uid.as_str(), "there is no schema \"t_abcdefgh2345\""),
        ("living", alive_id.as_str(), alive_uid.as_str(), "\"alive\""),
    ] {
        refused(&world, &adopting(tenant(name), id, uid), "AdoptRefused", words).await?;
    }
    ensure!(before == world.snapshot().await?, "a refusal changed something");

    // `guess` is older and wants the same data: it goes first. Without it, the right one is accepted.
    world.outlived("guess").await?;
    refused(&world, &adopting(tenant("heir"), id.as_str(), &uid), "AdoptRefused", "\"guess\"").await?;
    for name in ["guess", "nothing", "living", "heir"] {
        delete(&world, name).await?;
    }
    world.apply(&adopting(tenant("heir"), id.as_str(), &uid)).await?;
    let heir = world.ready("heir").await?;
    let placed = heir.status.clone().unwrap_or_default().database.context("status.database")?;
    ensure!(placed.schema == schema(&id), "{placed:?}");
    let pool = app(&world, &heir).await?;
    ensure!(counts(&pool).await? == (1, 0), "people are kept and sessions are not");
    let url: String = sqlx::query_scalar("select url from instance_settings").fetch_one(&pool).await?;
    ensure!(url == "https://heir.crm.example.net", "{url}");
    ensure!(secret_of(&world, &heir, "crm-app", "DATA_KEY").await? == data_key, "the data key was made anew");
    refused(&world, &adopting(tenant("late"), id.as_str(), &uid), "AdoptRefused", "\"heir\"").await?;

    // Nothing is left to do, and what someone writes afterwards stays.
    sqlx::query(
        "insert into session (id, token_hash, user_id, expires_at) select gen_random_uuid(), 'y', id, now() + '1 day' from app_user",
    )
    .execute(&pool)
    .await?;
    let settled = world.settled().await?;
    world.stop_operator("-TERM").await?;
    world.start_operator().await?;
    world.until("both were looked at again", async || Ok(world.metric(RECONCILED).await? >= 2.0)).await?;
    let after = world.settled().await?;
    ensure!(after.len() == settled.len(), "{:#?}", &after[settled.len()..]);
    ensure!(counts(&pool).await? == (1, 1), "adopting twice emptied the sessions again");
    Ok(())
}

#[tokio::test]
async fn an_index_that_the_app_asks_for_is_built_while_it_serves() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.server.start_controllers().await?;
    world.apply(&tenant("large")).await?;
    let large = world.ready("large").await?;
    let jobs: Api<Job> = Api::namespaced(world.client.clone(), &namespace_of(&large));
    let before = jobs.list(&ListParams::default()).await?.items.len();
    let pool = app(&world, &large).await?;
    sqlx::raw_sql(
        "insert into custom_field (id, object, name, column_name, type, label_en, label_de, indexed, section, position,
                                   created_at, updated_at)
           values (gen_random_uuid(), 'lead', 'c_rank', 'c_00000001', 'integer', 'Rank', 'Rang', true, 'details', 1,
                   now(), now());
         select custom_field_add_columns('lead', 'c_00000001', 'integer', null, null);
         insert into index_request (id, object, field_id) select gen_random_uuid(), 'lead', id from custom_field",
    )
    .execute(&pool)
    .await?;
    let mut asked = tenant("large");
    asked["metadata"]["annotations"] = json!({ RECONCILE_AT: "now" });
    world.apply(&asked).await?;
    world
        .until("the index is built", async || {
            let ready = world.tenant("large").await?;
            let phase = ready.status.unwrap_or_default().phase;
            ensure!(phase.as_deref() == Some("Ready"), "it serves meanwhile: {phase:?}");
            let state: String =
                sqlx::query_scalar("select state from index_request").fetch_one(&pool).await?;
            Ok(state == "built")
        })
        .await?;
    let found: bool =
        sqlx::query_scalar("select to_regclass('lead_c_00000001') is not null").fetch_one(&pool).await?;
    ensure!(found, "no index");
    // The Job that brought the schema here says nothing any more.
    let newest = jobs.list(&ListParams::default()).await?.items;
    ensure!(before == 1 && newest.len() <= 2, "{} Jobs, then {}", before, newest.len());
    Ok(())
}

#[tokio::test]
async fn roles_of_a_database_that_is_gone_are_dropped_too() -> anyhow::Result<()> {
    let mut world = World::start().await?;
    world.server.start_controllers().await?;
    world.apply(&apart("doomed", "Delete")).await?;
    let id = id_of(&world.ready("doomed").await?);
    // As a pass leaves it that is killed between the database and its roles.
    world.stop_operator("-KILL").await?;
    let sql = format!("drop database {} with (force)", schema(&id));
    sqlx::query(AssertSqlSafe(sql)).execute(&admin(&world, "tenants").await?).await?;
    Api::<Tenant>::all(world.client.clone()).delete("doomed", &DeleteParams::default()).await?;
    world.start_operator().await?;
    gone(&world, "doomed").await?;
    let left = world.snapshot().await?.join("\n");
    ensure!(!left.contains(id.as_str()), "something of the deleted tenant is left:\n{left}");
    Ok(())
}

/// Where the operator looks for Postgres from now on.
async fn point_at(world: &World, url: &str) -> anyhow::Result<()> {
    let secrets: Api<Secret> = Api::namespaced(world.client.clone(), "abetworks");
    let patch = json!({ "stringData": { "url": url } });
    secrets.patch("postgres", &PatchParams::default(), &Patch::Merge(patch)).await?;
    Ok(())
}

/// A look at the Tenant is asked for.
async fn ask(world: &World, name: &str, value: &str) -> anyhow::Result<()> {
    let mut asked = tenant(name);
    asked["metadata"]["annotations"] = json!({ RECONCILE_AT: value });
    Ok(world.apply(&asked).await?)
}

#[tokio::test]
async fn a_data_key_is_never_replaced_by_another() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.apply(&tenant("acme")).await?;
    let acme = world.ready("acme").await?;
    let secrets: Api<Secret> = Api::namespaced(world.client.clone(), &namespace_of(&acme));
    let key = async || secret_of(&world, &acme, "crm-app", "DATA_KEY").await;
    let made = key().await?;

    // Lost while the database that keeps it is away: nothing is written until it answers.
    let home = world.postgres.url("abetworks_operator", "tenants");
    point_at(&world, &home.replace(&format!(":{}/", world.postgres.port()), ":1/")).await?;
    secrets.delete("crm-app", &DeleteParams::default()).await?;
    ask(&world, "acme", "away").await?;
    let waiting = world.until_condition("acme", "Reconciling", "True", "ServerUnavailable").await?;
    let conditions = waiting.status.unwrap_or_default().conditions;
    ensure!(conditions.iter().any(|condition| condition.message.contains("data key")), "{conditions:?}");
    ensure!(secrets.get_opt("crm-app").await?.is_none(), "a key was made without asking");
    point_at(&world, &home).await?;
    world.ready("acme").await?;
    ensure!(key().await? == made, "the data key was made anew");
    app(&world, &acme).await?;

    // Changed by hand: it is told, and nothing is written until someone decides.
    let other = json!({ "stringData": { "DATA_KEY": "b3RoZXI=" } });
    secrets.patch("crm-app", &PatchParams::default(), &Patch::Merge(other)).await?;
    ask(&world, "acme", "other").await?;
    let told = world.until_condition("acme", "Stalled", "True", "InternalError").await?;
    let conditions = told.status.unwrap_or_default().conditions;
    ensure!(conditions.iter().any(|condition| condition.message.contains("crm-app")), "{conditions:?}");
    ensure!(key().await? == "b3RoZXI=", "a choice was made for the person");
    secrets.delete("crm-app", &DeleteParams::default()).await?;
    ask(&world, "acme", "decided").await?;
    world.ready("acme").await?;
    ensure!(key().await? == made, "the key of the schema was not taken");
    Ok(())
}

//! Worker, connections and Redis killed at claim, work and commit, under load: every effect of a list that was written
//! before happens once.
//!
//! Gates in the database hold a worker exactly at a point: triggers of the owner wait for a row that the test has locked.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};
use test_servers::redis::Redis;
use tokio::process::Child;
use uuid::Uuid;

use crate::instance::{Instance, PATIENCE, SHORT_LEASE};

/// Enough for more than one chunk, so that there is work between claim and commit.
const ACCOUNTS: i32 = 2_000;
/// Each victim at each point so often: 54 kills with `SOAK`, 18 without, each point at least six times.
const ROUNDS: usize = 6;
const SHORT_ROUNDS: usize = 2;
/// Jobs beyond one a kill: there is always load.
const MORE_JOBS: usize = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Worker,
    Connection,
    Redis,
}

/// What waits at a gate: the statement that claims, the one that writes a chunk, the `COMMIT` of the job's end.
const POINTS: [&str; 3] = ["claim", "work", "commit"];
const VICTIMS: [Victim; 3] = [Victim::Worker, Victim::Connection, Victim::Redis];

const GATES: &str = "
    CREATE TABLE gate (point text PRIMARY KEY);
    INSERT INTO gate VALUES ('claim'), ('work'), ('commit');
    CREATE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        PERFORM FROM gate WHERE point = TG_ARGV[0] FOR SHARE;
        RETURN NEW;
    END $$;
    CREATE TRIGGER claim BEFORE UPDATE ON job FOR EACH ROW WHEN (NEW.fence > OLD.fence)
        EXECUTE FUNCTION pass_gate('claim');
    CREATE TRIGGER work BEFORE INSERT ON file_chunk FOR EACH ROW WHEN (NEW.number = 0)
        EXECUTE FUNCTION pass_gate('work');
    CREATE CONSTRAINT TRIGGER commit AFTER UPDATE ON job DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (NEW.state = 'succeeded') EXECUTE FUNCTION pass_gate('commit')";

/// A world with one worker in it, whose parts are killed and brought back.
struct Scene<'a> {
    instance: &'a Instance,
    redis_url: String,
    redis: Option<Redis>,
    worker: Option<Child>,
    /// The superuser's: sees who waits, ends connections.
    watch: PgConnection,
}

impl Scene<'_> {
    fn start_worker(&mut self) {
        self.worker = Some(self.instance.worker_with(SHORT_LEASE, Some(&self.redis_url)));
    }

    /// Waits until a worker's connection is held by the test's own.
    async fn held_by(&mut self, holder: i32) -> i32 {
        let started = Instant::now();
        loop {
            let held: Option<i32> = sqlx::query_scalar(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'tenant-app worker'
                     AND $1 = ANY(pg_blocking_pids(pid)) LIMIT 1",
            )
            .bind(holder)
            .fetch_optional(&mut self.watch)
            .await
            .expect("watched");
            if let Some(held) = held {
                return held;
            }
            assert!(started.elapsed() < PATIENCE, "no worker came to the gate");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn kill(&mut self, victim: Victim, connection: i32) {
        match victim {
            Victim::Worker => self.worker.take().expect("running").kill().await.expect("killed"),
            Victim::Redis => self.redis.take().expect("running").kill().await.expect("killed"),
            Victim::Connection => {
                let ended: bool = sqlx::query_scalar("SELECT pg_terminate_backend($1)")
                    .bind(connection)
                    .fetch_one(&mut self.watch)
                    .await
                    .expect("asked");
                assert!(ended, "the connection was there");
            }
        }
    }

    async fn bring_back(&mut self, port: u16) {
        if self.worker.is_none() {
            self.start_worker();
        }
        if self.redis.is_none() {
            let redis = Redis::start_at(port).await.expect("redis is back");
            redis.tenant(&self.instance.tenant.id, &self.instance.tenant.uid).await.expect("a user");
            self.redis = Some(redis);
        }
    }
}

#[tokio::test]
async fn killed_at_claim_work_and_commit_no_effect_is_lost_and_none_doubled() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| rand::rng().random());
    println!("SEED={seed} repeats this run");
    let rounds = if std::env::var_os("SOAK").is_some() { ROUNDS } else { SHORT_ROUNDS };
    let mut plan: Vec<(Victim, &str)> = (0..rounds)
        .flat_map(|_| VICTIMS.iter().flat_map(|victim| POINTS.iter().map(|point| (*victim, *point))))
        .collect();
    plan.shuffle(&mut StdRng::seed_from_u64(seed));

    let instance = Instance::with_accounts(ACCOUNTS).await;
    let expected = instance.expected().await;
    instance.owner().await.execute(GATES).await.expect("gates");
    let redis = Redis::start().await.expect("redis");
    let port = redis.port();
    let redis_url = redis.tenant(&instance.tenant.id, &instance.tenant.uid).await.expect("a user");
    let watch: PgConnectOptions =
        test_servers::postgres::Postgres::shared().await.superuser_url().parse().expect("a URL");
    let database: String =
        sqlx::query_scalar("SELECT current_database()").fetch_one(&instance.pool).await.expect("named");
    let watch = watch.database(&database).connect().await.expect("connected");
    let mut scene = Scene { instance: &instance, redis_url, redis: Some(redis), worker: None, watch };

    // The list, written before anything runs.
    let mut list: Vec<Uuid> = Vec::new();
    for _ in 0..plan.len() + MORE_JOBS {
        list.push(instance.export().await);
    }
    let mut gatekeeper = instance.owner().await;
    let holder: i32 =
        sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut gatekeeper).await.expect("asked");
    let started = Instant::now();
    for (victim, point) in &plan {
        let mut gate = gatekeeper.begin().await.expect("begun");
        let statement = format!("SELECT FROM gate WHERE point = '{point}' FOR UPDATE");
        gate.execute(AssertSqlSafe(statement)).await.expect("held");
        if scene.worker.is_none() {
            scene.start_worker();
        }
        let connection = scene.held_by(holder).await;
        scene.kill(*victim, connection).await;
        gate.rollback().await.expect("let go");
        scene.bring_back(port).await;
    }
    for job in &list {
        instance.wait_for(*job, "succeeded").await;
    }
    println!("{} kills in {:?}, {rounds} of each victim at each point", plan.len(), started.elapsed());

    let all = i64::try_from(list.len()).expect("few");
    for job in &list {
        assert!(instance.file(*job).await == expected, "the file of {job} differs");
    }
    for (once, statement) in [
        (all, "SELECT count(*) FROM job WHERE state = 'succeeded' AND kind = 'export'"),
        (all, "SELECT count(*) FROM job WHERE kind = 'export'"),
        (all, "SELECT count(*) FROM file"),
        (all, "SELECT count(*) FROM audit_entry WHERE action = 'export.finished'"),
        (all, "SELECT count(DISTINCT record_id) FROM audit_entry WHERE action = 'export.finished'"),
        (all, "SELECT value FROM usage_counter WHERE meter = 'jobs'"),
        (all * i64::from(ACCOUNTS), "SELECT value FROM usage_counter WHERE meter = 'export_rows'"),
    ] {
        assert_eq!(instance.count(statement).await, once, "{statement}");
    }
    let fences: i64 = instance.count("SELECT sum(fence)::bigint FROM job WHERE kind = 'export'").await;
    assert!(fences > all, "the kills interrupted nothing: {fences} claims of {all} jobs");
}

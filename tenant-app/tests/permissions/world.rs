//! A random organisation, in memory and in a real schema.

use fixtures::instance::Instance;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::reference::{ACTIONS, Organisation, Record, Share, Team, User};

const TEAMS: usize = 8;
const USERS: usize = 12;
const RECORDS: usize = 60;
const SHARES: usize = 240;

/// A migrated schema, which organisations take turns in.
pub(crate) struct World {
    pub(crate) instance: Instance,
}

fn id(random: &mut StdRng) -> Uuid {
    uuid::Builder::from_random_bytes(random.random()).into_uuid()
}

impl World {
    pub(crate) async fn new() -> Self {
        Self { instance: Instance::new().await }
    }

    /// Adds an organisation beside the earlier ones: their records belong to nobody of this one, which no rule may
    /// confuse, and only what is reachable by everyone (level all) sees them.
    pub(crate) async fn add(&self, organisation: &Organisation) {
        let mut transaction = self.instance.pool.begin().await.expect("begun");
        let connection = &mut transaction;
        for team in &organisation.teams {
            sqlx::query("INSERT INTO crm_teams (id, name, parent_id) VALUES ($1, 'team', $2)")
                .bind(team.id)
                .bind(team.parent)
                .execute(&mut **connection)
                .await
                .expect("a team");
        }
        for user in &organisation.users {
            write_user(connection, user).await;
        }
        for record in &organisation.records {
            sqlx::query(
                "INSERT INTO lead (id, last_name, status, owner_id, team_id, deleted_at)
                 VALUES ($1, md5($1::text), 'new', $2, $3, CASE WHEN $4 THEN now() END)",
            )
            .bind(record.id)
            .bind(record.owner)
            .bind(record.team)
            .bind(record.trashed)
            .execute(&mut **connection)
            .await
            .expect("a record");
        }
        for share in &organisation.shares {
            sqlx::query(
                "INSERT INTO record_share (id, object, record_id, user_id, team_id, edit)
                 VALUES (gen_random_uuid(), $1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            )
            .bind(if share.other_object { "account" } else { "lead" })
            .bind(share.record)
            .bind(share.user)
            .bind(share.team)
            .bind(share.edit)
            .execute(&mut **connection)
            .await
            .expect("a share");
        }
        transaction.commit().await.expect("committed");
    }
}

async fn write_user(connection: &mut PgConnection, user: &User) {
    sqlx::query("INSERT INTO app_user (id, email, name) VALUES ($1, $1::text || '@example.com', 'someone')")
        .bind(user.id)
        .execute(&mut *connection)
        .await
        .expect("a person");
    for (index, team) in user.teams.iter().enumerate() {
        sqlx::query("INSERT INTO crm_team_members (team_id, user_id, is_primary) VALUES ($1, $2, $3)")
            .bind(team)
            .bind(user.id)
            .bind(index == 0)
            .execute(&mut *connection)
            .await
            .expect("a membership");
    }
    for levels in &user.roles {
        let role: Uuid = sqlx::query_scalar("INSERT INTO crm_roles (name) VALUES ('role') RETURNING id")
            .fetch_one(&mut *connection)
            .await
            .expect("a role");
        sqlx::query("INSERT INTO crm_user_roles (user_id, role_id) VALUES ($1, $2)")
            .bind(user.id)
            .bind(role)
            .execute(&mut *connection)
            .await
            .expect("a role of a person");
        // A level of none is a missing row.
        sqlx::query(
            "INSERT INTO crm_role_permissions (role_id, permission_id, level)
             SELECT $1, id, given.level FROM crm_permissions
             JOIN unnest($2::text[], $3::smallint[]) AS given (action, level) USING (action)
             WHERE object = 'lead' AND given.level > 0",
        )
        .bind(role)
        .bind(ACTIONS.map(str::to_owned).to_vec())
        .bind(levels.to_vec())
        .execute(&mut *connection)
        .await
        .expect("levels");
    }
}

/// Makes an organisation up.
pub(crate) fn organisation(random: &mut StdRng) -> Organisation {
    let mut teams: Vec<Team> = Vec::new();
    for _ in 0..TEAMS {
        let parent = if random.random_bool(0.75) { teams.choose(random).map(|team| team.id) } else { None };
        teams.push(Team { id: id(random), parent });
    }
    let users: Vec<User> = (0..USERS).map(|_| user(random, &teams)).collect();
    let records: Vec<Record> = (0..RECORDS)
        .map(|_| Record {
            id: id(random),
            owner: random.random_bool(0.8).then(|| users.choose(random).expect("some").id),
            team: random.random_bool(0.8).then(|| teams.choose(random).expect("some").id),
            trashed: random.random_bool(0.1),
        })
        .collect();
    let mut shares: Vec<Share> = Vec::new();
    for _ in 0..SHARES {
        let by_team = random.random_bool(0.5);
        let share = Share {
            record: records.choose(random).expect("some").id,
            user: (!by_team).then(|| users.choose(random).expect("some").id),
            team: by_team.then(|| teams.choose(random).expect("some").id),
            edit: random.random_bool(0.5),
            other_object: random.random_bool(0.1),
        };
        // A record is shared with somebody once.
        let twice = shares.iter().any(|known| {
            (known.record, known.user, known.team, known.other_object)
                == (share.record, share.user, share.team, share.other_object)
        });
        if !twice {
            shares.push(share);
        }
    }
    Organisation { teams, users, records, shares }
}

fn user(random: &mut StdRng, teams: &[Team]) -> User {
    let mut mine: Vec<Uuid> = Vec::new();
    for _ in 0..random.random_range(0..3) {
        let team = teams.choose(random).expect("some").id;
        if !mine.contains(&team) {
            mine.push(team);
        }
    }
    // The level that counts is even over all five, whatever the number of roles: one role has it, the others less.
    let number = random.random_range(1..4);
    let mut roles = vec![[0; 5]; number];
    for action in 0..ACTIONS.len() {
        let level = random.random_range(0..5);
        let holder = random.random_range(0..number);
        for (index, role) in roles.iter_mut().enumerate() {
            role[action] = if index == holder { level } else { random.random_range(0..=level) };
        }
    }
    User { id: id(random), teams: mine, roles }
}

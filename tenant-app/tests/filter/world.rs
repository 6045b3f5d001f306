//! Three objects with a field of every type, as tables of their own, and the same rows in memory.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use rand::RngExt;
use rand::rngs::StdRng;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Postgres, QueryBuilder};
use tenant_app::domain::filter::Context;
use tenant_app::domain::metadata::registry::{Field, FieldType, Label, Object, PickOption, Registry};
use tenant_app::domain::value::Value;
use tenant_app::domain::value::address::{Address, AddressKind};
use test_servers::postgres::Postgres as Server;
use uuid::Uuid;

use crate::pools::{self, pick};

pub(crate) const ACCOUNTS: usize = 24;
pub(crate) const OPPORTUNITIES: usize = 40;
pub(crate) const CONTACTS: usize = 6;

/// Values by column of one row.
pub(crate) type Row = HashMap<String, Value>;

/// What filters are asked of.
pub(crate) struct World {
    pub(crate) registry: Registry,
    pub(crate) connection: PgConnection,
}

/// Values by path; through contacts each of theirs.
pub(crate) type Paths = HashMap<String, Vec<Value>>;

/// The rows of one round, as the database has them, for one who sees neither hidden records nor the trash.
pub(crate) struct Rows {
    /// The values at all paths of each opportunity.
    pub(crate) by_path: Vec<(Uuid, Paths)>,
    /// The same of each contact that is seen, by its own paths, and of opportunities by who takes part in them.
    pub(crate) contacts: HashMap<Uuid, Paths>,
    pub(crate) taking_part: HashMap<Uuid, Vec<Uuid>>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let tenant = Server::shared().await.tenant().await.expect("a tenant");
        let mut connection = tenant.owner().await.expect("connected");
        let registry = registry();
        for name in ["account", "contact", "opportunity"] {
            let statement = create(registry.object(name).expect("there"));
            // Safe: of the registry's names alone.
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.expect("created");
        }
        sqlx::query("CREATE TABLE record_tag (record_id uuid, object text, tag_id uuid)")
            .execute(&mut connection)
            .await
            .expect("created");
        sqlx::query("CREATE TABLE opportunity_contact (opportunity_id uuid, contact_id uuid)")
            .execute(&mut connection)
            .await
            .expect("created");
        for kind in AddressKind::ALL {
            let statement = format!(
                "CREATE TABLE {} (record_id uuid, position smallint, value text, is_primary boolean,
                     folded text GENERATED ALWAYS AS (lower(value COLLATE \"und-x-icu\")) STORED)",
                kind.table()
            );
            // Safe: names of tables alone.
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.expect("created");
        }
        Self { registry, connection }
    }

    pub(crate) fn object(&self, name: &str) -> &Object {
        self.registry.object(name).expect("there")
    }

    /// Fills all tables anew.
    pub(crate) async fn fill(&mut self, random: &mut StdRng, context: &Context) -> Rows {
        let [account, contact, opportunity] =
            ["account", "contact", "opportunity"].map(|name| self.object(name).clone());
        let mut transaction = self.connection.begin().await.expect("begun");
        sqlx::query("TRUNCATE account, opportunity, record_tag, email_address, phone_number, contact, opportunity_contact")
            .execute(&mut *transaction)
            .await
            .expect("emptied");
        let ids = pools::ids(pools::ACCOUNT, ACCOUNTS);
        let mut accounts = HashMap::new();
        for id in &ids {
            let row = row(&account, *id, random, context);
            let seen = insert(&mut transaction, &account, &row, random).await;
            accounts.insert(*id, (row, seen));
        }
        let mut contacts = HashMap::new();
        for id in pools::ids(pools::CONTACT, CONTACTS) {
            let row = row(&contact, id, random, context);
            if insert(&mut transaction, &contact, &row, random).await {
                let mut values = Paths::new();
                walk(&row, "", ("account_id", "account"), &accounts, &mut values);
                contacts.insert(id, values);
            }
        }
        let (mut by_path, mut taking_part) = (Vec::new(), HashMap::new());
        for id in pools::ids(pools::OPPORTUNITY, OPPORTUNITIES) {
            let mut row = row(&opportunity, id, random, context);
            insert(&mut transaction, &opportunity, &row, random).await;
            let parts = keep_seen(row.get_mut("contacts").expect("a field"), &contacts);
            let mut values = Paths::new();
            walk(&row, "", ("account_id", "account"), &accounts, &mut values);
            for (path, of_contact) in parts.iter().flat_map(|part| &contacts[part]) {
                values.entry(format!("contacts.{path}")).or_default().extend(of_contact.iter().cloned());
            }
            by_path.push((id, values));
            taking_part.insert(id, parts);
        }
        transaction.commit().await.expect("committed");
        Rows { by_path, contacts, taking_part }
    }
}

/// Of those who take part, as far as they are seen; gives them.
fn keep_seen(value: &mut Value, seen: &HashMap<Uuid, Paths>) -> Vec<Uuid> {
    let Value::Participants(all) = value else { return Vec::new() };
    all.retain(|one| seen.contains_key(&one.contact_id));
    let left: Vec<Uuid> = all.iter().map(|one| one.contact_id).collect();
    if left.is_empty() {
        *value = Value::Missing;
    }
    left
}

/// Opportunities refer to accounts and contacts, contacts to accounts, and accounts to accounts: two steps.
pub(crate) fn registry() -> Registry {
    let mut registry = Registry::standard();
    let options =
        || pools::KEYS.iter().map(|key| PickOption { key: (*key).into(), label: label(key) }).collect();
    let kinds = [
        FieldType::Text { max: 200 },
        FieldType::LongText,
        FieldType::Integer { min: -1_000, max: 1_000 },
        FieldType::Decimal { scale: 2 },
        FieldType::Money,
        FieldType::Percent,
        FieldType::Date,
        FieldType::DateTime,
        FieldType::Boolean,
        FieldType::Pick(options()),
        FieldType::MultiPick(options()),
        FieldType::Email,
        FieldType::Phone,
        FieldType::Url,
        FieldType::User,
        FieldType::Team,
        FieldType::Choice { table: "stage" },
    ];
    // Accounts and contacts have several addresses already.
    for (kind, single) in [(AddressKind::Email, FieldType::Email), (AddressKind::Phone, FieldType::Phone)] {
        registry.add("opportunity", Field::new(kind.single(), label(kind.single()), single));
        let all = FieldType::Addresses(kind);
        registry.add("opportunity", Field::new(kind.list(), label(kind.list()), all));
    }
    for object in ["account", "contact", "opportunity"] {
        for kind in kinds.clone() {
            let name = format!("c_{}", kind.name());
            // A column that is named otherwise, as those of custom fields are.
            let column = format!("c_x{}", kind.name());
            let mut field = Field::new("x", label(&name), kind);
            (field.name, field.column, field.custom) = (name.into(), column.into(), true);
            registry.add(object, field);
        }
    }
    registry
}

fn label(text: &str) -> Label {
    Label { en: text.to_owned().into(), de: text.to_owned().into() }
}

fn create(object: &Object) -> String {
    let columns: Vec<String> = object
        .fields
        .iter()
        .filter(|field| !field.kind.is_apart())
        .map(|field| match field.kind {
            FieldType::Money => {
                let column = &field.column;
                format!("{column} numeric(19,4), {column}_currency char(3), {column}_base numeric(19,4)")
            }
            _ => format!("{} {}", field.column, sql_type(&field.kind)),
        })
        .collect();
    format!(
        "CREATE TABLE {} ({}, hidden boolean NOT NULL, deleted_at timestamptz(3))",
        object.table,
        columns.join(", ")
    )
}

fn sql_type(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Text { .. } => "text COLLATE \"und-x-icu\"",
        FieldType::LongText | FieldType::Email | FieldType::Phone | FieldType::Url | FieldType::Pick(_) => {
            "text"
        }
        FieldType::Integer { .. } => "bigint",
        FieldType::Decimal { .. } | FieldType::Percent | FieldType::Money => "numeric(19,2)",
        FieldType::Date => "date",
        FieldType::DateTime => "timestamptz(3)",
        FieldType::Boolean => "boolean",
        FieldType::MultiPick(_) => "text[]",
        FieldType::User
        | FieldType::Team
        | FieldType::Relation { .. }
        | FieldType::Choice { .. }
        | FieldType::Id => "uuid",
        FieldType::Tags
        | FieldType::Links
        | FieldType::Participants
        | FieldType::Addresses(_)
        | FieldType::FurtherAddresses(_) => {
            unreachable!("in tables of their own")
        }
    }
}

fn row(object: &Object, id: Uuid, random: &mut StdRng, context: &Context) -> Row {
    let value = |field: &Field| {
        let value = match &field.kind {
            FieldType::Id => Value::Id(id),
            _ if random.random_bool(0.25) => Value::Missing,
            kind => pools::value(kind, random, context),
        };
        (field.name.to_string(), value)
    };
    let mut row: Row = object.fields.iter().map(value).collect();
    for kind in AddressKind::ALL.into_iter().filter(|kind| object.field(kind.list()).is_some()) {
        let primary = addresses(&row, kind).iter().find(|one| one.primary);
        let primary = primary.map_or(Value::Missing, |one| Value::Text(one.value.clone()));
        row.insert(kind.single().to_owned(), primary);
    }
    row
}

fn addresses(row: &Row, kind: AddressKind) -> &[Address] {
    match row.get(kind.list()) {
        Some(Value::Addresses(all)) => all,
        _ => &[],
    }
}

/// Writes a row; whether it is one that is seen.
async fn insert(connection: &mut PgConnection, object: &Object, row: &Row, random: &mut StdRng) -> bool {
    let (hidden, deleted) = (random.random_bool(0.15), random.random_bool(0.15));
    let mut query = QueryBuilder::<Postgres>::new(format!("INSERT INTO {} (", object.table));
    for field in object.fields.iter().filter(|field| !field.kind.is_apart()) {
        query.push(&field.column).push(", ");
        if field.kind == FieldType::Money {
            query.push(format_args!("{0}_currency, {0}_base, ", field.column));
        }
    }
    query.push("hidden, deleted_at) VALUES (");
    for field in object.fields.iter().filter(|field| !field.kind.is_apart()) {
        push(&mut query, &field.kind, &row[field.name.as_ref()]);
        query.push(", ");
    }
    query.push_bind(hidden).push(", ").push_bind(deleted.then_some(DateTime::<Utc>::UNIX_EPOCH)).push(")");
    query.build().execute(&mut *connection).await.expect("inserted");
    if let (Some(Value::Id(id)), Some(Value::Ids(tags))) = (row.get("id"), row.get("tags")) {
        sqlx::query("INSERT INTO record_tag SELECT $1, $2, unnest($3)")
            .bind(id)
            .bind(&*object.name)
            .bind(tags)
            .execute(&mut *connection)
            .await
            .expect("tagged");
    }
    if let (Some(Value::Id(id)), Some(Value::Participants(all))) = (row.get("id"), row.get("contacts")) {
        sqlx::query("INSERT INTO opportunity_contact SELECT $1, unnest($2::uuid[])")
            .bind(id)
            .bind(all.iter().map(|one| one.contact_id).collect::<Vec<_>>())
            .execute(&mut *connection)
            .await
            .expect("written");
    }
    for kind in AddressKind::ALL {
        for (position, one) in addresses(row, kind).iter().enumerate() {
            let mut query = QueryBuilder::<Postgres>::new("INSERT INTO ");
            query.push(kind.table()).push(" (record_id, position, value, is_primary) SELECT id, ");
            query.push_bind(i16::try_from(position).expect("few")).push(", ").push_bind(one.value.clone());
            query.push(", ").push_bind(one.primary).push(" FROM ").push(&object.table).push(" WHERE id = ");
            push(&mut query, &FieldType::Id, &row["id"]);
            query.build().execute(&mut *connection).await.expect("written");
        }
    }
    !hidden && !deleted
}

fn push(query: &mut QueryBuilder<Postgres>, kind: &FieldType, value: &Value) {
    match value {
        Value::Missing if *kind == FieldType::Money => query.push("NULL, NULL, NULL"),
        Value::Missing => query.push("NULL"),
        Value::Boolean(value) => query.push_bind(*value),
        Value::Integer(value) => query.push_bind(*value),
        Value::Decimal(value) => query.push_bind(*value),
        Value::Money(money) => {
            query.push_bind(money.amount).push(", ");
            query.push_bind(money.currency.clone()).push(", ").push_bind(money.base)
        }
        Value::Date(value) => query.push_bind(*value),
        Value::Time(value) => query.push_bind(*value),
        Value::Id(value) => query.push_bind(*value),
        Value::Text(value) => query.push_bind(value.clone()),
        Value::Texts(values) => query.push_bind(values.clone()),
        Value::Ids(values) => query.push_bind(values.clone()),
        Value::Links(_) | Value::Addresses(_) | Value::Participants(_) => {
            unreachable!("fields of the table alone")
        }
    };
}

/// All paths of a row that go through single references: where one is not seen, it is missing and so is all behind it.
fn walk(
    row: &Row,
    prefix: &str,
    (reference, relation): (&str, &str),
    accounts: &HashMap<Uuid, (Row, bool)>,
    all: &mut Paths,
) {
    let seen = match row.get(reference) {
        Some(Value::Id(id)) => accounts.get(id).filter(|(_, seen)| *seen),
        _ => None,
    };
    for (name, value) in row {
        let value = if name == reference && seen.is_none() { Value::Missing } else { value.clone() };
        all.insert(format!("{prefix}{name}"), vec![value]);
    }
    if let Some((target, _)) = seen
        && prefix.matches('.').count() < 2
    {
        walk(target, &format!("{prefix}{relation}."), ("parent_id", "parent"), accounts, all);
    }
}

/// Moments around which clocks, weeks and years turn, in different places.
pub(crate) fn context(round: usize, random: &mut StdRng) -> Context {
    const MOMENTS: [(&str, Tz); 10] = [
        ("2026-03-29T00:30:00Z", Tz::Europe__Berlin),
        ("2026-10-25T00:59:59.999Z", Tz::Europe__Berlin),
        ("2026-12-31T23:30:00Z", Tz::UTC),
        ("2026-12-31T18:29:59.999Z", Tz::Asia__Kolkata),
        ("2022-09-11T04:00:00Z", Tz::America__Santiago),
        ("2026-11-01T04:30:00Z", Tz::America__Havana),
        ("2011-12-30T10:00:00Z", Tz::Pacific__Apia),
        ("2028-02-29T12:00:00Z", Tz::America__New_York),
        ("2026-03-08T07:00:00Z", Tz::America__New_York),
        ("2027-01-01T09:59:00Z", Tz::Pacific__Kiritimati),
    ];
    let (moment, timezone) = MOMENTS[round % MOMENTS.len()];
    let now: DateTime<Utc> = moment.parse().expect("a time");
    Context {
        now: now + TimeDelta::milliseconds(random.random_range(-1..=1)),
        timezone,
        week_start: *pick(random, &[Weekday::Mon, Weekday::Sun, Weekday::Sat]),
        me: Some(pools::ids(pools::USER, 1)[0]),
        my_teams: pools::ids(pools::TEAM, random.random_range(0..3)),
    }
}

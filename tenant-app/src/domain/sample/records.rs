//! The records of the made-up organisation, each with what happened to it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::names::{
    BUSINESS, COMPANY, DEAL, FIRST, FORM, JOB, LAST, LOST, NOTE, PLACE, STREET, TASK, mailbox,
};
use super::organisation::{Kind, Organisation, Person, chance, id, one_of};

/// What somebody did to a record.
pub(crate) struct Change {
    pub(crate) at: DateTime<Utc>,
    /// Old and new by field, as history has them.
    pub(crate) fields: Map<String, Value>,
}

/// A record: its columns of its own, and its history, which begins with its making.
pub(crate) struct Made<'a> {
    pub(crate) kind: Kind,
    number: u32,
    pub(crate) owner: &'a Person,
    /// In the order in which the generator of its kind says them; an empty text is null.
    pub(crate) columns: Vec<String>,
    pub(crate) history: Vec<Change>,
    /// What a task or a note is about.
    about: Option<(Kind, u32)>,
    /// When an opportunity entered which stage.
    pub(crate) stages: Vec<(Uuid, DateTime<Utc>)>,
}

impl<'a> Made<'a> {
    fn new(kind: Kind, number: u32, owner: &'a Person, at: DateTime<Utc>) -> Self {
        let history = vec![Change { at, fields: Map::new() }];
        Self { kind, number, owner, columns: vec![], history, about: None, stages: vec![] }
    }

    /// A column, and its field in the first change.
    fn set(&mut self, field: &str, value: impl Into<Value>) {
        let value = value.into();
        self.columns.push(match &value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        self.say(field, value);
    }

    /// A field in the first change.
    fn say(&mut self, field: &str, value: Value) {
        if !value.is_null() {
            self.history[0].fields.insert(field.to_owned(), json!({"old": null, "new": value}));
        }
    }

    /// A field that became something else later; its column has the last value.
    fn becomes(&mut self, field: &str, steps: &[(DateTime<Utc>, String)]) {
        let Some((_, first)) = steps.first() else { return };
        self.say(field, json!(first));
        for pair in steps.windows(2) {
            let fields = Map::from_iter([(field.to_owned(), json!({"old": pair[0].1, "new": pair[1].1}))]);
            self.history.push(Change { at: pair[1].0, fields });
        }
        self.columns.push(steps.last().map(|(_, last)| last.clone()).unwrap_or_default());
    }

    fn money(&mut self, field: &str, amount: u32, currency: &str) {
        self.columns.extend([format!("{amount}.00"), currency.to_owned(), format!("{amount}.00")]);
        self.say(field, json!({"amount": format!("{amount}.00"), "currency": currency}));
    }

    fn address(&mut self, chance: &mut StdRng, place: &(&str, &str, &str, &str)) {
        let street = format!("{} {}", one_of(chance, &STREET), chance.random_range(1..180));
        self.set("street", street);
        self.set("postal_code", place.1);
        self.set("city", place.0);
        self.set("country", place.2);
    }

    /// Its id.
    pub(crate) fn id(&self) -> Uuid {
        id(self.kind, self.number)
    }

    /// The object and the record that a task or a note is about.
    pub(crate) fn about(&self) -> Option<(&'static str, Uuid)> {
        self.about.map(|(kind, number)| (kind.object(), id(kind, number)))
    }

    /// What somebody would send to make it as it is in the end, where the records that it refers to have other ids.
    pub(crate) fn body(&self, ids: &HashMap<Uuid, Uuid>) -> Map<String, Value> {
        let changed = self.history.iter().flat_map(|change| &change.fields);
        let mut body: Map<_, _> =
            changed.map(|(field, change)| (field.clone(), change["new"].clone())).collect();
        // A stage brings its pipeline: nobody says it.
        body.remove("pipeline_id");
        let known = |id: Uuid| ids.get(&id).copied().unwrap_or(id);
        for value in body.values_mut() {
            if let Some(id) = value.as_str().and_then(|text| Uuid::parse_str(text).ok()) {
                *value = json!(known(id));
            }
        }
        if let Some((object, id)) = self.about() {
            body.insert("links".to_owned(), json!([{"object": object, "id": known(id)}]));
        }
        body
    }
}

/// A company's name and domain.
fn company(chance: &mut StdRng) -> (String, String, &'static str) {
    let (name, (german, business), form) =
        (one_of(chance, &COMPANY), one_of(chance, &BUSINESS), one_of(chance, &FORM));
    let domain = format!("{}-{}.example", mailbox(name), mailbox(german));
    (format!("{name} {german} {form}"), domain, business)
}

impl Organisation {
    fn account(&self, number: u32) -> Made<'_> {
        let mut chance = chance(Kind::Account, number);
        let (name, domain, business) = company(&mut chance);
        let place = one_of(&mut chance, &PLACE);
        let owner = self.owner(&mut chance);
        let mut made = Made::new(Kind::Account, number, owner, self.made_at(Kind::Account, number));
        made.set("name", name);
        made.set("website", format!("https://{domain}"));
        made.set("phone", format!("{}{}", place.3, chance.random_range(1_000_000..9_999_999)));
        made.set("email", format!("info@{domain}"));
        made.set("industry", business);
        made.set("employees", 5_u64 << chance.random_range(0..11));
        let parent = (number > 0 && chance.random_ratio(1, 20)).then(|| chance.random_range(0..number));
        made.set("parent_id", json!(parent.map(|parent| id(Kind::Account, parent))));
        made.address(&mut chance, place);
        made
    }

    fn contact(&self, number: u32) -> Made<'_> {
        let mut chance = chance(Kind::Contact, number);
        let account = chance.random_range(0..self.accounts);
        let (_, domain, _) = company(&mut self::chance(Kind::Account, account));
        let (first, last) = (*one_of(&mut chance, &FIRST), *one_of(&mut chance, &LAST));
        let place = one_of(&mut chance, &PLACE);
        let at = self.made_at(Kind::Contact, number).max(self.made_at(Kind::Account, account));
        let owner = self.owner(&mut self::chance(Kind::History, account));
        let mut made = Made::new(Kind::Contact, number, owner, at);
        made.set("first_name", first);
        made.set("last_name", last);
        made.set("job_title", *one_of(&mut chance, &JOB));
        made.set("email", format!("{}@{domain}", mailbox(&format!("{first} {last}"))));
        made.set("phone", format!("{}{}", place.3, chance.random_range(1_000_000..9_999_999)));
        made.set("account_id", json!(id(Kind::Account, account)));
        made.address(&mut chance, place);
        made
    }

    fn lead(&self, number: u32) -> Made<'_> {
        let mut chance = chance(Kind::Lead, number);
        let (first, last) = (*one_of(&mut chance, &FIRST), *one_of(&mut chance, &LAST));
        let (company, domain, _) = company(&mut chance);
        let place = one_of(&mut chance, &PLACE);
        let at = self.made_at(Kind::Lead, number);
        let owner = self.owner(&mut chance);
        let mut made = Made::new(Kind::Lead, number, owner, at);
        made.set("first_name", first);
        made.set("last_name", last);
        made.set("company", company);
        made.set("job_title", *one_of(&mut chance, &JOB));
        made.set("email", format!("{}@{domain}", mailbox(&format!("{first} {last}"))));
        made.set("phone", format!("{}{}", place.3, chance.random_range(1_000_000..9_999_999)));
        made.set("website", format!("https://{domain}"));
        let mut path = vec!["new"];
        if self.until - at > TimeDelta::days(2) && chance.random_ratio(4, 5) {
            path.push("working");
            if self.until - at > TimeDelta::days(14) && chance.random_ratio(3, 4) {
                path.push(if chance.random_ratio(2, 5) { "qualified" } else { "unqualified" });
            }
        }
        let mut when = at;
        let steps = path.into_iter().map(|status| {
            let step = (when.min(self.until), status.to_owned());
            when += TimeDelta::minutes(chance.random_range(300..14_000));
            step
        });
        let steps: Vec<_> = steps.collect();
        made.becomes("status", &steps);
        made.set(
            "source",
            *one_of(&mut chance, &["website", "referral", "event", "campaign", "call", "other"]),
        );
        made.money("value", chance.random_range(5..400) * 250, &self.currency);
        made.address(&mut chance, place);
        made
    }

    fn opportunity(&self, number: u32) -> Made<'_> {
        let mut chance = chance(Kind::Opportunity, number);
        let account = chance.random_range(0..self.accounts);
        let at = self.made_at(Kind::Opportunity, number).max(self.made_at(Kind::Account, account));
        let owner = self.owner(&mut self::chance(Kind::History, account));
        let deal = *one_of(&mut chance, &DEAL);
        let (company, ..) = company(&mut self::chance(Kind::Account, account));
        let days = chance.random_range(15..120);
        let passed = self.passed_stages(&mut chance, at, days);
        let lost = passed.last().is_some_and(|(_, _, outcome)| outcome == "lost");
        let mut made = Made::new(Kind::Opportunity, number, owner, at);
        made.set("name", format!("{deal}, {company}"));
        made.set("account_id", json!(id(Kind::Account, account)));
        made.set("pipeline_id", json!(self.pipeline));
        let steps: Vec<_> = passed.iter().map(|(stage, at, _)| (*at, stage.to_string())).collect();
        made.becomes("stage_id", &steps);
        made.stages = passed.into_iter().map(|(stage, at, _)| (stage, at)).collect();
        made.money("amount", chance.random_range(4..400) * 500, &self.currency);
        made.set("close_date", (at + TimeDelta::days(days)).date_naive().to_string());
        made.set("lost_reason", json!(lost.then(|| *one_of(&mut chance, &LOST))));
        made
    }

    /// The stages that an opportunity came through until today, and when it entered them.
    fn passed_stages(
        &self,
        chance: &mut StdRng,
        at: DateTime<Utc>,
        days: i64,
    ) -> Vec<(Uuid, DateTime<Utc>, String)> {
        let open: Vec<_> = self.stages.iter().filter(|stage| stage.outcome == "open").collect();
        let outcome = if chance.random_ratio(9, 20) { "won" } else { "lost" };
        let end = self.stages.iter().find(|stage| stage.outcome == outcome);
        let all = open.into_iter().chain(end);
        let count = i32::try_from(all.clone().count()).unwrap_or(1);
        let step = TimeDelta::days(days) / count;
        all.zip(0..)
            .map(|(stage, index)| (stage.id, at + step * index, stage.outcome.clone()))
            .take_while(|(_, entered, _)| *entered <= self.until)
            .collect()
    }

    /// What a task or a note is about.
    fn subject(&self, chance: &mut StdRng) -> (Kind, u32) {
        let (kind, number) = *one_of(
            chance,
            &[
                (Kind::Account, self.accounts),
                (Kind::Contact, self.contacts),
                (Kind::Lead, self.leads),
                (Kind::Opportunity, self.opportunities),
            ],
        );
        (kind, chance.random_range(0..number))
    }

    fn task(&self, number: u32) -> Made<'_> {
        let mut chance = chance(Kind::Task, number);
        let about = self.subject(&mut chance);
        let at = self.made_at(Kind::Task, number).max(self.made_at(about.0, about.1));
        let done = self.until - at > TimeDelta::days(20) || chance.random_ratio(1, 3);
        let due = if done {
            at + TimeDelta::days(chance.random_range(1..14))
        } else {
            self.until + TimeDelta::hours(chance.random_range(-100..400))
        };
        let owner = self.owner(&mut chance);
        let mut made = Made::new(Kind::Task, number, owner, at);
        made.about = Some(about);
        made.set("name", *one_of(&mut chance, &TASK));
        let mut steps = vec![(at, "open".to_owned())];
        if done {
            steps.push((due.min(self.until), "done".to_owned()));
        } else if chance.random_ratio(1, 4) {
            steps.push((at, "in_progress".to_owned()));
        }
        made.becomes("status", &steps);
        made.set("priority", *one_of(&mut chance, &["low", "normal", "normal", "normal", "high"]));
        made.set("due_at", due.to_rfc3339());
        made
    }

    fn note(&self, number: u32) -> Made<'_> {
        let mut chance = chance(Kind::Note, number);
        let about = self.subject(&mut chance);
        let at = self.made_at(Kind::Note, number).max(self.made_at(about.0, about.1));
        let mut made = Made::new(Kind::Note, number, self.owner(&mut chance), at);
        made.about = Some(about);
        made.set("body", *one_of(&mut chance, &NOTE));
        made
    }

    /// Every record, in an order in which each is there before another refers to it.
    pub(crate) fn all(&self) -> impl Iterator<Item = Made<'_>> + Send {
        let accounts = (0..self.accounts).map(|number| self.account(number));
        let contacts = (0..self.contacts).map(|number| self.contact(number));
        let leads = (0..self.leads).map(|number| self.lead(number));
        let opportunities = (0..self.opportunities).map(|number| self.opportunity(number));
        let tasks = (0..self.tasks).map(|number| self.task(number));
        let notes = (0..self.notes).map(|number| self.note(number));
        accounts.chain(contacts).chain(leads).chain(opportunities).chain(tasks).chain(notes)
    }
}

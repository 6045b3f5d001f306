//! Who works in the made-up organisation, how much of what there is, and when it came to be. Every answer follows from
//! the kind and the number of what is asked for, so that records refer to each other without being kept.

use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use super::names::{FIRST, LAST, mailbox};

const YEAR_MINUTES: i64 = 365 * 24 * 60;

/// What something is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Account = 1,
    Contact,
    Lead,
    Opportunity,
    Task,
    Note,
    Person,
    Team,
    History,
}

/// A team.
#[derive(Debug, Clone)]
pub(crate) struct Team {
    /// Its id.
    pub(crate) id: Uuid,
    /// Its name.
    pub(crate) name: &'static str,
    /// The team above.
    pub(crate) parent_id: Option<Uuid>,
}

/// Somebody who owns records.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Their id.
    pub(crate) id: Uuid,
    /// Their name.
    pub(crate) name: String,
    /// Their address.
    pub(crate) email: String,
    /// The key of their role.
    pub(crate) role: &'static str,
    /// Their primary team.
    pub(crate) team_id: Option<Uuid>,
    /// They are there already: what is new of them is their team.
    pub(crate) present: bool,
}

/// A stage of the first pipeline.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// Its id.
    pub(crate) id: Uuid,
    /// `open`, `won` or `lost`.
    pub(crate) outcome: String,
}

impl Person {
    /// Somebody who is there already, of no team.
    pub(crate) fn present(id: Uuid, name: &str) -> Self {
        Self { id, name: name.to_owned(), email: String::new(), role: "admin", team_id: None, present: true }
    }
}

/// Who shares the work, where it goes and in which money.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    /// Who owns the records; the first has a little more than others.
    pub(crate) people: Vec<Person>,
    /// The pipeline of all opportunities.
    pub(crate) pipeline: Uuid,
    /// Its stages, in their order.
    pub(crate) stages: Vec<Stage>,
    /// ISO 4217, of all amounts.
    pub(crate) currency: String,
}

/// The whole of it.
pub(crate) struct Organisation {
    pub(super) until: DateTime<Utc>,
    pub(super) people: Vec<Person>,
    pub(super) pipeline: Uuid,
    pub(super) stages: Vec<Stage>,
    pub(super) currency: String,
    pub(super) accounts: u32,
    pub(super) contacts: u32,
    pub(super) leads: u32,
    pub(super) opportunities: u32,
    pub(super) tasks: u32,
    pub(super) notes: u32,
}

impl Kind {
    /// The object of its records, which is its table too.
    pub(crate) fn object(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Contact => "contact",
            Self::Lead => "lead",
            Self::Opportunity => "opportunity",
            Self::Task => "task",
            Self::Note => "note",
            Self::Person | Self::Team | Self::History => unreachable!("no record"),
        }
    }
}

/// Chance, the same each time for the same thing.
pub(super) fn chance(kind: Kind, number: u32) -> StdRng {
    StdRng::seed_from_u64((kind as u64) << 32 | u64::from(number))
}

/// The id of a thing.
pub(super) fn id(kind: Kind, number: u32) -> Uuid {
    uuid::Builder::from_random_bytes(chance(kind, number).random()).into_uuid()
}

/// One of a list.
pub(super) fn one_of<'a, T>(chance: &mut StdRng, list: &'a [T]) -> &'a T {
    &list[chance.random_range(0..list.len())]
}

impl Organisation {
    /// So many records, at least 10, of the year that ends with a moment.
    pub(crate) fn new(records: u32, until: DateTime<Utc>, setting: Setting) -> Self {
        let share =
            |percent: u32| u32::try_from(u64::from(records) * u64::from(percent) / 100).unwrap_or(records);
        let (accounts, contacts, opportunities) = (share(20).max(1), share(30), share(10).max(1));
        let (tasks, notes) = (share(10).max(1), share(10).max(1));
        let leads = records - accounts - contacts - opportunities - tasks - notes;
        let Setting { people, pipeline, stages, currency } = setting;
        Self {
            until,
            people,
            pipeline,
            stages,
            currency,
            accounts,
            contacts,
            leads,
            opportunities,
            tasks,
            notes,
        }
    }

    /// When something was made: in a year that ends with `until`, more of late, in office hours.
    pub(super) fn made_at(&self, kind: Kind, number: u32) -> DateTime<Utc> {
        let mut chance = chance(kind, number);
        let early: f64 = chance.random::<f64>().powi(2);
        #[expect(clippy::cast_possible_truncation, reason = "a share of a year's minutes")]
        #[expect(clippy::cast_precision_loss, reason = "minutes of a year fit")]
        let back = (YEAR_MINUTES as f64 * early) as i64;
        let day = (self.until - TimeDelta::minutes(back)).date_naive();
        let day = match day.weekday() {
            Weekday::Sat => day - TimeDelta::days(1),
            Weekday::Sun => day - TimeDelta::days(2),
            _ => day,
        };
        let minute = chance.random_range(7 * 60..16 * 60);
        let at = day.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc() + TimeDelta::minutes(minute);
        at.min(self.until)
    }

    /// Whose something is: the first person, who may be a real one, has a little more than others.
    pub(super) fn owner(&self, chance: &mut StdRng) -> &Person {
        if chance.random_ratio(1, 10) { &self.people[0] } else { one_of(chance, &self.people) }
    }
}

/// The teams of people who are made up too.
pub(crate) fn teams() -> Vec<Team> {
    let ids: Vec<Uuid> = (0..4).map(|number| id(Kind::Team, number)).collect();
    let names = ["Sales", "Sales North", "Sales South", "Customer success"];
    let parents = [None, Some(ids[0]), Some(ids[0]), None];
    let all = ids.iter().zip(names).zip(parents);
    all.map(|((id, name), parent_id)| Team { id: *id, name, parent_id }).collect()
}

/// People of the teams, led by who is there already, if anybody is.
pub(crate) fn people(teams: &[Team], present: Option<Uuid>) -> Vec<Person> {
    let made = (0..9).map(|number| {
        let mut chance = chance(Kind::Person, u32::try_from(number).unwrap_or_default());
        let id = uuid::Builder::from_random_bytes(chance.random()).into_uuid();
        let name = format!("{} {}", FIRST[number * 3], LAST[number * 3 + 1]);
        let email = format!("{}@acme.example", mailbox(&name));
        // The first leads the sales teams.
        let (role, team) = if number == 0 { ("manager", 0) } else { ("member", 1 + number % 3) };
        Person { id, name, email, role, team_id: Some(teams[team].id), present: false }
    });
    let first =
        present.map(|id| Person { team_id: Some(teams[0].id), ..Person::present(id, "Ada Lovelace") });
    first.into_iter().chain(made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(records: u32, until: DateTime<Utc>) -> Organisation {
        let people = people(&teams(), None);
        let setting = Setting { people, pipeline: Uuid::nil(), stages: vec![], currency: "EUR".to_owned() };
        Organisation::new(records, until, setting)
    }

    #[test]
    fn the_parts_are_the_whole_and_all_of_them_are_there() {
        for records in [10, 11, 99, 1_000, 1_000_000] {
            let made = made(records, DateTime::UNIX_EPOCH);
            let parts =
                [made.accounts, made.contacts, made.leads, made.opportunities, made.tasks, made.notes];
            assert_eq!(parts.iter().sum::<u32>(), records);
            assert!(parts.iter().all(|part| *part > 0), "{records}: {parts:?}");
        }
    }

    #[test]
    fn the_same_number_is_the_same_thing_within_the_year_and_on_a_working_day() {
        let until = DateTime::from_timestamp(1_790_000_000, 0).expect("a time");
        let made = made(10, until);
        for number in 0..500 {
            let at = made.made_at(Kind::Lead, number);
            assert_eq!(at, made.made_at(Kind::Lead, number));
            assert!(at <= until && until - at < TimeDelta::days(370), "{at}");
            assert!(!matches!(at.weekday(), Weekday::Sat | Weekday::Sun), "{at}");
        }
        assert_ne!(id(Kind::Lead, 1), id(Kind::Lead, 2));
        assert_ne!(id(Kind::Lead, 1), id(Kind::Contact, 1));
    }
}

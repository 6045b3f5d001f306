//! "Last 7 days", "this week": days and times of a moment in a timezone. Pure; SQL and memory take the same answer.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Which of the units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "as in English")]
pub enum Which {
    Last,
    This,
    Next,
}

/// Of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "as in English")]
pub enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Days that depend on today.
///
/// Weeks and longer are whole units of the calendar, before or after the current one. Days count from today and hold
/// it: "last 7 days" are the seven days before today and today, as people mean it of records that were just made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relative {
    /// Which.
    pub relative: Which,
    /// How many, 1 to 999; of `this` always one.
    #[serde(default = "one")]
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

fn one() -> u32 {
    1
}

impl Relative {
    /// Most units.
    pub const MOST: u32 = 999;

    /// The first day and the one after the last.
    pub fn days(&self, today: NaiveDate, week_start: Weekday) -> (NaiveDate, NaiveDate) {
        let count = i64::from(self.count);
        let (start, unit) = (self.unit.start(today, week_start), self.unit);
        match (self.relative, unit) {
            (Which::This, _) => (start, unit.later(start, 1)),
            (Which::Last, Unit::Day) => (unit.later(start, -count), unit.later(start, 1)),
            (Which::Next, Unit::Day) => (start, unit.later(start, count + 1)),
            (Which::Last, _) => (unit.later(start, -count), start),
            (Which::Next, _) => (unit.later(start, 1), unit.later(start, count + 1)),
        }
    }
}

impl Unit {
    /// The first day of the unit that a day is in.
    fn start(self, day: NaiveDate, week_start: Weekday) -> NaiveDate {
        let first_of = |month0: u32| {
            let first = day.with_day(1).and_then(|first| first.with_month0(month0));
            first.expect("each month has a first day")
        };
        match self {
            Self::Day => day,
            Self::Week => day - Days::new(u64::from(day.weekday().days_since(week_start))),
            Self::Month => first_of(day.month0()),
            Self::Quarter => first_of(day.month0() / 3 * 3),
            Self::Year => first_of(0),
        }
    }

    /// So many units after the first day of one. What lies outside of the calendar is its end.
    fn later(self, start: NaiveDate, count: i64) -> NaiveDate {
        let moved = match self {
            Self::Day => start.checked_add_signed(TimeDelta::days(count)),
            Self::Week => start.checked_add_signed(TimeDelta::weeks(count)),
            Self::Month => add_months(start, count),
            Self::Quarter => add_months(start, count * 3),
            Self::Year => add_months(start, count * 12),
        };
        moved.unwrap_or(if count < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
    }
}

fn add_months(start: NaiveDate, count: i64) -> Option<NaiveDate> {
    let months = Months::new(u32::try_from(count.unsigned_abs()).ok()?);
    if count < 0 { start.checked_sub_months(months) } else { start.checked_add_months(months) }
}

/// The first moment of a day: midnight, or what follows where the clocks leap over it.
pub fn day_start(timezone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    if let Some(time) = timezone.from_local_datetime(&midnight).earliest() {
        return time.with_timezone(&Utc);
    }
    // The clocks leap over midnight. Local time only grows around a leap, so its first moment can be halved down to;
    // no timezone is further than 16 hours from UTC, and the longest leap was a day.
    let reached = |time: DateTime<Utc>| time.with_timezone(&timezone).naive_local() >= midnight;
    let (mut before, mut after) =
        (midnight.and_utc() - TimeDelta::hours(16), midnight.and_utc() + TimeDelta::hours(40));
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if reached(middle) {
            after = middle;
        } else {
            before = middle;
        }
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use Unit::{Day, Month, Quarter, Week, Year};
    use Which::{Last, Next, This};

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn days(relative: Which, count: u32, unit: Unit, today: &str) -> (String, String) {
        let (start, end) = Relative { relative, count, unit }.days(date(today), Weekday::Mon);
        (start.to_string(), end.to_string())
    }

    fn range(start: &str, end: &str) -> (String, String) {
        (start.to_owned(), end.to_owned())
    }

    #[test]
    fn days_hold_today() {
        assert_eq!(days(This, 1, Day, "2026-11-23"), range("2026-11-23", "2026-11-24"));
        assert_eq!(days(Last, 7, Day, "2026-11-23"), range("2026-11-16", "2026-11-24"));
        assert_eq!(days(Next, 7, Day, "2026-12-28"), range("2026-12-28", "2027-01-05"));
        assert_eq!(days(Last, 1, Day, "2028-03-01"), range("2028-02-29", "2028-03-02"));
    }

    #[test]
    fn longer_units_are_whole_ones_of_the_calendar() {
        assert_eq!(days(This, 1, Week, "2027-01-01"), range("2026-12-28", "2027-01-04"));
        assert_eq!(days(Last, 2, Week, "2027-01-01"), range("2026-12-14", "2026-12-28"));
        assert_eq!(days(Last, 1, Month, "2026-03-31"), range("2026-02-01", "2026-03-01"));
        assert_eq!(days(Next, 1, Month, "2026-12-31"), range("2027-01-01", "2027-02-01"));
        assert_eq!(days(This, 1, Quarter, "2026-11-23"), range("2026-10-01", "2027-01-01"));
        assert_eq!(days(Last, 5, Quarter, "2026-02-28"), range("2024-10-01", "2026-01-01"));
        assert_eq!(days(This, 1, Year, "2028-02-29"), range("2028-01-01", "2029-01-01"));
        assert_eq!(days(Last, 3, Year, "2028-02-29"), range("2025-01-01", "2028-01-01"));
        assert_eq!(days(Next, 1, Year, "2028-12-31"), range("2029-01-01", "2030-01-01"));
    }

    #[test]
    fn weeks_start_where_the_organisation_says() {
        let week = Relative { relative: This, count: 1, unit: Week };
        for (start, first) in
            [(Weekday::Mon, "2026-11-16"), (Weekday::Sun, "2026-11-22"), (Weekday::Sat, "2026-11-21")]
        {
            // A Sunday.
            let (from, to) = week.days(date("2026-11-22"), start);
            assert_eq!((from, to - from), (date(first), TimeDelta::days(7)), "{start}");
        }
    }

    #[test]
    fn the_calendar_ends_without_a_panic() {
        let far = Relative { relative: Last, count: Relative::MOST, unit: Year };
        assert_eq!(far.days(date("2026-06-01"), Weekday::Mon), (date("1027-01-01"), date("2026-01-01")));
        let far = Relative { relative: Next, count: Relative::MOST, unit: Year };
        assert_eq!(far.days(NaiveDate::MAX, Weekday::Mon).1, NaiveDate::MAX);
    }

    #[test]
    fn days_start_at_the_clocks_of_the_place() {
        for (timezone, day, start) in [
            (Tz::UTC, "2026-03-29", "2026-03-29T00:00:00Z"),
            (Tz::Europe__Berlin, "2026-03-29", "2026-03-28T23:00:00Z"),
            (Tz::Europe__Berlin, "2026-03-30", "2026-03-29T22:00:00Z"),
            (Tz::Europe__Berlin, "2026-10-26", "2026-10-25T23:00:00Z"),
            (Tz::Asia__Kolkata, "2026-01-01", "2025-12-31T18:30:00Z"),
            (Tz::Pacific__Kiritimati, "2026-01-01", "2025-12-31T10:00:00Z"),
            // The clocks leap from 24:00 to 1:00.
            (Tz::America__Santiago, "2022-09-11", "2022-09-11T04:00:00Z"),
            (Tz::Africa__Cairo, "2010-04-30", "2010-04-29T22:00:00Z"),
            // From 1:00 back to 0:00: midnight comes twice, the first counts.
            (Tz::America__Havana, "2026-11-01", "2026-11-01T04:00:00Z"),
            // Samoa had no such day.
            (Tz::Pacific__Apia, "2011-12-30", "2011-12-30T10:00:00Z"),
            (Tz::Pacific__Apia, "2011-12-31", "2011-12-30T10:00:00Z"),
        ] {
            let expected: DateTime<Utc> = start.parse().expect("a time");
            assert_eq!(day_start(timezone, date(day)), expected, "{timezone} {day}");
        }
    }

    #[test]
    fn days_follow_one_another_everywhere() {
        for timezone in chrono_tz::TZ_VARIANTS {
            let mut start = day_start(timezone, date("2010-01-01"));
            for day in date("2010-01-02").iter_days().take(18 * 365) {
                let next = day_start(timezone, day);
                let length = (next - start).num_hours();
                assert!(
                    (20..=28).contains(&length) || matches!(length, 0 | 48),
                    "{timezone} {day}: {length} h"
                );
                start = next;
            }
        }
    }
}

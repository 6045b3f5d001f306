//! When something that repeats is due next, by the clocks of the organisation.
//!
//! Pure. A time that the clocks skip is due right after the gap; one that they show twice is due the first time.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;

/// A rule: at a minute of every hour, of an hour of every day, or of one day a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// At this minute of every hour.
    Hourly(u32),
    /// At this time of every day.
    Daily(NaiveTime),
    /// At this time of one day a week.
    Weekly(Weekday, NaiveTime),
}

/// Longer than any clock skips, in minutes: a whole day has been skipped once (Samoa, 2011).
const LONGEST_GAP: i64 = 25 * 60;

impl Rule {
    /// The first time after `after`; `None` beyond the calendar's end.
    pub fn next(self, after: DateTime<Utc>, timezone: Tz) -> Option<DateTime<Utc>> {
        match self {
            Self::Hourly(minute) => {
                let first = after.with_nanosecond(0)?.with_second(0)?;
                // Not every timezone is whole hours away, so the clock is asked minute by minute.
                (1..=120)
                    .map(|minutes| first + TimeDelta::minutes(minutes))
                    .find(|at| at.with_timezone(&timezone).minute() == minute)
            }
            Self::Daily(time) => days(after, timezone).find_map(|day| on(day, time, timezone, after)),
            Self::Weekly(weekday, time) => days(after, timezone)
                .filter(|day| day.weekday() == weekday)
                .find_map(|day| on(day, time, timezone, after)),
        }
    }
}

/// The day of `after` at the place, the one before, whose skipped end may come after it, and those that follow.
fn days(after: DateTime<Utc>, timezone: Tz) -> impl Iterator<Item = NaiveDate> {
    let today = after.with_timezone(&timezone).date_naive();
    let yesterday = today.checked_sub_days(Days::new(1));
    yesterday.into_iter().chain((0..16).map_while(move |days| today.checked_add_days(Days::new(days))))
}

fn on(day: NaiveDate, time: NaiveTime, timezone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let wanted = day.and_time(time);
    let at = (0..=LONGEST_GAP).find_map(|minutes| {
        timezone.from_local_datetime(&(wanted + TimeDelta::minutes(minutes))).earliest()
    })?;
    let at = at.with_timezone(&Utc);
    (at > after).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn time(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).expect("a time")
    }

    fn assert_next(rule: Rule, timezone: Tz, cases: &[(&str, &str)]) {
        for (after, next) in cases {
            assert_eq!(rule.next(utc(after), timezone), Some(utc(next)), "{rule:?} after {after}");
        }
    }

    #[test]
    fn days_keep_their_hour_when_the_clocks_change() {
        assert_next(
            Rule::Daily(time(3, 40)),
            Tz::Europe__Berlin,
            &[
                ("2026-03-27T12:00:00Z", "2026-03-28T02:40:00Z"),
                ("2026-03-28T02:39:59Z", "2026-03-28T02:40:00Z"),
                ("2026-03-28T02:40:00Z", "2026-03-29T01:40:00Z"),
                ("2026-10-24T12:00:00Z", "2026-10-25T02:40:00Z"),
            ],
        );
    }

    #[test]
    fn what_the_clocks_skip_is_due_after_the_gap_and_what_they_repeat_once() {
        let rule = Rule::Daily(time(2, 30));
        assert_next(
            rule,
            Tz::Europe__Berlin,
            &[
                // 2:00 to 3:00 is skipped on 29 March, and shown twice on 25 October.
                ("2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
                ("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
                ("2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
                ("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
                ("2026-10-25T01:00:00Z", "2026-10-26T01:30:00Z"),
            ],
        );
    }

    #[test]
    fn a_day_that_never_was_is_due_when_the_next_begins() {
        // Samoa had no 30 December 2011.
        assert_next(
            Rule::Daily(time(12, 0)),
            Tz::Pacific__Apia,
            &[
                ("2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z"),
                ("2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z"),
            ],
        );
    }

    #[test]
    fn weeks_and_hours() {
        assert_next(
            Rule::Weekly(Weekday::Mon, time(8, 0)),
            Tz::America__New_York,
            &[
                ("2026-03-02T12:59:00Z", "2026-03-02T13:00:00Z"),
                ("2026-03-02T13:00:00Z", "2026-03-09T12:00:00Z"),
            ],
        );
        assert_next(
            Rule::Hourly(20),
            Tz::Asia__Kathmandu,
            &[
                // 5:45 ahead.
                ("2026-01-01T00:00:00Z", "2026-01-01T00:35:00Z"),
                ("2026-01-01T00:35:00Z", "2026-01-01T01:35:00Z"),
            ],
        );
    }

    #[test]
    fn each_day_of_many_years_has_one_time_everywhere() {
        for timezone in
            [Tz::Europe__Berlin, Tz::America__Sao_Paulo, Tz::Asia__Tehran, Tz::Australia__Lord_Howe]
        {
            let (mut at, end) = (utc("2005-01-01T00:00:00Z"), utc("2027-01-01T00:00:00Z"));
            let mut times = 0;
            while at < end {
                let next = Rule::Daily(time(0, 15)).next(at, timezone).expect("a next one");
                let apart = (next - at).num_minutes();
                assert!(times == 0 || (22 * 60..=26 * 60).contains(&apart), "{timezone}: {at} then {next}");
                at = next;
                times += 1;
            }
            assert!((8_034..=8_037).contains(&times), "{timezone}: {times}");
        }
    }
}

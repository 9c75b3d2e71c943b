//! What comes round every year: anniversaries, ages, seasons.

use serde::{Deserialize, Serialize};

use super::Date;

/// When the anniversary of a 29 February is, in a year that has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeapDay {
    /// On the last day of February: what a month's end is everywhere else in calendar arithmetic.
    #[default]
    February28,
    /// On the day after it.
    March1,
}

/// The half of the earth that seasons are meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hemisphere {
    /// Winter is December, January and February.
    #[default]
    North,
    /// Summer is.
    South,
}

/// A quarter of the year as meteorologists reckon it: by whole months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names say it
pub enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

impl LeapDay {
    /// Both.
    pub const ALL: [Self; 2] = [Self::February28, Self::March1];

    /// As rules write it: `february 28`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::February28 => "february 28",
            Self::March1 => "march 1",
        }
    }

    /// The day, in a year without a 29 February.
    fn of(self, year: i32) -> Option<Date> {
        match self {
            Self::February28 => Date::new(year, 2, 28),
            Self::March1 => Date::new(year, 3, 1),
        }
    }
}

impl Hemisphere {
    /// Both.
    pub const ALL: [Self; 2] = [Self::North, Self::South];

    /// `north`
    pub const fn name(self) -> &'static str {
        match self {
            Self::North => "north",
            Self::South => "south",
        }
    }
}

impl Season {
    /// All four, from spring on.
    pub const ALL: [Self; 4] = [Self::Spring, Self::Summer, Self::Autumn, Self::Winter];

    /// The English name in lower case: `spring`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spring => "spring",
            Self::Summer => "summer",
            Self::Autumn => "autumn",
            Self::Winter => "winter",
        }
    }

    /// The place in [`Season::ALL`].
    pub const fn index(self) -> u8 {
        self as u8
    }
}

impl Date {
    /// The day of `year` that this day comes round on.
    fn in_year(self, year: i32, leap_day: LeapDay) -> Option<Self> {
        Self::new(year, self.month(), self.day()).or_else(|| leap_day.of(year))
    }

    /// The next day, `today` or later, on which this day comes round; its own year plays no part. `None` past the end of
    /// the calendar.
    ///
    /// ```
    /// use nextbest::time::{Date, LeapDay};
    /// let (born, today) = (Date::new(2004, 2, 29).ok_or("no day")?, Date::new(2026, 12, 30).ok_or("no day")?);
    /// assert_eq!(born.anniversary(today, LeapDay::February28), Date::new(2027, 2, 28));
    /// assert_eq!(born.anniversary(today, LeapDay::March1), Date::new(2027, 3, 1));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn anniversary(self, today: Self, leap_day: LeapDay) -> Option<Self> {
        match self.in_year(today.year(), leap_day) {
            Some(day) if day >= today => Some(day),
            _ => self.in_year(today.year().checked_add(1)?, leap_day),
        }
    }

    /// Years completed on `today` by someone born on this day: one more on every anniversary. `None` if the birth is still
    /// to come.
    pub fn age_on(self, today: Self, leap_day: LeapDay) -> Option<i64> {
        if self > today {
            return None;
        }
        let years = i64::from(today.year()).checked_sub(self.year().into())?;
        let birthday = self.in_year(today.year(), leap_day)?;
        if birthday <= today { Some(years) } else { years.checked_sub(1) }
    }

    /// The season: whole months, so that spring in the north is March, April and May.
    pub fn season(self, hemisphere: Hemisphere) -> Season {
        let half = match hemisphere {
            Hemisphere::North => 0,
            Hemisphere::South => 6,
        };
        match self.month().saturating_add(half) % 12 {
            3..6 => Season::Spring,
            6..9 => Season::Summer,
            9..12 => Season::Autumn,
            _ => Season::Winter,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[track_caller]
    fn comes_round(born: &str, today: &str, february: &str, march: &str) {
        let next = |leap_day| date(born).anniversary(date(today), leap_day);
        assert_eq!(next(LeapDay::February28), Some(date(february)), "{born} seen on {today}");
        assert_eq!(next(LeapDay::March1), Some(date(march)), "{born} seen on {today}");
    }

    #[test]
    fn anniversaries_are_today_or_later() {
        comes_round("1990-05-14", "2026-05-13", "2026-05-14", "2026-05-14");
        comes_round("1990-05-14", "2026-05-14", "2026-05-14", "2026-05-14");
        comes_round("1990-05-14", "2026-05-15", "2027-05-14", "2027-05-14");
        comes_round("1990-01-02", "2026-12-30", "2027-01-02", "2027-01-02");
        // The year plays no part, not even one that is still to come.
        comes_round("2031-05-14", "2026-05-13", "2026-05-14", "2026-05-14");
    }

    #[test]
    fn leap_days_come_round_every_year() {
        comes_round("2004-02-29", "2026-02-28", "2026-02-28", "2026-03-01");
        comes_round("2004-02-29", "2026-03-01", "2027-02-28", "2026-03-01");
        comes_round("2004-02-29", "2026-03-02", "2027-02-28", "2027-03-01");
        comes_round("2004-02-29", "2027-03-02", "2028-02-29", "2028-02-29");
        comes_round("2004-02-29", "2028-02-28", "2028-02-29", "2028-02-29");
        comes_round("2004-02-29", "2028-03-01", "2029-02-28", "2029-03-01");
        // 2100 is a common year.
        comes_round("2004-02-29", "2099-12-31", "2100-02-28", "2100-03-01");
        // Nobody else is moved.
        comes_round("2004-02-28", "2026-02-28", "2026-02-28", "2026-02-28");
        comes_round("2004-03-01", "2026-02-28", "2026-03-01", "2026-03-01");
    }

    #[test]
    fn the_calendar_ends_without_another_one() {
        let last = Date::new(9999, 12, 30).unwrap();
        assert_eq!(last.anniversary(Date::MAX, LeapDay::default()), None);
        assert_eq!(Date::MAX.anniversary(Date::MAX, LeapDay::default()), Some(Date::MAX));
        assert_eq!(date("2004-02-29").anniversary(Date::MAX, LeapDay::March1), None);
        assert_eq!(Date::MAX.anniversary(Date::MIN, LeapDay::default()), Date::new(-9999, 12, 31));
    }

    #[test]
    fn ages_are_completed_years() {
        let age = |born: &str, today: &str| date(born).age_on(date(today), LeapDay::default());
        assert_eq!(age("2008-03-10", "2026-03-09"), Some(17));
        assert_eq!(age("2008-03-10", "2026-03-10"), Some(18));
        assert_eq!(age("2008-03-10", "2008-03-10"), Some(0));
        assert_eq!(age("2008-03-10", "2008-03-09"), None);
        assert_eq!(age("2004-02-29", "2022-02-27"), Some(17));
        assert_eq!(age("2004-02-29", "2022-02-28"), Some(18));
        assert_eq!(age("2004-02-29", "2024-02-28"), Some(19));
        assert_eq!(age("2004-02-29", "2024-02-29"), Some(20));
        assert_eq!(Date::MIN.age_on(Date::MAX, LeapDay::default()), Some(19_998));
        let in_march = |today: &str| date("2004-02-29").age_on(date(today), LeapDay::March1);
        assert_eq!(in_march("2022-02-28"), Some(17));
        assert_eq!(in_march("2022-03-01"), Some(18));
        assert_eq!(in_march("2024-02-29"), Some(20));
    }

    #[test]
    fn seasons_are_whole_months() {
        let season = |text: &str, hemisphere| date(text).season(hemisphere).name();
        for (day, north, south) in [
            ("2026-02-28", "winter", "summer"),
            ("2026-03-01", "spring", "autumn"),
            ("2026-05-31", "spring", "autumn"),
            ("2026-06-01", "summer", "winter"),
            ("2026-08-31", "summer", "winter"),
            ("2026-09-01", "autumn", "spring"),
            ("2026-11-30", "autumn", "spring"),
            ("2026-12-01", "winter", "summer"),
            ("2026-01-15", "winter", "summer"),
        ] {
            assert_eq!(season(day, Hemisphere::North), north, "{day}");
            assert_eq!(season(day, Hemisphere::South), south, "{day}");
        }
        for (index, season) in Season::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(season.index()), index);
        }
    }

    fn any_date() -> impl Strategy<Value = Date> {
        (Date::MIN.days()..=Date::MAX.days()).prop_map(|days| Date::from_days(days).unwrap())
    }

    proptest! {
        #[test]
        fn a_year_is_completed_on_the_anniversary(born in any_date(), today in any_date(), march: bool) {
            let leap_day = if march { LeapDay::March1 } else { LeapDay::February28 };
            if let (Some(next), Some(age)) = (born.anniversary(today, leap_day), born.age_on(today, leap_day)) {
                prop_assert!(next >= today && next.days() - today.days() <= 366);
                let then = born.age_on(next, leap_day);
                prop_assert_eq!(then, Some(if next == today { age } else { age + 1 }));
                if let Some(eve) = next.plus_days(-1).filter(|eve| *eve > today) {
                    prop_assert_eq!(born.age_on(eve, leap_day), Some(age));
                }
            }
        }
    }
}

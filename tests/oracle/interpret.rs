//! Direct recursion over the checked tree.

use nextbest::check::tree::{Body, Clause, Constant, DayRelation, Expr, Kind, Part, Place, Reading, Rules, Window};
use nextbest::syntax::ast::{ArithmeticOp, CompareOp, Quantifier, Side};
use nextbest::time::{Hemisphere, LeapDay};
use nextbest::{Attribute, Type};
use nextbest::{Date, Instant, Period, Point, TimeOfDay, Weekday, Zone};

use super::customer::{Crowd, Customer, Row, Situation, Values};
use super::history::{divide_half_even, finite};
use super::order::compare;
use super::text;
use super::value::{Truth, Val};
use super::{place, version};

/// Whether `let n = count(…)` keeps *this many or more* where the history starts late, so that `n >= 2` means what
/// `count(…) >= 2` means; otherwise `n` is missing there.
const NAMED_COUNTS_STAY_OPEN: bool = true;

/// Everything that an answer depends on.
#[derive(Clone, Copy)]
pub struct Oracle<'a> {
    pub rules: &'a Rules,
    pub customer: &'a Customer,
    pub context: &'a Values,
    pub now: Instant,
    pub crowd: Option<&'a Crowd>,
    /// The rows that the request brings, all of one catalog.
    pub rows: &'a [Values],
    /// The row that the candidate at hand is made of.
    pub made_of: Option<&'a Values>,
}

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub zone: Zone,
    /// The zone that the rule names.
    pub written: Option<Zone>,
    /// The event of the innermost clause, and its kind.
    row: Option<(usize, &'a Row)>,
    /// The events of clauses that are referred to from further in, by slot.
    kept: [Option<&'a Row>; 8],
}

impl<'a> Scope<'a> {
    /// Inside a clause, at one of its rows.
    pub fn on(self, clause: &Clause, row: &'a Row) -> Self {
        Scope { row: Some((clause.event, row)), ..self }.keeping(clause, row)
    }

    /// Beside a clause, whose row others refer to.
    pub fn keeping(mut self, clause: &Clause, row: &'a Row) -> Self {
        if let Some(slot) = clause.alias {
            self.kept[slot] = Some(row);
        }
        self
    }
}

impl<'a> Oracle<'a> {
    pub fn new(rules: &'a Rules, situation: &'a Situation) -> Self {
        let Situation { now, context, customer, crowd } = situation;
        Oracle { rules, customer, context, now: *now, crowd: crowd.as_deref(), rows: &[], made_of: None }
    }

    /// The truth of a segment, or of any condition that has a name.
    pub fn truth_of(&self, definition: usize) -> Truth {
        as_truth(self.definition(definition))
    }

    /// The value of a definition; an open count is none.
    pub fn value_of(&self, definition: usize) -> Option<Val> {
        self.definition(definition)?.exact()
    }

    fn definition(&self, index: usize) -> Option<Val> {
        let definition = &self.rules.definitions[index];
        let scope = self.scope(definition.zone);
        match &definition.body {
            Body::Expr(expr) if NAMED_COUNTS_STAY_OPEN => self.value(expr, scope),
            Body::Expr(expr) => self.value(expr, scope)?.exact(),
            Body::Score { bands, otherwise } => {
                let band = bands.iter().find(|(condition, _)| self.truth(condition, scope) == Truth::True);
                self.value(band.map_or(otherwise, |(_, value)| value), scope)
            }
            Body::Group { on, rows, otherwise } => {
                let scores: Vec<Val> = on.iter().map(|&score| self.value_of(score)).collect::<Option<_>>()?;
                let matches =
                    |cells: &[Option<(i64, i64)>]| cells.iter().zip(&scores).all(|(cell, score)| within(*cell, score));
                let row = rows.iter().find(|row| matches(&row.cells)).map(|row| row.name);
                row.or(*otherwise).map(Val::Category)
            }
            Body::Stages(stages) => {
                let holds =
                    |when: &Option<Expr>| when.as_ref().is_none_or(|when| self.truth(when, scope) == Truth::True);
                stages.iter().rposition(holds).map(Val::Category)
            }
        }
    }

    /// Outside of all clauses, in a rule that names a zone or none.
    pub fn scope(&self, written: Option<Zone>) -> Scope<'a> {
        Scope { zone: written.unwrap_or_else(|| self.zone()), written, row: None, kept: [None; 8] }
    }

    /// The customer's id.
    pub fn id(&self) -> Option<Val> {
        self.rules.shape.id.and_then(|id| read(&self.rules.shape.attributes, id, &self.customer.attributes))
    }

    /// The customer's zone, else the ruleset's.
    fn zone(&self) -> Zone {
        let own =
            self.rules.shape.zone.and_then(|zone| read(&self.rules.shape.attributes, zone, &self.customer.attributes));
        match own {
            Some(Val::Text(name)) => Zone::named(&name).expect("a zone"),
            _ => self.rules.zone,
        }
    }

    /// An attribute of the customer; one that was not known within its time, or may not be used, is missing.
    fn attribute(&self, index: usize) -> Option<Val> {
        let attribute = &self.rules.shape.attributes[index];
        if let Some(period) = attribute.provenance.as_ref().and_then(|provenance| provenance.fresh) {
            let known = *self.customer.as_of.get(&attribute.name)?;
            if known > self.now || known <= self.zone().minus(self.now, period) {
                return None;
            }
        }
        if let Some(purpose) = attribute.provenance.as_ref().and_then(|provenance| provenance.purpose.as_ref()) {
            let channels = self.customer.consents.iter().map(|said| &said.channel);
            if !channels.into_iter().any(|channel| self.consent(channel, purpose, true)) {
                return None;
            }
        }
        read(&self.rules.shape.attributes, index, &self.customer.attributes)
    }

    pub fn property(&self, event: usize, property: usize, row: &Row) -> Option<Val> {
        read(&self.rules.shape.events[event].properties, property, &row.properties)
    }

    pub fn truth(&self, expr: &Expr, scope: Scope<'a>) -> Truth {
        as_truth(self.value(expr, scope))
    }

    /// The value of an expression. Conditions are bools, and unknown where missing.
    pub fn value(&self, expr: &Expr, scope: Scope<'a>) -> Option<Val> {
        let value = |expr: &Expr| self.value(expr, scope);
        let truth = |expr: &Expr| self.truth(expr, scope);
        let condition = match &expr.kind {
            Kind::Constant(constant) => return Some(constant_value(constant)),
            Kind::Attribute(Place::Customer, index) => {
                return self.attribute(*index);
            }
            Kind::Attribute(Place::List, index) => {
                let name = &self.rules.shape.lists[*index].name;
                return self.customer.lists.as_ref().map(|lists| Val::Bool(lists.contains(name)));
            }
            Kind::Attribute(Place::Context, index) => return read(&self.rules.context, *index, self.context),
            Kind::Attribute(Place::Catalog(catalog), index) => {
                return read(&self.rules.catalogs[*catalog].columns, *index, self.made_of?);
            }
            Kind::Attribute(Place::Row, index) => {
                let (event, row) = scope.row.expect("a row");
                return self.property(event, *index, row);
            }
            Kind::Item { place, index, key } => {
                let map = Expr { kind: Kind::Attribute(*place, *index), ..expr.clone() };
                let Val::Map(map) = value(&map)? else { panic!("no map") };
                return map.get(key).cloned();
            }
            Kind::Attribute(Place::Outer { slot, event }, index) => {
                return self.property(*event, *index, scope.kept[*slot].expect("a row that is kept"));
            }
            Kind::OuterAt { slot, .. } => return Some(Val::Instant(scope.kept[*slot].expect("a row that is kept").at)),
            Kind::RowAt => return Some(Val::Instant(scope.row.expect("a row").1.at)),
            Kind::Outcome { outcome, action, .. } => {
                self.outcome(*outcome, action.as_deref(), scope.row.expect("a row").1)
            }
            Kind::Definition(index) => return self.definition(*index),
            Kind::Now => return Some(Val::Instant(self.now)),
            Kind::Today => return Some(Val::Date(self.today(scope))),
            Kind::Aggregate { function, distinct, clause, property } => {
                return self.aggregate((*function, *distinct), clause, *property, scope, &expr.ty);
            }
            Kind::Edge { edge, clause, property } => return self.edge(*edge, clause, *property, scope),
            Kind::Periods { unit, clause } => return self.periods(*unit, clause, scope),
            Kind::Lifecycle { clause, period, .. } => return self.lifecycle(clause, *period, scope),
            Kind::TimeSince(_) => panic!("only inside a comparison"),
            Kind::Part { part: Part::Season, of } => return Some(self.season(value(of)?, scope.zone)),
            Kind::Part { part, of } => return Some(part_of(*part, value(of)?, scope.zone)),
            Kind::Age(born) => return self.age(date(value(born)?), self.today(scope)).map(Val::Int),
            Kind::Anniversary(of) => return self.anniversary(date(value(of)?), self.today(scope)).map(Val::Date),
            Kind::Call { function, arguments } => {
                let given: Option<Vec<Val>> = arguments.iter().map(|argument| value(argument)?.exact()).collect();
                return super::functions::call(*function, &given?);
            }
            Kind::Length(of) => {
                let length = match value(of)? {
                    Val::Text(text) => text.chars().count(),
                    Val::Texts(list) => list.len(),
                    Val::List(list) => list.len(),
                    Val::Map(map) => held(&map),
                    value => panic!("{value} has no length"),
                };
                return Some(Val::Int(length as i64));
            }
            Kind::Version { reading, of } => {
                let text = text_of(value(of)?);
                return version::parse(&text, *reading).map(|_| Val::Version(text));
            }
            Kind::Point(lat, lon) => {
                let (lat, lon) = (value(lat), value(lon));
                return Point::new(number(lat?), number(lon?)).map(Val::Point);
            }
            Kind::Distance(from, to) => {
                let (from, to) = (value(from), value(to));
                return Some(Val::Number(place::metres(point(from?), point(to?))));
            }
            Kind::ToNumber(of) => {
                return match value(of)?.exact()? {
                    Val::Int(value) => Some(Val::Number(value as f64)),
                    value => panic!("{value} is no int"),
                };
            }
            Kind::Logistic(of) => {
                let power = libm::exp(-number(value(of)?.exact()?));
                return Some(Val::Number(if power.is_infinite() { 0.0 } else { 1.0 / (1.0 + power) }));
            }
            Kind::Arithmetic { op, left, right } => {
                // Both sides, so that a hole in the checker shows even where one is missing.
                let (left, right) = (value(left), value(right));
                return arithmetic(*op, left?.exact()?, right?.exact()?);
            }
            Kind::Standing { by, measure, .. } => return self.standing(by, *measure, scope),
            Kind::Share { numerator, denominator, of } => return share(*numerator, *denominator, value(of)?),

            Kind::Not(of) => truth(of).not(),
            Kind::And(of) => Truth::all(of.iter().map(truth)),
            Kind::Or(of) => Truth::any(of.iter().map(truth)),
            Kind::AtLeast { count, of } => {
                let truths: Vec<Truth> = of.iter().map(truth).collect();
                let at_least = |least: Truth| truths.iter().filter(|&&truth| truth >= least).count();
                match (at_least(Truth::True) >= *count, at_least(Truth::Unknown) >= *count) {
                    (true, _) => Truth::True,
                    (false, true) => Truth::Unknown,
                    (false, false) => Truth::False,
                }
            }
            Kind::Compare { op, left, right, ignoring_case } => match (&left.kind, &right.kind) {
                (Kind::TimeSince(since), _) => self.time_since(*op, value(since), value(right), scope),
                (_, Kind::TimeSince(since)) => self.time_since(mirrored(*op), value(since), value(left), scope),
                _ => compare(*op, value(left).as_ref(), value(right).as_ref(), *ignoring_case),
            },
            Kind::Between { subject, low, high } => {
                let (subject, low, high) = (value(subject), value(low), value(high));
                if let Some(Val::Time(low)) = low {
                    return Some(Val::Bool(round_the_clock(time(subject?), low, time(high?))));
                }
                let clock = [&subject, &high].into_iter().any(|value| matches!(value, Some(Val::Time(_))));
                if clock {
                    return None;
                }
                let above = compare(CompareOp::LessOrEqual, low.as_ref(), subject.as_ref(), false);
                let below = compare(CompareOp::LessOrEqual, subject.as_ref(), high.as_ref(), false);
                Truth::all([above, below])
            }
            Kind::In { subject, items, ignoring_case } => {
                let subject = value(subject);
                let is =
                    |item| compare(CompareOp::Equal, subject.as_ref(), Some(&constant_value(item)), *ignoring_case);
                Truth::any(items.iter().map(is))
            }
            Kind::Text { op, subject, needle, ignoring_case } => {
                text::holds(*op, &text_of(value(subject)?), needle, *ignoring_case).into()
            }
            Kind::Contains { quantifier, subject, items, ignoring_case } => {
                let list = match value(subject)? {
                    Val::Texts(texts) => texts.into_iter().map(Val::Text).collect(),
                    Val::List(list) => list,
                    value => panic!("{value} is no list"),
                };
                let is = |held: &Val, item: &Constant| {
                    compare(CompareOp::Equal, Some(held), Some(&constant_value(item)), *ignoring_case) == Truth::True
                };
                let has = |item: &Constant| list.iter().any(|held| is(held, item));
                match quantifier {
                    Quantifier::Any => items.iter().any(has),
                    Quantifier::All => items.iter().all(has),
                    Quantifier::None => !items.iter().any(has),
                }
                .into()
            }
            Kind::IsEmpty(of) => match value(of)? {
                Val::Text(text) => text.is_empty().into(),
                Val::Texts(list) => list.is_empty().into(),
                Val::List(list) => list.is_empty().into(),
                Val::Map(map) => (held(&map) == 0).into(),
                value => panic!("{value} has no length"),
            },
            Kind::Inside { subject, region } => place::inside(region, point(value(subject)?)).into(),
            Kind::IsMissing(of) => value(of).is_none().into(),
            Kind::Consent { channel, purpose, granted } => self.consent(channel, purpose, *granted).into(),
            Kind::OlderThan { subject, period } => {
                let limit = self.ago(&value(subject)?, *period, scope);
                compare(CompareOp::LessOrEqual, value(subject).as_ref(), limit.as_ref(), false)
            }
            Kind::Day { relation, subject, other } => {
                stands(*relation, value(subject)?, value(other)?, scope.zone).into()
            }
            Kind::InWindow { subject, window: Window::Anchored { side, length, anchor } } => {
                let (subject, anchor) = (value(subject), value(anchor)?);
                let days = matches!(subject, Some(Val::Date(_)));
                let (low, high) = anchored(*side, *length, &anchor, days, scope.zone);
                let above = compare(CompareOp::LessOrEqual, low.as_ref(), subject.as_ref(), false);
                let below = compare(CompareOp::LessOrEqual, subject.as_ref(), high.as_ref(), false);
                Truth::all([above, below])
            }
            Kind::InWindow { subject, window: Window::Civil(window) } => match value(subject)? {
                Val::Date(day) => window.resolve_dates(self.today(scope), self.rules.week_start).contains(day).into(),
                Val::Instant(at) => {
                    window.resolve_attribute(self.now, scope.zone, self.rules.week_start).contains(at).into()
                }
                value => panic!("{value} is no point in time"),
            },
            Kind::AnyEvent(clause) => self.any_event(clause, scope),
            Kind::Chain(chain) => self.chain(chain, scope),
            Kind::AllEvents { clause, have } => self.all_events(clause, have, scope),
            Kind::Bucket { salt, below } => {
                let id = match self.id()? {
                    Val::Int(id) => id.to_string(),
                    id => text_of(id),
                };
                below.is_none_or(|below| nextbest::bucket::bucket(&[salt], &id) < below).into()
            }
        };
        condition.known().map(Val::Bool)
    }

    fn today(&self, scope: Scope<'_>) -> Date {
        scope.zone.date_of(self.now)
    }

    /// Whether a day comes round on another one.
    fn comes_round(&self, day: Date, on: Date) -> bool {
        let (born, on_day) = ((day.month(), day.day()), (on.month(), on.day()));
        let instead = match self.rules.leap_day {
            LeapDay::February28 => (2, 28),
            LeapDay::March1 => (3, 1),
        };
        born == on_day || born == (2, 29) && on_day == instead && Date::new(on.year(), 2, 29).is_none()
    }

    fn anniversary(&self, of: Date, today: Date) -> Option<Date> {
        let mut day = today;
        while !self.comes_round(of, day) {
            day = day.plus_days(1)?;
        }
        Some(day)
    }

    /// Completed years, one on every day that the birth comes round on.
    fn age(&self, born: Date, today: Date) -> Option<i64> {
        let birthdays = |year: i32| {
            let days = [Date::new(year, born.month(), born.day()), Date::new(year, 2, 28), Date::new(year, 3, 1)];
            days.into_iter().flatten().filter(|day| self.comes_round(born, *day)).min()
        };
        let after_birth = (born.year() + 1..=today.year()).filter_map(birthdays);
        (born <= today).then(|| after_birth.filter(|birthday| *birthday <= today).count() as i64)
    }

    fn season(&self, of: Val, zone: Zone) -> Val {
        let Val::Int(month) = part_of(Part::Month, of, zone) else { panic!("months are ints") };
        let (north, south) = match month {
            3..=5 => ("spring", "autumn"),
            6..=8 => ("summer", "winter"),
            9..=11 => ("autumn", "spring"),
            _ => ("winter", "summer"),
        };
        let name = if self.rules.hemisphere == Hemisphere::North { north } else { south };
        let index = ["spring", "summer", "autumn", "winter"].iter().position(|season| *season == name);
        Val::Category(index.expect("one of four"))
    }

    /// `time since x < d` is `x > now − d`.
    fn time_since(&self, op: CompareOp, since: Option<Val>, period: Option<Val>, scope: Scope<'_>) -> Truth {
        let Some(Val::Period(period)) = period else { panic!("the other side is a constant period") };
        let Some(since) = since else { return Truth::Unknown };
        let ago = self.ago(&since, period, scope);
        compare(mirrored(op), Some(&since), ago.as_ref(), false)
    }

    /// `period` before now, or before today for a date.
    fn ago(&self, like: &Val, period: Period, scope: Scope<'_>) -> Option<Val> {
        match like {
            Val::Instant(_) => Some(Val::Instant(scope.zone.minus(self.now, period))),
            Val::Date(_) => Some(Val::Date(self.today(scope).minus(period).unwrap_or(Date::MIN))),
            value => panic!("{value} is no point in time"),
        }
    }

    fn consent(&self, channel: &str, purpose: &str, granted: bool) -> bool {
        let about = self.customer.consents.iter().filter(|said| said.channel == channel && said.purpose == purpose);
        let heard = about.filter(|said| said.at <= self.now);
        // Of two at once the refusal: `false` is less than `true`, so the latest refusal has the greatest key.
        let latest = heard.max_by_key(|said| (said.at, !said.granted));
        latest.is_some_and(|said| said.granted == granted && said.expires.is_none_or(|end| self.now < end))
    }
}

fn as_truth(value: Option<Val>) -> Truth {
    match value {
        None => Truth::Unknown,
        Some(Val::Bool(value)) => value.into(),
        Some(value) => panic!("{value} is no condition"),
    }
}

/// An attribute by its number; NaN is missing.
fn read(attributes: &[Attribute], index: usize, values: &Values) -> Option<Val> {
    let value = values.get(&attributes[index].name)?;
    match value {
        Val::Text(text) if attributes[index].ty == Type::Version => {
            version::parse(text, Reading::Strict).map(|_| Val::Version(text.clone()))
        }
        Val::Number(number) if number.is_nan() => None,
        Val::Map(map) => Some(Val::Map(map.clone().into_iter().filter(|(_, held)| !is_nan(held)).collect())),
        value => Some(value.clone()),
    }
}

fn is_nan(value: &Val) -> bool {
    matches!(value, Val::Number(number) if number.is_nan())
}

fn constant_value(constant: &Constant) -> Val {
    match constant {
        Constant::Bool(value) => Val::Bool(*value),
        Constant::Int(value) => Val::Int(*value),
        Constant::Number(value) => Val::Number(*value),
        Constant::Money(minor) => Val::Money(*minor),
        Constant::Text(text) => Val::Text(text.to_string()),
        Constant::Category(index) => Val::Category(*index),
        Constant::Date(date) => Val::Date(*date),
        Constant::Instant(instant) => Val::Instant(*instant),
        Constant::Time(time) => Val::Time(*time),
        Constant::Version(version) => Val::Version(version.to_string()),
        Constant::Point(point) => Val::Point(*point),
        Constant::Period(period) => Val::Period(*period),
    }
}

fn within(cell: Option<(i64, i64)>, score: &Val) -> bool {
    match (cell, score) {
        (None, _) => true,
        (Some((low, high)), Val::Int(score)) => low <= *score && *score <= high,
        (Some(_), score) => panic!("{score} is no int"),
    }
}

fn text_of(value: Val) -> String {
    match value {
        Val::Text(text) => text,
        value => panic!("{value} is no text"),
    }
}

fn number(value: Val) -> f64 {
    match value {
        Val::Number(number) => number,
        value => panic!("{value} is no number"),
    }
}

fn point(value: Val) -> Point {
    match value {
        Val::Point(point) => point,
        value => panic!("{value} is no point"),
    }
}

fn time(value: Val) -> TimeOfDay {
    match value {
        Val::Time(time) => time,
        value => panic!("{value} is no time of day"),
    }
}

/// From one time of day to another, perhaps past midnight.
fn round_the_clock(at: TimeOfDay, low: TimeOfDay, high: TimeOfDay) -> bool {
    if low <= high { low <= at && at <= high } else { low <= at || at <= high }
}

fn date(value: Val) -> Date {
    match value {
        Val::Date(date) => date,
        value => panic!("{value} is no date"),
    }
}

fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        same => same,
    }
}

/// The first and the last moment of a window around another moment: of days as such, else of the instants in them.
pub fn anchored(side: Side, length: Period, anchor: &Val, days: bool, zone: Zone) -> (Option<Val>, Option<Val>) {
    let (from, to) = match side {
        Side::After => (false, true),
        Side::Before => (true, false),
        Side::Around => (true, true),
    };
    match anchor {
        Val::Instant(at) => {
            let low = if from { zone.minus(*at, length) } else { *at };
            let high = if to { zone.plus(*at, length) } else { *at };
            (Some(Val::Instant(low)), Some(Val::Instant(high)))
        }
        Val::Date(day) => {
            let first = if from { day.minus(length) } else { Some(*day) };
            let last = if to { day.plus(length) } else { Some(*day) };
            match days {
                true => (first.map(Val::Date), last.map(Val::Date)),
                false => (
                    first.map(|day| Val::Instant(zone.start_of_day(day))),
                    last.map(|day| Val::Instant(zone.end_of_day(day))),
                ),
            }
        }
        value => panic!("{value} is no point in time"),
    }
}

/// A day lasts from its first instant in the zone to the last one before the next day.
fn stands(relation: DayRelation, subject: Val, other: Val, zone: Zone) -> bool {
    let (subject, first, last) = match (subject, other) {
        (Val::Date(subject), Val::Date(other)) => {
            let (subject, other) = (i64::from(subject.days()), i64::from(other.days()));
            (subject, other, other)
        }
        (Val::Instant(subject), Val::Instant(other)) => (subject.millis(), other.millis(), other.millis()),
        (Val::Instant(subject), Val::Date(day)) => {
            (subject.millis(), zone.start_of_day(day).millis(), zone.end_of_day(day).millis())
        }
        (subject, other) => panic!("{subject} does not stand to {other}"),
    };
    match relation {
        DayRelation::Before => subject < first,
        DayRelation::After => subject > last,
        DayRelation::On => first <= subject && subject <= last,
        DayRelation::OnOrBefore => subject <= last,
        DayRelation::OnOrAfter => subject >= first,
    }
}

fn part_of(part: Part, of: Val, zone: Zone) -> Val {
    let day = match of {
        Val::Date(day) => day,
        Val::Instant(at) => zone.date_of(at),
        ref value => panic!("{value} is no point in time"),
    };
    match (part, of) {
        (Part::Date, _) => Val::Date(day),
        (Part::Time, Val::Instant(at)) => {
            let millis = u32::try_from(zone.time_of_day_millis(at)).expect("a part of a day");
            Val::Time(TimeOfDay::from_millis(millis).expect("a time of day"))
        }
        (Part::Time, value) => panic!("{value} has no time of day"),
        (Part::Hour, Val::Instant(at)) => Val::Int(zone.hour(at)),
        (Part::Hour, value) => panic!("{value} has no hour"),
        (Part::Year, _) => Val::Int(day.year().into()),
        (Part::Month, _) => Val::Int(day.month().into()),
        (Part::Day, _) => Val::Int(day.day().into()),
        (Part::Weekday, _) => {
            let index = Weekday::ALL.iter().position(|weekday| *weekday == day.weekday());
            Val::Category(index.expect("one of seven"))
        }
        (Part::Season, _) => panic!("seasons depend on the hemisphere"),
    }
}

fn arithmetic(op: ArithmeticOp, left: Val, right: Val) -> Option<Val> {
    use ArithmeticOp::{Add, Divide, Multiply, Subtract};
    match (op, left, right) {
        (Add, Val::Int(left), Val::Int(right)) => left.checked_add(right).map(Val::Int),
        (Subtract, Val::Int(left), Val::Int(right)) => left.checked_sub(right).map(Val::Int),
        (Multiply, Val::Int(left), Val::Int(right)) => left.checked_mul(right).map(Val::Int),
        (Divide, Val::Int(_), Val::Int(0)) => None,
        (Divide, Val::Int(left), Val::Int(right)) => Some(Val::Number(left as f64 / right as f64)),

        (Add, Val::Number(left), Val::Number(right)) => finite(left + right).map(Val::Number),
        (Subtract, Val::Number(left), Val::Number(right)) => finite(left - right).map(Val::Number),
        (Multiply, Val::Number(left), Val::Number(right)) => finite(left * right).map(Val::Number),
        (Divide, Val::Number(_), Val::Number(0.0)) => None,
        (Divide, Val::Number(left), Val::Number(right)) => finite(left / right).map(Val::Number),

        (Add, Val::Money(left), Val::Money(right)) => left.checked_add(right).map(Val::Money),
        (Subtract, Val::Money(left), Val::Money(right)) => left.checked_sub(right).map(Val::Money),
        (Multiply, Val::Money(minor), Val::Int(times)) | (Multiply, Val::Int(times), Val::Money(minor)) => {
            minor.checked_mul(times).map(Val::Money)
        }
        (Divide, Val::Money(_), Val::Int(0) | Val::Money(0)) => None,
        (Divide, Val::Money(left), Val::Int(right)) => {
            i64::try_from(divide_half_even(left.into(), right.into())).ok().map(Val::Money)
        }
        (Divide, Val::Money(left), Val::Money(right)) => Some(Val::Number(left as f64 / right as f64)),

        (Subtract, Val::Date(left), Val::Date(right)) => {
            Some(Val::Int(i64::from(left.days()) - i64::from(right.days())))
        }

        (op, left, right) => panic!("no {op:?} of {left} and {right}"),
    }
}

fn share(numerator: i64, denominator: i64, of: Val) -> Option<Val> {
    let Val::Money(minor) = of else { panic!("{of} is no money") };
    let parts = i128::from(minor) * i128::from(numerator);
    i64::try_from(divide_half_even(parts, denominator.into())).ok().map(Val::Money)
}

/// Entries that a record keeps: one whose value is missing is not there.
fn held(map: &Values) -> usize {
    map.values().filter(|value| !matches!(value, Val::Number(number) if number.is_nan())).count()
}

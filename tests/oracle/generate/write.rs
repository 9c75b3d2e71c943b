//! Writing expressions as text: well-typed, of every form of the language.

use nextbest::CalendarUnit;
use nextbest::{Instant, Zone};

use super::Rng;
use super::clock::{AMOUNTS, amount, any_date, any_instant};
use super::condition::Condition;
use super::people::{POINTS, TEXTS, TIMES, VERSIONS};
use super::world::{
    CURRENCIES, Field, INT_LISTS, KEPT_LISTS, KEYS, Kind, REGIONS, SEASONS, STAGES, TEXT_LISTS, Ty, WEEKDAYS, World,
};

/// A name that later rules may use, and the type of its value.
#[derive(Debug, Clone)]
pub struct Known {
    pub name: String,
    pub ty: Ty,
}

/// Writes expressions about one world.
pub struct Writer<'a> {
    pub world: &'a World,
    pub rng: &'a mut Rng,
    /// The moment whose edges literals are taken from.
    pub now: Instant,
    pub zone: Zone,
    pub values: Vec<Known>,
    pub segments: Vec<String>,
    /// Names of definitions that depend on a population.
    pub ranked: Vec<String>,
    /// The kind of event of the clause that is being written.
    pub row: Option<&'a Kind>,
    /// The clauses around it that have a name.
    pub named: Vec<(String, &'a Kind)>,
    /// How many clauses were given a name: no two are given the same.
    pub aliases: u32,
}

/// Patterns as rules write them, a backslash twice.
const LIKE: [&str; 10] = ["BK-%", "%es", "%o%", "s%s", "_", "%_", "S_OES", "%.__%0", "a\\\\%", "shoes"];

const COMPARISONS: [&str; 6] = ["=", "!=", "<", "<=", ">", ">="];
const ORDERED: [Ty; 13] = [
    Ty::Int,
    Ty::Int,
    Ty::Number,
    Ty::Percent,
    Ty::Money("EUR"),
    Ty::Money("JPY"),
    Ty::Date,
    Ty::Instant,
    Ty::Time,
    Ty::Time,
    Ty::Version,
    Ty::Version,
    Ty::Distance,
];

impl<'a> Writer<'a> {
    /// A condition no deeper than `depth`.
    pub fn condition(&mut self, depth: u32) -> Condition {
        if depth == 0 || self.rng.percent(25) {
            return self.atom(depth);
        }
        match self.rng.below(10) {
            0..2 => self.condition(depth - 1).negated(),
            2..5 => Condition::And(self.operands(depth)),
            5..8 => Condition::Or(self.operands(depth)),
            8 => {
                let of = self.operands(depth);
                Condition::AtLeast(1 + self.rng.below(of.len() as u64) as usize, of)
            }
            _ => self.atom(depth),
        }
    }

    /// Two to four conditions less deep than `depth`, the deepest first.
    fn operands(&mut self, depth: u32) -> Vec<Condition> {
        let count = 2 + self.rng.below(3) as u32;
        (1..=count).map(|less| self.condition(depth.saturating_sub(less))).collect()
    }

    /// A condition without `and`, `or` and `not` at its top.
    fn atom(&mut self, depth: u32) -> Condition {
        let depth = if self.row.is_none() { depth.clamp(1, 3) } else { depth.min(2) };
        for _ in 0..8 {
            if let Some(text) = self.try_atom(depth) {
                return Condition::Leaf(text);
            }
        }
        Condition::Leaf(self.comparison(Ty::Int, depth))
    }

    /// `None` where the world has nothing to say it about.
    fn try_atom(&mut self, depth: u32) -> Option<String> {
        Some(match self.rng.below(46) {
            0..4 => {
                let ty = self.rng.pick(&ORDERED);
                self.comparison(ty, depth)
            }
            4 => self.between(depth),
            5 => {
                let listed = |ty| matches!(ty, Ty::Int | Ty::Date | Ty::Money(_) | Ty::Time | Ty::Version);
                let subject = self.some(listed)?;
                let items: Vec<String> = (0..1 + self.rng.below(4)).map(|_| self.literal(subject.1)).collect();
                self.one_of(&subject.0, &items, "")
            }
            6 => {
                let (subject, ty) = self.some(|ty| matches!(ty, Ty::Enum(_)))?;
                self.enum_condition(&subject, ty)
            }
            7 => {
                let point = self.point_in_time(depth);
                let (part, names) = self.rng.pick(&[("weekday", WEEKDAYS), ("season", SEASONS)]);
                let subject = format!("{part}({point})");
                self.enum_condition(&subject, Ty::Enum(names))
            }
            8..10 => self.text_condition()?,
            10 => self.list_condition()?,
            11 => {
                let (subject, _) = self.some(|ty| ty != Ty::Bool)?;
                format!("{subject} is {}", self.rng.pick(&["missing", "known", "not missing", "not known"]))
            }
            12 => {
                let (subject, _) = self.some(|ty| matches!(ty, Ty::Text | Ty::Texts | Ty::List(_) | Ty::Map(_)))?;
                format!("{subject} is {}", self.rng.pick(&["empty", "not empty"]))
            }
            13 if self.row.is_none() => {
                let channel = self.rng.pick(&["email", "sms"]);
                let purpose = self.rng.pick(&["marketing", "service"]);
                let state = self.rng.pick(&["granted", "denied", "not granted", "not denied"]);
                format!("consent.{channel}.{purpose} is {state}")
            }
            14 => {
                let (subject, ty) = self.some(|ty| matches!(ty, Ty::Date | Ty::Instant))?;
                let negation = self.maybe_not();
                format!("{subject} is {negation}older than {}", self.period(ty))
            }
            15 | 16 => self.day(depth)?,
            17 if self.rng.percent(25) => {
                let (subject, negation) = (self.anniversary(depth), self.maybe_not());
                let window = match self.rng.below(3) {
                    0 => "today".to_owned(),
                    1 => format!("this {}", self.rng.pick(&CalendarUnit::ALL[1..]).singular()),
                    _ => format!("in the next {}", self.period(Ty::Date)),
                };
                format!("{subject} is {negation}{window}")
            }
            17 => {
                let (subject, ty) = self.some(|ty| matches!(ty, Ty::Date | Ty::Instant))?;
                let negation = self.maybe_not();
                format!("{subject} is {negation}{}", self.window(ty))
            }
            18 if self.rng.percent(20) => {
                let list = self.rng.pick_where(&self.world.items, |_| true)?;
                let scope = if self.row.is_some() { "customer." } else { "" };
                format!(
                    "{scope}{} is {}",
                    list.name,
                    self.rng.pick(&["missing", "known", "not missing", "empty", "not empty"])
                )
            }
            18..20 if depth > 0 => format!("{}({})", self.rng.pick(&["any", "none"]), self.clause(depth).0),
            20 if depth > 0 => {
                let (clause, kind) = self.clause(depth);
                let have = self.inside(kind, depth - 1);
                format!("all({clause} have {have})")
            }
            21..23 if depth > 0 => {
                let count = self.count(depth);
                format!("{count} {} {}", self.rng.pick(&COMPARISONS), self.rng.between(0, 5))
            }
            23 if depth > 0 => {
                let (clause, _) = self.timed_clause(depth);
                let edge = self.rng.pick(&["first", "last"]);
                self.since(&format!("{edge}({clause})"), Ty::Instant)
            }
            24 => {
                let (subject, ty) = self.some(|ty| ty == Ty::Instant)?;
                self.since(&subject, ty)
            }
            25 if self.row.is_none() => {
                let share = self.rng.pick(&["0%", "10%", "33.3%", "50%", "75%", "100%"]);
                let op = self.rng.pick(&["<", "<", ">="]);
                format!("bucket(\"{}\") {op} {share}", self.rng.pick(&["spring", "autumn", "été"]))
            }
            26 | 27 => {
                let segment = self.rng.pick_where(&self.segments, |_| true)?;
                format!("{}in segment {segment}", self.rng.pick(&["", "not "]))
            }
            36 => format!("{}in list {}", self.rng.pick(&["", "not "]), self.rng.pick(&KEPT_LISTS)),
            37 => self.in_list()?,
            28 => {
                let (subject, _) = self.some(|ty| ty == Ty::Bool)?;
                match self.rng.below(3) {
                    0 => format!("{subject} {} {}", self.rng.pick(&["=", "!="]), self.rng.percent(50)),
                    _ => subject,
                }
            }
            29 => {
                let ty = self.rng.pick(&ORDERED);
                let (subject, _) = self.some(|other| other == ty)?;
                let op = self.rng.pick(&COMPARISONS);
                format!("({subject} {op} {} or missing)", self.literal(ty))
            }
            30 => {
                let subject = self.some(|ty| matches!(ty, Ty::Text))?.0;
                format!("({subject} != {} or missing)", quoted(self.rng.pick(&TEXTS)))
            }
            31 | 32 if self.row.is_none() => {
                let known =
                    self.rng.pick_where(&self.values, |known| matches!(known.ty, Ty::Enum(_) | Ty::Bool | Ty::Int))?;
                let known = known.clone();
                match known.ty {
                    Ty::Enum(_) => self.enum_condition(&known.name, known.ty),
                    Ty::Bool => known.name,
                    ty => format!("{} {} {}", known.name, self.rng.pick(&COMPARISONS), self.literal(ty)),
                }
            }
            43.. if depth > 0 => self.chain(depth),
            34 if depth > 0 => {
                let subject = format!(
                    "lifecycle({}, {})",
                    self.unbounded(depth),
                    self.rng.pick(&["7 days", "1 month", "36 hours"])
                );
                self.enum_condition(&subject, Ty::Enum(STAGES))
            }
            35 if depth > 0 => {
                let habit = self.rng.pick(&["stopped", "restarted"]);
                let (short, long) =
                    self.rng.pick(&[("2 days", "9 days"), ("12 hours", "1 month"), ("1 week", "1 year")]);
                format!("{habit}({}, {short}, {long})", self.unbounded(depth))
            }
            33 if self.row.is_none() && depth > 0 && self.rng.percent(70) => {
                let end = self.rng.pick(&["top", "bottom"]);
                let share = self.rng.pick(&["10%", "25%", "33.3%", "50%", "90%"]);
                format!("{end} {share} by ({})", self.metric(depth)?)
            }
            33 => {
                let (low, high) = (self.expr(Ty::Instant, depth), self.expr(Ty::Instant, depth));
                format!("{low} {} {high}", self.rng.pick(&COMPARISONS))
            }
            38..41 => self.join()?,
            41 if self.rng.percent(60) => {
                let (subject, negation) = (self.expr(Ty::Point, depth), self.maybe_not());
                format!("{subject} is {negation}inside \"{}\"", self.rng.pick(&REGIONS).0)
            }
            41 | 42 => {
                let (from, to) = (self.expr(Ty::Point, depth), self.expr(Ty::Point, depth));
                let negation = self.maybe_not();
                format!("{from} is {negation}within {} of {to}", self.literal(Ty::Distance))
            }
            _ => return None,
        })
    }

    /// A property of the row that equals one of a row further out.
    fn join(&mut self) -> Option<String> {
        let (alias, outer) = self.rng.pick_where(&self.named, |_| true)?.clone();
        let inner = self.row?;
        let pairs: Vec<(&Field, &Field)> = inner
            .fields
            .iter()
            .flat_map(|field| outer.fields.iter().map(move |other| (field, other)))
            .filter(|(field, other)| field.ty == other.ty && field.ty != Ty::Texts)
            .collect();
        let (field, other) = *self.rng.pick_where(&pairs, |_| true)?;
        let op = if self.rng.percent(85) { "=" } else { "!=" };
        Some(match self.rng.percent(70) {
            true => format!("{} {op} {alias}.{}", field.name, other.name),
            false => format!("{alias}.{} {op} {}", other.name, field.name),
        })
    }

    fn comparison(&mut self, ty: Ty, depth: u32) -> String {
        let left = self.expr(ty, depth);
        let op = self.rng.pick(&COMPARISONS);
        let right = if self.rng.percent(60) { self.literal(ty) } else { self.expr(ty, depth) };
        if self.rng.percent(10) { format!("{right} {op} {left}") } else { format!("{left} {op} {right}") }
    }

    fn between(&mut self, depth: u32) -> String {
        let ty = self.rng.pick(&ORDERED);
        let subject = self.expr(ty, depth);
        let negation = self.maybe_not();
        let (mut low, high) =
            if self.rng.percent(70) { self.two_literals(ty) } else { (self.expr(ty, 1), self.expr(ty, 1)) };
        if matches!(ty, Ty::Int | Ty::Number | Ty::Money(_)) && self.rng.percent(20) {
            low = format!("{low} - {}", self.literal(ty));
        }
        format!("{subject} {negation}between {low} and {high}")
    }

    fn one_of(&mut self, subject: &str, items: &[String], suffix: &str) -> String {
        let negation = self.maybe_not();
        format!("{subject} {negation}in [{}]{suffix}", items.join(", "))
    }

    fn enum_condition(&mut self, subject: &str, ty: Ty) -> String {
        let Ty::Enum(names) = ty else { return format!("{subject} is known") };
        if self.rng.percent(50) {
            return format!("{subject} {} {}", self.rng.pick(&["=", "!="]), quoted(self.rng.pick(names)));
        }
        let items: Vec<String> = (0..1 + self.rng.below(2)).map(|_| quoted(self.rng.pick(names))).collect();
        self.one_of(subject, &items, "")
    }

    fn text_condition(&mut self) -> Option<String> {
        let (subject, _) = self.some(|ty| ty == Ty::Text)?;
        let case = if self.rng.percent(40) { " ignoring case" } else { "" };
        let subject = if self.rng.percent(15) { format!("tail({subject})") } else { subject };
        let needle = quoted(self.rng.pick(&TEXTS[1..]));
        Some(match self.rng.below(7) {
            6 => {
                let pattern = self.rng.pick(&LIKE);
                format!("{subject} {} \"{pattern}\"{case}", self.rng.pick(&["like", "not like"]))
            }
            0 => {
                let items: Vec<String> = (0..1 + self.rng.below(3)).map(|_| quoted(self.rng.pick(&TEXTS))).collect();
                self.one_of(&subject, &items, case)
            }
            1 => {
                let (other, _) = self.some(|ty| ty == Ty::Text)?;
                format!("{subject} {} {other}{case}", self.rng.pick(&["=", "!="]))
            }
            2 => format!("{subject} {} {}{case}", self.rng.pick(&["=", "!="]), quoted(self.rng.pick(&TEXTS))),
            3 => {
                let pattern = self.rng.pick(&["^BK-[0-9]+$", "s{2}", "oe", "^É", "^$", "[[:upper:]]"]);
                format!("{subject} {} \"{pattern}\"{case}", self.rng.pick(&["matches", "does not match"]))
            }
            _ => {
                let verb = self.rng.pick(&[
                    "contains",
                    "starts with",
                    "ends with",
                    "does not contain",
                    "does not start with",
                    "does not end with",
                ]);
                format!("{subject} {verb} {needle}{case}")
            }
        })
    }

    /// A value against a list by name.
    fn in_list(&mut self) -> Option<String> {
        let (subject, ty) = self.some(|ty| matches!(ty, Ty::Text | Ty::Int))?;
        let negation = self.maybe_not();
        Some(match ty {
            Ty::Int => format!("{subject} {negation}in list {}", self.rng.pick(&INT_LISTS).0),
            _ => {
                let case = self.rng.pick(&["", " ignoring case"]);
                format!("{subject} {negation}in list {}{case}", self.rng.pick(&TEXT_LISTS).0)
            }
        })
    }

    fn list_condition(&mut self) -> Option<String> {
        let (subject, ty) = self.some(|ty| matches!(ty, Ty::Texts | Ty::List(_)))?;
        if let Ty::List(item) = ty {
            let items: Vec<String> = (0..1 + self.rng.below(3)).map(|_| self.literal(item.ty())).collect();
            return Some(match self.rng.below(5) {
                0 => format!("{subject} contains {}", items[0]),
                1 => format!("{subject} does not contain {}", items[0]),
                _ => {
                    let quantifier = self.rng.pick(&["any", "all", "none"]);
                    format!("{subject} contains {quantifier} of [{}]", items.join(", "))
                }
            });
        }
        let case = if self.rng.percent(30) { " ignoring case" } else { "" };
        let items: Vec<String> = (0..1 + self.rng.below(3)).map(|_| quoted(self.rng.pick(&TEXTS[1..]))).collect();
        Some(match self.rng.below(5) {
            0 => format!("{subject} contains {}{case}", items[0]),
            1 => format!("{subject} does not contain {}{case}", items[0]),
            _ => {
                let quantifier = self.rng.pick(&["any", "all", "none"]);
                format!("{subject} contains {quantifier} of [{}]{case}", items.join(", "))
            }
        })
    }

    fn day(&mut self, depth: u32) -> Option<String> {
        let (subject, ty) = self.some(|ty| matches!(ty, Ty::Date | Ty::Instant))?;
        let relation = self.rng.pick(&["before", "after", "on", "on or before", "on or after"]);
        let negation = self.maybe_not();
        let other = match (ty, self.rng.below(4)) {
            (_, 0) => "today".to_owned(),
            (Ty::Instant, 1) if relation != "on" => self.expr(Ty::Instant, depth.min(1)),
            (_, 2) => self.expr(Ty::Date, 0),
            _ => self.literal(Ty::Date),
        };
        Some(format!("{subject} is {negation}{relation} {other}"))
    }

    fn since(&mut self, subject: &str, ty: Ty) -> String {
        let op = self.rng.pick(&COMPARISONS);
        let period = self.period(ty);
        match self.rng.below(8) {
            0 => format!("{period} {op} time since {subject}"),
            _ => format!("time since {subject} {op} {period}"),
        }
    }

    /// An expression of a type.
    pub fn expr(&mut self, ty: Ty, depth: u32) -> String {
        if depth > 0
            && self.rng.percent(55)
            && let Some(text) = self.computed(ty, depth - 1)
        {
            return text;
        }
        match self.some(|other| other == ty) {
            Some((text, _)) if self.rng.percent(85) => text,
            _ if depth > 0 => self.computed(ty, depth - 1).unwrap_or_else(|| self.literal(ty)),
            _ => self.literal(ty),
        }
    }

    /// Something more than a name or a literal.
    fn computed(&mut self, ty: Ty, depth: u32) -> Option<String> {
        match ty {
            Ty::Int if self.row.is_none() && self.rng.percent(12) => {
                let function = self.rng.pick(&["quantile", "ntile", "cume_dist"]);
                let by = self.metric(depth)?;
                let parts = self.rng.pick(&[2, 3, 5, 10]);
                Some(format!("{function}({by}, {parts}){}", self.rng.pick(&["", " descending"])))
            }
            Ty::Int if self.rng.percent(8) => {
                Some(format!("({} - {})", self.expr(Ty::Date, depth), self.expr(Ty::Date, depth)))
            }
            Ty::Int => Some(match self.rng.below(8) {
                0 | 1 => self.count(depth + 1),
                2 => self.of_events("sum|min|max", ty, depth)?,
                3 => {
                    let part = self.rng.pick(&["year", "month", "day", "hour"]);
                    let point = if part == "hour" { self.expr(Ty::Instant, depth) } else { self.point_in_time(depth) };
                    format!("{part}({point})")
                }
                4 => format!("age({})", self.expr(Ty::Date, depth)),
                5 if self.rng.percent(50) => {
                    format!("shortfall({}, {})", self.expr(Ty::Int, depth), self.expr(Ty::Int, depth))
                }
                5 => {
                    let long = |ty| matches!(ty, Ty::Text | Ty::Texts | Ty::List(_) | Ty::Map(_));
                    format!("length({})", self.some(long)?.0)
                }
                6 => format!("-({})", self.expr(ty, depth)),
                _ => self.arithmetic(ty, ty, &["+", "-", "*"], depth),
            }),
            Ty::Number => Some(match self.rng.below(7) {
                0 => self.arithmetic(Ty::Int, Ty::Int, &["/"], depth),
                1 => self.of_events("sum|avg|median|min|max", ty, depth)?,
                2 => self.average_of_ints(depth)?,
                3 => format!("number({})", self.expr(Ty::Int, depth)),
                5 => format!("logistic({})", self.expr(Ty::Number, depth)),
                4 => self.arithmetic(ty, ty, &["+", "-", "*", "/"], depth),
                _ => {
                    let currency = self.rng.pick(&CURRENCIES);
                    self.arithmetic(Ty::Money(currency), Ty::Money(currency), &["/"], depth)
                }
            }),
            Ty::Percent if self.row.is_none() && self.rng.percent(50) => {
                self.metric(depth).map(|by| format!("percentile({by})"))
            }
            Ty::Percent => self.of_events("avg|median|min|max", ty, depth),
            Ty::Money(_) => Some(match self.rng.below(6) {
                0 => self.of_events("sum|avg|median|min|max", ty, depth)?,
                1 => self.arithmetic(ty, Ty::Int, &["*", "/"], depth),
                2 => self.arithmetic(Ty::Int, ty, &["*"], depth),
                3 => {
                    let share = self.rng.pick(&["25%", "10%", "12.5%", "200%", "0%"]);
                    let of = self.expr(ty, depth);
                    format!("({share} of ({of}))")
                }
                4 if ty == Ty::Money("EUR") => {
                    format!("fee({}, {})", self.expr(ty, depth), self.expr(Ty::Percent, depth))
                }
                4 => format!("-({})", self.expr(ty, depth)),
                _ => self.arithmetic(ty, ty, &["+", "-"], depth),
            }),
            Ty::Date => Some(match self.rng.below(4) {
                0 => "today".to_owned(),
                3 => self.anniversary(depth),
                1 => format!("date({})", self.expr(Ty::Instant, depth)),
                _ => self.of_events("min|max", ty, depth)?,
            }),
            Ty::Instant => Some(match self.rng.below(4) {
                0 => "now".to_owned(),
                1 => self.of_events("min|max", ty, depth)?,
                _ => {
                    let (clause, _) = self.timed_clause(depth + 1);
                    format!("{}({clause})", self.rng.pick(&["first", "last"]))
                }
            }),
            Ty::Time => Some(match self.rng.below(3) {
                0 => self.of_events("min|max", ty, depth)?,
                _ => format!("time({})", self.expr(Ty::Instant, depth)),
            }),
            Ty::Version => Some(match self.rng.below(4) {
                0 => self.of_events("first", ty, depth)?,
                1 => format!("version({})", self.some(|ty| ty == Ty::Text)?.0),
                _ => format!("lenient_version({})", self.some(|ty| ty == Ty::Text)?.0),
            }),
            Ty::Point => Some(match self.rng.below(3) {
                0 => self.of_events("last", ty, depth)?,
                _ => format!("point({}, {})", self.some(|ty| ty == Ty::Number)?.0, self.expr(Ty::Number, depth)),
            }),
            Ty::Distance => Some(match self.rng.below(4) {
                0 => self.of_events("min|max", ty, depth)?,
                _ => format!("distance({}, {})", self.expr(Ty::Point, depth), self.expr(Ty::Point, depth)),
            }),
            _ => None,
        }
    }

    /// Something to rank customers by: of their own, and not a ranking.
    pub fn metric(&mut self, depth: u32) -> Option<String> {
        let ty = self.rng.pick_where(&ORDERED, |ty| !matches!(ty, Ty::Time | Ty::Version)).copied()?;
        let by = self.expr(ty, depth.min(2));
        let depends = |name: &String| by.contains(name.as_str());
        // Names and functions are in small letters, literals are not.
        let literal = by.starts_with(|c: char| c.is_ascii_digit()) || !by.contains(|c: char| c.is_ascii_lowercase());
        let constant = literal || by == "now" || by == "today";
        (!constant && !asks(&by) && !self.ranked.iter().any(depends)).then_some(by)
    }

    fn arithmetic(&mut self, left: Ty, right: Ty, ops: &[&str], depth: u32) -> String {
        let (left, right) = (self.expr(left, depth), self.expr(right, depth));
        format!("({left} {} {right})", self.rng.pick(ops))
    }

    fn anniversary(&mut self, depth: u32) -> String {
        match self.rng.below(4) {
            0 => format!("anniversary of ({})", self.point_in_time(depth)),
            1 => format!("anniversary of {}", self.literal(Ty::Date)),
            _ => match self.some(|ty| matches!(ty, Ty::Date | Ty::Instant)) {
                Some((name, _)) => format!("anniversary of {name}"),
                None => "anniversary of today".to_owned(),
            },
        }
    }

    fn point_in_time(&mut self, depth: u32) -> String {
        let ty = if self.rng.percent(50) { Ty::Date } else { Ty::Instant };
        self.expr(ty, depth.saturating_sub(1))
    }

    /// A name of a type that `wanted` likes: of the row or of the customer, the context, a definition.
    fn some(&mut self, wanted: impl Fn(Ty) -> bool) -> Option<(String, Ty)> {
        let mut names: Vec<(String, Ty)> = Vec::new();
        let key = self.rng.pick(&KEYS);
        // A map by itself, and what one of its keys stands for.
        let of = |field: &Field, name: String| {
            let held = match field.ty {
                Ty::Map(item) => Some((format!("{name}[{}]", quoted(key)), item.ty())),
                _ => None,
            };
            [Some((name, field.ty)), held].into_iter().flatten().filter(|(_, ty)| wanted(*ty)).collect::<Vec<_>>()
        };
        let inside = self.row.is_some();
        if let Some(kind) = self.row {
            // Twice, since a filter is mostly about its row.
            for _ in 0..2 {
                names.extend(kind.fields.iter().flat_map(|field| of(field, field.name.clone())));
                if wanted(Ty::Instant) && !kind.timeless {
                    names.push(("at".to_owned(), Ty::Instant));
                }
            }
        }
        for (alias, kind) in &self.named {
            let fields = kind
                .fields
                .iter()
                .filter(|field| wanted(field.ty) && !matches!(field.ty, Ty::Texts | Ty::List(_) | Ty::Map(_)));
            names.extend(fields.map(|field| (format!("{alias}.{}", field.name), field.ty)));
            if wanted(Ty::Instant) && !kind.timeless {
                names.push((format!("{alias}.at"), Ty::Instant));
            }
        }
        for field in &self.world.profile {
            let name = &field.name;
            let qualified = inside || self.rng.percent(10);
            names.extend(of(field, if qualified { format!("customer.{name}") } else { name.clone() }));
        }
        for field in &self.world.context {
            names.extend(of(field, format!("context.{}", field.name)));
        }
        for known in self.values.iter().filter(|known| wanted(known.ty)) {
            names.push((if inside { format!("customer.{}", known.name) } else { known.name.clone() }, known.ty));
        }
        self.rng.pick_where(&names, |_| true).cloned()
    }

    /// A literal of a type.
    pub fn literal(&mut self, ty: Ty) -> String {
        let rng = &mut *self.rng;
        match ty {
            Ty::Int => match rng.below(30) {
                0 => i64::MAX.to_string(),
                _ => rng.between(-2, 12).to_string(),
            },
            Ty::Number => rng.pick(&["0.0", "0.1", "0.25", "1.5", "2.0", "-0.5", "7.75", "100.0", "-3.0"]).into(),
            Ty::Percent => rng.pick(&["0%", "5%", "10%", "20%", "25%", "50%", "80%", "100%", "0.2"]).into(),
            Ty::Money("JPY") => format!("{} JPY", rng.between(0, 1000)),
            Ty::Money(currency) => format!("{}.{:02} {currency}", rng.between(0, 20), 25 * rng.below(4)),
            Ty::Date => any_date(rng, self.now, self.zone).to_string(),
            Ty::Instant => any_instant(rng, self.now, self.zone).to_string(),
            Ty::Time => rng.pick(&TIMES).into(),
            Ty::Version => match rng.below(4) {
                0 => {
                    format!("lenient_version({})", quoted(rng.pick(&["v3.10", "3.10.0.0", "3.010.0-rc.01", "1.2.3.5"])))
                }
                1 => format!("version({})", quoted(rng.pick(&VERSIONS[..8]))),
                // A text takes the type of what it meets.
                _ => format!("version({})", quoted("3.10.0")),
            },
            Ty::Point => {
                let (lat, lon) = rng.pick(&POINTS);
                format!("point({lat:?}, {lon:?})")
            }
            Ty::Distance => rng.pick(&["0 m", "500 m", "10 km", "1.5 km", "2 mi", "9000 km", "20100 km"]).into(),
            Ty::Bool => rng.percent(50).to_string(),
            Ty::Enum(names) => quoted(rng.pick(names)),
            Ty::Zone => quoted(rng.pick(&super::world::ZONES)),
            _ => quoted(rng.pick(&TEXTS[1..])),
        }
    }

    /// Two literals, the smaller first.
    fn two_literals(&mut self, ty: Ty) -> (String, String) {
        let rng = &mut *self.rng;
        match ty {
            Ty::Int => {
                let low = rng.between(-2, 8);
                (low.to_string(), (low + rng.between(0, 6)).to_string())
            }
            Ty::Number => {
                (rng.pick(&["-1.5", "0.0", "0.25"]).to_string(), rng.pick(&["0.25", "1.5", "4.0"]).to_string())
            }
            Ty::Percent => (rng.pick(&["0%", "5%", "10%"]).to_string(), rng.pick(&["10%", "25%", "0.8"]).to_string()),
            Ty::Money(currency) => {
                (format!("{} {currency}", rng.between(0, 5)), format!("{} {currency}", rng.between(5, 50)))
            }
            // Past midnight is between, too.
            Ty::Time => (rng.pick(&TIMES).into(), rng.pick(&TIMES).into()),
            Ty::Distance => (rng.pick(&["0 m", "1 km"]).into(), rng.pick(&["2 mi", "9000 km"]).into()),
            Ty::Version => ("version(\"3.9.9\")".into(), rng.pick(&["\"3.10.0\"", "\"4.0.0\""]).into()),
            Ty::Date => {
                let (a, b) = (any_date(rng, self.now, self.zone), any_date(rng, self.now, self.zone));
                (a.min(b).to_string(), a.max(b).to_string())
            }
            _ => {
                let (a, b) = (any_instant(rng, self.now, self.zone), any_instant(rng, self.now, self.zone));
                (a.min(b).to_string(), a.max(b).to_string())
            }
        }
    }

    fn maybe_not(&mut self) -> &'static str {
        if self.rng.percent(25) { "not " } else { "" }
    }

    /// An amount of time; whole days at least where it is about a day.
    fn period(&mut self, ty: Ty) -> String {
        let whole = if ty == Ty::Date { &AMOUNTS[4..13] } else { &AMOUNTS[..] };
        amount(self.rng.pick(whole))
    }

    fn window(&mut self, ty: Ty) -> String {
        if self.rng.percent(20) {
            return self.anchored(ty);
        }
        let unit = self.rng.pick(&CalendarUnit::ALL[1..]).singular();
        match self.rng.below(17) {
            16 => format!("until {} ago", self.period(ty)),
            0..4 => format!("{} {}", self.rng.pick(&["within", "in the last"]), self.period(ty)),
            4 => format!("in the next {}", self.period(ty)),
            5 | 6 => {
                let mut ends = [self.rng.below(9), self.rng.below(9)];
                ends.sort_unstable();
                let whole = &AMOUNTS[4..13];
                let [young, old] = ends.map(|end| whole[end as usize]);
                let longer = super::clock::period(old).cmp_approx(&super::clock::period(young)).is_ge();
                let (old, young) = if longer { (old, young) } else { (young, old) };
                format!("from {} ago to {} ago", amount(old), amount(young))
            }
            7 => {
                let (low, high) = self.two_literals(Ty::Date);
                format!("from {low} to {high}")
            }
            8 => format!("since {}", self.literal(Ty::Date)),
            9 => format!("until {}", self.literal(Ty::Date)),
            10 => "today".to_owned(),
            11 => "yesterday".to_owned(),
            12 => format!("this {unit}"),
            13 => format!("last {unit}"),
            _ => {
                let unit = self.rng.pick(&CalendarUnit::ALL).plural();
                format!("last {} full {unit}", self.rng.between(1, 4))
            }
        }
    }

    /// `within 2 days after signup`
    fn anchored(&mut self, ty: Ty) -> String {
        let dates = ty == Ty::Date || self.rng.percent(25);
        let anchor_type = if dates { Ty::Date } else { Ty::Instant };
        let anchor = match self.rng.below(8) {
            0 if dates => "today".to_owned(),
            0 => "now".to_owned(),
            1 => self.literal(anchor_type),
            2 | 3 if !dates => {
                let world = self.world;
                let kind = self.rng.pick_where(&world.clauses, |_| true).map_or("order", |kind| &kind.name);
                let kind = if self.rng.percent(20) { "anything" } else { kind };
                format!("{}({kind})", self.rng.pick(&["first", "last"]))
            }
            4 => format!("({})", self.expr(anchor_type, 1)),
            _ => match self.some(|other| other == anchor_type) {
                Some((name, _)) => name,
                None => self.literal(anchor_type),
            },
        };
        format!("within {} {} {anchor}", self.period(anchor_type), self.rng.pick(&["after", "before", "of"]))
    }

    /// `order where … within 30 days`, or `cart where …`, and its kind.
    fn clause(&mut self, depth: u32) -> (String, &'a Kind) {
        if self.rng.percent(75) {
            return self.timed_clause(depth);
        }
        let world = self.world;
        let list = self.rng.pick_where(&world.items, |_| true).expect("a list of items");
        let tail = self.tail(list, depth);
        (format!("{}{tail}", list.name), list)
    }

    /// The same of events only.
    fn timed_clause(&mut self, depth: u32) -> (String, &'a Kind) {
        let world = self.world;
        let kind = &world.clauses[self.rng.below(world.clauses.len() as u64) as usize];
        let tail = self.tail(kind, depth);
        (format!("{}{tail}", kind.name), kind)
    }

    /// The name, the filter and the window of a clause.
    fn tail(&mut self, kind: &'a Kind, depth: u32) -> String {
        let mut text = String::new();
        if depth > 0 && self.rng.percent(50) {
            let named = self.named.len() < 3 && self.rng.percent(40);
            if named {
                let alias = self.alias();
                text += &format!(" as {alias}");
                self.named.push((alias, kind));
            }
            let asked = named.then(|| self.asked_inside(depth)).flatten();
            let filter = asked.unwrap_or_else(|| self.inside(kind, depth - u32::from(!named)));
            text += &format!(" where {filter}");
            if named {
                self.named.pop();
            }
        }
        if !kind.timeless && self.rng.percent(70) {
            text += &format!(" {}", self.window(Ty::Instant));
        }
        text
    }

    /// `none(order where sku = r0.sku within 9 days)`: what the innermost alias is for.
    fn asked_inside(&mut self, depth: u32) -> Option<Condition> {
        if self.rng.percent(40) {
            return None;
        }
        let world = self.world;
        let kinds = if self.rng.percent(75) { &world.clauses } else { &world.items };
        let (kind, same) = self.like_named(kinds)?;
        let mut filter = Condition::Leaf(same);
        if self.rng.percent(25) {
            filter = Condition::And(vec![filter, self.inside(kind, depth - 1)]);
        }
        let mut clause = format!("{} where {filter}", kind.name);
        if !kind.timeless && self.rng.percent(50) {
            clause += &format!(" {}", self.window(Ty::Instant));
        }
        Some(Condition::Leaf(match self.rng.below(4) {
            0 => format!("count({clause}) {} {}", self.rng.pick(&COMPARISONS), self.rng.between(0, 3)),
            1 => format!("none({clause})"),
            _ => format!("any({clause})"),
        }))
    }

    /// A condition on events of a kind.
    fn inside(&mut self, kind: &'a Kind, depth: u32) -> Condition {
        let outside = self.row.replace(kind);
        let condition = self.condition(depth.min(2));
        self.row = outside;
        condition
    }

    /// `(order where … within 30 days) then visit within 2 days then not order within 1 day`
    fn chain(&mut self, depth: u32) -> String {
        let mut text = match self.rng.below(6) {
            0 => "first ".to_owned(),
            1 => "last ".to_owned(),
            _ => String::new(),
        };
        let named = self.named.len() < 3 && self.rng.percent(40);
        text += &match named {
            true => self.named_step(depth),
            false => self.step(depth),
        };
        let gap = |rng: &mut Rng| format!(" within {}", amount(rng.pick(&AMOUNTS)));
        let absent = self.rng.percent(45);
        for _ in 0..self.rng.below(3) + u64::from(!absent) {
            text += &format!(" then {}", self.step(depth));
            if self.rng.percent(25) {
                text += &format!(" without {}", self.step(depth));
            }
            if self.rng.percent(50) {
                text += &gap(self.rng);
            }
        }
        if absent {
            let word = self.rng.pick(&["then not", "then not yet"]);
            text += &format!(" {word} {}{}", self.step(depth), gap(self.rng));
        }
        if named {
            self.named.pop();
        }
        text
    }

    fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("r{}", self.aliases)
    }

    /// A first step that later ones may ask about.
    fn named_step(&mut self, depth: u32) -> String {
        let world = self.world;
        let kind = self.rng.pick_where(&world.clauses, |_| true).expect("a kind of event");
        // It is not yet known where its window is counted from.
        let window = if self.rng.percent(50) { format!(" {}", self.window(Ty::Instant)) } else { String::new() };
        let alias = self.alias();
        self.named.push((alias.clone(), kind));
        let filter = if self.rng.percent(40) { format!(" where {}", self.inside(kind, depth)) } else { String::new() };
        format!("({} as {alias}{filter}{window})", kind.name)
    }

    /// `c0 = r0.c1`, of two properties of one type, and the kind of event to ask it of.
    fn like_named(&mut self, kinds: &'a [Kind]) -> Option<(&'a Kind, String)> {
        let (alias, other) = self.named.last().cloned()?;
        let kind = self.rng.pick_where(kinds, |_| true)?;
        let comparable = |ty: Ty| !matches!(ty, Ty::Texts | Ty::List(_) | Ty::Map(_) | Ty::Point);
        let mine = self.rng.pick_where(&kind.fields, |field| comparable(field.ty))?;
        let theirs = self.rng.pick_where(&other.fields, |field| field.ty == mine.ty)?;
        let op = if self.rng.percent(80) { "=" } else { "!=" };
        Some((kind, format!("{} {op} {alias}.{}", mine.name, theirs.name)))
    }

    fn step(&mut self, depth: u32) -> String {
        let world = self.world;
        if self.rng.percent(50)
            && let Some((kind, filter)) = self.like_named(&world.clauses)
        {
            return format!("({} where {filter})", kind.name);
        }
        match self.rng.below(8) {
            0 => "anything".into(), // The group of all kinds.
            1..4 => self.rng.pick_where(&world.clauses, |_| true).expect("a kind of event").name.clone(),
            _ => format!("({})", self.timed_clause(depth).0),
        }
    }

    /// A clause without a window.
    fn unbounded(&mut self, depth: u32) -> String {
        let world = self.world;
        let kind = self.rng.pick_where(&world.clauses, |_| true).expect("a kind of event");
        match self.rng.below(9) {
            0 | 1 => "anything".into(),
            2..5 => format!("{} where {}", kind.name, self.inside(kind, depth - 1)),
            _ => kind.name.clone(),
        }
    }

    fn count(&mut self, depth: u32) -> String {
        let (clause, kind) = self.clause(depth);
        match self.rng.below(6) {
            0 if !kind.timeless => {
                format!("count({} with {clause})", self.rng.pick(&["days", "weeks", "months", "rolling weeks"]))
            }
            1 => match self
                .rng
                .pick_where(&kind.fields, |field| !matches!(field.ty, Ty::Texts | Ty::List(_) | Ty::Map(_)))
            {
                Some(field) => {
                    let tail = self.tail(kind, depth);
                    format!("count(distinct {}.{}{tail})", kind.name, field.name)
                }
                None => format!("count({clause})"),
            },
            _ => format!("count({clause})"),
        }
    }

    /// `sum(order.total …)` or `last(order …).total` of a type.
    fn of_events(&mut self, functions: &str, ty: Ty, depth: u32) -> Option<String> {
        let (kind, field) = self.property(|other| other == ty)?;
        let tail = self.tail(kind, depth);
        let functions: Vec<&str> = functions.split('|').chain(["first", "last", "most_frequent"]).collect();
        Some(match self.rng.pick(&functions) {
            edge @ ("first" | "last") => format!("{edge}({}{tail}).{field}", kind.name),
            function => format!("{function}({}.{field}{tail})", kind.name),
        })
    }

    fn average_of_ints(&mut self, depth: u32) -> Option<String> {
        let (kind, field) = self.property(|ty| ty == Ty::Int)?;
        let tail = self.tail(kind, depth);
        Some(format!("{}({}.{field}{tail})", self.rng.pick(&["avg", "median"]), kind.name))
    }

    fn property(&mut self, wanted: impl Fn(Ty) -> bool) -> Option<(&'a Kind, String)> {
        let world = self.world;
        let all: Vec<(&'a Kind, &Field)> = world
            .clauses
            .iter()
            .chain(&world.items)
            .flat_map(|kind| kind.fields.iter().map(move |field| (kind, field)))
            .collect();
        self.rng.pick_where(&all, |(_, field)| wanted(field.ty)).map(|(kind, field)| (*kind, field.name.clone()))
    }
}

/// A text literal.
pub fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Whether a text asks about a population.
pub fn asks(text: &str) -> bool {
    ["quantile(", "ntile(", "cume_dist(", "percentile(", "top ", "bottom "].iter().any(|word| text.contains(word))
}

//! What there is to name: attributes, events with properties, context.

use nextbest::time::{Hemisphere, LeapDay};
use nextbest::{Weekday, Zone};

use super::Rng;

/// The types of declared fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ty {
    Bool,
    Int,
    Number,
    Percent,
    Money(&'static str),
    Text,
    Enum(&'static [&'static str]),
    Date,
    Instant,
    Id { int: bool },
    Zone,
    Texts,
}

pub const COUNTRIES: &[&str] = &["FR", "DE", "GB", "US"];
pub const STAGES: &[&str] = &["never", "new", "returning", "resurrected", "dormant", "lapsed"];
pub const STATES: &[&str] = &["open", "closed"];
pub const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
pub const SEASONS: &[&str] = &["spring", "summer", "autumn", "winter"];
pub const CURRENCIES: [&str; 3] = ["EUR", "USD", "JPY"];
pub const ZONES: [&str; 5] = ["UTC", "Europe/Paris", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"];

/// Lists that the program keeps.
pub const KEPT_LISTS: [&str; 2] = ["newsletter", "press"];
/// Lists of texts, and of ints.
pub const TEXT_LISTS: [(&str, &str); 2] = [("goods", "\"shoes\", \"bikes\", \"É\""), ("letter", "\"a\"")];
pub const INT_LISTS: [(&str, &str); 1] = [("primes", "2, 3, 5, 7, -1")];

/// A declared attribute, property or context value.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub ty: Ty,
    pub optional: bool,
    pub nocase: bool,
}

/// A kind of event.
#[derive(Debug, Clone)]
pub struct Kind {
    pub name: String,
    pub fields: Vec<Field>,
}

/// Everything that the rules may name.
#[derive(Debug, Clone)]
pub struct World {
    pub zone: Zone,
    pub week_start: Weekday,
    pub leap_day: LeapDay,
    pub hemisphere: Hemisphere,
    pub profile: Vec<Field>,
    pub context: Vec<Field>,
    pub events: Vec<Kind>,
}

impl World {
    pub fn any(rng: &mut Rng) -> Self {
        let zone = zone(rng.pick(&ZONES));
        let week_start = rng.pick(&[Weekday::Monday, Weekday::Sunday, Weekday::Saturday]);
        let (leap_day, hemisphere) = (rng.pick(&LeapDay::ALL), rng.pick(&Hemisphere::ALL));
        let mut profile = profile_fields(rng);
        profile.insert(
            0,
            Field { name: "person".into(), ty: Ty::Id { int: rng.percent(40) }, optional: false, nocase: false },
        );
        if rng.percent(60) {
            profile.push(Field { name: "home_zone".into(), ty: Ty::Zone, optional: true, nocase: false });
        }
        let mut context = few_fields(rng, "x", 3);
        context.retain(|field| field.ty != Ty::Texts); // The context holds single values only.
        let kinds = ["order", "visit", "ticket"];
        let count = 1 + rng.below(3) as usize;
        let kind = |name: &&str| Kind { name: (*name).into(), fields: few_fields(rng, &name[..1], 5) };
        let events = kinds[..count].iter().map(kind).collect();
        World { zone, week_start, leap_day, hemisphere, profile, context, events }
    }

    /// The declarations.
    pub fn text(&self) -> String {
        let mut text = format!(
            "ruleset generated {{ zone \"{}\" week starts {} leap day falls on {} hemisphere {} currency EUR }}\nprofile {{ {} }}\n",
            self.zone.name(),
            self.week_start,
            self.leap_day.words(),
            self.hemisphere.name(),
            declarations(&self.profile),
        );
        if !self.context.is_empty() {
            text += &format!("context {{ {} }}\n", declarations(&self.context));
        }
        for name in KEPT_LISTS {
            text += &format!("list {name}\n");
        }
        for (name, values) in TEXT_LISTS.iter().chain(&INT_LISTS) {
            text += &format!("list {name} [{values}]\n");
        }
        for kind in &self.events {
            text += &format!("event {} {{ {} }}\n", kind.name, declarations(&kind.fields));
        }
        text
    }
}

pub fn zone(name: &str) -> Zone {
    Zone::named(name).expect("one of the zones of this build")
}

/// Most of: one field of each type, and then some.
fn profile_fields(rng: &mut Rng) -> Vec<Field> {
    let mut types = PLAIN.to_vec();
    types.extend([Ty::Enum(COUNTRIES), Ty::Enum(STATES), Ty::Int, Ty::Text, money(rng), money(rng)]);
    let mut fields: Vec<Field> = types.into_iter().enumerate().map(|(i, ty)| field(rng, "c", i, ty, 70)).collect();
    rng.shuffle(&mut fields);
    fields.truncate(10 + rng.below(5) as usize);
    fields
}

/// Up to `most`, of any type.
fn few_fields(rng: &mut Rng, prefix: &str, most: u64) -> Vec<Field> {
    let some = |rng: &mut Rng| match rng.below(11) {
        0..3 => Ty::Int,
        3 => Ty::Enum(rng.pick(&[COUNTRIES, STATES])),
        4 | 5 => money(rng),
        _ => rng.pick(&PLAIN),
    };
    (0..rng.below(most + 1))
        .map(|i| {
            let ty = some(rng);
            field(rng, prefix, i as usize, ty, 50)
        })
        .collect()
}

const PLAIN: [Ty; 8] = [Ty::Bool, Ty::Int, Ty::Number, Ty::Percent, Ty::Text, Ty::Date, Ty::Instant, Ty::Texts];

fn money(rng: &mut Rng) -> Ty {
    Ty::Money(rng.pick(&CURRENCIES))
}

fn field(rng: &mut Rng, prefix: &str, i: usize, ty: Ty, optional: u64) -> Field {
    let optional = rng.percent(optional);
    let nocase = matches!(ty, Ty::Text | Ty::Texts) && rng.percent(30);
    Field { name: format!("{prefix}{i}"), ty, optional, nocase }
}

fn declarations(fields: &[Field]) -> String {
    let one = |field: &Field| {
        let mark = if field.optional { "?" } else { "" };
        let nocase = if field.nocase { " nocase" } else { "" };
        // What explanations hide changes no answer.
        let pii = if field.name.ends_with('3') { " pii" } else { "" };
        format!("{} {}{mark}{nocase}{pii}", field.name, type_name(field.ty))
    };
    fields.iter().map(one).collect::<Vec<_>>().join("  ")
}

fn type_name(ty: Ty) -> String {
    match ty {
        Ty::Bool => "bool".into(),
        Ty::Int => "int".into(),
        Ty::Number => "number".into(),
        Ty::Percent => "percent".into(),
        Ty::Money(currency) => format!("money {currency}"),
        Ty::Text => "text".into(),
        Ty::Enum(names) => format!("enum({})", names.join(", ")),
        Ty::Date => "date".into(),
        Ty::Instant => "instant".into(),
        Ty::Id { int: true } => "id<int>".into(),
        Ty::Id { int: false } => "id".into(),
        Ty::Zone => "zone".into(),
        Ty::Texts => "list<text>".into(),
    }
}

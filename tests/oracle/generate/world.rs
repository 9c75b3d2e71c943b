//! What there is to name: attributes, events with properties, context.

use nextbest::time::{Hemisphere, LeapDay};
use nextbest::{Category, ContactKind, Outcome, Weekday, Zone};

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
    Time,
    Version,
    Point,
    Distance,
    Id {
        int: bool,
    },
    Zone,
    Texts,
    /// Of ints, of choices, of days.
    List(Item),
    Map(Item),
}

/// What a list or a map holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    Bool,
    Int,
    Number,
    Text,
    Enum(&'static [&'static str]),
    Date,
    Money(&'static str),
}

impl Item {
    /// As a type by itself.
    pub fn ty(self) -> Ty {
        match self {
            Item::Bool => Ty::Bool,
            Item::Int => Ty::Int,
            Item::Number => Ty::Number,
            Item::Text => Ty::Text,
            Item::Enum(names) => Ty::Enum(names),
            Item::Date => Ty::Date,
            Item::Money(currency) => Ty::Money(currency),
        }
    }
}

/// What lists hold, besides texts.
const LISTED: [Item; 3] = [Item::Int, Item::Enum(COUNTRIES), Item::Date];
/// What maps hold.
const MAPPED: [Item; 7] =
    [Item::Bool, Item::Int, Item::Number, Item::Text, Item::Enum(STATES), Item::Date, Item::Money("EUR")];
/// The keys of maps.
pub const KEYS: [&str; 4] = ["a", "newsletter", "été", "two words"];

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

/// Regions, with corners and sides where customers are: bent with a hole, around a pole, crossing itself, up to the date
/// line.
pub const REGIONS: [(&str, &str); 4] = [
    (
        "quarter",
        "point(48.8266, 2.3122), point(48.8266, 2.3922) point(48.8866, 2.3922) point(48.8866, 2.3522) point(48.8566, 2.3522) \
         hole { point(48.8366, 2.3222) point(48.8466, 2.3322) point(48.8366, 2.3422) }",
    ),
    (
        "north",
        "point(80.0, -180.0) point(80.0, 0.0) point(80.0, 180.0) point(90.0, 180.0) point(90.0, 0.0) point(90.0, -180.0)",
    ),
    ("bow", "point(45.0, -10.0) point(55.0, 5.0) point(45.0, 5.0) point(55.0, -10.0)"),
    ("east", "point(-20.0, 179.95) point(-20.0, 180.0) point(1.0, 180.0) point(-17.5, 179.99)"),
];

/// What was sent or shown earlier.
const PROGRAMS: &str = r#"channel email outbound needs consent email.marketing
program spring {
  campaign welcome for everyone every {
    service gift { basis contract treat email "a" }
    service reminder { basis contract treat email "b" }
  }
  campaign again for everyone every { service reminder { basis contract treat email "c" } }
}
program autumn { campaign welcome for everyone every { service gift { basis contract treat email "d" } } }
"#;
/// What outcomes may be about.
const ABOUT: [&str; 8] =
    ["any", "any", "spring", "again", "autumn", "spring.welcome", "welcome.reminder", "autumn.welcome.gift"];

/// A declared attribute, property or context value.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub ty: Ty,
    pub optional: bool,
    pub nocase: bool,
    /// Nothing, or whence it is and how long it is fresh.
    pub provenance: &'static str,
}

/// A kind of event, or a list of items.
#[derive(Debug, Clone)]
pub struct Kind {
    pub name: String,
    pub fields: Vec<Field>,
    /// Whether it is a list of items.
    pub timeless: bool,
    /// Whether the list may be missing.
    pub optional: bool,
}

impl Kind {
    pub fn of_events(name: impl Into<String>, fields: Vec<Field>) -> Self {
        Kind { name: name.into(), fields, timeless: false, optional: false }
    }
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
    /// Lists of items.
    pub items: Vec<Kind>,
    /// All that clauses can be about: kinds of event, and outcomes of contacts.
    pub clauses: Vec<Kind>,
}

impl World {
    pub fn any(rng: &mut Rng) -> Self {
        let zone = zone(rng.pick(&ZONES));
        let week_start = rng.pick(&[Weekday::Monday, Weekday::Sunday, Weekday::Saturday]);
        let (leap_day, hemisphere) = (rng.pick(&LeapDay::ALL), rng.pick(&Hemisphere::ALL));
        let mut profile = profile_fields(rng);
        profile.insert(
            0,
            Field {
                name: "person".into(),
                ty: Ty::Id { int: rng.percent(40) },
                optional: false,
                nocase: false,
                provenance: "",
            },
        );
        if rng.percent(60) {
            profile.push(Field {
                name: "home_zone".into(),
                ty: Ty::Zone,
                optional: true,
                nocase: false,
                provenance: "",
            });
        }
        let mut context = few_fields(rng, "x", 3);
        context.retain(|field| !matches!(field.ty, Ty::Texts | Ty::List(_) | Ty::Map(_))); // The context holds single values only.
        let kinds = ["order", "visit", "ticket"];
        let count = 1 + rng.below(3) as usize;
        let kind = |name: &&str| Kind::of_events(*name, few_fields(rng, &name[..1], 5));
        let events: Vec<Kind> = kinds[..count].iter().map(kind).collect();
        let mut clauses = events.clone();
        clauses.extend((0..2).map(|_| outcome(rng)));
        let lists = ["cart", "wishes"];
        let items = lists[..1 + rng.below(2) as usize].iter().map(|name| items(rng, name)).collect();
        World { zone, week_start, leap_day, hemisphere, profile, context, events, clauses, items }
    }

    /// The declarations.
    pub fn text(&self) -> String {
        let list = |list: &Kind| {
            let optional = if list.optional { "?" } else { "" };
            format!("{} list<{{ {} }}>{optional}", list.name, declarations(&list.fields))
        };
        let lists: Vec<String> = self.items.iter().map(list).collect();
        let mut text = format!(
            "ruleset generated {{ zone \"{}\" week starts {} leap day falls on {} hemisphere {} currency EUR }}\nprofile {{ {} {} }}\n",
            self.zone.name(),
            self.week_start,
            self.leap_day.words(),
            self.hemisphere.name(),
            declarations(&self.profile),
            lists.join(" "),
        );
        if !self.context.is_empty() {
            text += &format!("context {{ {} }}\n", declarations(&self.context));
        }
        let kinds: Vec<&str> = self.events.iter().map(|kind| kind.name.as_str()).collect();
        text += &format!("event anything = {}\n", kinds.join(" | "));
        for name in KEPT_LISTS {
            text += &format!("list {name}\n");
        }
        for (name, values) in TEXT_LISTS.iter().chain(&INT_LISTS) {
            text += &format!("list {name} [{values}]\n");
        }
        for (name, corners) in REGIONS {
            text += &format!("region {name} {{ {corners} }}\n");
        }
        for kind in &self.events {
            text += &format!("event {} {{ {} }}\n", kind.name, declarations(&kind.fields));
        }
        text + PROGRAMS
    }
}

/// `exposed(spring)` and its like, as if it were a kind of event.
fn outcome(rng: &mut Rng) -> Kind {
    let word = if rng.percent(50) { "exposed" } else { rng.pick(Outcome::NAMES) };
    Kind::of_events(format!("{word}({})", rng.pick(&ABOUT)), contact_fields())
}

/// The properties of contacts.
pub fn contact_fields() -> Vec<Field> {
    let (outcomes, kinds) = (Ty::Enum(Outcome::NAMES), Ty::Enum(ContactKind::NAMES));
    let fields =
        [("id", Ty::Text), ("outcome", outcomes), ("action", Ty::Text), ("kind", kinds), ("channel", Ty::Text)];
    let field =
        |(name, ty): (&str, Ty)| Field { name: name.into(), ty, optional: false, nocase: false, provenance: "" };
    fields.into_iter().map(field).collect()
}

pub fn zone(name: &str) -> Zone {
    Zone::named(name).expect("one of the zones of this build")
}

/// A list of items, which may have a property called as the moment of an event is.
fn items(rng: &mut Rng, name: &str) -> Kind {
    let mut fields = few_fields(rng, &name[..2], 5);
    if rng.percent(30) {
        fields.push(Field { name: "at".into(), ..field(rng, "", 0, Ty::Instant, 50) });
    }
    Kind { name: name.into(), fields, timeless: true, optional: rng.percent(50) }
}

/// Most of: one field of each type, and then some.
fn profile_fields(rng: &mut Rng) -> Vec<Field> {
    let mut types = PLAIN.to_vec();
    types.extend([Ty::Point, Ty::Enum(COUNTRIES), Ty::Enum(STATES), Ty::Int, Ty::Text, money(rng), money(rng)]);
    types.extend([Ty::List(rng.pick(&LISTED)), Ty::Map(rng.pick(&MAPPED)), Ty::Map(rng.pick(&MAPPED))]);
    let mut fields: Vec<Field> = types.into_iter().enumerate().map(|(i, ty)| field(rng, "c", i, ty, 70)).collect();
    for field in &mut fields {
        if rng.percent(20) {
            field.provenance = rng.pick(&PROVENANCES);
        }
    }
    rng.shuffle(&mut fields);
    fields.truncate(16 + rng.below(6) as usize);
    fields
}

/// Up to `most`, of any type.
fn few_fields(rng: &mut Rng, prefix: &str, most: u64) -> Vec<Field> {
    let some = |rng: &mut Rng| match rng.below(12) {
        0..3 => Ty::Int,
        3 => Ty::Enum(rng.pick(&[COUNTRIES, STATES])),
        4 | 5 => money(rng),
        6 => rng.pick(&[Ty::List(Item::Int), Ty::Map(Item::Int), Ty::Map(Item::Text)]),
        _ => rng.pick(&PLAIN),
    };
    (0..rng.below(most + 1))
        .map(|i| {
            let ty = some(rng);
            field(rng, prefix, i as usize, ty, 50)
        })
        .collect()
}

/// Whence attributes are.
const PROVENANCES: [&str; 6] = [
    "first_party",
    "second_party \"Partner\" fresh 1 month",
    "third_party \"DMP\" for marketing fresh 7 days",
    "third_party for service",
    "third_party fresh 36 hours",
    "first_party fresh 1 day",
];

const PLAIN: [Ty; 12] = [
    Ty::Bool,
    Ty::Int,
    Ty::Number,
    Ty::Percent,
    Ty::Text,
    Ty::Date,
    Ty::Instant,
    Ty::Time,
    Ty::Version,
    Ty::Point,
    Ty::Distance,
    Ty::Texts,
];

fn money(rng: &mut Rng) -> Ty {
    Ty::Money(rng.pick(&CURRENCIES))
}

fn field(rng: &mut Rng, prefix: &str, i: usize, ty: Ty, optional: u64) -> Field {
    let optional = rng.percent(optional);
    let nocase = matches!(ty, Ty::Text | Ty::Texts | Ty::Map(Item::Text)) && rng.percent(30);
    Field { name: format!("{prefix}{i}"), ty, optional, nocase, provenance: "" }
}

fn declarations(fields: &[Field]) -> String {
    let one = |field: &Field| {
        let mark = if field.optional { "?" } else { "" };
        let nocase = if field.nocase { " nocase" } else { "" };
        // What explanations hide changes no answer.
        let pii = if field.name.ends_with('3') { " pii" } else { "" };
        let from = if field.provenance.is_empty() { "" } else { " from " };
        format!("{} {}{mark}{nocase}{pii}{from}{}", field.name, type_name(field.ty), field.provenance)
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
        Ty::Time => "time".into(),
        Ty::Version => "version".into(),
        Ty::Point => "point".into(),
        Ty::Distance => "distance".into(),
        Ty::Id { int: true } => "id<int>".into(),
        Ty::Id { int: false } => "id".into(),
        Ty::Zone => "zone".into(),
        Ty::Texts => "list<text>".into(),
        Ty::List(item) => format!("list<{}>", type_name(item.ty())),
        Ty::Map(item) => format!("map<{}>", type_name(item.ty())),
    }
}

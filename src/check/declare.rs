//! What a rule file declares: settings, and the shape of customers, context and events.

use std::collections::{HashMap, HashSet};

use super::tree::Catalog;
use super::world::{currency, zone};
use super::{catalogs, items};
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::schema::{Attribute, Currency, EventShape, Party, Provenance, Shape, Sharing, Type};
use crate::syntax::ast::{self, Field, Name, Setting, Spanned, Statement, StatementKind, TypeKind, TypeName};
use crate::time::{Hemisphere, LeapDay, Weekday, Zone};

/// What `ruleset { … }` says.
pub(super) struct Settings {
    pub name: String,
    /// `None` where it names none.
    pub zone: Option<Zone>,
    pub week_start: Weekday,
    pub leap_day: LeapDay,
    pub hemisphere: Hemisphere,
    pub currency: Option<Currency>,
}

pub(super) fn settings<'a>(statements: impl Iterator<Item = &'a Statement>, out: &mut Vec<Diagnostic>) -> Settings {
    let mut settings = Settings {
        name: "rules".to_owned(),
        zone: None,
        week_start: Weekday::Monday,
        leap_day: LeapDay::default(),
        hemisphere: Hemisphere::default(),
        currency: None,
    };
    for statement in statements {
        let StatementKind::Ruleset { name, settings: lines } = &statement.node else { continue };
        settings.name.clone_from(&name.node);
        for line in lines {
            apply(&mut settings, line, out);
        }
    }
    settings
}

fn apply(settings: &mut Settings, line: &Spanned<Setting>, out: &mut Vec<Diagnostic>) {
    match &line.node {
        Setting::Zone(name) => {
            if let Some(zone) = zone(&name.node, name.span, out) {
                settings.zone = Some(zone);
            }
        }
        Setting::WeekStarts(day) => {
            let days = Weekday::ALL.map(|day| (day, day.name()));
            settings.week_start = choice(day, "a day of the week", days, out).unwrap_or(settings.week_start);
        }
        Setting::LeapDay(day) => {
            let days = LeapDay::ALL.map(|day| (day, day.words()));
            settings.leap_day = choice(day, "a day next to 29 February", days, out).unwrap_or(settings.leap_day);
        }
        Setting::Hemisphere(half) => {
            let halves = Hemisphere::ALL.map(|half| (half, half.name()));
            settings.hemisphere = choice(half, "a hemisphere", halves, out).unwrap_or(settings.hemisphere);
        }
        Setting::Currency(code) => settings.currency = currency(&code.node, code.span, out),
    }
}

/// One of a few words, in any case; what is wrong with it goes to `out`.
fn choice<T, const N: usize>(
    said: &Name,
    what: &str,
    choices: [(T, &'static str); N],
    out: &mut Vec<Diagnostic>,
) -> Option<T> {
    let words = choices.each_ref().map(|(_, word)| *word);
    let chosen = choices.into_iter().find(|(_, word)| word.eq_ignore_ascii_case(&said.node));
    if chosen.is_none() {
        let error = Diagnostic::error(Code::UnknownName, said.span, format!("`{}` is not {what}", said.node));
        let error = if N == 2 { error.help(format!("write `{}`", words.join("` or `"))) } else { error };
        out.push(super::world::suggest(error, said.span, &said.node, words));
    }
    chosen.map(|(choice, _)| choice)
}

/// The declared shape; `None` where the files declare neither a profile nor an event.
pub(super) struct Declared {
    pub shape: Option<Shape>,
    pub context: Vec<Attribute>,
    pub catalogs: Vec<Catalog>,
    /// Regions that the program brings.
    pub regions: Vec<Name>,
    /// Where each declared attribute stands, by the path `country` or `order.total`.
    pub spans: HashMap<String, Span>,
    /// What is declared with a type that could not be made sense of, by the path `clv`, `order.total` or `context.x`.
    pub broken: HashSet<String>,
}

pub(super) fn declared<'a>(statements: impl Iterator<Item = &'a Statement>, out: &mut Vec<Diagnostic>) -> Declared {
    let shared = Sharing::ALL.to_vec();
    let mut shape = Shape { consents: true, contacts: true, shared, ..Shape::default() };
    let mut declared = Declared {
        shape: None,
        context: Vec::new(),
        catalogs: Vec::new(),
        regions: Vec::new(),
        spans: HashMap::new(),
        broken: HashSet::new(),
    };
    let mut any = false;
    for statement in statements {
        match &statement.node {
            StatementKind::Profile { fields } => {
                any = true;
                for field in fields {
                    declared.spans.insert(field.name.node.clone(), field.span);
                    if let Some(list) = items::declared(field, &mut declared, out) {
                        shape.events.push(list);
                        continue;
                    }
                    let Some(attribute) = attribute(field, out) else {
                        declared.broken.insert(field.name.node.clone());
                        continue;
                    };
                    let index = shape.attributes.len();
                    match &field.ty.node {
                        TypeKind::Id { .. } => shape.id = Some(index),
                        TypeKind::Zone => shape.zone = Some(index),
                        _ => {}
                    }
                    shape.attributes.push(attribute);
                }
            }
            StatementKind::Event { name, fields } => {
                any = true;
                declared.spans.insert(name.node.clone(), name.span);
                let properties = fields.iter().filter_map(|field| {
                    let path = format!("{}.{}", name.node, field.name.node);
                    declared.spans.insert(path.clone(), field.span);
                    refuse_provenance(field, "a property of an event is as old as the event", out);
                    let attribute = attribute(field, out);
                    if attribute.is_none() {
                        declared.broken.insert(path);
                    }
                    attribute
                });
                shape.events.push(EventShape::new(&name.node, properties.collect()));
            }
            StatementKind::List { name, values: None } => {
                any = true;
                declared.spans.insert(list_path(&name.node), name.span);
                shape.lists.push(Attribute::new(&name.node, Type::Bool));
            }
            StatementKind::Region { name, outline: None } => {
                any = true;
                declared.regions.push(name.clone());
            }
            StatementKind::Catalog { name, fields } => catalogs::declared(name, fields, &mut declared, out),
            StatementKind::Context { fields } => {
                for field in fields {
                    refuse_provenance(field, "the context is as old as the request", out);
                    let made = if let TypeKind::Id { .. } | TypeKind::Zone | TypeKind::List(_) | TypeKind::Map(_) =
                        field.ty.node
                    {
                        out.push(
                            Diagnostic::error(Code::Unsupported, field.ty.span, "the context cannot hold this")
                                .label("only single values"),
                        );
                        None
                    } else {
                        attribute(field, out)
                    };
                    if made.is_none() {
                        declared.broken.insert(format!("context.{}", field.name.node));
                    }
                    declared.context.extend(made);
                }
            }
            _ => {}
        }
    }
    if any {
        declared.shape = Some(shape);
    }
    declared
}

pub(super) fn attribute(field: &Field, out: &mut Vec<Diagnostic>) -> Option<Attribute> {
    let ty = type_of(&field.ty, out)?;
    if field.nocase && !ty.is_textual() {
        out.push(
            Diagnostic::error(Code::TypeMismatch, field.ty.span, "only a text has upper and lower case")
                .label(super::words::this_is(&ty))
                .help("leave out `nocase`"),
        );
    }
    let nocase = field.nocase && ty.is_textual();
    let provenance = field.provenance.as_ref().map(|provenance| provenance_of(&provenance.node, out));
    let said = field.provenance.as_ref().map(|provenance| &provenance.node);
    let fresh = said.and_then(|said| said.fresh.as_ref());
    let purpose = said.and_then(|said| said.purpose.as_ref());
    if let TypeKind::Id { .. } | TypeKind::Zone = field.ty.node {
        let name = &field.name.node;
        let fresh = fresh.map(|fresh| (fresh.span, format!("`{name}` never grows stale"), "leave out `fresh`"));
        let purpose = purpose.map(|purpose| (purpose.span, format!("`{name}` is for all purposes"), "leave out `for`"));
        for (span, message, help) in fresh.into_iter().chain(purpose) {
            out.push(Diagnostic::error(Code::TypeMismatch, span, message).label("all else hangs on it").help(help));
        }
    }
    Some(Attribute {
        name: field.name.node.clone(),
        ty,
        // What grows stale, or may not be used, may be missing, whatever the program holds.
        optional: field.optional || fresh.is_some() || purpose.is_some(),
        pii: field.pii,
        nocase,
        dated: provenance.is_some(),
        provenance,
    })
}

fn provenance_of(said: &ast::Provenance, out: &mut Vec<Diagnostic>) -> Provenance {
    if let Some(fresh) = said.fresh.as_ref().filter(|fresh| fresh.node.period.is_zero()) {
        out.push(
            Diagnostic::error(Code::ReversedBounds, fresh.span, "nothing is fresh for no time")
                .label("every value would be missing"),
        );
    }
    let text = |name: &Option<Name>| name.as_ref().map(|name| name.node.clone());
    Provenance {
        party: match said.party {
            ast::Party::FirstParty => Party::FirstParty,
            ast::Party::SecondParty => Party::SecondParty,
            ast::Party::ThirdParty => Party::ThirdParty,
        },
        source: text(&said.source),
        purpose: text(&said.purpose),
        fresh: said.fresh.as_ref().map(|fresh| fresh.node.period),
    }
}

pub(super) fn refuse_provenance(field: &Field, why: &str, out: &mut Vec<Diagnostic>) {
    if let Some(provenance) = &field.provenance {
        out.push(
            Diagnostic::error(Code::WrongScope, provenance.span, "only an attribute of the customer has a provenance")
                .label(why)
                .help("leave out what begins with `from`"),
        );
    }
}

/// What the files say of the provenance of the host's attributes.
pub(super) fn provenance(declared: &Declared, host: &mut Shape) {
    for ours in declared.shape.iter().flat_map(|shape| &shape.attributes) {
        let theirs = host.attributes.iter_mut().find(|theirs| theirs.name == ours.name);
        if let (Some(theirs), Some(provenance)) = (theirs, &ours.provenance) {
            theirs.provenance = Some(provenance.clone());
            theirs.optional |= theirs.lapses();
        }
    }
}

fn type_of(name: &TypeName, out: &mut Vec<Diagnostic>) -> Option<Type> {
    Some(match &name.node {
        TypeKind::Bool => Type::Bool,
        TypeKind::Int | TypeKind::Id { int: true } => Type::Int,
        TypeKind::Number => Type::Number,
        TypeKind::Percent => Type::Percent,
        TypeKind::Money(code) => Type::Money(currency(&code.node, code.span, out)?),
        TypeKind::Text | TypeKind::Id { int: false } => Type::Text,
        TypeKind::Enum(names) => {
            let mut seen: Vec<&str> = Vec::new();
            for (place, name) in names.iter().enumerate() {
                if let Some(first) = names.iter().take(place).find(|first| first.node == name.node) {
                    out.push(
                        Diagnostic::error(Code::Duplicate, name.span, format!("`{}` is listed twice", name.node))
                            .label("again here")
                            .related(first.span, "first here"),
                    );
                }
                seen.push(&name.node);
            }
            Type::Enum(seen.into_iter().map(str::to_owned).collect())
        }
        TypeKind::Date => Type::Date,
        TypeKind::Instant => Type::Instant,
        TypeKind::Time => Type::Time,
        TypeKind::Version => Type::Version,
        TypeKind::Point => Type::Point,
        TypeKind::Distance => Type::Distance,
        TypeKind::Zone => Type::Zone,
        TypeKind::Struct(_) => {
            out.push(
                Diagnostic::error(Code::Unsupported, name.span, "a list of items cannot stand here")
                    .label("only a customer has such lists")
                    .help("declare it in `profile`"),
            );
            return None;
        }
        TypeKind::List(item) => match type_of(item, out)? {
            Type::Text if item.node == TypeKind::Text => Type::Texts,
            held @ (Type::Int | Type::Enum(_) | Type::Date) => Type::List(held.into()),
            other => {
                out.push(
                    Diagnostic::error(Code::Unsupported, item.span, "lists of this are not supported")
                        .label(super::words::this_is(&other))
                        .help("a list holds texts, whole numbers, choices or dates: `list<text>`"),
                );
                return None;
            }
        },
        TypeKind::Map(item) => match type_of(item, out)? {
            Type::Zone | Type::Texts | Type::List(_) | Type::Map(_) => {
                out.push(
                    Diagnostic::error(Code::Unsupported, item.span, "maps of this are not supported")
                        .label("only single values")
                        .help("write for example `map<bool>` or `map<text>`"),
                );
                return None;
            }
            held => Type::Map(held.into()),
        },
    })
}

/// Every difference between what the files declare and what the host's type offers.
///
/// What the host has beyond the declaration is no difference: a rule file may see less than the program knows.
pub(super) fn differences(declared: &Declared, host: &Shape, out: &mut Vec<Diagnostic>) {
    let Some(shape) = &declared.shape else { return };
    let at = |path: &str| declared.spans.get(path).copied().unwrap_or_default();
    compare(&shape.attributes, &host.attributes, "customer", "", &at, out);
    if !host.consents {
        purposes(&shape.attributes, &at, out);
    }
    for event in &shape.events {
        if event.timeless {
            items::differences(event, host, at(&event.name), out);
        }
        let alike = |other: &&EventShape| other.name == event.name && other.timeless == event.timeless;
        match host.events.iter().find(alike) {
            Some(other) => {
                let owner = format!("{} `{}`", items::what(event), event.name);
                compare(&event.properties, &other.properties, &owner, &format!("{}.", event.name), &at, out);
            }
            None => {
                let message = format!("the program has no {} `{}`", items::what(event), event.name);
                let same = host.events.iter().filter(|other| other.timeless == event.timeless);
                let near = nearest(&event.name, same.map(|other| other.name.as_str()));
                out.push(lacking(at(&event.name), message, near));
            }
        }
    }
    for list in &shape.lists {
        if host.lists.iter().all(|other| other.name != list.name) {
            let message = format!("the program has no list `{}`", list.name);
            let near = nearest(&list.name, host.lists.iter().map(|other| other.name.as_str()));
            out.push(lacking(at(&list_path(&list.name)), message, near));
        }
    }
    for region in &declared.regions {
        if host.regions.iter().all(|(name, _)| *name != region.node) {
            let message = format!("the program has no region `{}`", region.node);
            let near = nearest(&region.node, host.regions.iter().map(|(name, _)| name.as_str()));
            out.push(lacking(region.span, message, near));
        }
    }
}

/// Where a list is found among the places of what is declared; no attribute is called so.
fn list_path(name: &str) -> String {
    format!("in list {name}")
}

fn compare(
    declared: &[Attribute],
    host: &[Attribute],
    owner: &str,
    prefix: &str,
    at: &dyn Fn(&str) -> Span,
    out: &mut Vec<Diagnostic>,
) {
    for ours in declared {
        let span = at(&format!("{prefix}{}", ours.name));
        let Some(theirs) = host.iter().find(|theirs| theirs.name == ours.name) else {
            let message = format!("the program's {owner} has no `{}`", ours.name);
            out.push(lacking(span, message, nearest(&ours.name, host.iter().map(|theirs| theirs.name.as_str()))));
            continue;
        };
        if ours.fresh().is_some() && !theirs.dated {
            let message = format!("the program does not say as of when `{}` is known", ours.name);
            out.push(
                Diagnostic::error(Code::SchemaDifference, span, message)
                    .label("so none of its values would ever be fresh")
                    .help("leave out `fresh`, or have the program say it: `as_of`"),
            );
        }
        if ours.ty != theirs.ty {
            let message = format!("`{}` is `{}` in the program", ours.name, theirs.ty);
            out.push(
                Diagnostic::error(Code::SchemaDifference, span, message)
                    .label(format!("declared as `{}` here", ours.ty)),
            );
        } else if theirs.optional && !ours.optional {
            let message = format!("`{}` may be missing in the program", ours.name);
            out.push(
                Diagnostic::error(Code::SchemaDifference, span, message)
                    .label("declared as always there")
                    .help("write `?` after its type"),
            );
        } else if ours.nocase != theirs.nocase {
            let (message, repair) = match ours.nocase {
                true => ("minds", "leave out `nocase`, or have it declared in the program"),
                false => ("does not mind", "write `nocase` after its type"),
            };
            let message = format!("the program {message} the case of `{}`", ours.name);
            out.push(
                Diagnostic::error(Code::SchemaDifference, span, message)
                    .label(if ours.nocase { "declared `nocase` here" } else { "not declared `nocase` here" })
                    .help(repair),
            );
        }
    }
}

/// What attributes are for, where nobody could have consented to it.
fn purposes(declared: &[Attribute], at: &dyn Fn(&str) -> Span, out: &mut Vec<Diagnostic>) {
    for (attribute, provenance) in declared.iter().filter_map(|ours| Some((ours, ours.provenance.as_ref()?))) {
        let Some(purpose) = &provenance.purpose else { continue };
        let message = format!("the program does not say who consents to {purpose}");
        out.push(
            Diagnostic::error(Code::SchemaDifference, at(&attribute.name), message)
                .label("so its values could never be used")
                .help(format!("leave out `for {purpose}`, or have the program say it: `consents`")),
        );
    }
}

fn lacking(span: Span, message: String, near: Option<&str>) -> Diagnostic {
    let error = Diagnostic::error(Code::SchemaDifference, span, message).label("declared here only");
    match near {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    }
}

//! Everything that rules can name, with its type.

use std::collections::{HashMap, HashSet};

use super::actions::Actions;
use super::lists::Lists;
use super::regions::Regions;
use super::tree::{Body, Catalog, Definition, DefinitionKind, EventGroup, Expr, Kind, Place, Window};
use super::words;
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::schema::{Attribute, Contact, Currency, Shape, Type};
use crate::syntax::Limits;
use crate::syntax::ast::Name;
use crate::time::Zone;

/// The names in force while expressions are checked.
pub(super) struct World {
    pub shape: Shape,
    pub context: Vec<Attribute>,
    pub currency: Option<Currency>,
    /// The zone of the rules.
    pub zone: Zone,
    attributes: HashMap<String, usize>,
    context_names: HashMap<String, usize>,
    events: HashMap<String, usize>,
    /// The properties of each kind of event, by name.
    properties: Vec<HashMap<String, usize>>,
    /// The kind of event that contacts are, which has no name.
    contacts: Option<usize>,
    pub actions: Actions,
    definitions: HashMap<String, usize>,
    /// By number: what is known of each definition so far. `ty` is `None` where it did not check.
    known: Vec<Known>,
    pub lists: Lists,
    pub groups: Vec<EventGroup>,
    pub catalogs: Vec<Catalog>,
    pub regions: Regions,
    /// Bytes that a regular expression may take when compiled.
    pub regex_size: usize,
    /// Declared, but not in a way that makes sense, which has been reported.
    broken: HashSet<String>,
}

/// A definition that later ones may refer to.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub name: String,
    pub kind: DefinitionKind,
    pub ty: Option<Type>,
    /// Whether it names a count, which is never missing.
    pub counts: bool,
    /// Whether it can only be known within a population.
    pub ranked: bool,
    /// Whether it names a text whose case never matters.
    pub nocase: bool,
}

/// What a name at the customer's level stands for.
pub(super) enum Named {
    Attribute(usize),
    Definition(usize),
}

impl World {
    pub fn new(mut shape: Shape, context: Vec<Attribute>, currency: Option<Currency>, broken: HashSet<String>) -> Self {
        let events = shape.events.iter().enumerate().map(|(i, event)| (event.name.clone(), i)).collect();
        let contacts = shape.contacts.then_some(shape.events.len());
        shape.events.extend(contacts.map(|_| Contact::shape()));
        World {
            attributes: index(&shape.attributes),
            context_names: index(&context),
            events,
            properties: shape.events.iter().map(|event| index(&event.properties)).collect(),
            contacts,
            actions: Actions::default(),
            shape,
            context,
            currency,
            zone: Zone::UTC,
            definitions: HashMap::new(),
            known: Vec::new(),
            lists: Lists::default(),
            groups: Vec::new(),
            catalogs: Vec::new(),
            regions: Regions::default(),
            regex_size: Limits::default().regex_size,
            broken,
        }
    }

    /// Adds the next definition; it gets its type once it is checked.
    pub fn define(&mut self, name: &str, kind: DefinitionKind, checked: Option<&Definition>) {
        let counts = match checked.map(|definition| &definition.body) {
            Some(Body::Expr(expr)) => self.is_count(expr),
            _ => false,
        };
        let ranked = checked.is_some_and(|definition| {
            definition.uses.iter().any(|&id| self.known.get(id).is_some_and(|known| known.ranked))
                || definition.body.exprs().any(super::standing::is_asked)
        });
        let nocase = match checked.map(|definition| &definition.body) {
            Some(Body::Expr(expr)) => self.ignores_case(expr, None),
            Some(Body::Score { bands, otherwise }) => {
                let mut values = bands.iter().map(|(_, value)| value).chain([otherwise]);
                values.any(|value| self.ignores_case(value, None))
            }
            _ => false,
        };
        self.definitions.insert(name.to_owned(), self.known.len());
        let ty = checked.map(|definition| definition.ty.clone());
        self.known.push(Known { name: name.to_owned(), kind, ty, counts, nocase, ranked });
    }

    /// Whether an expression counts events, by itself or by a name, and is never missing.
    pub fn is_count(&self, expr: &Expr) -> bool {
        match expr.kind {
            Kind::Definition(id) => self.known.get(id).is_some_and(|known| known.counts),
            // Counted from a moment that may be missing, or over a list that may be, it may be missing too.
            _ => {
                let anchor =
                    super::walk::clause(expr).and_then(|clause| clause.window.as_ref()).and_then(Window::anchor);
                let list = super::walk::clause(expr).and_then(|clause| self.shape.events.get(clause.event));
                expr.is_count() && anchor.is_none() && !list.is_some_and(|list| list.timeless && list.optional)
            }
        }
    }

    /// Whether comparisons of a text, or of a list of texts, ignore case because of what it reads.
    pub fn ignores_case(&self, expr: &Expr, row: Option<usize>) -> bool {
        match &expr.kind {
            Kind::Attribute(place, index) | Kind::Item { place, index, .. } => {
                self.attribute(*place, row, *index).is_some_and(|a| a.nocase)
            }
            Kind::Edge { clause, property: Some(property), .. } => {
                self.attribute(Place::Row, Some(clause.event), *property).is_some_and(|a| a.nocase)
            }
            Kind::Definition(id) => self.known.get(*id).is_some_and(|known| known.nocase),
            _ => false,
        }
    }

    pub fn definition(&self, name: &str) -> Option<(usize, &Known)> {
        let id = *self.definitions.get(name)?;
        self.known.get(id).map(|known| (id, known))
    }

    pub fn known(&self, id: usize) -> Option<&Known> {
        self.known.get(id)
    }

    /// A name at the customer's level.
    pub fn customer(&self, name: &str) -> Option<Named> {
        let attribute = self.attributes.get(name).map(|&i| Named::Attribute(i));
        attribute.or_else(|| self.definitions.get(name).map(|&i| Named::Definition(i)))
    }

    /// The names of all values.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.known.iter().filter(|k| k.kind != DefinitionKind::Segment).map(|k| k.name.as_str())
    }

    /// The names of all scores.
    pub fn scores(&self) -> Vec<&str> {
        self.known.iter().filter(|k| k.kind == DefinitionKind::Score).map(|k| k.name.as_str()).collect()
    }

    pub fn context(&self, name: &str) -> Option<usize> {
        self.context_names.get(name).copied()
    }

    pub fn catalog(&self, name: &str) -> Option<usize> {
        self.catalogs.iter().position(|catalog| catalog.name == name)
    }

    pub fn event(&self, name: &str) -> Option<usize> {
        self.events.get(name).copied()
    }

    /// A list of items.
    pub fn items(&self, name: &str) -> Option<usize> {
        self.event(name).filter(|&event| self.is_timeless(event))
    }

    /// Whether rows have no time.
    pub fn is_timeless(&self, event: usize) -> bool {
        self.shape.events.get(event).is_some_and(|event| event.timeless)
    }

    /// The kind of event that contacts are, where they are held.
    pub fn contacts(&self) -> Option<usize> {
        self.contacts
    }

    pub fn property(&self, event: usize, name: &str) -> Option<usize> {
        self.properties.get(event)?.get(name).copied()
    }

    /// The description of an attribute; `row` is the event kind whose row is being tested.
    pub fn attribute(&self, place: Place, row: Option<usize>, index: usize) -> Option<&Attribute> {
        match place {
            Place::Customer => self.shape.attributes.get(index),
            Place::List => self.shape.lists.get(index),
            Place::Context => self.context.get(index),
            Place::Catalog(catalog) => self.catalogs.get(catalog)?.columns.get(index),
            Place::Row => self.shape.events.get(row?)?.properties.get(index),
            Place::Outer { event, .. } => self.shape.events.get(event)?.properties.get(index),
        }
    }

    /// Whether a path was declared in a way that has been reported; what refers to it is not reported again.
    pub fn is_broken(&self, path: &str) -> bool {
        self.broken.contains(path)
    }

    pub fn unknown_customer_name(&self, name: &str, span: Span) -> Diagnostic {
        if self.items(name).is_some() {
            return Diagnostic::error(Code::WrongScope, span, format!("`{name}` is a list of items, not a value"))
                .label("is there one in it, or how many?")
                .help(format!("write `any({name} where …)` or `count({name}) >= 2`"));
        }
        if self.events.contains_key(name) {
            return Diagnostic::error(Code::WrongScope, span, format!("`{name}` is an event, not a value"))
                .label("did it happen, or how often?")
                .help(format!("write `any({name})` or `count({name}) >= 2`"));
        }
        if self.context_names.contains_key(name) {
            return Diagnostic::error(Code::WrongScope, span, format!("`{name}` belongs to the context"))
                .suggest(span, format!("context.{name}"));
        }
        let error = Diagnostic::error(Code::UnknownName, span, format!("there is no `{name}`"));
        // Segments are asked for in another way.
        let others = self.known.iter().filter(|known| known.kind != DefinitionKind::Segment);
        let names = self.attributes.keys().map(String::as_str).chain(others.map(|known| known.name.as_str()));
        suggest(error.label("no attribute, `let`, `score`, `group` or `stages` has this name"), span, name, names)
    }

    pub fn unknown_context(&self, name: &str, span: Span) -> Diagnostic {
        let error = Diagnostic::error(Code::UnknownName, span, format!("the context has no `{name}`"))
            .label(known("the context", self.context.iter().map(|attribute| attribute.name.as_str())));
        suggest(error, span, name, self.context_names.keys().map(String::as_str))
    }

    pub fn unknown_catalog(&self, name: &Name) -> Diagnostic {
        let names = self.catalogs.iter().map(|catalog| catalog.name.as_str());
        let error = Diagnostic::error(Code::UnknownName, name.span, format!("there is no catalog `{}`", name.node));
        let error = error.label(match self.catalogs.is_empty() {
            true => "no catalogs are declared".to_owned(),
            false => format!("the catalogs are {}", words::names(names.clone())),
        });
        suggest(error, name.span, &name.node, names)
    }

    pub fn unknown_column(&self, catalog: &Catalog, name: &Name) -> Diagnostic {
        let message = format!("the catalog `{}` has no column `{}`", catalog.name, name.node);
        let names = catalog.columns.iter().map(|column| column.name.as_str());
        let error = Diagnostic::error(Code::NoSuchProperty, name.span, message).label(known("it", names.clone()));
        suggest(error, name.span, &name.node, names)
    }

    pub fn unknown_event(&self, name: &str, span: Span) -> Diagnostic {
        let named = || self.shape.events.iter().enumerate().filter(|(i, _)| self.contacts != Some(*i));
        let error = Diagnostic::error(Code::UnknownName, span, format!("there is no event `{name}`"));
        let error = error.label(match named().next() {
            None => "no events are declared".to_owned(),
            Some(_) => format!("the events are {}", words::names(named().map(|(_, event)| event.name.as_str()))),
        });
        suggest(error, span, name, self.events.keys().map(String::as_str))
    }

    pub fn unknown_property(&self, number: usize, name: &str, span: Span) -> Diagnostic {
        if let Some(error) = self.lacking_in_group(number, name, span) {
            return error;
        }
        let Some(event) = self.shape.events.get(number) else {
            return Diagnostic::error(Code::NoSuchProperty, span, format!("there is no property `{name}`"));
        };
        let error = Diagnostic::error(
            Code::NoSuchProperty,
            span,
            match self.contacts == Some(number) {
                true => format!("a contact has no property `{name}`"),
                false => format!("{} has no property `{name}`", super::items::owner(event)),
            },
        );
        if self.customer(name).is_some() {
            return error
                .label(match event.timeless {
                    true => "inside `where`, a name is a property of the item",
                    false => "inside `where`, a name is a property of the event",
                })
                .help(format!("for the customer's own, write `customer.{name}`"))
                .suggest(span, format!("customer.{name}"));
        }
        let at = (!event.timeless).then_some("at");
        let names = event.properties.iter().map(|p| p.name.as_str()).chain(at);
        suggest(error.label(known("it", names.clone())), span, name, names)
    }

    /// What to say of a property that some events of a group have.
    fn lacking_in_group(&self, event: usize, name: &str, span: Span) -> Option<Diagnostic> {
        let group = self.groups.iter().find(|group| group.event == event)?;
        let kinds: Vec<_> = group.members.iter().filter_map(|&member| self.shape.events.get(member)).collect();
        let why = super::groups::lacks(&kinds, name)?;
        let group = &self.shape.events.get(event)?.name;
        let message = format!("the group `{group}` has no `{name}`");
        let error = Diagnostic::error(Code::NoSuchProperty, span, message).label(why);
        Some(error.help("a group has what all of its events have; ask about the others one by one"))
    }

    pub fn unknown_segment(&self, name: &str, span: Span) -> Diagnostic {
        let error = Diagnostic::error(Code::UnknownName, span, format!("there is no segment `{name}`"));
        if self.lists.named(name).is_some() {
            return error.label("this is a list").help(format!("write `in list {name}`"));
        }
        if self.definitions.contains_key(name) {
            return error
                .label("this has been given a name by `let`, `score`, `group` or `stages`")
                .help(format!("write `{name}` without `in segment`, and compare it"));
        }
        let segments = self.known.iter().filter(|k| k.kind == DefinitionKind::Segment).map(|k| k.name.as_str());
        suggest(error, span, name, segments.chain(["everyone"]))
    }
}

/// `it has total, category`
fn known<'a>(owner: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names = words::names(names);
    if names.is_empty() { format!("{owner} has nothing") } else { format!("{owner} has {names}") }
}

/// Adds "did you mean", where something is near.
pub(super) fn suggest<'a>(
    error: Diagnostic,
    span: Span,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    match nearest(name, candidates) {
        Some(near) => error.help(format!("did you mean `{near}`?")).suggest(span, near),
        None => error,
    }
}

fn index(attributes: &[Attribute]) -> HashMap<String, usize> {
    attributes.iter().enumerate().map(|(i, attribute)| (attribute.name.clone(), i)).collect()
}

/// A zone by name; what is wrong with it goes to `out`.
pub(super) fn zone(name: &str, span: Span, out: &mut Vec<Diagnostic>) -> Option<Zone> {
    let zone = Zone::named(name);
    if zone.is_none() {
        let error = Diagnostic::error(Code::UnknownZone, span, format!("there is no time zone \"{name}\""));
        let city = name.replace(' ', "_");
        let of_city =
            Zone::names().find(|zone| zone.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(&city)));
        out.push(match of_city.or_else(|| nearest(name, Zone::names())) {
            Some(near) => error.help(format!("did you mean \"{near}\"?")).suggest(span, format!("\"{near}\"")),
            None => error.help("name a region and a city, as in \"Europe/Paris\" or \"America/New_York\""),
        });
    }
    zone
}

/// A currency by code; what is wrong with it goes to `out`.
pub(super) fn currency(code: &str, span: Span, out: &mut Vec<Diagnostic>) -> Option<Currency> {
    let currency = Currency::named(code);
    if currency.is_none() {
        let error = Diagnostic::error(Code::UnknownCurrency, span, format!("there is no currency `{code}`"));
        let upper = code.to_ascii_uppercase();
        let near = Currency::named(&upper).map(|_| upper.as_str());
        out.push(match near.or_else(|| nearest(&upper, COMMON)) {
            Some(near) => error.help(format!("did you mean `{near}`?")).suggest(span, near),
            None => error.help("a currency is written in three letters, such as `EUR` or `USD`"),
        });
    }
    currency
}

/// Currencies that are worth proposing.
const COMMON: [&str; 12] = ["EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "PLN", "CNY", "INR", "BRL"];

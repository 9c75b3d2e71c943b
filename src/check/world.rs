//! Everything that rules can name, with its type.

use std::collections::HashMap;

use super::tree::{DefinitionKind, Place};
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::schema::{Attribute, Currency, Shape, Type};
use crate::time::Zone;

/// The names in force while expressions are checked.
pub(super) struct World {
    pub shape: Shape,
    pub context: Vec<Attribute>,
    pub currency: Option<Currency>,
    attributes: HashMap<String, usize>,
    context_names: HashMap<String, usize>,
    events: HashMap<String, (usize, HashMap<String, usize>)>,
    definitions: HashMap<String, usize>,
    /// By number: what is known of each definition so far. `ty` is `None` where it did not check.
    known: Vec<Known>,
}

/// A definition that later ones may refer to.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub name: String,
    pub kind: DefinitionKind,
    pub ty: Option<Type>,
}

/// What a name at the customer's level stands for.
pub(super) enum Named {
    Attribute(usize),
    Definition(usize),
}

impl World {
    pub fn new(shape: Shape, context: Vec<Attribute>, currency: Option<Currency>) -> Self {
        World {
            attributes: index(&shape.attributes),
            context_names: index(&context),
            events: shape
                .events
                .iter()
                .enumerate()
                .map(|(i, event)| (event.name.clone(), (i, index(&event.properties))))
                .collect(),
            shape,
            context,
            currency,
            definitions: HashMap::new(),
            known: Vec::new(),
        }
    }

    /// Adds the next definition; it gets its type once it is checked.
    pub fn define(&mut self, name: &str, kind: DefinitionKind, ty: Option<Type>) {
        self.definitions.insert(name.to_owned(), self.known.len());
        self.known.push(Known { name: name.to_owned(), kind, ty });
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

    /// The names of all scores.
    pub fn scores(&self) -> Vec<&str> {
        self.known.iter().filter(|k| k.kind == DefinitionKind::Score).map(|k| k.name.as_str()).collect()
    }

    pub fn context(&self, name: &str) -> Option<usize> {
        self.context_names.get(name).copied()
    }

    pub fn event(&self, name: &str) -> Option<usize> {
        self.events.get(name).map(|(i, _)| *i)
    }

    pub fn property(&self, event: usize, name: &str) -> Option<usize> {
        let event = self.shape.events.get(event)?;
        self.events.get(&event.name)?.1.get(name).copied()
    }

    /// The description of an attribute; `row` is the event kind whose row is being tested.
    pub fn attribute(&self, place: Place, row: Option<usize>, index: usize) -> Option<&Attribute> {
        match place {
            Place::Customer => self.shape.attributes.get(index),
            Place::Context => self.context.get(index),
            Place::Row => self.shape.events.get(row?)?.properties.get(index),
        }
    }

    pub fn unknown_customer_name(&self, name: &str, span: Span) -> Diagnostic {
        let error = Diagnostic::error(Code::UnknownName, span, format!("there is no `{name}`"));
        if self.events.contains_key(name) {
            return error
                .label("this is an event")
                .help(format!("ask whether it happened: `any({name})`, or how often: `count({name})`"));
        }
        if self.context_names.contains_key(name) {
            return error.label("this is part of the context").suggest(span, format!("context.{name}"));
        }
        let names = self.attributes.keys().chain(self.definitions.keys()).map(String::as_str);
        suggest(error.label("neither an attribute of the customer nor a definition"), span, name, names)
    }

    pub fn unknown_context(&self, name: &str, span: Span) -> Diagnostic {
        let error = Diagnostic::error(Code::UnknownName, span, format!("the context has no `{name}`"))
            .label("not declared in `context { … }`");
        suggest(error, span, name, self.context_names.keys().map(String::as_str))
    }

    pub fn unknown_event(&self, name: &str, span: Span) -> Diagnostic {
        let error = Diagnostic::error(Code::UnknownName, span, format!("there is no event `{name}`"))
            .label("not a kind of event");
        suggest(error, span, name, self.events.keys().map(String::as_str))
    }

    pub fn unknown_property(&self, event: usize, name: &str, span: Span) -> Diagnostic {
        let Some(event) = self.shape.events.get(event) else {
            return Diagnostic::error(Code::NoSuchProperty, span, format!("there is no property `{name}`"));
        };
        let error = Diagnostic::error(
            Code::NoSuchProperty,
            span,
            format!("the event `{}` has no property `{name}`", event.name),
        );
        if self.customer(name).is_some() {
            return error
                .label("inside `where`, a name is a property of the event")
                .help(format!("for the customer's own `{name}`, write `customer.{name}`"))
                .suggest(span, format!("customer.{name}"));
        }
        let names = event.properties.iter().map(|p| p.name.as_str()).chain(["at"]);
        suggest(error.label("not a property of the event"), span, name, names)
    }

    pub fn unknown_segment(&self, name: &str, span: Span) -> Diagnostic {
        let error = Diagnostic::error(Code::UnknownName, span, format!("there is no segment `{name}`"));
        if self.definitions.contains_key(name) {
            return error.label("this is defined, but not as a segment");
        }
        let segments = self.known.iter().filter(|k| k.kind == DefinitionKind::Segment).map(|k| k.name.as_str());
        suggest(error.label("not defined"), span, name, segments.chain(["everyone"]))
    }
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
        let error = Diagnostic::error(Code::UnknownZone, span, format!("there is no time zone `{name}`"))
            .label("not an IANA time zone such as \"Europe/Paris\"");
        out.push(match nearest(name, Zone::names()) {
            Some(near) => error.help(format!("did you mean `{near}`?")).suggest(span, format!("\"{near}\"")),
            None => error,
        });
    }
    zone
}

/// A currency by code; what is wrong with it goes to `out`.
pub(super) fn currency(code: &str, span: Span, out: &mut Vec<Diagnostic>) -> Option<Currency> {
    let currency = Currency::named(code);
    if currency.is_none() {
        out.push(
            Diagnostic::error(Code::UnknownCurrency, span, format!("there is no currency `{code}`"))
                .label("not an ISO 4217 code such as EUR or USD"),
        );
    }
    currency
}

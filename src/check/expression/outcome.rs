//! Outcomes of contacts: `exposed(reminder)` as a clause over the contacts, which are a kind of event that rules do not name.

use std::sync::Arc;

use super::Checker;
use crate::check::tree::{Clause, Constant, Expr, Kind, Place, TextOp, Window};
use crate::check::world::suggest;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::leaf::KEPT_ROWS as MOST_ROWS;
use crate::schema::{Category, Contact, Outcome, Type};
use crate::syntax::ast::{CompareOp, EventClause, Name, Side, Spanned};
use crate::time::Period;

/// Sent or shown, and not failed.
const EXPOSED: &str = "exposed";

/// Longer than any history.
const FOR_EVER: Period = Period { months: 12 * 1_000, days: 0, millis: 0 };

impl Checker<'_> {
    /// The kind of event that an outcome is about.
    pub(super) fn contacts(&mut self, clause: &EventClause) -> Option<usize> {
        let word = &clause.event;
        if word.node != EXPOSED && outcome(&word.node).is_none() {
            let error = Diagnostic::error(Code::UnknownName, word.span, format!("there is no outcome `{}`", word.node));
            let error = error.label("of a contact, as in `exposed(…)` or `clicked(…)`");
            let outcomes = std::iter::once(EXPOSED).chain(Outcome::NAMES.iter().copied());
            return self.fail(suggest(error, word.span, &word.node, outcomes));
        }
        let contacts = self.world.contacts();
        if contacts.is_none() {
            return self.fail(
                Diagnostic::error(Code::MissingSetting, word.span, "the program's customer has no contact history")
                    .label("nobody knows what has been sent or shown")
                    .help("give the customer type its contacts"),
            );
        }
        contacts
    }

    /// What the rows of an outcome fulfil, and what is asked of them besides.
    pub(super) fn outcome(
        &mut self,
        clause: &EventClause,
        of: &Spanned<Vec<Name>>,
        written: Option<Expr>,
    ) -> Option<Expr> {
        let contacts = self.world.contacts()?;
        let row = Row { contacts, span: clause.event.span.to(of.span) };
        let exposed = clause.event.node == EXPOSED;
        let outcomes = match outcome(&clause.event.node) {
            Some(outcome) if !exposed => vec![outcome],
            _ => vec![Outcome::Sent, Outcome::Impression],
        };
        let mut all = vec![row.outcome(&outcomes)];
        if !of.node.is_empty() {
            match self.world.actions.named(of, self.here) {
                Ok(path) => all.push(row.under(&path)),
                Err(error) => return self.fail(*error),
            }
        }
        all.extend(written);
        if exposed {
            all.push(row.not_failed(self.keep_row(row.span)?));
        }
        Some(row.condition(Kind::And(all)))
    }

    /// Has the innermost row kept for clauses inside of it.
    fn keep_row(&mut self, span: Span) -> Option<usize> {
        let slot = self.rows.len().checked_sub(1)?;
        if slot >= MOST_ROWS {
            return self.fail(
                Diagnostic::error(Code::LimitExceeded, span, "too many clauses stand inside each other here")
                    .label(format!("the limit is {MOST_ROWS}")),
            );
        }
        self.rows.last_mut()?.kept = true;
        Some(slot)
    }
}

fn outcome(word: &str) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|outcome| Outcome::NAMES.get(outcome.index()) == Some(&word))
}

/// Conditions on the row of a contact.
#[derive(Clone, Copy)]
struct Row {
    contacts: usize,
    span: Span,
}

impl Row {
    fn condition(self, kind: Kind) -> Expr {
        Expr { kind, ty: Type::Bool, span: self.span }
    }

    fn property(self, place: Place, index: usize, ty: Type) -> Box<Expr> {
        Box::new(Expr { kind: Kind::Attribute(place, index), ty, span: self.span })
    }

    fn outcome(self, among: &[Outcome]) -> Expr {
        let names = Outcome::NAMES.iter().map(|&name| name.to_owned()).collect();
        let subject = self.property(Place::Row, Contact::OUTCOME, Type::Enum(names));
        let items = among.iter().map(|outcome| Constant::Category(outcome.index())).collect();
        self.condition(Kind::In { subject, items, ignoring_case: false })
    }

    /// The action is the one meant, or one of what is meant.
    fn under(self, path: &str) -> Expr {
        let action = || self.property(Place::Row, Contact::ACTION, Type::Text);
        let items = vec![Constant::Text(Arc::from(path))];
        let needle = format!("{path}.");
        let itself = Kind::In { subject: action(), items, ignoring_case: false };
        let below = Kind::Text { op: TextOp::StartsWith, subject: action(), needle, ignoring_case: false };
        self.condition(Kind::Or(vec![self.condition(itself), self.condition(below)]))
    }

    /// Since the row kept in `slot`, no row of the same contact says that it failed. Only since then, so that a history
    /// that starts late but before the row leaves no doubt.
    fn not_failed(self, slot: usize) -> Expr {
        let event = self.contacts;
        let same = Kind::Compare {
            op: CompareOp::Equal,
            left: self.property(Place::Row, Contact::ID, Type::Text),
            right: self.property(Place::Outer { slot, event }, Contact::ID, Type::Text),
            ignoring_case: false,
        };
        let filter = Kind::And(vec![self.condition(same), self.outcome(&[Outcome::Failed])]);
        let at = Expr { kind: Kind::OuterAt { slot, event }, ty: Type::Instant, span: self.span };
        let clause = Clause {
            event,
            alias: None,
            filter: Some(Box::new(self.condition(filter))),
            window: Some(Window::Anchored { side: Side::After, length: FOR_EVER, anchor: Box::new(at) }),
            span: self.span,
        };
        self.condition(Kind::Not(Box::new(self.condition(Kind::AnyEvent(clause)))))
    }
}

//! What is asked about events: clauses, sequences, windows.

use super::Printer;
use crate::syntax::ast::{Chain, Duration, EventClause, Expr, ExprKind, Mood, WindowKind};
use crate::time::CivilWindow;

impl Printer {
    pub(super) fn clause(&mut self, clause: &EventClause) {
        self.name(&clause.event);
        if let Some(of) = &clause.of {
            self.put("(");
            match of.node.is_empty() {
                true => self.put("any"),
                false => self.list(&of.node, ".", Self::name),
            }
            self.put(")");
        }
        if let Some(property) = &clause.property {
            self.put(".");
            self.name(property);
        }
        if let Some(alias) = &clause.alias {
            self.put(" as ");
            self.name(alias);
        }
        if let Some(filter) = &clause.filter {
            self.put(" where ");
            // A window after a sequence would be read as the time for its last step.
            match clause.window.is_some() && ends_in_sequence(filter) {
                true => self.bracketed("(", std::slice::from_ref(filter), ")"),
                false => self.expr(filter),
            }
        }
        if let Some(window) = &clause.window {
            self.put(" ");
            self.window(&window.node);
        }
    }

    pub(super) fn chain(&mut self, chain: &Chain) {
        if let Some(pin) = chain.pin {
            self.put(pin.word());
            self.put(" ");
        }
        self.step(&chain.first);
        for then in &chain.then {
            self.put(match then.mood {
                Mood::Then => " then ",
                Mood::Not => " then not ",
                Mood::NotYet => " then not yet ",
            });
            self.step(&then.clause);
            if let Some(without) = &then.without {
                self.put(" without ");
                self.step(without);
            }
            if let Some(within) = &then.within {
                self.put(" within ");
                self.duration(&within.node);
            }
        }
    }

    /// An event alone needs no parentheses.
    pub(super) fn step(&mut self, clause: &EventClause) {
        match clause.alias.is_none() && clause.filter.is_none() && clause.window.is_none() {
            true => self.clause(clause),
            false => {
                self.put("(");
                self.clause(clause);
                self.put(")");
            }
        }
    }

    pub(super) fn window(&mut self, window: &WindowKind) {
        match window {
            WindowKind::Civil(window) => self.civil_window(window),
            WindowKind::Anchored { length, side, anchor } => {
                self.put("within ");
                self.duration(&length.node);
                self.show(format_args!(" {} ", side.word()));
                self.instant_of(anchor);
            }
        }
    }

    fn civil_window(&mut self, window: &CivilWindow<Duration>) {
        match window {
            CivilWindow::Last(length) => {
                self.put("within ");
                self.duration(length);
            }
            CivilWindow::Next(length) => {
                self.put("in the next ");
                self.duration(length);
            }
            CivilWindow::Ago { from, to } => {
                self.put("from ");
                self.duration(from);
                self.put(" ago to ");
                self.duration(to);
                self.put(" ago");
            }
            CivilWindow::UntilAgo(d) => {
                self.put("until ");
                self.duration(d);
                self.put(" ago");
            }
            CivilWindow::Dates { from: Some(from), to: Some(to) } => self.show(format_args!("from {from} to {to}")),
            CivilWindow::Dates { from: Some(from), to: None } => self.show(format_args!("since {from}")),
            CivilWindow::Dates { from: None, to: Some(to) } => self.show(format_args!("until {to}")),
            // No text means this; the whole calendar does.
            CivilWindow::Dates { from: None, to: None } => self.show(format_args!("until {}", crate::time::Date::MAX)),
            CivilWindow::Today => self.put("today"),
            CivilWindow::Yesterday => self.put("yesterday"),
            CivilWindow::This(unit) => self.show(format_args!("this {}", unit.singular())),
            CivilWindow::Previous(unit) => self.show(format_args!("last {}", unit.singular())),
            CivilWindow::LastFull { count, unit } => self.show(format_args!("last {count} full {}", unit.plural())),
        }
    }
}

/// Whether the last thing that an expression says is a step of a sequence.
fn ends_in_sequence(expr: &Expr) -> bool {
    match &expr.node {
        ExprKind::Chain(_) => true,
        ExprKind::Not(inner) => ends_in_sequence(inner),
        ExprKind::And(operands) | ExprKind::Or(operands) => operands.last().is_some_and(ends_in_sequence),
        _ => false,
    }
}

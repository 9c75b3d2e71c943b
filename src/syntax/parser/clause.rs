//! What stands in the parentheses of `any(…)`, `count(…)` and `last(…)`.

use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use crate::diagnostic::Span;
use crate::syntax::ast::{
    AggregateFunction, Edge, EventClause, EventQuantifier, ExprKind, Habit, Name, PeriodUnit, Spanned,
};

/// What an outcome is about: `any` says the same as nothing.
pub(super) fn about(names: Vec<Name>, span: Span) -> Spanned<Vec<Name>> {
    let all = matches!(names.as_slice(), [one] if one.node.eq_ignore_ascii_case("any"));
    Spanned { node: if all { Vec::new() } else { names }, span }
}

impl Lower<'_> {
    pub(super) fn event_clause(&mut self, parent: &Pair<'_>) -> Option<EventClause> {
        self.clause_of(&child(parent, Rule::event_clause)?)
    }

    /// What a pair holds of a clause.
    pub(super) fn clause_of(&mut self, pair: &Pair<'_>) -> Option<EventClause> {
        let span = self.span(pair);
        let (mut event, mut of, mut property, mut alias, mut filter, mut window) = (None, None, None, None, None, None);
        for part in inner(pair) {
            match part.as_rule() {
                Rule::name => event = Some(self.name(&part)),
                Rule::outcome => {
                    event = child(&part, Rule::name).map(|name| self.name(&name));
                    of = Some(self.outcome_of(&part));
                }
                Rule::word => property = Some(self.name(&part)),
                Rule::alias => alias = child(&part, Rule::name).map(|name| self.name(&name)),
                Rule::where_part => filter = Some(self.boxed_child(&part)?),
                Rule::window => window = self.window(&part),
                _ => {}
            }
        }
        Some(EventClause { event: event?, of, property, alias, filter, window, span })
    }

    /// `reminder`, `winback.come_back`
    fn outcome_of(&mut self, outcome: &Pair<'_>) -> Spanned<Vec<Name>> {
        let names: Vec<Name> =
            inner(outcome).filter(|part| part.as_rule() == Rule::word).map(|part| self.name(&part)).collect();
        let span = match (names.first(), names.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => self.span(outcome),
        };
        about(names, span)
    }

    /// `any(…)`, `none(…)`
    pub fn quantified(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let word = child(pair, Rule::quantifier)?;
        let any = word.as_str().eq_ignore_ascii_case("any");
        let quantifier = if any { EventQuantifier::Any } else { EventQuantifier::None };
        Some(ExprKind::Quantified { quantifier, clause: self.event_clause(pair)? })
    }

    /// `all(… have …)`
    pub fn all_have(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let clause = self.event_clause(pair)?;
        let have = self.boxed_child(pair)?;
        Some(ExprKind::AllHave { clause, have })
    }

    /// `count(…)`, `sum(…)`, `count(days with …)`
    pub fn aggregate(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let function = match child(pair, Rule::aggregate_fn)?.as_str().to_ascii_lowercase().as_str() {
            "count" => AggregateFunction::Count,
            "sum" => AggregateFunction::Sum,
            "avg" => AggregateFunction::Average,
            "median" => AggregateFunction::Median,
            "min" => AggregateFunction::Min,
            _ => AggregateFunction::Max,
        };
        let clause = self.event_clause(pair)?;
        let Some(periods) = child(pair, Rule::periods) else {
            let distinct = child(pair, Rule::distinct).is_some();
            return Some(ExprKind::Aggregate { function, distinct, clause });
        };
        if function != AggregateFunction::Count {
            self.only_count(&periods);
        }
        let unit = match periods.as_str().to_ascii_lowercase() {
            word if word.starts_with("days") => PeriodUnit::Days,
            word if word.starts_with("weeks") => PeriodUnit::Weeks,
            word if word.starts_with("rolling") => PeriodUnit::RollingWeeks,
            _ => PeriodUnit::Months,
        };
        Some(ExprKind::Periods { unit, clause })
    }

    /// `lifecycle(…, 30 days)`, `stopped(…, 14 days, 60 days)`
    pub fn habit(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let habit = match child(pair, Rule::habit_fn)?.as_str().to_ascii_lowercase().as_str() {
            "lifecycle" => Habit::Lifecycle,
            "stopped" => Habit::Stopped,
            _ => Habit::Restarted,
        };
        let clause = self.event_clause(pair)?;
        let quantities = inner(pair).filter(|part| part.as_rule() == Rule::quantity);
        let periods = quantities.map(|quantity| self.duration(&quantity, "within")).collect();
        Some(ExprKind::Habit { habit, clause, periods })
    }

    /// `first(…)`, `last(…).total`, `most_frequent(….category)`
    pub fn edge(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let edge = match child(pair, Rule::edge_fn)?.as_str().to_ascii_lowercase().as_str() {
            "first" => Edge::First,
            "last" => Edge::Last,
            _ => Edge::MostFrequent,
        };
        let property = child(pair, Rule::word).map(|word| self.name(&word));
        Some(ExprKind::Edge { edge, clause: self.event_clause(pair)?, property })
    }
}

//! Sequences of events.

use super::Checker;
use super::row::Row;
use crate::check::tree::{Chain, Clause, Expr, Kind, Step, Tail};
use crate::diagnostic::{Code, Diagnostic, Lint, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, Duration, Mood, Spanned};
use crate::time::Period;

impl Checker<'_> {
    pub(super) fn chain(&mut self, chain: &ast::Chain, span: Span) -> Option<Expr> {
        let named = self.steps.len();
        let clauses = chain.then.iter().flat_map(|then| std::iter::once(&then.clause).chain(&then.without));
        self.steps.extend(clauses.filter_map(|clause| clause.alias.clone()));
        let first = self.step_clause(&chain.first);
        // All steps are looked at before any failure counts.
        let (steps, kept) = self.later_steps(chain, first.as_ref());
        self.steps.truncate(named);
        self.only_last_is_absent(&chain.then)?;
        let (mut clause, mut then) = (first?, steps.into_iter().collect::<Option<Vec<_>>>()?);
        clause.alias = clause.alias.or(kept.then_some(self.rows.len()));
        let mut tail = None;
        if let Some((mood @ (Mood::Not | Mood::NotYet), step)) = then.pop_if(|(mood, _)| *mood != Mood::Then) {
            tail = Some(Tail { clause: step.clause, within: step.within?, yet: mood == Mood::NotYet });
        }
        if tail.as_ref().is_some_and(|tail| !tail.yet) && chain.pin.is_none() && clause.window.is_none() {
            self.out.push(
                Diagnostic::warning(Lint::EndlessSequence, chain.first.span, "this can have begun at any time")
                    .label("once true, it stays true for ever")
                    .help("say since when, as in `(… within 30 days) then not …`, or `last … then not …`"),
            );
        }
        let steps =
            std::iter::once(Step { clause, within: None, without: None }).chain(then.into_iter().map(|(_, step)| step));
        let chain = Chain { pin: chain.pin, steps: steps.collect(), tail };
        Some(Expr { kind: Kind::Chain(Box::new(chain)), ty: Type::Bool, span })
    }

    /// The steps after the first, and whether they refer to its event.
    fn later_steps(&mut self, chain: &ast::Chain, first: Option<&Clause>) -> (Vec<Option<(Mood, Step)>>, bool) {
        let event = first.map(|first| first.event).filter(|_| chain.first.alias.is_some());
        self.rows.extend(event.map(|event| Row { event, alias: chain.first.alias.clone(), kept: false, aside: true }));
        let steps = chain.then.iter().map(|then| self.then(then)).collect();
        let kept = event.and_then(|_| self.rows.pop()).is_some_and(|row| row.kept);
        (steps, kept)
    }

    fn step_clause(&mut self, clause: &ast::EventClause) -> Option<Clause> {
        self.timed(clause, "a sequence")?;
        self.clause_without_property(clause)
    }

    fn then(&mut self, then: &ast::Then) -> Option<(Mood, Step)> {
        let clause = self.step_clause(&then.clause);
        let without = then.without.as_ref().map(|without| (without.span, self.step_clause(without)));
        let within = then.within.as_ref().map(|within| self.gap(within));
        if then.mood != Mood::Then {
            if let Some((without, _)) = without {
                return self.fail(
                    Diagnostic::error(Code::WrongSequence, without, "`without` stands after an event that happens")
                        .label("nothing lies before what did not happen"),
                );
            }
            if within.is_none() {
                return self.fail(
                    Diagnostic::error(Code::WrongSequence, then.span, "how long was there time for this?")
                        .label("it may still happen")
                        .help("say so after it, as in `then not order within 2 days`"),
                );
            }
        }
        let without = match without {
            Some((_, without)) => Some(without?),
            None => None,
        };
        let within = match within {
            Some(within) => Some(within?),
            None => None,
        };
        Some((then.mood, Step { clause: clause?, within, without }))
    }

    fn gap(&mut self, within: &Spanned<Duration>) -> Option<Period> {
        match within.node.period.is_zero() {
            true => self.fail(
                Diagnostic::error(Code::ReversedBounds, within.span, "nothing happens within no time")
                    .label("no moment lies in this period"),
            ),
            false => Some(within.node.period),
        }
    }

    fn only_last_is_absent(&mut self, then: &[ast::Then]) -> Option<()> {
        let early = then.iter().rev().skip(1).find(|then| then.mood != Mood::Then);
        match early {
            Some(early) => self.fail(
                Diagnostic::error(Code::WrongSequence, early.span, "nothing can follow what did not happen")
                    .label("this stands last in a sequence")
                    .help("for what must not lie between two events, write `a then b without c`"),
            ),
            None => Some(()),
        }
    }
}

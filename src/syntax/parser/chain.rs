//! `signup then activate within 1 day then not purchase within 14 days`.

use super::clause::about;
use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast::{Chain, Edge, EventClause, Expr, ExprKind, Mood, Spanned, Then};

impl Lower<'_> {
    /// What follows the first step.
    pub fn then_tail(&mut self, tail: &Pair<'_>) -> Option<Vec<Then>> {
        let parts = inner(tail).filter(|part| part.as_rule() == Rule::then_part);
        parts.map(|part| self.then_part(&part)).collect()
    }

    fn then_part(&mut self, part: &Pair<'_>) -> Option<Then> {
        let span = self.span(part);
        let word = child(part, Rule::then_op)?.as_str().to_ascii_lowercase();
        let mood = match (word.ends_with("not"), word.ends_with("yet")) {
            (true, _) => Mood::Not,
            (_, true) => Mood::NotYet,
            _ => Mood::Then,
        };
        let clause = self.step(&child(part, Rule::step)?)?;
        let without = match child(part, Rule::without) {
            Some(without) => Some(self.step(&child(&without, Rule::step)?)?),
            None => None,
        };
        let within = child(part, Rule::gap_limit).and_then(|limit| child(&limit, Rule::quantity));
        let within = within.map(|quantity| self.duration(&quantity, "within"));
        Some(Then { mood, clause, without, within, span })
    }

    /// An event alone, or a clause in parentheses.
    pub(super) fn step(&mut self, step: &Pair<'_>) -> Option<EventClause> {
        match child(step, Rule::step_event) {
            Some(event) => self.clause_of(&event),
            None => self.event_clause(step),
        }
    }

    /// `(view where category = "shoes")` before `then`.
    pub fn first_step(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let first = self.event_clause(pair)?;
        Some(ExprKind::Chain(Box::new(Chain { pin: None, first, then: Vec::new() })))
    }

    /// `last view` before `then`.
    pub fn pinned(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let word = child(pair, Rule::pin)?;
        let pin = if word.as_str().eq_ignore_ascii_case("first") { Edge::First } else { Edge::Last };
        let first = self.step(&child(pair, Rule::step)?)?;
        Some(ExprKind::Chain(Box::new(Chain { pin: Some(pin), first, then: Vec::new() })))
    }

    /// The sequence that begins with what was read before `then`.
    pub fn chain(&mut self, first: Expr, then: Vec<Then>, span: Span) -> Expr {
        let begun = first.span;
        let chain = match first.node {
            ExprKind::Chain(chain) if chain.then.is_empty() => Some(Chain { then, ..*chain }),
            ExprKind::Edge { edge: edge @ (Edge::First | Edge::Last), clause, property: None } => {
                Some(Chain { pin: Some(edge), first: clause, then })
            }
            node => self.named_event(node, begun).map(|first| Chain { pin: None, first, then }),
        };
        match chain {
            Some(chain) => Spanned { node: ExprKind::Chain(Box::new(chain)), span },
            None => {
                self.fail(
                    Diagnostic::error(Code::WrongSequence, begun, "only events can follow each other")
                        .label("`then` stands between events")
                        .help("write for example `signup then (order where total > 10 EUR) within 14 days`"),
                );
                Spanned { node: ExprKind::Now, span }
            }
        }
    }

    /// A name, or an outcome, read as a value.
    fn named_event(&self, node: ExprKind, span: Span) -> Option<EventClause> {
        let (event, of) = match node {
            ExprKind::Path(mut path) if path.len() == 1 => (path.pop()?, None),
            ExprKind::Call { name, mut arguments } if arguments.len() == 1 => match arguments.pop()? {
                Expr { node: ExprKind::Path(path), span } => (name, Some(about(path, span))),
                _ => return None,
            },
            _ => return None,
        };
        Some(EventClause { event, of, property: None, alias: None, filter: None, window: None, span })
    }
}
